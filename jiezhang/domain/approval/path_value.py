"""What is known of a resolution: the steps done, who took them, what was bid and sealed, and why it stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .procedure import Procedure, Step
from .records import Entered, Resolution, SealUse


@dataclass(frozen=True, slots=True)
class Done:
    """A step that is done: since when (of a publication: its last day), and by which records."""

    day: date
    records: tuple[Entered, ...]


@dataclass(slots=True)
class Path:
    """Where a resolution is. `fault`: the sentence and record at which it went wrong; `ended`: why it is over.

    `digest` is what the seals on payments build on; empty until everything before the payment is done.
    """

    code: str
    opened: Entered
    procedure: Procedure | None
    done: dict[str, Done] = field(default_factory=dict)
    fault: tuple[str, Entered] | None = None
    ended: str = ""
    ended_on: date | None = None
    supplier: str = ""
    prices: dict[str, Decimal] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    objections: dict[str, date] = field(default_factory=dict)
    payments: dict[str, dict[str, SealUse]] = field(default_factory=dict)
    void: dict[str, str] = field(default_factory=dict)
    """By payment, why a seal on it counts for nothing: its key turned out to have been lost or revoked by then."""
    hats: dict[str, str] = field(default_factory=dict)
    records: list[Entered] = field(default_factory=list)
    digest: str = ""

    @property
    def resolution(self) -> Resolution:
        """What was proposed."""
        assert isinstance(self.opened.record, Resolution)
        return self.opened.record

    def asked(self) -> list[Step]:
        """The steps that this resolution has to take, in order."""
        if self.procedure is None:
            return []
        matter, budget = self.resolution.matter, self.resolution.budget_yuan
        return [step for step in self.procedure.steps if step.asked_of(matter, budget)]

    def before_payment(self) -> list[Step]:
        """Those of `asked` that come before the money may be paid."""
        kinds = [step.kind for step in self.asked()]
        return self.asked()[: kinds.index("execute")] if "execute" in kinds else self.asked()

    def after_payment(self) -> list[Step]:
        """Publications and duties that are owed once it was paid."""
        return self.asked()[len(self.before_payment()) + 1 :]

    def next_step(self) -> Step | None:
        """The first step not done; `None` when the money may be paid."""
        return next((step for step in self.before_payment() if step.code not in self.done), None)

    @property
    def approved(self) -> date | None:
        """The day everything before the payment was done, whatever became of it afterwards."""
        steps = self.before_payment()
        broken = not self.digest and (self.fault is not None or self.ended != "")
        if broken or not steps or any(step.code not in self.done for step in steps):
            return None
        return max(self.done[step.code].day for step in steps)

    def broken_by(self, day: date) -> str:
        """Why nothing may be done under it on `day` any more; what came later does not reach back."""
        if self.fault is not None and (not self.digest or self.fault[1].day <= day):
            return f"决议 {self.code} 的记录有误：{self.fault[0]}"
        if self.ended and (not self.digest or self.ended_on is None or self.ended_on <= day):
            return f"决议 {self.code} {self.ended}，不能支付"
        return ""


def hanging_until(path: Path, day: date) -> date | None:
    """The last day of what is still hung up on `day` and has to be waited for; `None` when nothing is.

    What is published once the money was paid keeps nobody waiting.
    """
    owed = {step.code for step in path.after_payment()}
    published = [
        done.day for code, done in path.done.items() if code not in owed and done.records[0].kind == "publication"
    ]
    return max((until for until in published if day <= until), default=None)


def called(path: Path, step: Step) -> str:
    """`“四步法”第2步“党支部审议”`."""
    assert path.procedure is not None
    return f"“{path.procedure.name}”第{path.procedure.number_of(step)}步“{step.title}”"
