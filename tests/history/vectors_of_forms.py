"""Codes that break the form: all `malformed`, although what they say would otherwise be signed and true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jiezhang.domain.history.household_proof import HouseholdProof
from tests.history.made import SEEN, join, make, number, pieces, resigned, signature, spell, with_signatures, word

Case = tuple[str, str, str]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def malformed() -> Iterator[Case]:
    for name, code in (*_spellings(), *_numbers(), *_words(), *_origins(), *_shapes(), *_orders()):
        yield name, code, "malformed"


def _spellings() -> Iterator[tuple[str, str]]:
    code = next(code for count in range(3, 9) if len(code := make(count).proof(0).code()) % 8 == 4)
    data = make(7).proof(2).to_bytes()
    yield "nothing", ""
    yield "small letters", code.lower()
    yield "padded", code + "===="
    yield "a newline after it", code + "\n"
    yield "a space in it", code[:40] + " " + code[40:]
    yield "a digit that is none of the alphabet", code[:40] + "1" + code[41:]
    yield "a full-width letter", code[:40] + "Ａ" + code[41:]
    yield "one letter more", code + "A"
    yield "spare bits not zero", code[:-1] + LETTERS[LETTERS.index(code[-1]) + 1]
    yield "version 2", spell(b"\x02" + data[1:])
    yield "one byte less", spell(data[:-1])
    yield "one byte more", spell(data + b"\x00")
    yield "the version alone", spell(b"\x01")


def _with(proof: HouseholdProof, **values: bytes) -> str:
    return join({**pieces(proof), **{name.replace("__", "."): value for name, value in values.items()}})


def _numbers() -> Iterator[tuple[str, str]]:
    proof = make(7).proof(2)
    own, said = proof.balance, proof.signed.checkpoint
    yield "a size spelled longer than needed", _with(proof, size=number(said.size, longer=1))
    yield "a balance spelled longer than needed", _with(proof, balance=number(own.balance_fen, longer=2))
    yield "an index spelled longer than needed", _with(proof, index=number(own.index, longer=1))
    yield "a sum spelled longer than needed", _with(proof, path0__sum=number(own.path[0][1], longer=1))
    yield "zero in two bytes", _with(proof, balance=b"\x80\x00")
    yield "a size of 2^53", _with(proof, size=number(2**53))
    yield "a total of 2^53", _with(proof, total=number(2**53))
    yield "a balance of 2^53", _with(proof, balance=number(2**53))
    yield "a size of 2^56", _with(proof, size=number(2**56))
    yield "a size of 2^64 + 57", _with(proof, size=number(2**64 + 57))
    yield "sums that add up to 2^53", _with(proof, balance=number(2**53 - 1), path0__sum=number(1))
    yield "a time of 2^53", _with(proof, sig1__time=(2**53).to_bytes(8, "big"))
    yield "a time of 2^63", _with(proof, sig1__time=(2**63).to_bytes(8, "big"))


def _words() -> Iterator[tuple[str, str]]:
    proof = make(7).proof(2)
    yield "no household", _with(proof, household=b"\x00")
    yield "a household that is no UTF-8", _with(proof, household=word(b"\xff"))
    yield "an overlong letter", _with(proof, household=word(b"\xc1\x81"))
    yield "half of a pair", _with(proof, household=word(b"\xed\xa0\x80"))
    for mark in ("\0", "\n", "\x1f", "\x7f", "\x80", "\x85", "\x9f"):
        yield f"U+{ord(mark):04X} in a household", _with(proof, household=word(f"01{mark}101"))
    yield "a signature's name that is no UTF-8", _with(proof, sig1__name=word(b"\x80"))
    yield "a signature without a name", _with(proof, sig1__name=b"\x00")


def _origins() -> Iterator[tuple[str, str]]:
    proof = make(7).proof(2)
    for name, origin in (
        ("no street", "/C0001"), ("no slash", "C0001"), ("two slashes", "长吴/街道/C0001"),
        ("a plus", "长吴+街道/C0001"), ("a space", "长吴 街道/C0001"), ("an ideographic space", "长吴　街道/C0001"),
        ("a no-break space", "长吴\xa0街道/C0001"), ("U+FEFF, JavaScript's space", "\ufeff长吴街道/C0001"),
        ("a line separator", "长吴\u2028街道/C0001"), ("a small letter", "长吴街道/c0001"),
        ("five digits", "长吴街道/C00001"), ("three digits", "长吴街道/C001"),
        ("Arabic-Indic digits", "长吴街道/C٠٠٠١"), ("a space at the end", "长吴街道/C0001 "),
    ):  # fmt: skip
        yield f"an origin with {name}", _with(proof, origin=word(origin))


def _shapes() -> Iterator[tuple[str, str]]:
    proof = make(7).proof(2)
    own = proof.balance
    yield "month 0", _with(proof, month=b"\x00")
    yield "month 13", _with(proof, month=b"\x0d")
    yield "year 1989", _with(proof, year=(1989).to_bytes(2, "big"))
    yield "year 2200", _with(proof, year=(2200).to_bytes(2, "big"))
    yield "no households", _with(make(1).proof(0), count=b"\x00")
    yield "index 7 of 7", _with(proof, index=b"\x07")
    yield "index 6 of 7 with three neighbours", _with(proof, index=b"\x06")
    yield "a path one short", replace(proof, balance=replace(own, path=own.path[:-1])).code()
    yield "a path one long", replace(proof, balance=replace(own, path=(*own.path, own.path[0]))).code()
    yield "one neighbour more said than there are", _with(proof, n=b"\x04")
    yield "one neighbour less said than there are", _with(proof, n=b"\x02")
    yield "a path where there is one household", replace(
        make(1).proof(0), balance=replace(make(1).proof(0).balance, path=own.path[:1])
    ).code()
    yield "signature of type 0", _with(proof, sig0__type=b"\x00")
    yield "signature of type 2", _with(proof, sig1__type=b"\x02")
    yield "more signatures said than there are", _with(proof, m=b"\x05")
    yield "fewer signatures said than there are", _with(proof, m=b"\x03")


def _orders() -> Iterator[tuple[str, str]]:
    proof = resigned(make(7).proof(2))
    office, *parties = proof.signed.signatures
    body = proof.signed.checkpoint.body()
    later = signature(body, "bank", time=SEEN + 1)
    same_name = replace(signature(body, "bank"), name=office.name)
    other_office = replace(office, name="长吴街道/C0002")
    for name, signatures in (
        ("the office last", [*parties, office]),
        ("the office second", [parties[0], office, *parties[1:]]),
        ("the office twice", [office, office, *parties]),
        ("two offices", [office, other_office, *parties]),
        ("parties in descending order", [office, *reversed(parties)]),
        ("two parties changed about", [office, parties[1], parties[0], *parties[2:]]),
        ("a party twice", [office, parties[0], *parties]),
        ("a party twice, at two times", [office, parties[0], later, *parties[1:]]),
        ("a party by the office's name", [office, *sorted([*parties, same_name], key=lambda one: one.name.encode())]),
    ):
        yield name, with_signatures(proof, signatures).code()
