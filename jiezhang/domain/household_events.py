"""What can happen to households' accounts in the maintenance fund, one frozen value for each kind.

An event has two independent sides. `movement` is what the ledger's control accounts say: bank, bonds, payable,
undistributed yield, and each building. The other side says whose money it is: a detail by household, or a rule that
gives one. Applying the event demands that the two agree in every building.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from .scope import Scope

Detail = tuple[tuple[str, int], ...]
"""(code on the roll, fen); positive: the account grows."""

DepositKind = Literal["first", "top-up"]
"""首期交存, 续交."""

YieldBasis = Literal["jishu", "area"]
"""积数 (fen times days since the last distribution), or floor area."""


@dataclass(frozen=True, slots=True)
class Movement:
    """How the ledger's control accounts move, in fen. Assets grow when positive, and so does all that is owed or owned.

    `unexplained_fen` stands in 待查款项 until a person says what it was.
    """

    bank_fen: int = 0
    bonds_fen: int = 0
    payable_fen: int = 0
    undistributed_fen: int = 0
    unexplained_fen: int = 0
    buildings: tuple[tuple[str, int], ...] = ()
    public: tuple[tuple[str, int], ...] | None = None
    """The part of `buildings` on 3002, when all of it is on 3001 and 3002; `None` when the accounts do not say."""

    @property
    def buildings_fen(self) -> int:
        return sum(fen for _, fen in self.buildings)

    @property
    def is_balanced(self) -> bool:
        owed = self.payable_fen + self.undistributed_fen + self.unexplained_fen + self.buildings_fen
        return self.bank_fen + self.bonds_fen == owed

    @property
    def touched(self) -> frozenset[str]:
        """Which of bank, bonds, payable, undistributed, unexplained, buildings it moves."""
        pools = {"bank": self.bank_fen, "bonds": self.bonds_fen, "payable": self.payable_fen}
        pools |= {"undistributed": self.undistributed_fen, "unexplained": self.unexplained_fen}
        moved = {name for name, fen in pools.items() if fen}
        return frozenset(moved | {"buildings" for _, fen in self.buildings if fen})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`file` and `line` are the voucher's place in the ledger, for messages."""

    may_touch: ClassVar[frozenset[str]] = frozenset()

    date: date
    movement: Movement = Movement()
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Event):
    """期初余额, the first event of all."""

    may_touch: ClassVar[frozenset[str]] = frozenset(
        {"bank", "bonds", "payable", "undistributed", "unexplained", "buildings"}
    )
    detail: Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Event):
    """接管转入 (165号令 art. 15): what whoever kept the fund before hands over, with each household's balance.

    No deposit: what was paid in before stands in the register. Yield not yet given to households may come with it.
    """

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "buildings", "undistributed"})
    detail: Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDeposit(Event):
    """首期交存 (165号令 art. 7-8); it is what the 30 % line is measured by."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "buildings"})
    detail: Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp(Event):
    """续交 (165号令 art. 17)."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "buildings"})
    detail: Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Event):
    """退回本年交存 (财会〔2020〕7号): Dr 4001, never more than this household paid in this year.

    `detail` is negative. When it was a first deposit, the 30 % line falls with it.
    """

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "buildings"})
    detail: Detail
    deposit: DepositKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairApportioned(Event):
    """A repair shared by rule. `total_fen` is the whole cost, with what developers pay from outside the fund.

    `covered_by`: (household, who pays) for each that lacks money; the payer pays what is short, outside the fund.
    """

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "buildings"})
    scope: Scope
    total_fen: int
    covered_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairDetailed(Event):
    """A repair whose shares were agreed otherwise (民法典 art. 283: 有约定的按照约定). `detail` is negative."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "buildings"})
    detail: Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledIncome(Event):
    """Money that belongs to nobody yet: it waits in 3101. `subject` as in the chart (4301, 4901, 5901 …)."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "undistributed"})
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestReceived(PooledIncome):
    """存款利息 (165号令 art. 27(1))."""

    subject: str = "4101"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueTransferIn(PooledIncome):
    """公共收益补充维修资金, the fund's side (165号令 art. 27(3))."""

    subject: str = "4201"


@dataclass(frozen=True, slots=True)
class Bond:
    """A holding of bonds: `ref` names it, `kind` must be treasury and `market` primary (165号令 art. 26)."""

    ref: str
    cost_fen: int
    matures: date
    kind: str = "treasury"
    market: str = "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class BondBought(Event):
    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "bonds"})
    bond: Bond


@dataclass(frozen=True, slots=True, kw_only=True)
class BondRedeemed(Event):
    """The whole holding, at maturity; what comes above its cost is yield."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "bonds", "undistributed"})
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldDistribution(Event):
    """Yield given to households (3101 → 3001, 3002), over the whole compound."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"undistributed", "buildings"})
    basis: YieldBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLost(Event):
    """房屋灭失 (165号令 art. 29): the whole balance is owed (2001), or paid at once; the account closes."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "payable", "buildings"})
    household: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LossPaid(Event):
    """What was owed for a lost house is paid."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "payable"})
    household: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChange(Event):
    """A dwelling changes hands; the balance stays with it (165号令 art. 28). An unsold one is sold from then on."""

    household: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearranged(Event):
    """Dwellings of one building become others: split, merged or renumbered. What the old ones had goes to the new ones
    by floor area, and the old codes are not used again."""

    sources: tuple[str, ...]
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Event):
    """更正: a signed detail for what voucher `corrects` got wrong.

    `deposit` says that it got a deposit wrong, so the sums of what was paid in move too.
    """

    may_touch: ClassVar[frozenset[str]] = frozenset({"buildings"})
    detail: Detail
    corrects: str
    deposit: DepositKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexplained(Event):
    """A bank row that nobody has explained yet (2999 待查款项)."""

    may_touch: ClassVar[frozenset[str]] = frozenset({"bank", "unexplained"})
