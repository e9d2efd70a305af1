"""What every paper about one household says besides its figures: whose account it is, and what the 30 % line asks.

The papers go to one owner each but are printed and carried round by many hands: an owner is shown by a masked
pseudonym only, and everything rests on a household ledger that holds no voucher in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.domain.booking import WAITING
from jiezhang.domain.changes import dwellings_made, owner_on
from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.meanings import allowed_values
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Dwelling
from jiezhang.domain.roll import LOST, UNSOLD, Roll
from jiezhang.households.fund import FundFiles, FundReplay, replay_fund
from jiezhang.households.line import top_up_due
from jiezhang.households.movements import legs_of
from jiezhang.households.state import Households

from .fund_paper import dwelling_words

RENEW_LINE_PERCENT = 30
"""165号令 2008 art. 17; a compound's own value comes from its rule pack (`fund.renew_below_percent`)."""

SELLER = "售房单位"
"""The owner of an account that no dwelling has (165号令 2008 art. 9)."""

_NATURES = allowed_values(Dwelling, "nature")


@dataclass(frozen=True, slots=True)
class Home:
    """One account of the fund. `area_m2` is zero for a selling unit's."""

    code: str
    place: str
    """`01幢1单元101室`."""
    owner: str
    """Masked pseudonym; empty when nobody is registered."""
    area_m2: Decimal
    nature: str
    status: str
    """Empty while it is sold and stands; otherwise what an owner should know: 未售, 已灭失, 已注销."""
    building: str


@dataclass(frozen=True, slots=True)
class RenewLine:
    """How an account stands to the line under which it has to be topped up (续交). Fen; `due_fen` 0: not below it."""

    percent: int
    line_fen: int
    due_fen: int
    """What brings the balance back to the line; how much is really asked for is the owners' decision."""

    @property
    def is_below(self) -> bool:
        return self.due_fen > 0


def proven_replay(files: FundFiles, entries: Iterable[data.Directive], compound: Compound, until: date) -> FundReplay:
    """The household ledger to the end of `until`; `Refused` when the books begin later, or any voucher is in doubt.

    A balance that leaves a voucher out must not reach an owner under the office's name.
    """
    if until < files.register.start:
        raise Refused(f"{compound.name}自 {files.register.start} 起建账，没有 {until} 的分户账")
    replay = replay_fund(files, entries, until)
    wrong = [fault for fault in replay.faults if fault.entry is None or fault.entry.date <= until]
    if wrong:
        first = wrong[0].refused
        raise Refused(f"分户账有 {len(wrong)} 处错误，改正后才能出具：{first.message}", first.file, first.line)
    return replay


def waiting_vouchers(entries: Iterable[data.Directive], until: date) -> int:
    """How many vouchers of fund W to the end of `until` are not posted, so that no household has them yet."""
    return sum(
        1
        for entry in entries
        if isinstance(entry, data.Transaction) and entry.flag == WAITING and entry.date <= until and legs_of(entry)
    )


def homes_of(register: FundRegister, state: Households, rows: Iterable[int], on: date) -> list[Home]:
    """The accounts in `rows` of the roll as they are at the end of `on`."""
    dwellings = {d.code: d for d in (*register.dwellings, *dwellings_made(register))}
    owners = {d.code: d.owner for d in register.dwellings}
    for _, change in register.changes:
        for code in (*change.sources, *(made for made, _ in change.made)):
            owners[code] = owner_on(register, code, on)
    found = []
    for row in rows:
        code, building = str(state.roll.codes[row]), _building(state.roll, row)
        nature = _NATURES["public" if state.roll.public[row] else "commercial"]
        if state.roll.seller[row]:
            place, owner, area, status = f"{building}幢{SELLER}", SELLER, Decimal(0), ""
        else:
            dwelling = dwellings[code]
            place, area = dwelling_words(dwelling), dwelling.area_m2
            owner, status = mask_owner(owners.get(code, "")), _status(int(state.status[row]))
        found.append(Home(code, place, owner, area, nature, status, building))
    return found


def _building(roll: Roll, row: int) -> str:
    return roll.buildings[int(roll.building[row])]


def _status(status: int) -> str:
    if status == UNSOLD:
        return "未售"
    return "" if status < LOST else "已灭失" if status == LOST else "已注销"


def mask_owner(pseudonym: str) -> str:
    """`Y0001D` as `Y0＊＊`; of one or two characters only the first is kept."""
    return pseudonym and pseudonym[: 2 if len(pseudonym) > 2 else 1] + "＊＊"


def renew_lines(state: Households, rows: Iterable[int], percent: int) -> list[RenewLine]:
    """How the accounts in `rows` stand to `percent` of their first deposit; selling units, lost houses owe nothing."""
    due = {found.code: found.due_fen for found in top_up_due(state, percent, percent)}
    return [
        RenewLine(
            percent, -(-int(state.first_deposit_fen[row]) * percent // 100), due.get(str(state.roll.codes[row]), 0)
        )
        for row in rows
    ]
