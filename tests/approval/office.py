"""A made-up office for the tests of approval: people of every role, keys of both seals, nine dwellings, ballots.

Areas are such that area and heads can fail apart: one owner has half of all floor area, one has two dwellings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from jiezhang.book.layout import StreetFolder
from jiezhang.book.office_files import read_procedures
from jiezhang.book.rulepacks import read_packs
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.procedure import Procedure, Step
from jiezhang.domain.approval.seals import SealKey, seal_message
from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.people import ROLES, by_id
from jiezhang.domain.register import Compound, Dwelling, Person
from tests.conftest import NAME

START = date(2026, 6, 1)
OURS, OTHERS = "C0007", "C0008"
_NUMERALS = "甲乙丙丁戊"

COMPOUND = Compound(code=OURS, name=NAME[5:], community="SQ01", kind="commercial", start=date(2026, 1, 1))

BIG = "01-1-101"
SMALL = tuple(f"01-1-{room}" for room in ("102", "201", "202", "301", "302", "401"))
TWO = ("01-1-402", "01-1-501")
AREAS_M2 = {BIG: 400, **dict.fromkeys((*SMALL, *TWO), 50)}
OWNERS = {BIG: "业主大", **{code: f"业主{code[-3:]}" for code in SMALL}, **dict.fromkeys(TWO, "业主双")}

DWELLINGS = tuple(
    Dwelling(code=code, building="01", stair="1", room=code[-3:], area_m2=Decimal(area), owner=OWNERS[code])
    for code, area in AREAS_M2.items()
)


def person(role: str, number: int = 1) -> str:
    """The id of a person who has only `role`: `BRANCH-1`."""
    return f"{role.upper().replace('_', '-')}-{number}"


def stranger(role: str) -> str:
    """The id of a person who has `role`, but for another compound."""
    return person(role).replace("-1", "-X")


def members_of(role: str) -> list[str]:
    """Everybody who has `role` for our compound: five of the committee, three of any other."""
    return [person(role, number) for number in range(1, 6 if role == "committee" else 4)]


def _everybody() -> list[Person]:
    found = []
    for role, name in ROLES.items():
        for numeral, who in zip(_NUMERALS, members_of(role), strict=False):
            found.append(Person(id=who, name=name.split("（")[0] + numeral, roles=(role,), compounds=(OURS,)))
        found.append(Person(id=stranger(role), name=f"别区{name}", roles=(role,), compounds=(OTHERS,)))
    return found


PEOPLE: Mapping[str, Person] = by_id(_everybody())


def signers(step: Step) -> list[str]:
    """As few persons as may take `step`."""
    found = members_of(step.majority_of)[: len(members_of(step.majority_of)) // 2 + 1] if step.majority_of else []
    found += [person(role) for role in step.jointly if role != step.majority_of]
    return found or [person(step.by[0])]


@cache
def _private(code: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"示例钥匙{code}".encode()).digest())


def key(code: str, seal: str, keeper: str, **more: object) -> SealKey:
    """A registered key; its private half is made from its code."""
    public = _private(code).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    given = {"starts": date(2026, 1, 1), **more}
    return SealKey.model_validate({"code": code, "seal": seal, "keeper": keeper, "public": public, **given})


def sign(code: str, digest: str, seal: str, day: date) -> str:
    """The signature (hex) of key `code` that sets `seal` on a digest (hex) that day."""
    keys = [known for _, known in KEYS]
    message = seal_message(COMPOUND.code, keys, seal, code, day, digest)
    return _private(code).sign(bytes.fromhex(message)).hex()


LETTER = {"assembly": "D", "committee": "W"}
KEEPER = {"assembly": person("community"), "committee": person("committee")}
_ENDED = date(2026, 3, 1)


def _keys() -> Iterable[SealKey]:
    for seal, letter in LETTER.items():
        keeper = KEEPER[seal]
        for why, code in (("lost", "LOST"), ("revoked", "REVOKED"), ("handed_over", "HANDED")):
            yield key(f"{letter}-{code}", seal, keeper, ended=_ENDED, why=why)
        yield key(f"{letter}-GOOD", seal, keeper)
        yield key(f"{letter}-LATER", seal, keeper, starts=date(2028, 1, 1))


KEYS = tuple(enumerate(_keys(), start=2))


@cache
def shipped() -> Mapping[str, Procedure]:
    """The procedures that ship with the program."""
    return read_procedures(StreetFolder(Path(__file__).parent))


@cache
def office(*own: Procedure) -> OfficeFiles:
    """The office's files, with procedures of the street's own besides the shipped ones."""
    procedures = {**shipped(), **{procedure.code: procedure for procedure in own}}
    register = FundRegister(start=date(2026, 1, 1), dwellings=DWELLINGS)
    return OfficeFiles(COMPOUND, PEOPLE, procedures, read_packs("hangzhou"), KEYS, {}, (), register)


def with_role(files: OfficeFiles, who: str, role: str) -> OfficeFiles:
    """The same office, where `who` has one role more, but is no member of the committee."""
    old = files.people[who]
    compounds = () if role == "committee" else old.compounds
    more = old.model_copy(update={"roles": (*old.roles, role), "compounds": compounds})
    return replace(files, people={**files.people, who: more})


def ballots(choices: Mapping[str, str]) -> bytes:
    """A ballot file: dwelling → choice."""
    return ("dwelling,choice\n" + "".join(f"{code},{choice}\n" for code, choice in choices.items())).encode()


def unanimous() -> dict[str, str]:
    """Everybody agrees."""
    return dict.fromkeys(AREAS_M2, "agree")
