"""A procedure (程序) is data: who does which step, in what order, with what quorum, publication, deadline and seals.

`rules/procedures/*.toml` has those that streets already use; a street declares its own in `<street>/procedures/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from ..people import ROLES
from ..register import Name, Row, Text, Yuan

StepKind = Literal["propose", "review", "vote", "bids", "seal", "publication", "filing", "execute", "duty"]
"""`execute` is where the money may be paid; a `duty` (audit, acceptance report) and a publication may come after it."""

SealName = Literal["assembly", "committee"]
SEAL_NAMES: dict[str, str] = {"assembly": "业主大会印章", "committee": "业主委员会印章"}

MATTERS: dict[str, str] = {
    "fund_use": "使用维修资金",
    "fund_raise": "筹集资金",
    "rebuild": "改建、重建",
    "operate": "利用共有部分经营",
    "other": "其他共同决定事项",
    "standing": "议事规则授权的日常开支",
    "emergency": "应急维修",
}
"""What a resolution is about; the first five are decided by owners as 民法典 2021 art. 278 says."""

Matter = Literal["fund_use", "fund_raise", "rebuild", "operate", "other", "standing", "emergency"]
RESERVED: tuple[Matter, ...] = ("fund_use", "fund_raise", "rebuild", "operate", "standing")
"""What no rule of procedure may take from the owners, however small the sum (民法典 2021 art. 278 (5)–(8)); that others
may spend day by day is a rule of procedure (议事规则), which they alone make (art. 278 (1))."""

StepCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]


class Step(Row):
    """One step. A step with `above_yuan` or `matters` is asked only of a resolution that exceeds it, or is about them.

    `by`: any one of these roles; `jointly`: one signer of each of these; `majority_of`: more than half of all members
    of that role must sign. `within_days` counts from the day the step before was done; `days_min` is how long a
    publication hangs.
    """

    code: StepCode
    title: Name
    kind: StepKind
    by: tuple[str, ...] = ()
    jointly: tuple[str, ...] = ()
    majority_of: str = ""
    seals: tuple[SealName, ...] = ()
    bids_min: Annotated[int, Field(ge=1)] = 3
    days_min: Annotated[int, Field(ge=1, le=366)] = 1
    within_days: Annotated[int, Field(ge=1, le=366)] | None = None
    above_yuan: Annotated[Yuan, Field(ge=0)] | None = None
    matters: tuple[Matter, ...] = ()
    awards: bool = False
    """A review that has to name the supplier (定标)."""
    article: Text

    @model_validator(mode="after")
    def _makes_sense(self) -> Step:
        unknown = [role for role in (*self.by, *self.jointly, self.majority_of) if role and role not in ROLES]
        if unknown:
            raise ValueError(f"步骤“{self.title}”的角色“{unknown[0]}”无法识别")
        if (self.kind == "seal") != bool(self.seals):
            raise ValueError(f"步骤“{self.title}”：用印的步骤须写 seals，其他步骤不写")
        if self.kind in ("propose", "execute") and (self.above_yuan is not None or self.matters):
            raise ValueError(f"步骤“{self.title}”：提议和执行人人都要办，不写 above_yuan、matters")
        if self.awards and self.kind != "review":
            raise ValueError(f"步骤“{self.title}”：只有审议的步骤能定标（awards）")
        if self.kind not in ("seal", "bids", "vote", "execute") and not (self.by or self.jointly or self.majority_of):
            raise ValueError(f"步骤“{self.title}”没有写明由谁办")
        return self

    def asked_of(self, matter: str, budget_yuan: Decimal) -> bool:
        """Whether a resolution about `matter` with that budget has to take this step."""
        above = self.above_yuan is None or budget_yuan > self.above_yuan
        return above and (not self.matters or matter in self.matters)

    @property
    def who(self) -> tuple[str, ...]:
        """Every role that may take part."""
        return tuple(dict.fromkeys((*self.by, *self.jointly, *((self.majority_of,) if self.majority_of else ()))))


class Procedure(Row):
    """One procedure. `payment_seals`: the seals that each payment needs besides, above `payment_seals_above_yuan`."""

    code: StepCode
    name: Name
    source: Text
    verified: bool
    """Whether its wording was read in a regulation; a mechanism told by the news is 待核实 and binds a street only by
    the street's having adopted it."""
    matters: tuple[Matter, ...]
    payment_seals: tuple[SealName, ...] = ()
    payment_seals_above_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    steps: tuple[Step, ...]

    @model_validator(mode="after")
    def _makes_sense(self) -> Procedure:
        codes = [step.code for step in self.steps]
        kinds = [step.kind for step in self.steps]
        if len(set(codes)) < len(codes):
            raise ValueError(f"程序“{self.name}”有重名的步骤")
        if not kinds or kinds[0] != "propose" or kinds.count("propose") != 1 or kinds.count("execute") != 1:
            raise ValueError(f"程序“{self.name}”须以一个提议开始，并有一个执行的步骤")
        if any(kind not in ("publication", "duty") for kind in kinds[kinds.index("execute") + 1 :]):
            raise ValueError(f"程序“{self.name}”执行之后只能有公开和事后的责任")
        if not any(step.kind == "seal" and step.above_yuan is None and not step.matters for step in self.steps):
            raise ValueError(f"程序“{self.name}”没有每次都用印的步骤，谁都可以改写它的记录")
        if kinds.count("bids") > 1:
            raise ValueError(f"程序“{self.name}”至多有一个报价的步骤")
        unvoted = [matter for matter in RESERVED if matter in self.matters and not self._votes_on(matter)]
        if unvoted:
            said = f"程序“{self.name}”没有让业主表决“{MATTERS[unvoted[0]]}”"
            raise ValueError(f"{said}：这只能由业主共同决定（民法典第278条）")
        return self

    def _votes_on(self, matter: Matter) -> bool:
        return any(
            step.kind == "vote" and step.above_yuan is None and (not step.matters or matter in step.matters)
            for step in self.steps
        )

    def number_of(self, step: Step) -> int:
        """Its place, from 1."""
        return self.steps.index(step) + 1


def by_code(procedures: Sequence[Procedure]) -> Mapping[str, Procedure]:
    """Every procedure by its code."""
    return {procedure.code: procedure for procedure in procedures}
