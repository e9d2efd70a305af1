"""The ways to break a step: each takes a happy path up to it and does one thing wrong.

A break returns the story and what the refusal must name, of the procedure's own data: the step's title and article, as
a rule. `SAYS` is what the refusal says besides, written out here by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jiezhang.domain.approval.procedure import Step

from .office import members_of, person, signers, stranger, with_role
from .story import CODE, DAY, Setting, Story

Named = tuple[str, ...]
Broken = tuple[Story, Named]
SIGNED = ("propose", "review", "publication", "filing", "duty")


@dataclass(frozen=True)
class Break:
    """`asks`: whether a step of a setting can be broken like that; `says`: what the refusal says."""

    kind: str
    says: str
    asks: Callable[[Setting, Step], bool]
    do: Callable[[Setting, Step], Broken]


BREAKS: dict[str, Break] = {}


def broken(kind: str, says: str, asks: Callable[[Setting, Step], bool]) -> Callable[..., Any]:
    """Enter a function in `BREAKS`."""

    def enter(do: Callable[[Setting, Step], Broken]) -> Callable[[Setting, Step], Broken]:
        assert kind not in BREAKS
        BREAKS[kind] = Break(kind, says, asks, do)
        return do

    return enter


def of_kind(*kinds: str) -> Callable[[Setting, Step], bool]:
    """Steps of these kinds."""
    return lambda _, step: step.kind in kinds


def names(step: Step) -> Named:
    """A refusal names the step and its article."""
    return (f"“{step.title}”", step.article)


def _before(setting: Setting, step: Step) -> bool:
    return step in setting.before and step.kind != "propose"


def go_on(setting: Setting, story: Story, step: Step) -> None:
    """Take what comes after `step`; before the payment there may be nothing."""
    following = setting.following(step)
    if following is not None:
        story.take(following)


# The order of the steps


@broken("left_out", "还没有办", _before)
def left_out(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    go_on(setting, story, step)
    return story, names(step)


def _third_or_later(setting: Setting, step: Step) -> bool:
    return step in setting.before[2:]


@broken("out_of_order", "还没有办，不能先办", _third_or_later)
def out_of_order(setting: Setting, step: Step) -> Broken:
    previous = setting.before[setting.before.index(step) - 1]
    story = setting.story(previous)
    story.take(step)
    story.take(previous)
    return story, names(previous)


@broken("dated_before", "还没有办，不能先办", _third_or_later)
def dated_before(setting: Setting, step: Step) -> Broken:
    previous = setting.before[setting.before.index(step) - 1]
    story = setting.story(step)
    story.day = next(day for _, day, record in story.records if getattr(record, "step", "") == previous.code) - DAY
    story.take(step)
    return story, names(previous)


@broken("twice", "不能再办", lambda _, step: step.kind not in ("propose", "execute"))
def twice(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step)
    story.take(step)
    return story, names(step)


@broken("proposed_twice", f"决议编号 {CODE} 重复", of_kind("propose"))
def proposed_twice(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step)
    story.take(step)
    return story, ()


@broken("after_deadline", "已经过期", lambda setting, step: step in setting.before and step.within_days is not None)
def after_deadline(setting: Setting, step: Step) -> Broken:
    """A day too late: a story's today is the day after the step before."""
    story = setting.story(step)
    assert step.within_days is not None
    story.day += step.within_days * DAY
    story.take(step)
    return story, names(step)


@broken("another_kind_of_record", "不能用这种记录来办", lambda *_: True)
def another_kind_of_record(setting: Setting, step: Step) -> Broken:
    """A filing number instead of a vote, a review instead of a filing."""
    story = setting.story(None if step.kind == "execute" else step)
    if step.kind == "propose":
        story.take(step)
    by = person("committee")
    if step.kind == "filing":
        story.add("stage", step=step.code, by=by)
    else:
        story.add("filing", step=step.code, number="示备〔2026〕8号", by=by)
    return story, names(step)


@broken("no_such_step", "没有步骤“nowhere”", of_kind("execute"))
def no_such_step(setting: Setting, _: Step) -> Broken:
    story = setting.story()
    story.add("stage", step="nowhere", by=person("committee"))
    return story, (setting.procedure.name, setting.procedure.source)


# The people


def _signed_by(setting: Setting, step: Step, signed: list[str]) -> Story:
    story = setting.story(step)
    story.take(step, by=",".join(signed))
    return story


@broken("wrong_role", "不是", of_kind(*SIGNED))
def wrong_role(setting: Setting, step: Step) -> Broken:
    role = next(role for role in ("owner_representative", "cashier") if role not in step.who)
    return _signed_by(setting, step, [*signers(step)[1:], person(role)]), names(step)


@broken("wrong_compound", "不是", of_kind(*SIGNED))
def wrong_compound(setting: Setting, step: Step) -> Broken:
    return _signed_by(setting, step, [*signers(step)[1:], stranger(step.who[0])]), names(step)


@broken("unknown_person", "没有登记在 street.toml", of_kind(*SIGNED))
def unknown_person(setting: Setting, step: Step) -> Broken:
    return _signed_by(setting, step, [*signers(step)[1:], "NOBODY-1"]), names(step)


@broken("no_longer_in_office", "不在任", of_kind(*SIGNED))
def no_longer_in_office(setting: Setting, step: Step) -> Broken:
    """One of those who sign left the day before; what they signed of the steps before goes on counting."""
    story = setting.story(step)
    gone = signers(step)[-1]
    left = story.files.people[gone].model_copy(update={"until": story.day - DAY})
    story.change_files(people={**story.files.people, gone: left})
    story.take(step)
    return story, names(step)


@broken("same_person_twice", "签名人有重复", of_kind(*SIGNED))
def same_person_twice(setting: Setting, step: Step) -> Broken:
    return _signed_by(setting, step, [signers(step)[0], *signers(step)]), names(step)


@broken("too_few", "须超过半数", lambda _, step: step.kind in SIGNED and bool(step.majority_of))
def too_few(setting: Setting, step: Step) -> Broken:
    """Half of all members is not more than half; of five, two."""
    missed = members_of(step.majority_of)[len(members_of(step.majority_of)) // 2]
    return _signed_by(setting, step, [who for who in signers(step) if who != missed]), names(step)


@broken("one_side_missing", "会同办理，缺", lambda _, step: step.kind in SIGNED and bool(step.jointly))
def one_side_missing(setting: Setting, step: Step) -> Broken:
    last = step.jointly[-1]
    return _signed_by(setting, step, [who for who in signers(step) if who not in members_of(last)]), names(step)


def _other_capacity(setting: Setting, step: Step) -> bool:
    proposing = setting.asked[0]
    return step.kind in SIGNED and step is not proposing and proposing.by[0] not in step.who


@broken("two_capacities", "身份办过这项决议，不能再以", _other_capacity)
def two_capacities(setting: Setting, step: Step) -> Broken:
    """Who proposed has the step's role, too, and signs beside those who may."""
    story = setting.story(step)
    proposer = signers(setting.asked[0])[0]
    story.change_files(people=with_role(story.files, proposer, step.who[0]).people)
    story.take(step, by=",".join([*signers(step), proposer]))
    return story, names(step)


@broken("after_rejection", "被否决", lambda setting, step: step.kind == "review" and step in setting.before)
def after_rejection(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step, outcome="reject", opinion="不同意")
    go_on(setting, story, step)
    return story, names(step)


# Publications and objections


@broken("hung_too_short", "须满", of_kind("publication"))
def hung_too_short(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step, until=story.day + (step.days_min - 2) * DAY)
    return story, names(step)


@broken("while_it_hangs", "公开", lambda setting, step: step.kind == "publication" and step in setting.before)
def while_it_hangs(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step)
    story.day -= DAY
    following = setting.following(step)
    if following is None:
        return story, ("期满以后才能支付", setting.procedure.source)
    story.take(following)
    return story, names(following)


@broken("objection_open", "业主异议 Y1 还没有答复", lambda _, step: step.kind not in ("propose", "execute"))
def objection_open(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.add("objection", number="Y1", text="报价太高", by="01-1-101")
    story.take(step)
    return story, names(step)


@broken("objection_open_at_payment", "还有业主异议没有答复，不能支付", of_kind("execute"))
def objection_open_at_payment(setting: Setting, _: Step) -> Broken:
    story = setting.story()
    story.add("objection", number="Y1", text="报价太高", by="01-1-101")
    return story, (setting.procedure.source,)


@broken("answer_to_nothing", "没有业主异议 Y1，不能答复", of_kind("execute"))
def answer_to_nothing(setting: Setting, _: Step) -> Broken:
    story = setting.story()
    story.add("objection", number="Y1", answer="已重新询价", by=person("committee"))
    return story, ()


@broken("objection_without_words", "业主异议 Y1 没有写内容", of_kind("execute"))
def objection_without_words(setting: Setting, _: Step) -> Broken:
    story = setting.story()
    story.add("objection", number="Y1", by="01-1-101")
    return story, ()
