"""Procedures that no place has: any valid one, for Hypothesis."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from jiezhang.domain.approval.procedure import MATTERS, RESERVED, Procedure
from jiezhang.domain.people import ROLES

from .story import Setting

ROLE = st.sampled_from(sorted(ROLES))
ROLES_SOME = st.lists(ROLE, min_size=1, max_size=3, unique=True)
SEAL = st.sampled_from(["assembly", "committee"])
DECIDED = tuple(matter for matter in MATTERS if matter not in ("standing", "emergency"))
BUDGETS = (Decimal("900.00"), Decimal("50000.00"))


@st.composite
def _who(draw: st.DrawFn) -> dict[str, Any]:
    way = draw(st.sampled_from(["by", "jointly", "majority_of", "both"]))
    if way == "by":
        return {"by": draw(ROLES_SOME)}
    if way == "jointly":
        return {"jointly": draw(ROLES_SOME)}
    majority = {"majority_of": draw(ROLE)}
    return majority if way == "majority_of" else {**majority, "jointly": draw(ROLES_SOME)}


@st.composite
def _when(draw: st.DrawFn) -> dict[str, Any]:
    when: dict[str, Any] = {}
    if draw(st.booleans()):
        when["above_yuan"] = draw(st.sampled_from(["0.00", "899.99", "900.00", "10000.00"]))
    if draw(st.booleans()):
        when["matters"] = draw(st.lists(st.sampled_from(DECIDED), min_size=1, max_size=3, unique=True))
    return when


@st.composite
def _step(draw: st.DrawFn, kinds: tuple[str, ...], number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(kinds))
    said = {"code": f"s{number}", "title": f"第{number}个步骤", "article": f"第{number}条"}
    step: dict[str, Any] = {**said, "kind": kind, **draw(_when())}
    if kind == "seal":
        step["seals"] = draw(st.lists(SEAL, min_size=1, unique=True))
    elif kind not in ("vote", "bids"):
        step |= draw(_who())
    if kind == "publication":
        step["days_min"] = draw(st.integers(1, 30))
    if kind == "bids":
        step["bids_min"] = draw(st.integers(1, 3))
    if kind == "review":
        step["awards"] = draw(st.booleans())
    if draw(st.booleans()):
        step["within_days"] = draw(st.integers(1, 30))
    return step


@st.composite
def any_setting(draw: st.DrawFn) -> Setting:
    """A procedure, and something to decide in it."""
    matters = draw(st.lists(st.sampled_from(DECIDED), min_size=1, unique=True))
    kinds: tuple[str, ...] = ("review", "vote", "publication", "filing", "seal")
    steps: list[dict[str, Any]] = [draw(_step(kinds, number)) for number in range(2, 2 + draw(st.integers(0, 5)))]
    both = ["assembly", "committee"]
    always = [{"code": "seal", "title": "用印", "kind": "seal", "seals": both, "article": "第90条"}]
    if set(matters) & set(RESERVED):
        always.append({"code": "vote", "title": "表决", "kind": "vote", "article": "民法典第278条"})
    if draw(st.booleans()):
        always.append(draw(_step(("bids",), 91)))
    for step in always:
        steps.insert(draw(st.integers(0, len(steps))), step)
    after = [draw(_step(("publication", "duty"), number)) for number in range(50, 50 + draw(st.integers(0, 2)))]
    first = {"code": "propose", "title": "提议", "kind": "propose", "article": "第1条", **draw(_who())}
    execute = {"code": "execute", "title": "执行", "kind": "execute", "article": "第99条"}
    procedure = Procedure.model_validate({
        "code": "any_at_all", "name": "任意程序", "source": "示例", "verified": False, "matters": matters,
        "steps": [first, *steps, execute, *after],
        "payment_seals": draw(st.lists(SEAL, unique=True)),
    })  # fmt: skip
    return Setting(procedure, draw(st.sampled_from(matters)), draw(st.sampled_from(BUDGETS)))
