"""The page 决议 over every procedure that ships, step by step: it says what the engine says, and shows every record."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jiezhang.domain.approval.path import walk_all
from jiezhang.domain.approval.path_value import hanging_until
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.period import Month
from jiezhang.domain.register import Street
from jiezhang.web.decisions_view import DecisionShown, decision_shown, decisions_view
from tests.approval.matrix import settings
from tests.approval.office import shipped
from tests.approval.story import BIDS, CODE, DAY, WINNER, Setting, Story

STREET = Street(name="样例街道", city="hangzhou")
JUNE = Month(2026, 6)
TENDER = Setting(shipped()["street_supervises_tenders"], "fund_use", Decimal("50000.00"))


def view_of(story: Story) -> OfficeView:
    records = story.entered()
    entries = [one.entry for one in records]
    return OfficeView("/street/C0007", entries, story.files, tuple(records), (), walk_all(records, story.files))


def shown_of(story: Story, day: date | None = None) -> DecisionShown:
    view = view_of(story)
    return decision_shown(view, view.paths[CODE], STREET, day or story.day)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_step_of_every_procedure(name: str) -> None:
    for setting in settings(shipped()[name]):
        for step in setting.before[1:]:
            story = setting.story(until=step)
            shown = shown_of(story)
            assert (shown.standing.mark, shown.standing.word) == ("wait", f"待办：{step.title}"), (setting, step.code)
            assert shown.standing.who, step.code
            assert [line.line.code for line in shown.steps if line.line.status == "next"] == [step.code]
        story = setting.story()
        shown = shown_of(story)
        assert (shown.standing.mark, shown.standing.word) == ("good", "可以支付"), setting
        assert len(shown.records) == len(story.records)
        assert all(seal.verifies for seal in shown.seals)
        listed = decisions_view(view_of(story), JUNE, story.day)
        (row, *more) = (*listed.decisions, *listed.rules)
        assert (row.code, row.standing.word, more) == (CODE, "可以支付", [])


def test_bids_sealed_opened_and_chosen() -> None:
    bids = next(step for step in TENDER.asked if step.kind == "bids")
    story = TENDER.story(until=bids)
    for supplier in BIDS:
        story.add("bid", **story.sealed(bids, supplier))
    assert [(bid.supplier, bid.price_fen) for bid in shown_of(story).paper.bids] == [(name, None) for name in BIDS]
    chosen = [bid.supplier for bid in shown_of(TENDER.story()).paper.bids if bid.chosen]
    assert chosen == [WINNER]


def test_what_is_hung_up_is_waited_for() -> None:
    """A publication is not over on its last day."""
    notice = next(step for step in TENDER.asked if step.kind == "publication")
    after = TENDER.following(notice)
    assert after is not None
    story = TENDER.story(until=after)
    last = story.day - DAY
    assert hanging_until(view_of(story).paths[CODE], last) == last
    shown = shown_of(story, last)
    assert shown.standing.sentence == f"公开到 {last}，期满以后才能办"
    assert [line.status for line in shown.steps if line.line.code == notice.code] == ["公开中"]
    assert "公开到" not in shown_of(story, last + DAY).standing.sentence


def test_an_objection_stops_the_payment_until_it_is_answered() -> None:
    story = TENDER.story()
    story.add("objection", number="YY-1", text="报价太高", by="业主")
    shown = shown_of(story)
    assert (shown.standing.word, shown.paper.objections) == ("暂不能支付", ("YY-1",))
    assert "还有业主异议没有答复" in shown.standing.sentence
    story.add("objection", number="YY-1", answer="三家报价最低", by="业主")
    assert shown_of(story).standing.word == "可以支付"


def test_a_vote_that_did_not_carry() -> None:
    vote = next(step for step in TENDER.asked if step.kind == "vote")
    story = TENDER.story(until=vote)
    story.vote(story.cast(vote, {"01-1-102": "agree"}))
    shown = shown_of(story)
    assert (shown.standing.mark, shown.standing.word) == ("over", "已终止")
    assert "没有通过表决（参与表决的面积不足" in shown.standing.sentence
    assert any("没有通过" in line for line in shown.tallies[0])
    assert {line.status for line in shown.steps} <= {"已办", "不须办", ""}


def test_a_seal_that_does_not_verify() -> None:
    seal = next(step for step in TENDER.before if step.kind == "seal")
    story = TENDER.story(until=seal)
    story.add("seal", **story.set_seal(seal, seal.seals[0], "ab" * 32))
    shown = shown_of(story)
    assert (shown.standing.mark, shown.standing.word) == ("bad", "记录有误")
    assert [line.verifies for line in shown.seals] == [False]
    assert shown.wrong_at.endswith(f"第 {len(story.records)} 行")


def test_the_time_that_runs() -> None:
    """A step with a deadline says by when."""
    timed = [
        (setting, step)
        for procedure in shipped().values()
        for setting in settings(procedure)
        for step in setting.before[1:]
        if step.within_days is not None
    ]
    assert timed, "no procedure has a deadline before the payment"
    for setting, step in timed:
        story = setting.story(until=step)
        last = max(done.day for done in view_of(story).paths[CODE].done.values())
        assert step.within_days is not None
        assert shown_of(story).standing.sentence in (
            f"最迟 {last + timedelta(days=step.within_days)}", f"公开到 {last}，期满以后才能办",
        )  # fmt: skip
