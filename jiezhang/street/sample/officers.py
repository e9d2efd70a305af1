"""Made-up people: who has which part in the office, and the keys of those who sign.

A person has one role, so that nobody acts for a resolution in two. Keys follow from the seed: they protect nothing, and
a real street's are made by chance and kept by their owners alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jiezhang.book.keys import PrivateKey
from jiezhang.domain.approval.procedure import SealName
from jiezhang.domain.approval.seals import SealKey
from jiezhang.domain.register import Person

from .names import community_name

_COMMITTEE: Final = 5
_KEYS_BEFORE_YEARS: Final = 3
"""How long before the books the seals' keys were made: older than any resolution of the sample."""

_OF_COMPOUND: Final = (
    # role, letter of the id, how many, name
    ("committee", "Y", _COMMITTEE, "业委会委员"),
    ("branch", "D", 3, "党支部委员"),
    ("firm", "W", 1, "物业项目经理"),
    ("cashier", "N", 1, "出纳"),
    ("joint_meeting", "L", 1, "联席会议召集人"),
    ("owner", "H", 1, "业主"),
    ("owner_representative", "R", 1, "业主代表"),
)
_OF_STREET: Final = (
    ("F01", "街道复核员", "reviewer"),
    ("T01", "街道负责人", "street_head"),
    ("Z01", "街道审定备案员", "street"),
    ("A01", "专业审计员", "auditor"),
    ("B01", "银行对账员", "bank"),
)

SIGNING: Final = ("bank", "auditor", "community_accountant", "owner_representative")
"""Roles whose people sign a month's figures; the community's seal has a keeper and a key of its own."""


@dataclass(frozen=True, slots=True)
class Officers:
    """Who acts for one compound: ids by role; of a seal, the key's code and keeper."""

    by_role: Mapping[str, tuple[str, ...]]
    seals: Mapping[SealName, tuple[str, str]]
    keys: tuple[SealKey, ...]


def street_people(seed: int, bookkeepers: int, communities: Mapping[int, tuple[str, ...]]) -> tuple[Person, ...]:
    """Everybody of the street; `communities` gives the codes of the compounds of each community, by its number."""
    people = [
        Person(id=f"K{n:02d}", name=f"代理会计{n}号", roles=("bookkeeper",), key=private_key(seed, f"K{n:02d}").public)
        for n in range(1, bookkeepers + 1)
    ]
    people += [_signer(seed, code, name, role, ()) for code, name, role in _OF_STREET]
    for number, compounds in communities.items():
        name = community_name(number)
        people.append(_signer(seed, f"S{number:02d}", f"{name}会计", "community_accountant", compounds))
        people.append(
            Person(id=f"M{number:02d}", name=f"{name}印章保管员", roles=("community",), compounds=compounds)
        )
    people += [
        _signer(seed, person.id, person.name, person.roles[0], person.compounds)
        for compounds in communities.values()
        for code in compounds
        for person in _of_compound(code)
    ]
    return tuple(people)


def _signer(seed: int, code: str, name: str, role: str, compounds: tuple[str, ...]) -> Person:
    """A person, with a key where their role signs the three parties' statement."""
    key = private_key(seed, code).public if role in SIGNING else ""
    return Person(id=code, name=name, roles=(role,), compounds=compounds, key=key)


def _of_compound(code: str) -> list[Person]:
    return [
        Person(id=f"{code}{letter}{n}", name=f"{code}{name}{n}号", roles=(role,), compounds=(code,))
        for role, letter, count, name in _OF_COMPOUND
        for n in range(1, count + 1)
    ]


def officers_of(seed: int, code: str, community: int, start: date) -> Officers:
    """Those of the compound `code`; `start` is the first day of its books."""
    by_role = {role: (person,) for person, _, role in _OF_STREET}
    by_role |= {"community_accountant": (f"S{community:02d}",), "community": (f"M{community:02d}",)}
    for person in _of_compound(code):
        by_role[person.roles[0]] = (*by_role.get(person.roles[0], ()), person.id)
    seals: dict[SealName, tuple[str, str]] = {
        "assembly": ("DH-01", f"M{community:02d}"),
        "committee": ("YW-01", f"{code}Y{_COMMITTEE}"),
    }
    since = date(start.year - _KEYS_BEFORE_YEARS, 1, 1)
    keys = tuple(
        SealKey(code=key, seal=seal, keeper=keeper, public=private_key(seed, keeper).public, starts=since)
        for seal, (key, keeper) in seals.items()
    )
    return Officers(by_role, seals, keys)


@lru_cache(maxsize=256)
def private_key(seed: int, person: str) -> PrivateKey:
    """The key of `person`, the same for the same seed."""
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{seed}:{person}".encode()).digest()))


def signature(seed: int, person: str, digest: str) -> str:
    """What the key of `person` signs `digest` with, both in hex."""
    return private_key(seed, person).sign(digest)


def key_file(seed: int, person: str) -> bytes:
    """The key of `person` as the PEM file that commands read."""
    return private_key(seed, person).key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def organisation_of(name: str) -> str:
    """Whose seal a made-up person's certificate stands for: the name without number and part."""
    return name.rstrip("0123456789号").removesuffix("员") or name


KEYS_FOLDER: Final = "example-keys"
KEYS_NOTE: Final = """这个文件夹里的私钥只属于虚构的示例街道，由种子算出，人人可得，什么也保护不了。
真实街道的私钥由保管人各自用 jiezhang seal key 生成，放在只有本人能读的地方，不得放进街道文件夹，也不得交给别人。
K01.pem、K02.pem … 是代理会计过账、报送用的；
B01.pem、A01.pem、S01.pem、C0001R1.pem … 是银行、审计、社区、业主代表签署对账单用的；
M01.pem … 是社区保管的业主大会印章；C0001Y5.pem … 是业委会保管的业主委员会印章。
……cert.pem、……cert-key.pem 是在 PDF 上盖章用的证书和私钥，由虚构的演示机构 demo-ca.pem 签发。
"""
