"""Whatever the procedure: its happy path is approved, and no record of it can be left out, doubled or exchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.approval.path import walk_all
from tests.approval.any_procedure import any_setting
from tests.approval.story import CODE, DAY, Setting, Story


def approved(story: Story) -> date | None:
    """The day it was approved; `None` too where there is no such resolution, or nothing may be paid today."""
    path = walk_all(story.entered(), story.files).get(CODE)
    if path is None or story.refusal():
        return None
    return path.approved


@given(any_setting())
def test_the_happy_path_is_approved_to_the_end(setting: Setting) -> None:
    story = setting.story()
    assert story.refusal() == "" and approved(story) is not None
    for seal in setting.procedure.payment_seals:
        story.add("seal", **story.seal_payment(seal))
    story.day += DAY
    for step in setting.after:
        story.take(step)
    path = story.path()
    assert path.fault is None and not [step for step in setting.asked if step.kind != "execute"
                                       and step.code not in path.done]  # fmt: skip


@given(any_setting(), st.data())
def test_until_the_last_step_nothing_is_approved(setting: Setting, data: st.DataObject) -> None:
    story = setting.story(data.draw(st.sampled_from(setting.before[1:])))
    path = story.path()
    assert path.fault is None and path.approved is None and path.next_step() is not None and story.refusal()


@given(any_setting(), st.data())
def test_no_record_can_be_left_out(setting: Setting, data: st.DataObject) -> None:
    story = setting.story()
    without = list(story.records)
    del without[data.draw(st.integers(0, len(without) - 1))]
    assert approved(replace(story, records=without)) is None


@given(any_setting(), st.data())
def test_no_record_can_be_there_twice(setting: Setting, data: st.DataObject) -> None:
    story = setting.story()
    again = story.records[data.draw(st.integers(0, len(story.records) - 1))]
    at = data.draw(st.integers(0, len(story.records)))
    doubled = replace(story, records=[*story.records[:at], again, *story.records[at:]])
    assert approved(doubled) is None


@given(any_setting(), st.data())
def test_no_two_records_can_change_places(setting: Setting, data: st.DataObject) -> None:
    """Each takes the other's day. Two bids, or two seals, of one day may: that is no earlier."""
    story = setting.story()
    first = data.draw(st.integers(0, len(story.records) - 1))
    second = data.draw(st.integers(0, len(story.records) - 1))
    (kind, day, record), (other_kind, other_day, other) = story.records[first], story.records[second]
    exchanged = list(story.records)
    exchanged[first], exchanged[second] = (other_kind, day, other), (kind, other_day, record)
    then = approved(replace(story, records=exchanged))
    same_step = kind == other_kind in ("bid", "seal") and record.step == other.step
    assert then is None or first == second or (same_step and then == approved(story))


@given(any_setting(), st.data())
def test_no_day_can_be_moved_before_a_seal(setting: Setting, data: st.DataObject) -> None:
    """A record that was sealed can't be dated otherwise afterwards."""
    story = setting.story()
    last_seal = max(number for number, (kind, _, _) in enumerate(story.records) if kind == "seal")
    sealed = [
        number for number, (kind, _, record) in enumerate(story.records[:last_seal])
        if getattr(record, "step", None) != story.records[last_seal][2].step
    ]  # fmt: skip
    at = data.draw(st.sampled_from(sealed))
    kind, day, record = story.records[at]
    moved = list(story.records)
    moved[at] = (kind, day + data.draw(st.sampled_from([-3, -1, 1, 3])) * DAY, record)
    assert approved(replace(story, records=moved)) is None
