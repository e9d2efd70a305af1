"""What can differ between the book and what a party holds, by name.

Differences are itemised, carried, aged and closed, never netted away.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from ..canonical import MonthText, Value
from ..period import Month

Party = Literal["bank", "auditor", "community", "owners"]

PARTY_NAMES: dict[Party, str] = {
    "bank": "银行",
    "auditor": "专业审计",
    "community": "社区",
    "owners": "业主代表",
}
LEGS: tuple[Party, ...] = ("bank", "auditor", "community", "owners")
"""In the order in which a statement shows them."""

Kind = Literal[
    "timing",
    "missing_in_book",
    "missing_at_party",
    "doubled",
    "wrong_fund",
    "wrong_account",
    "wrong_amount",
    "wrong_date",
    "forged_closing",
    "closing_differs",
    "edited_file",
    "missing_file",
    "other_account",
    "future_dated",
    "no_statement",
    "renamed",
    "exception",
]

KIND_NAMES: dict[Kind, str] = {
    "timing": "未达账项",
    "missing_in_book": "账上漏记",
    "missing_at_party": "账上有、对方没有",
    "doubled": "重复入账",
    "wrong_fund": "记错资金",
    "wrong_account": "记错账户",
    "wrong_amount": "金额不符",
    "wrong_date": "日期不符",
    "forged_closing": "期末余额与逐笔不符",
    "closing_differs": "余额不符",
    "edited_file": "对账单文件被改动",
    "missing_file": "对账单文件不在",
    "other_account": "别的账户的对账单",
    "future_dated": "日期还没有到",
    "no_statement": "没有对账单",
    "renamed": "对方户名或账号不符",
    "exception": "例外事项",
}

TOLERATED: frozenset[Kind] = frozenset({"timing", "no_statement", "exception"})
"""With an explanation, a month may be closed over these: the first two leave bank and book equal once what is on its
way is counted, the third is a party's own remark. Every other kind is a mistake in the books or in a file."""


class Difference(Value):
    """One difference. `amount_fen` is what the party has more than the book; 0 where it is not about an amount.

    `id` is `D2026-10-01`, of the month it was first seen in: it keeps it for as long as it is carried.
    """

    id: str = ""
    party: Party
    kind: Kind
    fund: str = ""
    account: str = ""
    ref: str = ""
    day: date | None = None
    amount_fen: int = 0
    text: str = ""
    since: MonthText
    explanation: str = ""
    stated: bool = False
    """Whether the party said so itself, so that only it can say that it is settled; otherwise comparing found it."""
    closed: str = ""
    """How it came to an end, in words; empty while it is open."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same difference a month later, though it may have another name by then: what was on its
        way and never came is missing."""
        return self.party, self.account, self.ref

    def age_months(self, month: Month) -> int:
        """In how many months' reconciliations it has stood, this one counted."""
        since = Month.parse(self.since)
        return (month.year - since.year) * 12 + month.number - since.number + 1


def carried(found: tuple[Difference, ...], before: tuple[Difference, ...], month: Month) -> tuple[Difference, ...]:
    """The month's list: what was `found` now, under the id it had if it was open `before`; and what has gone since,
    closed. Ids of new ones count on in the order given. What parties stated themselves only they can close, so it
    stays open."""
    known = {one.key: one for one in before if not one.closed and not one.stated}
    used = {one.id for one in before}
    made, number = [], 0
    for one in found:
        old = known.pop(one.key, None)
        if old is not None:
            made.append(one.model_copy(update={"id": old.id, "since": old.since, "explanation": old.explanation}))
            continue
        number += 1
        while f"D{month}-{number:02d}" in used:
            number += 1
        made.append(one.model_copy(update={"id": f"D{month}-{number:02d}", "since": str(month)}))
    gone = [one.model_copy(update={"closed": f"{month} 核对时已经相符"}) for one in known.values()]
    return (*made, *gone, *(one for one in before if one.stated and not one.closed))
