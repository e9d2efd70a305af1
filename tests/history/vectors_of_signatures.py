"""Sound sums under signatures that are not to be believed: `untrusted`, `signature`, `missing`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jiezhang.domain.history.edwards import L
from jiezhang.domain.history.note import Signature, key_id, ordered
from tests.history.made import PEOPLE, REQUIRED, changed, make, public_key, resigned, signature, with_signatures

Case = tuple[str, str, str]

_ALL = (*REQUIRED, "owners")


def badly_signed() -> Iterator[Case]:
    yield from ((name, code, "untrusted") for name, code in _untrusted())
    yield from ((name, code, "signature") for name, code in _false())
    for name, parties in (
        ("nobody signed", ()),
        ("the office did not sign", ("bank", "auditor", "community")),
        ("the office alone", ("office",)),
        ("the bank did not sign", ("office", "auditor", "community")),
        ("the auditor did not sign", ("office", "bank", "community")),
        ("the community did not sign", ("office", "bank", "auditor")),
        ("the owners in the bank's place", ("office", "owners", "auditor", "community")),
    ):
        yield name, resigned(make(7).proof(2), parties).code(), "missing"


def _untrusted() -> Iterator[tuple[str, str]]:
    proof = resigned(make(7).proof(2), _ALL)
    office, *parties = proof.signed.signatures
    body = proof.signed.checkpoint.body()
    yield "another street", resigned(make(7, street="长白街道").proof(2)).code()
    yield "another street, unsigned", resigned(make(7, street="长白街道").proof(2), ()).code()
    for name, signatures in (
        ("an unknown office key", [signature(body, "office", key="X01"), *parties]),
        ("an unknown key by the bank's name", _put(parties, office, signature(body, "bank", key="X01"))),
        ("the auditor's key by the bank's name", _put(parties, office, signature(body, "bank", key="S01"))),
        ("the bank's key as the office's", [signature(body, "office", key="B01"), *parties]),
        ("the office's key as the bank's", _put(parties, office, signature(body, "bank", key="T01"))),
        ("another person's name", _put(parties, office, replace(signature(body, "bank"), name="长吴街道/Z99"))),
        ("the bank's name in another street",
         _put([one for one in parties if one.name[-3:] != "B01"], office, signature(body, "bank", street="长白街道"))),
        ("the office as another compound's", [_as(office, "长吴街道/C0002"), *parties]),
        ("the office as no compound's", [_as(office, "长吴街道/T01"), *parties]),
        ("a stranger besides", [office, *sorted([*parties, _stranger(body)], key=lambda one: one.name.encode())]),
        ("a stranger alone", [_stranger(body)]),
        ("a wrong key id", [replace(office, key_id=bytes(4)), *parties]),
        ("a stranger, and a false signature", [replace(office, value=bytes(64)), *parties[:-1], _stranger(body)]),
    ):  # fmt: skip
        yield name, with_signatures(proof, signatures).code()


def _false() -> Iterator[tuple[str, str]]:
    proof = resigned(make(7).proof(2), _ALL)
    office, *parties = proof.signed.signatures
    body, value = proof.signed.checkpoint.body(), office.value
    last_month, neighbour = make(7, month="2026-09").signed, make(7, "C0002").signed
    more = int.from_bytes(value[32:], "little") + L
    yield "another voucher root", changed(proof, root=bytes(32)).code()
    yield "another number of vouchers", changed(proof, size=58).code()
    yield "another number of households", changed(proof, households=8).code()
    yield "other figures", changed(proof, figures=bytes(32)).code()
    yield "last month's signatures", with_signatures(proof, last_month.signatures).code()
    for name, signatures in (
        ("the office's of another compound", [_as(neighbour.signatures[0], office.name), *parties]),
        ("the bank's of another compound", _put(parties, office, neighbour.signatures[1])),
        ("seen at another time", _put(parties, office, replace(parties[0], time=1))),
        ("no time in the bank's message", _put(parties, office, _untimed(body))),
        ("all zero", [replace(office, value=bytes(64)), *parties]),
        ("S and L added up", [replace(office, value=value[:32] + more.to_bytes(32, "little")), *parties]),
        ("a bit of R", [replace(office, value=bytes([value[0] ^ 1]) + value[1:]), *parties]),
        ("R the neutral point, S zero", [replace(office, value=b"\x01" + bytes(63)), *parties]),
        ("the owners' alone is false", [office, *parties[:-1], replace(parties[-1], value=value)]),
        ("the bank's is the auditor's", _put(parties, office, replace(parties[0], value=parties[1].value))),
        ("a false one, and the bank missing", [replace(office, value=bytes(64)), *parties[1:]]),
    ):
        yield name, with_signatures(proof, signatures).code()


def _put(parties: list[Signature], office: Signature, one: Signature) -> tuple[Signature, ...]:
    """All signatures, `one` in the place of the same name's."""
    return ordered([office, one, *(party for party in parties if party.name != one.name)])


def _as(office: Signature, name: str) -> Signature:
    return replace(office, name=name, key_id=key_id(name, 1, public_key(PEOPLE["office"])))


def _stranger(body: str) -> Signature:
    return replace(signature(body, "owners", key="X01"), name="长吴街道/Z01")


def _untimed(body: str) -> Signature:
    """The bank's key over the bare body, given out as a cosignature."""
    timed = signature(body, "bank")
    bare = signature(body, "office", key=PEOPLE["bank"])
    return replace(timed, value=bare.value)
