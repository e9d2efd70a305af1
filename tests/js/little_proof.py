"""A small maker of household proofs, written from the description of the format for the tests of the page.

It takes anything, also what must be refused: every field of `LittleProof` can be replaced, signatures are made after.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

STREET = "长吴街道"
OFFICE, COSIGNER = 1, 4
PARTIES = (("office", "K01"), ("bank", "B01"), ("auditor", "S01"), ("community", "Q01"), ("owners", "Y01"))
TIME = 1_793_851_200  # 2026-11-05 12:00:00 in Beijing


def key_of(name: str) -> Ed25519PrivateKey:
    """The same private key for the same name, for tests only."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public_of(name: str) -> bytes:
    return key_of(name).public_key().public_bytes_raw()


def trust_json(required: tuple[str, ...] = ("bank", "auditor", "community"), street: str = STREET) -> dict[str, object]:
    keys = [{"party": party, "name": name, "public": public_of(name).hex()} for party, name in PARTIES]
    return {"street": street, "required": list(required), "keys": keys}


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def uvar(number: int) -> bytes:
    out = b""
    while number >= 128:
        out += bytes([number % 128 + 128])
        number //= 128
    return out + bytes([number])


def text(said: str) -> bytes:
    return bytes([len(said.encode())]) + said.encode()


@dataclass(frozen=True)
class Line:
    """A signature line. `wrong` is added to the signature's bytes as an exclusive or."""

    name: str
    type: int
    key: str
    time: int = TIME
    wrong: int = 0
    """Which bit is turned, counted from 1."""

    def raw(self, body: bytes) -> bytes:
        name, public = self.name.encode(), public_of(self.key)
        stamp = self.time.to_bytes(8, "big") if self.type == COSIGNER else b""
        said = body if self.type == OFFICE else f"cosignature/v1\ntime {self.time}\n".encode() + body
        signed = bytearray(key_of(self.key).sign(said))
        if self.wrong:
            signed[(self.wrong - 1) // 8] ^= 1 << (self.wrong - 1) % 8
        key_id = sha(name, b"\n", bytes([self.type]), public)[:4]
        return text(self.name) + bytes([self.type]) + key_id + stamp + bytes(signed)


def party_line(name: str, street: str = STREET, **more: int) -> Line:
    return Line(f"{street}/{name}", COSIGNER, name, **more)


def office_line(origin: str = f"{STREET}/C0001", key: str = "K01", **more: int) -> Line:
    return Line(origin, OFFICE, key, **more)


LINES = (office_line(), party_line("B01"), party_line("Q01"), party_line("S01"))


@dataclass(frozen=True)
class LittleProof:
    """The proof of household number `place` of a compound whose balances are `balances`."""

    balances: tuple[int, ...] = tuple(1_000_000 + 7_919 * n for n in range(37))
    place: int = 5
    origin: str = f"{STREET}/C0001"
    size: int = 57
    year: int = 2026
    month: int = 10
    lines: tuple[Line, ...] = LINES
    forged: dict[str, object] = field(default_factory=dict)
    """Fields replaced after the tree was made, before the signing."""

    def code(self) -> str:
        return base64.b32encode(self.raw()).decode().rstrip("=")

    def raw(self) -> bytes:
        at, shown = self._facts(), text(self.origin)
        head = sha(b"vouchers"), sha(b"figures")
        body = (
            f"{self.origin}\n{self.size}\n{_b64(head[0])}\n"
            f"month {self.year}-{self.month:02d}\nfigures {_b64(head[1])}\n"
            f"households {at['count']} {at['total']} {_b64(at['root'])}\n"
        ).encode()
        steps = b"".join(h + uvar(s) for h, s in at["path"])
        signed = b"".join(line.raw(body) for line in self.lines)
        return b"".join((
            bytes([1]), shown, uvar(self.size), head[0], self.year.to_bytes(2, "big"), bytes([self.month]), head[1],
            uvar(at["count"]), uvar(at["total"]), at["root"], text(at["household"]), uvar(at["balance"]), at["salt"],
            uvar(at["index"]), bytes([len(at["path"])]), steps, bytes([len(self.lines)]), signed,
        ))  # fmt: skip

    def _facts(self) -> dict:  # type: ignore[type-arg]
        compound, month = self.origin.rpartition("/")[2], f"{self.year}-{self.month:02d}"
        leaves = []
        for number, balance in enumerate(self.balances):
            household = f"01-1-{number:03d}"
            said = b"\0".join((compound.encode(), month.encode(), household.encode()))
            salt = hmac.digest(bytes(32), said, "sha256")[:16]
            mark = sha(salt, said)
            leaves.append((mark, sha(b"\2", mark, balance.to_bytes(8, "big")), balance, household, salt))
        leaves.sort()
        index = next(at for at, leaf in enumerate(leaves) if leaf[3] == f"01-1-{self.place:03d}")
        nodes = [(leaf[1], leaf[2]) for leaf in leaves]
        root, total = _tree(nodes)
        return {
            "count": len(nodes), "total": total, "root": root, "household": leaves[index][3], "index": index,
            "balance": leaves[index][2], "salt": leaves[index][4], "path": _path(index, nodes),
        } | self.forged  # fmt: skip

    def but(self, **changed: object) -> LittleProof:
        return replace(self, **changed)  # type: ignore[arg-type]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _tree(nodes: list[tuple[bytes, int]]) -> tuple[bytes, int]:
    if len(nodes) == 1:
        return nodes[0]
    left, right = _tree(nodes[: _split(len(nodes))]), _tree(nodes[_split(len(nodes)) :])
    sums = left[1].to_bytes(8, "big"), right[1].to_bytes(8, "big")
    return sha(b"\3", left[0], sums[0], right[0], sums[1]), left[1] + right[1]


def _path(index: int, nodes: list[tuple[bytes, int]]) -> list[tuple[bytes, int]]:
    if len(nodes) == 1:
        return []
    half = _split(len(nodes))
    if index < half:
        return [*_path(index, nodes[:half]), _tree(nodes[half:])]
    return [*_path(index - half, nodes[half:]), _tree(nodes[:half])]
