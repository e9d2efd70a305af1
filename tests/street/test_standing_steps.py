"""What resolutions wait for, over every procedure that ships, step by step: what the resolution's paper says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jiezhang.domain.approval.path import walk_all
from jiezhang.domain.approval.procedure import Step
from jiezhang.domain.approval.seals import KEEPERS
from jiezhang.domain.approval.view import OfficeView
from jiezhang.street.standing_steps import steps_of, under_way
from jiezhang.street.standing_value import StepStanding
from reports.resolution import resolution_paper
from tests.approval.matrix import settings
from tests.approval.office import shipped
from tests.approval.story import CODE, DAY, Setting, Story

TENDER = Setting(shipped()["street_supervises_tenders"], "fund_use", Decimal("50000.00"))
TWO_SEALS = Setting(shipped()["two_seals"], "other", Decimal("900.00"))


def view_of(story: Story) -> OfficeView:
    records = story.entered()
    entries = [one.entry for one in records]
    return OfficeView("/street/C0007", entries, story.files, tuple(records), (), walk_all(records, story.files))


def waits(story: Story) -> list[StepStanding]:
    return list(steps_of(view_of(story)))


def due(story: Story, step: Step) -> date | None:
    view = view_of(story)
    paper = resolution_paper(view, view.paths[CODE], story.day)
    return next(line.due for line in paper.steps if line.code == step.code)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_step_of_every_procedure(name: str) -> None:
    for setting in settings(shipped()[name]):
        for step in setting.before[1:]:
            story = setting.story(until=step)
            (found,) = waits(story)
            assert (found.step, found.state, found.kind, found.due) == (step.code, "next", step.kind, due(story, step))
            assert found.is_ready(story.day), (setting, step.code)
            assert found.seals == step.seals
            if step.seals:
                assert set(found.roles) == {role for seal in step.seals for role in KEEPERS[seal]}
                keepers = {key.keeper for _, key in story.files.keys if key.seal in step.seals and key.ended is None}
                assert set(found.keepers) == keepers != set()
            elif step.kind != "bids":
                assert found.roles == (step.who or ("owner",))
        story = setting.story()
        assert waits(story) == [] == under_way(view_of(story))


def test_a_seal_that_is_set_is_not_waited_for() -> None:
    step = next(step for step in TWO_SEALS.asked if len(step.seals) == 2)
    story = TWO_SEALS.story(until=step)
    first, second = step.seals
    story.add("seal", **story.set_seal(step, first, story.content(step)))
    (found,) = waits(story)
    assert found.seals == (second,)


def test_seals_on_a_payment() -> None:
    story = TWO_SEALS.story()
    story.add("seal", **story.seal_payment("committee"))
    (found,) = waits(story)
    assert (found.state, found.step, found.seals, found.roles) == ("payment", "P1", ("assembly",), KEEPERS["assembly"])
    story.add("seal", **story.seal_payment("assembly"))
    assert waits(story) == []


def test_a_publication_is_waited_out() -> None:
    notice = next(step for step in TENDER.asked if step.kind == "publication")
    after = TENDER.following(notice)
    assert after is not None
    story = TENDER.story(until=after)
    (found,) = waits(story)
    assert found.after == story.day - DAY
    assert [found.is_ready(day) for day in (story.day - DAY, story.day)] == [False, True]


def test_an_objection_stops_it() -> None:
    story = TENDER.story(until=TENDER.before[1])
    story.add("objection", number="YY-1", text="价格过高")
    (found,) = waits(story)
    assert (found.objections, found.is_ready(story.day)) == (1, False)


def test_what_is_over_or_faulty_waits_for_nobody() -> None:
    step = next(step for step in TWO_SEALS.asked if step.kind == "review")
    rejected, wrong = TWO_SEALS.story(until=step), TWO_SEALS.story(until=step)
    rejected.take(step, outcome="reject")
    wrong.take(step, by="F99")
    assert [bool(view_of(one).paths[CODE].fault) for one in (rejected, wrong)] == [False, True]
    assert [waits(rejected), waits(wrong)] == [[], []]


def test_its_own_last_day_ends_it() -> None:
    (found,) = waits(TENDER.story(until=TENDER.before[1]))
    assert found.ends is not None
    assert [found.is_ready(day) for day in (found.ends, found.ends + DAY)] == [True, False]


def test_days_late() -> None:
    step = StepStanding(
        resolution="R1", title="甲", state="owed", kind="duty", step="audit", name="审计", due=date(2026, 10, 5)
    )
    assert [step.days_late(date(2026, 10, day)) for day in (4, 5, 8)] == [0, 0, 3]
