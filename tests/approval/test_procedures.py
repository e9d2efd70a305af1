"""The shipped procedures as data, the happy path of each, and a street's own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core import data

from jiezhang.book.layout import StreetFolder
from jiezhang.book.office_files import read_procedures
from jiezhang.domain.approval.path import orphans, walk_all
from jiezhang.domain.approval.procedure import RESERVED, Procedure, Step
from jiezhang.domain.approval.seals import keys_by_code, seal_fault
from jiezhang.domain.approval.spending import Payment
from jiezhang.domain.approval.spent import Spent, limit_fault
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from tests.approval.matrix import LARGE, SMALL, settings
from tests.approval.office import START, office, person, shipped, sign
from tests.approval.story import DAY, WINNER, Setting

SETTINGS = [setting for procedure in shipped().values() for setting in settings(procedure)]


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: f"{one.procedure.code}-{one.matter}-{one.budget_yuan}")
def test_the_happy_path_ends_in_a_payment_and_nothing_owed(one: Setting) -> None:
    story = one.story()
    path = story.path()
    assert (path.fault, path.ended, path.next_step()) == (None, "", None)
    assert path.approved is not None and path.approved <= story.day
    assert story.refusal() == ""
    for seal in one.procedure.payment_seals:
        story.add("seal", **story.seal_payment(seal))
    story.day += DAY
    for step in one.after:
        story.take(step)
    path = story.path()
    assert path.fault is None and [step.code for step in path.after_payment() if step.code not in path.done] == []
    assert set(path.payments.get("P1", {})) == set(one.procedure.payment_seals)
    records = story.entered()
    assert orphans(records, walk_all(records, story.files)) == []


# What every shipped procedure has

STEPS = [(procedure, step) for procedure in shipped().values() for step in procedure.steps]


def test_the_systems_of_the_sources_are_there() -> None:
    assert {procedure.name for procedure in shipped().values()} == {
        "四步法", "一议三审三公开", "三审两公开一备案", "双章三审", "业财社管", "业标街管",
        "议事规则授权", "应急维修", "业主表决使用维修资金",
    }  # fmt: skip


@pytest.mark.parametrize(("procedure", "step"), STEPS, ids=lambda value: value.code)
def test_a_step_says_where_it_comes_from(procedure: Procedure, step: Step) -> None:
    assert re.search(r"第\d+条|待核实", step.article), "an article, or that nobody has read one"
    if procedure.verified:
        assert "待核实" not in step.article
    assert procedure.verified or "待核实" in procedure.source
    if step.days_min > 1 or step.within_days is not None:
        assert re.search(r"日|杭州市物业管理条例（2021）第(19|30)条|开标时", step.article), "who says how many days"


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: f"{one.procedure.code}-{one.matter}-{one.budget_yuan}")
def test_the_owners_vote_and_seals_bind_the_records(one: Setting) -> None:
    kinds = [step.kind for step in one.before]
    assert "seal" in kinds, "otherwise anybody could rewrite what was decided"
    if one.matter in RESERVED:
        assert "vote" in kinds
    if one.matter == "other" and one.budget_yuan == LARGE:
        assert "vote" in kinds
    if "vote" in kinds:
        assert kinds.index("vote") < kinds.index("seal")
        assert "publication" in kinds[: kinds.index("vote")], "杭州 art. 19: nothing is voted on that was not announced"


def test_two_seals_are_on_the_resolution_and_on_every_payment() -> None:
    procedure = shipped()["two_seals"]
    assert procedure.payment_seals == ("assembly", "committee") and procedure.payment_seals_above_yuan == 0
    assert [step.seals for step in procedure.steps if step.kind == "seal"] == [("assembly", "committee")]


def test_small_public_revenue_is_the_committees_and_large_is_not() -> None:
    for code in ("four_steps", "two_seals", "community_keeps_finances", "street_supervises_tenders"):
        small, large = (Setting(shipped()[code], "other", budget) for budget in (SMALL, LARGE))
        assert "vote" not in [step.kind for step in small.asked]
        assert "vote" in [step.kind for step in large.asked]


# What happens at an edge


@pytest.mark.parametrize(("procedure", "step"), [pair for pair in STEPS if pair[1].within_days], ids=lambda v: v.code)
def test_the_last_day_of_a_deadline_is_in_time(procedure: Procedure, step: Step) -> None:
    one = Setting(procedure, "fund_use", LARGE)
    story = one.story(step)
    story.day += ((step.within_days or 0) - 1) * DAY
    story.take(step)
    assert story.path().fault is None


@pytest.mark.parametrize(
    ("budget", "matter", "asked"),
    [("4999.99", "other", False), ("5000.00", "other", False), ("5000.01", "other", True),
     ("9000.00", "fund_use", False)],
)  # fmt: skip
def test_a_sum_at_the_limit_is_not_above_it(budget: str, matter: str, asked: bool) -> None:
    step = next(step for step in shipped()["four_steps"].steps if step.code == "vote_above")
    assert step.asked_of(matter, Decimal(budget)) is asked


@pytest.mark.parametrize(
    ("key", "day", "said"),
    [
        ("D-LOST", "2026-02-28", ""),
        ("D-LOST", "2026-03-01", "业主大会印章的钥匙 D-LOST 自 2026-03-01 起已遗失，不能再用"),
        ("D-LATER", "2028-01-01", ""),
        ("D-LATER", "2027-12-31", "业主大会印章的钥匙 D-LATER 自 2028-01-01 起才启用"),
    ],
)
def test_the_day_a_key_ends_it_signs_nothing_more(key: str, day: str, said: str) -> None:
    digest = "ab" * 32
    keys, when = keys_by_code(office().keys), date.fromisoformat(day)
    by = sign(key, digest, "assembly", when)
    assert seal_fault(keys, "C0007", "assembly", key, digest, by, when) == said
    assert keys[key].in_use_on(when) is (not said)


def test_records_before_the_proposal_are_nobodys() -> None:
    story = Setting(shipped()["four_steps"], "other", SMALL).story()
    records = [one for one in story.entered() if one.kind != "resolution"]
    paths = walk_all(records, story.files)
    assert paths == {} and orphans(records, paths) == records


def test_what_hangs_after_the_payment_keeps_nobody_waiting() -> None:
    """The works are published while they go on; acceptance and audit need not wait until it is taken down."""
    one = Setting(shipped()["emergency"], "emergency", LARGE)
    story = one.story()
    during, *later = one.after
    story.take(during)
    story.day -= 5 * DAY
    for step in later:
        story.take(step)
    assert story.path().fault is None


def test_a_payment_is_not_sealed_while_the_award_hangs() -> None:
    """The last step before the payment is a publication, and so it is over the day after its last day."""
    own = shipped()["one_proposal_three_reviews"].model_copy(update={"payment_seals": ("committee",)})
    one = Setting(own, "fund_use", LARGE)
    story = one.story()
    early = replace(story, records=list(story.records), day=story.day - DAY)
    for told, said in ((early, "公开的期限到 2026-06-21 为止，期满以后才能用印"), (story, "")):
        told.add("seal", **told.seal_payment("committee"))
        fault = told.path().fault
        assert said in (fault[0] if fault else "") and bool(said) == bool(fault)


def test_an_answered_objection_lets_the_path_go_on() -> None:
    one = Setting(shipped()["four_steps"], "other", SMALL)
    story = one.story(one.before[1])
    story.add("objection", number="Y1", text="报价太高", by="01-1-101")
    story.add("objection", day=story.day + DAY, number="Y1", answer="已重新询价", by=person("committee"))
    story.day += DAY
    for step in one.before[1:]:
        story.take(step)
    assert story.refusal() == ""


def test_who_has_both_roles_keeps_the_one_they_acted_in() -> None:
    """The proposer is in the committee and at the firm; the proposal was the firm's, and so is what they publish."""
    procedure = shipped()["emergency"]
    one = Setting(procedure, "emergency", LARGE)
    story = one.story()
    firm = person("firm")
    both = story.files.people[firm].model_copy(update={"roles": ("committee", "firm"), "compounds": ()})
    story.change_files(people={**story.files.people, firm: both})
    story.take(one.after[0], by=firm)
    assert story.path().fault is None and story.path().hats[firm] == "firm"


def test_a_majority_is_of_those_named_for_the_compound() -> None:
    """Whoever has the role for the whole street is no member, and does not make up the number."""
    one = Setting(shipped()["four_steps"], "other", SMALL)
    story = one.story(one.before[2])
    outside = [Person(id=f"OUT-{number}", name="外人", roles=("committee",)) for number in (1, 2, 3)]
    story.change_files(people={**story.files.people, **{each.id: each for each in outside}})
    story.take(one.before[2], by="COMMITTEE-1,OUT-1,OUT-2,OUT-3")
    assert "全体 5 人，只有 1 人同意" in story.refusal()


def test_the_winner_is_who_may_be_paid() -> None:
    assert Setting(shipped()["street_supervises_tenders"], "fund_use", LARGE).story().path().supplier == WINNER


@pytest.mark.parametrize(
    ("matter", "fund", "subject", "message"),
    [
        ("fund_use", "W", "5001", ""),
        ("other", "G", "5101",
         ("同月付给“甲建设公司”同一科目 5101 合计 9,900.00 元，超过 5,000.00 元须办“大额支出事前公示”：不得拆成几笔"
          "（业委会财务规则示例：5000 元以上先公示七日（待核实））")),
    ],
)  # fmt: skip
def test_a_limit_for_another_matter_is_no_ladder_to_climb(matter: str, fund: str, subject: str, message: str) -> None:
    """A repair that the owners voted on need not also keep below the limit for small public revenue."""
    path = Setting(shipped()["four_steps"], matter, SMALL).story().path()
    entry = data.Transaction({}, START, "*", WINNER, "屋面", frozenset(), frozenset(), [])
    spent = Spent()
    spent.alike["", fund, WINNER, subject, Month.of(START)] = 900000
    payment = Payment(entry, fund, ((subject, 90000),), START)
    assert limit_fault(payment, path, spent, office().rules_on(START)) == message


# A street's own procedure

OWN = """\
code = "three_signatures"
name = "三方联签"
source = "长吴街道〔2026〕3号"
verified = true
matters = ["other", "fund_use"]
payment_seals = ["assembly"]
payment_seals_above_yuan = 2000

[[steps]]
code = "propose"
title = "物业提出"
kind = "propose"
by = ["firm"]
article = "长吴街道〔2026〕3号第1条"

[[steps]]
code = "countersign"
title = "三方联签"
kind = "review"
jointly = ["committee", "community", "branch"]
within_days = 10
article = "长吴街道〔2026〕3号第2条"

[[steps]]
code = "vote"
title = "业主表决"
kind = "vote"
matters = ["fund_use"]
article = "民法典第278条"

[[steps]]
code = "seal"
title = "用印"
kind = "seal"
seals = ["assembly"]
article = "长吴街道〔2026〕3号第3条"

[[steps]]
code = "execute"
title = "付款"
kind = "execute"
article = "长吴街道〔2026〕3号第4条"
"""


def test_a_streets_own_procedure_works_like_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures/three_signatures.toml").write_text(OWN, "utf-8")
    own = read_procedures(StreetFolder(tmp_path))["three_signatures"]
    assert own.payment_seals_above_yuan == Decimal(2000)
    for matter in own.matters:
        one = Setting(own, matter, SMALL)
        assert one.story().refusal() == ""
        story = one.story(own.steps[1])
        story.take(own.steps[1], by="COMMITTEE-1,BRANCH-1")
        assert story.refusal() == (
            "“三方联签”第2步“三方联签”须业主委员会、社区（居委会）、小区党支部会同办理，"
            "缺社区（居委会）（长吴街道〔2026〕3号第2条）"
        )


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("four_steps", "four_steps", "程序 four_steps 是随程序来的，街道自己的程序请另取名字"),
        ("ours", "three_signatures", "程序编号 three_signatures 与文件名不符"),
    ],
)
def test_a_streets_own_procedure_has_its_own_name(tmp_path: Path, name: str, code: str, message: str) -> None:
    (tmp_path / "procedures").mkdir()
    (tmp_path / f"procedures/{name}.toml").write_text(OWN.replace("three_signatures", code), "utf-8")
    with pytest.raises(Refused) as refused:
        read_procedures(StreetFolder(tmp_path))
    assert refused.value.message == message


def test_rules_of_another_day_do_not_apply() -> None:
    """Hangzhou's list of emergencies is in force from 2022-03-01."""
    assert office().rules_on(date(2022, 2, 28)) != office().rules_on(date(2022, 3, 1))
