"""What is known of a resolution, as values: terms, steps, records, votes, bids, payments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jiezhang.domain.approval.electorate import Count, Tally

StepStatus = Literal["done", "next", "later", "not_asked", "owed", "hanging"]
"""`not_asked`: the procedure does not ask it of this resolution; `owed`: after the payment, not done yet; `hanging`: a
publication whose last day has not come."""

STATUS_NAMES: Mapping[StepStatus, str] = {
    "done": "已办", "next": "该办", "later": "未到", "not_asked": "不须办", "owed": "应补办", "hanging": "公开中",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: `by` who took it, `who` may take it; `due` its last day, `day` when it was done (`None`: not yet)."""

    number: int
    code: str
    title: str
    status: StepStatus
    day: date | None
    by: str
    who: str
    due: date | None
    article: str


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in words."""

    day: date
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class TallyLine:
    """A vote: shares by area (0.01 m²) and by heads; `failed` says why it did not carry, empty when it did.

    Consent is counted over `base`; `asked` is what the law asks, in words.
    """

    step: str
    day: date
    tally: Tally
    failed: str
    asked: str
    base: Count


@dataclass(frozen=True, slots=True)
class BidLine:
    """A supplier's bid; `price_fen` once it is opened."""

    supplier: str
    price_fen: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A voucher that cites the resolution; fen, negative where money came back."""

    day: date
    voucher: str
    payee: str
    fen: int
    posted: bool
    seals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResolutionPaper:
    """Everything known of a resolution on `day`. Amounts in fen; `fault` is the first thing done wrongly."""

    compound: str
    code: str
    title: str
    procedure: str
    source: str
    verified: bool
    """Whether the procedure's wording was read in a regulation; otherwise 待核实."""
    day: date
    terms: tuple[tuple[str, str], ...]
    steps: tuple[StepLine, ...]
    records: tuple[RecordLine, ...]
    tallies: tuple[TallyLine, ...]
    bids: tuple[BidLine, ...]
    objections: tuple[str, ...]
    """Numbers of those nobody has answered."""
    payments: tuple[PaymentLine, ...]
    budget_fen: int
    paid_fen: int
    approved: date | None
    ended: str
    fault: str

    @property
    def owed(self) -> tuple[StepLine, ...]:
        """What is still to be done after the payment."""
        return tuple(step for step in self.steps if step.status == "owed")

    @property
    def left_fen(self) -> int:
        """What may still be paid; below zero when too much was."""
        return self.budget_fen - self.paid_fen

    @property
    def state(self) -> str:
        """In one phrase."""
        if self.fault:
            return "记录有误"
        if self.ended:
            return self.ended
        if self.approved is None:
            following = next((step for step in self.steps if step.status == "next"), None)
            return f"待办：{following.title}" if following else "未办完"
        if self.objections:
            return "暂不能支付：异议还没有答复"
        return "可以支付" if self.approved <= self.day else f"{self.approved} 起可以支付"
