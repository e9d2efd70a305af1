"""More breaks, as in `breaks`: votes that fail or were tampered with, and bids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from jiezhang.domain.approval.procedure import Step

from .breaks import Broken, broken, go_on, names, of_kind
from .office import BIG, SMALL, TWO, ballots, unanimous
from .story import BALLOTS, BIDS, WINNER, Setting, Story

THREE_QUARTERS = ("fund_raise", "rebuild", "operate")
STRANGER = "丁建设公司"
DIGEST = "ab" * 32


# Votes that fail. Of 800 m² and eight heads, one owner has 400 m², six have 50 each, one has two dwellings of 50.


def _voted(setting: Setting, step: Step, choices: Mapping[str, str]) -> Broken:
    """The vote, and then what would come next."""
    story = setting.story(step)
    story.vote(story.cast(step, choices))
    go_on(setting, story, step)
    return story, (f"“{step.title}”", "民法典第278条")


@broken("quorum_area", "参与表决的面积不足：400.00 ㎡，全体 800.00 ㎡", of_kind("vote"))
def quorum_area(setting: Setting, step: Step) -> Broken:
    return _voted(setting, step, dict.fromkeys((*SMALL, *TWO), "agree"))


@broken("quorum_heads", "参与表决的人数不足：5 人，全体 8 人", of_kind("vote"))
def quorum_heads(setting: Setting, step: Step) -> Broken:
    """600 m² of 800 are enough, but two of the six ballots are one owner's."""
    return _voted(setting, step, dict.fromkeys((BIG, *SMALL[:3], *TWO), "agree"))


@broken("consent_area", "同意的面积不足：400.00 ㎡，参与表决 800.00 ㎡", of_kind("vote"))
def consent_area(setting: Setting, step: Step) -> Broken:
    """Exactly half is not more than half."""
    return _voted(setting, step, {**unanimous(), BIG: "against"})


@broken("consent_heads", "同意的人数不足：", of_kind("vote"))
def consent_heads(setting: Setting, step: Step) -> Broken:
    """Four of eight are not more than half; where three quarters are needed, five are not enough."""
    agree = 4 if setting.matter in THREE_QUARTERS else 3
    return _voted(setting, step, {**unanimous(), **dict.fromkeys((*SMALL[agree:], *TWO), "abstain")})


# Ballots that are not what they should be


def _kept(setting: Setting, step: Step, content: bytes) -> Broken:
    story = setting.story(step)
    story.vote(story.keep(step, content))
    return story, names(step)


@broken("ballots_changed", "登记以后有改动", of_kind("vote"))
def ballots_changed(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step)
    story.change_files(ballots={BALLOTS: ballots({**unanimous(), BIG: "abstain"})})
    return story, names(step)


@broken("ballots_gone", "不见了", of_kind("vote"))
def ballots_gone(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step)
    story.change_files(ballots={})
    return story, names(step)


@broken("ballot_cast_twice", f"第 11 行：户 {BIG} 投了两次票", of_kind("vote"))
def ballot_cast_twice(setting: Setting, step: Step) -> Broken:
    return _kept(setting, step, ballots(unanimous()) + f"{BIG},agree\n".encode())


@broken("ballot_of_a_stranger", "第 11 行：户 09-1-101 在表决日没有表决权", of_kind("vote"))
def ballot_of_a_stranger(setting: Setting, step: Step) -> Broken:
    return _kept(setting, step, ballots({**unanimous(), "09-1-101": "agree"}))


@broken("ballot_misspelt", "第 10 行：表决票写法不对", of_kind("vote"))
def ballot_misspelt(setting: Setting, step: Step) -> Broken:
    return _kept(setting, step, ballots({**unanimous(), TWO[1]: "yes"}))


@broken("proxy_without_power", "须写明受托人和委托书的指纹", of_kind("vote"))
def proxy_without_power(setting: Setting, step: Step) -> Broken:
    return _kept(setting, step, f"dwelling,choice,proxy\n{BIG},agree,张三\n".encode())


@broken("no_register", "没有户册", of_kind("vote"))
def no_register(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    story.take(step)
    story.change_files(register=None)
    return story, names(step)


def _by_scope(setting: Setting, step: Step) -> bool:
    return step.kind == "vote" and setting.matter == "fund_use"


@broken("nobody_concerned", "决议的范围里没有业主", _by_scope)
def nobody_concerned(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    kind, day, proposal = story.records[0]
    story.records[0] = (kind, day, proposal.model_copy(update={"scope": "building:09"}))
    story.take(step)
    return story, names(step)


# Bids


def _bidding(setting: Setting, step: Step, *bids: dict[str, Any]) -> Broken:
    story = setting.story(step)
    for bid in bids:
        story.add("bid", **bid)
    return story, names(step)


def _sealed(setting: Setting, step: Step, count: int) -> list[dict[str, Any]]:
    story = Story(setting, files=setting.story(step).files)
    return [story.sealed(step, supplier) for supplier in list(BIDS)[:count]]


def _opened(setting: Setting, step: Step, supplier: str) -> dict[str, Any]:
    return setting.story(step).opened(step, supplier)


@broken("two_bids_only", "只收到 2 家密封报价，少于 3 家不得开封", of_kind("bids"))
def two_bids_only(setting: Setting, step: Step) -> Broken:
    return _bidding(setting, step, *_sealed(setting, step, 2), _opened(setting, step, WINNER))


@broken("opened_too_early", "只收到 1 家密封报价，少于 3 家不得开封", of_kind("bids"))
def opened_too_early(setting: Setting, step: Step) -> Broken:
    first, second, third = _sealed(setting, step, 3)
    return _bidding(setting, step, first, _opened(setting, step, WINNER), second, third)


@broken("opened_before_any", "只收到 0 家密封报价", of_kind("bids"))
def opened_before_any(setting: Setting, step: Step) -> Broken:
    return _bidding(setting, step, _opened(setting, step, WINNER))


@broken("bid_too_late", "已经开封，不能再收", of_kind("bids"))
def bid_too_late(setting: Setting, step: Step) -> Broken:
    late = {**_sealed(setting, step, 1)[0], "supplier": STRANGER}
    return _bidding(setting, step, *_sealed(setting, step, 3), _opened(setting, step, WINNER), late)


@broken("price_changed", "开封的报价与密封时交的不符", of_kind("bids"))
def price_changed(setting: Setting, step: Step) -> Broken:
    cheaper = {**_opened(setting, step, WINNER), "price_yuan": Decimal("799.00")}
    return _bidding(setting, step, *_sealed(setting, step, 3), cheaper)


@broken("opened_as_another", "开封的报价与密封时交的不符", of_kind("bids"))
def opened_as_another(setting: Setting, step: Step) -> Broken:
    taken = {**_opened(setting, step, WINNER), "supplier": "乙建设公司"}
    return _bidding(setting, step, *_sealed(setting, step, 3), taken)


@broken("opened_never_sealed", "开封的报价与密封时交的不符", of_kind("bids"))
def opened_never_sealed(setting: Setting, step: Step) -> Broken:
    return _bidding(setting, step, *_sealed(setting, step, 3), _opened(setting, step, STRANGER))


@broken("bid_handed_in_twice", "交了两次报价", of_kind("bids"))
def bid_handed_in_twice(setting: Setting, step: Step) -> Broken:
    return _bidding(setting, step, *_sealed(setting, step, 2), {**_sealed(setting, step, 1)[0], "sealed": DIGEST})


@broken("bid_opened_twice", "已经开过封", of_kind("bids"))
def bid_opened_twice(setting: Setting, step: Step) -> Broken:
    opened = _opened(setting, step, WINNER)
    return _bidding(setting, step, *_sealed(setting, step, 3), opened, opened)


@broken("opened_without_price", "开封须写明报价和封存码", of_kind("bids"))
def opened_without_price(setting: Setting, step: Step) -> Broken:
    bare = {**_opened(setting, step, WINNER), "price_yuan": None}
    return _bidding(setting, step, *_sealed(setting, step, 3), bare)


@broken("not_all_opened", "还没有办，不能先办", of_kind("bids"))
def not_all_opened(setting: Setting, step: Step) -> Broken:
    story, named = _bidding(setting, step, *_sealed(setting, step, 3), _opened(setting, step, WINNER))
    following = setting.following(step)
    assert following is not None
    story.take(following)
    return story, named


# The award


def _awards(setting: Setting, step: Step) -> bool:
    return step.awards and any(other.kind == "bids" for other in setting.asked)


def _awarded(setting: Setting, step: Step, **changed: Any) -> Broken:
    story = setting.story(step)
    story.take(step, **changed)
    return story, names(step)


@broken("winner_never_bid", "没有参加报价", _awards)
def winner_never_bid(setting: Setting, step: Step) -> Broken:
    return _awarded(setting, step, supplier=STRANGER)


@broken("nobody_awarded", "须写明选定的单位", _awards)
def nobody_awarded(setting: Setting, step: Step) -> Broken:
    return _awarded(setting, step, supplier=None)


@broken("award_over_budget", "选定的报价超过预算 850.00 元", _awards)
def award_over_budget(setting: Setting, step: Step) -> Broken:
    """The budget is 850 yuan, the second bid 900; limits are lowered so that bids are asked for."""
    steps = tuple(
        one.model_copy(update={"above_yuan": Decimal("500.00")}) if one.above_yuan is not None else one
        for one in setting.procedure.steps
    )
    procedure = setting.procedure.model_copy(update={"steps": steps})
    cheap = replace(setting, procedure=procedure, budget_yuan=Decimal("850.00"))
    own = next(one for one in steps if one.code == step.code)
    return _awarded(cheap, own, supplier="乙建设公司")


@broken("award_to_another_than_settled", "与已定的“丙建设公司”不同", _awards)
def award_to_another_than_settled(setting: Setting, step: Step) -> Broken:
    story = setting.story(step)
    kind, day, proposal = story.records[0]
    story.records[0] = (kind, day, proposal.model_copy(update={"supplier": "丙建设公司"}))
    story.take(step)
    return story, names(step)
