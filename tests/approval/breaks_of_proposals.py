"""More breaks, as in `breaks`: what is wrong with the proposal itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jiezhang.domain.approval.procedure import MATTERS, Step

from .breaks import Broken, broken
from .story import DAY, Setting, Story

WITHOUT_VOTE = ("other", "standing")


def _proposes(test: Callable[[Setting], bool] = lambda _: True) -> Callable[[Setting, Step], bool]:
    return lambda setting, step: step.kind == "propose" and test(setting)


def _proposed(setting: Setting, step: Step, **changed: Any) -> Story:
    story = setting.story(step)
    story.take(step, **changed)
    return story


@broken("another_matter", "不能用来决定", _proposes())
def another_matter(setting: Setting, step: Step) -> Broken:
    matter = next(matter for matter in MATTERS if matter not in setting.procedure.matters)
    return _proposed(setting, step, matter=matter), (setting.procedure.name, setting.procedure.source)


@broken("ends_before_it_starts", "终止日期早于起始日期", _proposes())
def ends_before_it_starts(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    return _proposed(setting, step, ends=story.day - DAY), (step.article,)


@broken("no_budget", "没有写预算", _proposes(lambda setting: setting.matter != "standing"))
def no_budget(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, budget_yuan="0.00"), (step.article,)


@broken("no_limit", "没有写每笔限额", _proposes(lambda setting: setting.matter == "standing"))
def no_limit(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, each_max_yuan=None), (step.article,)


@broken("fund_not_by_vote", "须作为“使用维修资金”由业主表决", _proposes(lambda one: one.matter in WITHOUT_VOTE))
def fund_not_by_vote(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, fund="W"), ("民法典第278条",)


@broken("limit_of_nothing", "每笔限额须大于零", _proposes(lambda setting: setting.matter == "standing"))
def limit_of_nothing(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, each_max_yuan="0.00"), (step.article,)


@broken("unknown_subject", "的科目表里", _proposes())
def unknown_subject(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, subjects="5001 5999"), ("5999", step.article)


@broken("scope_unreadable", "应写成 compound", _proposes())
def scope_unreadable(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, scope="3幢"), ("“3幢”", step.article)


@broken("revenue_by_scope", "公共收益属于全体业主", _proposes(lambda one: one.matter not in ("fund_use", "emergency")))
def revenue_by_scope(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, scope="building:01"), ("民法典第282条",)


@broken("unshared_by_scope", "其他科目的范围只能写 compound", _proposes(lambda one: one.matter == "fund_use"))
def unshared_by_scope(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, scope="building:01", subjects="5001 5901"), ("民法典第281条",)


@broken("no_repair", "只能用于维修", _proposes(lambda setting: setting.matter == "emergency"))
def no_repair(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, subjects="5901"), (step.article,)


@broken("no_cause", "没有写明情形", _proposes(lambda setting: setting.matter == "emergency"))
def no_cause(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, cause=None), (step.article,)


@broken("cause_not_listed", "不在可以应急的情形之列", _proposes(lambda setting: setting.matter == "emergency"))
def cause_not_listed(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, cause="painting"), ("杭州市物业管理条例（2021）第73条",)


@broken("unknown_procedure", "没有登记", _proposes())
def unknown_procedure(setting: Setting, step: Step) -> Broken:
    return _proposed(setting, step, procedure="nothing_of_the_kind"), ("nothing_of_the_kind",)
