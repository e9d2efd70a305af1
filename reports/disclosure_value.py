"""The month's public-revenue statement (公共收益收支公示表) as a value.

Cells hold `Decimal` yuan with two places; every total is derived from its lines. The identity that always holds:

    opening + income − cost − expense − to the maintenance fund − to owners + adjustment = closing
    closing + deposits held + suspense = bank + platform + in transit

The first line is the owners' own money (结余), on the cash basis; the second says where it lies, together with the
money that is not theirs (押金) and the rows nobody has explained yet (待查).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from jiezhang.domain.chart import CHART
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month
from jiezhang.domain.reconciliation import Verdict, worst

FORMAT = "jiezhang.disclosure.1"

SectionKey = Literal["income", "cost", "expense", "to_fund", "to_owners"]
PlaceKind = Literal["bank", "platform", "transit"]


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section of the statement: its title, the title of its total, and the subjects (codes) it holds."""

    key: SectionKey
    title: str
    total: str
    codes: tuple[str, ...]


def _codes(root: str, *besides: str) -> tuple[str, ...]:
    return tuple(s.code for s in CHART["G"].values() if s.root == root and s.code not in besides)


SECTIONS: tuple[SectionSpec, ...] = (
    SectionSpec("income", "收入", "收入合计", _codes("Income")),
    SectionSpec("cost", "合理成本", "合理成本合计", ("5001",)),
    SectionSpec("expense", "支出", "支出合计", _codes("Expenses", "5001", "5201", "5202")),
    SectionSpec("to_fund", "转入维修资金", "转入维修资金合计", ("5201",)),
    SectionSpec("to_owners", "分配给业主", "分配业主合计", ("5202",)),
)
"""The declaration of the statement. Every income and expense subject stands in exactly one section."""

ITEM_NAMES: dict[str, str] = {
    "4001": "车位、场地费",
    "4002": "电梯广告",
    "4003": "户外及道闸广告",
    "4004": "快递柜",
    "4005": "通信基站",
    "4006": "充电桩",
    "4007": "场地、摊位租金",
    "4008": "经营用房租金",
    "4009": "自动售水、售货机",
    "4010": "设施损坏赔偿",
    "4101": "存款利息",
    "4901": "其他收入",
    "5001": "经营成本",
    "5101": "维修养护",
    "5102": "设施增设",
    "5103": "业主大会、业委会经费",
    "5104": "委员津贴",
    "5105": "审计费",
    "5106": "公益活动",
    "5107": "公共水电",
    "5108": "银行手续费",
    "5201": "转入维修资金",
    "5202": "分配给业主",
    "5901": "其他支出",
}
"""How the owner reads a subject of fund G; a subject not listed is printed by its name in the chart."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of one contract. `month` and `year` (year to date) are yuan; `vouchers` are the month's numbers."""

    code: str
    item: str
    contract: str
    """Contract number, or empty."""
    party: str
    """The contract's counterparty, a private person's name masked."""
    term: str
    """`2026-01-01至2026-12-31`, or empty."""
    month: Decimal
    year: Decimal
    vouchers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    key: SectionKey
    title: str
    total_title: str
    lines: tuple[Line, ...]

    @property
    def month(self) -> Decimal:
        return sum((line.month for line in self.lines), ZERO)

    @property
    def year(self) -> Decimal:
        return sum((line.year for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class Place:
    """Where money lies at the month's end. `book` and `stated` are yuan; `stated` is the bank's own figure."""

    kind: PlaceKind
    name: str
    number: str
    """Account number, masked."""
    holder: str
    book: Decimal
    stated: Decimal | None
    check: Verdict | None
    """What the comparison with the bank's or platform's own rows says; `None` in transit, where nobody states it."""

    @property
    def difference(self) -> Decimal | None:
        """Bank less book, or `None` when the bank gave no figure."""
        return None if self.stated is None else self.stated - self.book


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month of the history; `None` for a month before the books began."""

    month: Month
    income: Decimal | None
    spent: Decimal | None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Everything the sheet on the board says; see the module's docstring for the identity."""

    street: str
    street_contact: str
    community: str
    compound: str
    """`C0007`."""
    compound_name: str
    address: str
    manager: str
    contact: str
    month: Month
    posted_from: date
    posted_to: date
    """The last day on the board, counted with the first."""
    books_from: date
    opening: Decimal
    opening_year: Decimal
    """Balance at the start of the year, or of the books when they began within it."""
    adjustment: Decimal
    """What was posted straight to 3001 in the month (以前年度调整), other than the opening balance."""
    adjustment_year: Decimal
    sections: tuple[Section, ...]
    places: tuple[Place, ...]
    deposits: Decimal
    """Held for others at the month's end (2241): not the owners'."""
    suspense: Decimal
    """Not explained at the month's end (2999 and waiting rows): in the bank, not in the closing balance."""
    waiting: int
    """How many rows wait to be completed or posted; a statement with any is a draft."""
    history: tuple[MonthFigures, ...]

    @property
    def begins_within_year(self) -> bool:
        """Whether the books began after the first day of this year, so that its sums run from there."""
        return self.books_from.year == self.month.year and self.books_from > date(self.month.year, 1, 1)

    def section(self, key: SectionKey) -> Section:
        return next(s for s in self.sections if s.key == key)

    @property
    def income(self) -> Decimal:
        return self.section("income").month

    @property
    def income_year(self) -> Decimal:
        return self.section("income").year

    @property
    def net_income(self) -> Decimal:
        """Public revenue (公共收益): income less reasonable cost."""
        return self.income - self.section("cost").month

    @property
    def net_income_year(self) -> Decimal:
        return self.income_year - self.section("cost").year

    @property
    def spent(self) -> Decimal:
        """Everything that went out: cost, expense, to the fund, to owners."""
        return sum((s.month for s in self.sections if s.key != "income"), ZERO)

    @property
    def spent_year(self) -> Decimal:
        return sum((s.year for s in self.sections if s.key != "income"), ZERO)

    @property
    def closing(self) -> Decimal:
        return self.opening + self.income - self.spent + self.adjustment

    @property
    def held(self) -> Decimal:
        """Money in all places at the month's end, by the book."""
        return sum((p.book for p in self.places), ZERO)

    def book_of(self, kind: PlaceKind) -> Decimal:
        return sum((p.book for p in self.places if p.kind == kind), ZERO)

    @property
    def bank_stated(self) -> Decimal | None:
        """The bank's figure, or `None` when it is missing for any bank account or there is no account."""
        banks = [p.stated for p in self.places if p.kind == "bank"]
        known = [b for b in banks if b is not None]
        return sum(known, ZERO) if banks and len(known) == len(banks) else None

    def proof_of(self, kind: PlaceKind) -> Verdict:
        """Account by account: two differences that cancel out are still differences."""
        return worst(p.check for p in self.places if p.kind == kind and p.check)

    @property
    def proof(self) -> Verdict:
        """Nothing is proven while one account isn't; money that arrived before it left (在途 below zero) is wrong."""
        proofs = [self.proof_of("bank"), *(p.check for p in self.places if p.check)]
        return "different" if self.book_of("transit") < 0 else worst(proofs)

    @property
    def is_draft(self) -> bool:
        return self.waiting > 0
