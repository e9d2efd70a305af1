"""A stair's owners raise money for a lift (加装电梯): paid in by household, spent under two seals, the rest returned.

The books of a levy are four months long: two in which it is paid in, one in which the contractor is paid, one in which
what is left goes back. They are the sample's last four, or all it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.accounts import account_name
from jiezhang.domain.levy import REFUNDED, SPENT, Levy, dues_digest
from jiezhang.domain.period import Month
from jiezhang.domain.register import Compound, DedicatedAccount, Dwelling, HolderKind
from jiezhang.domain.shares import largest_remainder

from .events import Allowed, Event, Whose, clock, some_day, yuan
from .fund_rows import payee_account, room
from .invoices import invoice_number
from .names import CONTRACTORS

FUND: Final = "J01加装电梯集资"
LAYOUT: Final = "icbc.history_detail"
_MONTHS: Final = 4
_SCOPE: Final = ("01", "1")
"""The building and stair that get a lift."""
_RATE_YUAN: Final = 110
"""For each m² and each floor above the ground floor, whose owners pay nothing."""
_SPENT_PERCENT: Final = (955, 985)
"""Per mille of what was raised that the lift costs."""
_DECIDED_DAYS: Final = (10, 20)


@dataclass(frozen=True, slots=True)
class PlannedLevy:
    """A levy with its account, its list of dues, and its bank rows; `resolution` is filled in once it has a number."""

    levy: Levy
    account: DedicatedAccount
    dues: bytes
    total_yuan: Decimal
    contractor: str
    cost_yuan: Decimal
    decided: date
    accepted: date
    paid: date
    rows: tuple[Event, ...]

    def of(self, month: Month) -> list[Event]:
        """Its rows in `month`, oldest first."""
        return sorted((row for row in self.rows if month.contains(row.day)), key=lambda row: (row.day, row.time))

    def decided_by(self, code: str, *, sealed: bool) -> PlannedLevy:
        """The levy under the resolution `code`; its payments are numbered where their procedure wants them sealed."""
        rows: list[Event] = []
        for row in self.rows:
            number = 1 + sum(other.amount < 0 for other in rows)
            allowed = replace(row.allowed, resolution=code, payment=f"P{number}" if sealed else "")
            contract = f"HT-{code}" if row.other == SPENT else ""
            rows.append(replace(row, contract=contract, allowed=allowed) if row.amount < 0 else row)
        return replace(self, levy=self.levy.model_copy(update={"resolution": code}), rows=tuple(rows))


def plan_levy(
    rng: Random,
    compound: Compound,
    dwellings: Sequence[Dwelling],
    holder: tuple[str, HolderKind],
    first: Month,
    months: int,
    by: str,
) -> PlannedLevy | None:
    """The levy of `compound`, registered by the person `by`; none where nobody lives above the ground floor."""
    begins = first.shift(max(0, months - _MONTHS))
    own = [one for one in dwellings if (one.building, one.stair) == _SCOPE and one.status == "sold"]
    owed = tuple((one.code, _due_yuan(one) * 100) for one in own if _due_yuan(one))
    if len(owed) < 2:
        return None
    dues = _dues(owed)
    total = sum(fen for _, fen in owed)
    cost = total * rng.randrange(*_SPENT_PERCENT) // 1000
    contractor = CONTRACTORS["machines"][1]
    paid = some_day(rng, begins.shift(2), 10, 20)
    accepted = paid - timedelta(days=rng.randrange(2, 7))
    shares = largest_remainder(total - cost, [fen for _, fen in owed])
    back = [(code, fen) for (code, _), fen in zip(owed, shares, strict=True)]
    homes = {one.code: one for one in own}
    spent = (_paid(rng, paid, contractor, cost, accepted), *_refunds(rng, homes, back, begins.shift(3)))
    return PlannedLevy(
        levy=Levy(
            code=FUND[:3], name=FUND[3:], resolution="R", scope=f"stair:{'/'.join(_SCOPE)}", starts=begins.first_day,
            ends=begins.shift(11).last_day, dues_sha256=dues_digest(dues), by=by,
        ),
        account=_account(compound, holder),
        dues=dues,
        total_yuan=_yuan(total),
        contractor=contractor,
        cost_yuan=_yuan(cost),
        decided=begins.first_day - timedelta(days=rng.randrange(*_DECIDED_DAYS)),
        accepted=accepted,
        paid=paid,
        rows=(*_receipts(rng, homes, owed, begins), *spent),
    )  # fmt: skip


def _due_yuan(dwelling: Dwelling) -> int:
    """By floor area and storey, in whole tens."""
    floor = int(dwelling.room[:-2])
    return round(dwelling.area_m2 * _RATE_YUAN * (floor - 1) / 10) * 10


def _dues(owed: Sequence[tuple[str, int]]) -> bytes:
    return "".join(("户号,应交\n", *(f"{code},{_yuan(fen)}\n" for code, fen in owed))).encode()


def _account(compound: Compound, holder: tuple[str, HolderKind]) -> DedicatedAccount:
    number = f"1202000000088{compound.code[1:]}05"
    return DedicatedAccount(
        account=account_name(compound.component, FUND, "1002", f"工行{number[-4:]}"),
        bank="icbc",
        number=number,
        holder=holder[0],
        holder_kind=holder[1],
    )


def _receipts(
    rng: Random, homes: Mapping[str, Dwelling], owed: Sequence[tuple[str, int]], begins: Month
) -> list[Event]:
    """Everybody pays in the first two months, the first on the list in two halves."""
    found = []
    for place, (code, fen) in enumerate(owed):
        parts = (fen // 2, fen - fen // 2) if not place else (fen,)
        for count, part in enumerate(parts):
            month = begins.shift(count if len(parts) > 1 else place % 2)
            words = ("加装电梯集资", "加装电梯集资", code)
            found.append(
                Event(
                    some_day(rng, month, 3, 25), clock(rng), _yuan(part), "4001", *words, *room(homes[code]),
                    by_hand=True, whose=Whose(household=code),
                )
            )  # fmt: skip
    return found


def _paid(rng: Random, day: date, contractor: str, fen: int, accepted: date) -> Event:
    words = ("加装电梯工程款", "工程款", "加装电梯")
    allowed = Allowed(invoice=invoice_number(rng), accepted=accepted)
    payee = (contractor, payee_account(contractor))
    return Event(day, clock(rng), -_yuan(fen), SPENT, *words, *payee, by_hand=True, allowed=allowed)


def _refunds(
    rng: Random, homes: Mapping[str, Dwelling], back: Sequence[tuple[str, int]], month: Month
) -> list[Event]:
    """On one day, to each account that was paid from."""
    day, words = some_day(rng, month, 10, 20), ("退还加装电梯集资余款", "退款")
    return [
        Event(
            day, f"10:{place:02d}:00", -_yuan(fen), REFUNDED, *words, f"加装电梯集资余款 {code}", *room(homes[code]),
            by_hand=True, whose=Whose(household=code),
        )
        for place, (code, fen) in enumerate(back)
        if fen
    ]  # fmt: skip


def _yuan(fen: int) -> Decimal:
    return yuan(Decimal(fen).scaleb(-2))
