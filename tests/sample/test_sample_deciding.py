"""Any procedure is walked by its data alone to the day it is wanted, and the engine agrees with every record."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.path import walk_all
from jiezhang.domain.approval.procedure import MATTERS, Procedure, Step
from jiezhang.domain.approval.records import Resolution
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.street.sample.deciding import Deciding, decide, proposers
from jiezhang.street.sample.fund_register import register_of
from jiezhang.street.sample.plan import plan_street
from jiezhang.street.sample.rulebook import packs, procedures
from jiezhang.street.sample.wishes import Bill, Wish

SEED = 2026
FIRST = Month(2026, 7)

OWN = Procedure(
    code="own",
    name="自定程序",
    source="街道自定",
    verified=False,
    matters=("other", "fund_use"),
    payment_seals=("committee", "assembly"),
    steps=(
        Step(code="propose", title="联名提议", kind="propose", jointly=("owner", "firm"), article="甲"),
        Step(code="bids", title="五家报价", kind="bids", bids_min=5, within_days=1, article="甲"),
        Step(code="board", title="公示", kind="publication", by=("branch",), days_min=1, within_days=1, article="甲"),
        Step(code="award", title="定标", kind="review", majority_of="branch", awards=True, article="甲"),
        Step(code="vote", title="表决", kind="vote", within_days=30, article="甲"),
        Step(code="again", title="再表决", kind="vote", article="甲"),
        Step(code="one", title="先盖", kind="seal", seals=("committee",), article="甲"),
        Step(code="two", title="后盖", kind="seal", seals=("assembly",), within_days=2, article="甲"),
        Step(code="filing", title="备案", kind="filing", by=("street",), article="甲"),
        Step(code="execute", title="执行", kind="execute", article="甲"),
        Step(code="checked", title="验收", kind="duty", by=("auditor",), within_days=60, article="甲"),
        Step(code="result", title="公开", kind="publication", by=("firm",), days_min=3, within_days=90, article="甲"),
    ),
)
CASES = [
    (procedure, matter, budget)
    for procedure in (*procedures().values(), OWN)
    for matter in MATTERS
    if matter in procedure.matters
    for budget in ("900.00", "7500.00", "60000.00")
]


@pytest.mark.parametrize(
    ("procedure", "matter", "budget"), CASES, ids=[f"{one.code}-{matter}-{budget}" for one, matter, budget in CASES]
)
def test_any_procedure_is_walked_to_its_day(procedure: Procedure, matter: str, budget: str) -> None:
    """By its data alone, a made-up one too, and every matter it may decide, below and above its limits."""
    planned = plan_street(SEED, 1, 40, 1, FIRST)
    one = planned.compounds[0]
    day, contractor = date(2026, 7, 1), "示例建筑修缮工程有限公司"
    tendered = any(step.kind == "bids" and step.asked_of(matter, Decimal(budget)) for step in procedure.steps)
    resolution = Resolution.model_validate(
        {
            "code": "R2026-01", "procedure": procedure.code, "title": "试办", "matter": matter, "fund": "G",
            "subjects": "5101" if matter == "emergency" else "5102",
            "by": proposers(procedure, one.officers), "budget_yuan": Decimal(budget),
            "supplier": "" if tendered else contractor, "starts": day, "ends": date(2027, 6, 30),
            "each_max_yuan": Decimal("100.00") if matter == "standing" else None, "cause": "leak",
        }
    )  # fmt: skip
    files = OfficeFiles(
        compound=one.compound,
        people=by_id(planned.street.people),
        procedures={procedure.code: procedure},
        packs=packs(),
        keys=tuple(enumerate(one.officers.keys, start=2)),
        register=register_of(one.fund, one.life, one.compound.start),
    )
    wish = Wish(resolution, day, contractor, Decimal(budget), day + timedelta(days=20), day + timedelta(days=30))
    work = Deciding(wish, procedure, one.officers, files, SEED, Random(1))
    bill = Bill("R2026-01", "P1" if procedure.payment_seals else "", contractor, Decimal("500.00"), day + timedelta(30))
    records = decide(work, [bill], date(2027, 6, 30))
    in_order = [
        entered for _, entered in sorted(enumerate(records), key=lambda numbered: (numbered[1].day, numbered[0]))
    ]
    path = walk_all(in_order, OfficeFiles(**{**_fields(files), "ballots": work.votes}))["R2026-01"]
    assert path.fault is None
    assert path.ended == ""
    assert path.approved == day
    assert path.supplier == contractor
    assert path.payments.get("P1", {}).keys() == set(procedure.payment_seals)
    assert [step.code for step in path.after_payment() if step.code not in path.done] == []


def _fields(files: OfficeFiles) -> dict[str, object]:
    return {name: getattr(files, name) for name in OfficeFiles.__slots__}
