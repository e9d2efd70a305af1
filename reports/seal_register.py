"""The register of seal use (印章使用情况): every seal set in a period, by whose key, on what, and whether it verifies.

杭州市物业管理条例 2021 art. 30: the use of the seals of assembly and committee is published every half year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiezhang.domain.approval.procedure import SEAL_NAMES
from jiezhang.domain.approval.records import Entered, SealUse
from jiezhang.domain.approval.seals import keys_by_code, seal_fault
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.money import to_fen
from jiezhang.domain.people import named
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Street

from .issuer import Issuer, issuer_of

SIGNATURE_SHOWN = 16
"""Hex digits of a signature that the register shows."""


@dataclass(frozen=True, slots=True)
class SealLine:
    """One seal set. `payee` and `amount_fen` (0: none) are of a payment; `wrong` says why it does not count."""

    number: int
    day: date
    seal: str
    keeper: str
    resolution: str
    title: str
    payment: str
    payee: str
    amount_fen: int
    key: str
    signature: str
    wrong: str

    @property
    def verifies(self) -> bool:
        return not self.wrong

    @property
    def matter(self) -> str:
        """What it was set on, in words; a payment's amount stands apart."""
        paid = f"，付款 {self.payment} 付给“{self.payee}”" if self.payment else ""
        return f"{self.resolution} {self.title}{paid}"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key that was in use in the period."""

    code: str
    seal: str
    keeper: str
    starts: date
    ended: date | None


@dataclass(frozen=True, slots=True)
class SealRegister:
    """The seals set from the first day of `first` to the last of `last`, in the order they were recorded."""

    issuer: Issuer
    first: Month
    last: Month
    lines: tuple[SealLine, ...]
    keys: tuple[KeyLine, ...]
    ground: str
    """The local rule that has it published, with 待核实 where nobody has read it; empty where there is none."""

    @property
    def wrong(self) -> int:
        """How many do not verify."""
        return sum(not line.verifies for line in self.lines)


def seal_register(view: OfficeView, street: Street, compound: Compound, first: Month, last: Month) -> SealRegister:
    """The register of a compound; `Refused` for a period that ends before it begins."""
    if last < first:
        raise Refused(f"用印登记的起月 {first} 晚于止月 {last}")
    files = view.files
    used = [one for one in view.records if isinstance(one.record, SealUse)]
    numbered = [(number, one) for number, one in enumerate(used, start=1)]
    begin, end = first.first_day, last.last_day
    keys = [
        KeyLine(key.code, SEAL_NAMES[key.seal], named(files.people, key.keeper), key.starts, key.ended)
        for _, key in files.keys
        if key.starts <= end and (key.ended is None or key.ended > begin)
    ]
    lines = tuple(_line(view, number, one) for number, one in numbered if begin <= one.day <= end)
    return SealRegister(issuer_of(street, compound), first, last, lines, tuple(keys), _ground(view, end))


def _ground(view: OfficeView, day: date) -> str:
    rule = next((one.rule for one in view.files.rules_on(day) if one.key == "seal.log_every"), None)
    if rule is None:
        return ""
    return f"依据{rule.article}，至少{rule.shown()}公布{'' if rule.verified else '（待核实）'}"


def _line(view: OfficeView, number: int, one: Entered) -> SealLine:
    use: SealUse = one.record
    key = keys_by_code(view.files.keys).get(use.key)
    path = view.paths.get(use.code)
    return SealLine(
        number=number,
        day=one.day,
        seal=SEAL_NAMES[use.seal],
        keeper=named(view.files.people, key.keeper) if key else "",
        resolution=use.code,
        title=path.resolution.title if path else "",
        payment=use.payment or "",
        payee=use.payee,
        amount_fen=to_fen(use.amount_yuan) if use.amount_yuan is not None else 0,
        key=use.key,
        signature=use.signature[:SIGNATURE_SHOWN],
        wrong=_wrong(view, one),
    )


def _wrong(view: OfficeView, one: Entered) -> str:
    """Why a seal does not count: its own signature, or what it was set on."""
    use: SealUse = one.record
    keys, code = keys_by_code(view.files.keys), view.files.compound.code
    said = seal_fault(keys, code, use.seal, use.key, use.digest, use.signature, one.day)
    if said:
        return said
    path = view.paths.get(use.code)
    if path is None:
        return f"没有决议 {use.code}"
    if any(one is taken for taken in path.records):
        return ""
    assert path.fault is not None, "what is not on a path comes from its fault on"
    return path.fault[0] if path.fault[1] is one else f"决议 {use.code} 在此之前的记录有误，用印不能核验"
