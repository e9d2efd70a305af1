"""户在名册: what a voucher, batch, change or account names is on the register, and the register adds up.

Source: 165号令 2008 art. 10 (accounts by 房屋户门号). The control totals by building are those the register was taken
over with; a changed area or deposit breaks them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np
from beancount.core import data

from jiezhang.domain.accounts import parse_account
from jiezhang.domain.booking import POSTED, named_legs
from jiezhang.domain.changes import CHANGES_FILE
from jiezhang.domain.money import show, yuan
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Finding, Refused, finding
from jiezhang.domain.register import Dwelling
from jiezhang.domain.roll import dwellings_in
from jiezhang.domain.scope import parse_scope

from ..fund import KNOWN
from ..movements import BY_BUILDING
from .view import FundView

RULE = KNOWN
BUILDINGS_FILE = "register/buildings.csv"


def find(view: FundView) -> list[Finding]:
    """Unknown dwellings and buildings, control totals that do not hold, lost houses without voucher or the reverse."""
    return [
        *view.findings(RULE),
        *(view.finding(RULE, refused) for refused in _totals(view)),
        *(view.finding(RULE, refused) for refused in _projects(view)),
        *_accounts(view),
        *_losses(view),
    ]


def _totals(view: FundView) -> Iterator[Refused]:
    register = view.files.register
    by_building: defaultdict[str, list[Dwelling]] = defaultdict(list)
    for dwelling in register.dwellings:
        by_building[dwelling.building].append(dwelling)
    for line, building in register.buildings:
        own = by_building.pop(building.code, [])
        area = sum((dwelling.area_m2 for dwelling in own), Decimal(0))
        paid = sum((dwelling.first_deposit_yuan for dwelling in own), Decimal(0))
        if len(own) != building.dwellings:
            said = f"{building.code} 幢控制数 {building.dwellings} 户，名册里 {len(own)} 户"
            yield Refused(said, BUILDINGS_FILE, line)
        elif area != building.area_m2:
            said = f"{building.code} 幢面积控制数 {building.area_m2} ㎡，名册合计 {area} ㎡"
            yield Refused(said, BUILDINGS_FILE, line)
        elif paid != building.first_deposit_yuan:
            said = f"{building.code} 幢首期交存控制数 {show(building.first_deposit_yuan)} 元，名册合计 {show(paid)} 元"
            yield Refused(said, BUILDINGS_FILE, line)
        if building.seller_deposit_yuan and not any(dwelling.nature == "public" for dwelling in own):
            yield Refused(f"{building.code} 幢没有已售公有住房，不应有售房单位交存", BUILDINGS_FILE, line)
    for code in sorted(by_building):
        if register.buildings or _fund_is_kept(view):
            yield Refused(f"{code} 幢没有登记控制数", BUILDINGS_FILE)


def _projects(view: FundView) -> Iterator[Refused]:
    """Projects whose scope is none, or without a dwelling."""
    if view.replayed is None:
        return
    roll = view.replayed.state.roll
    for line, project in view.files.register.projects:
        try:
            dwellings_in(roll, parse_scope(project.scope), np.zeros(len(roll), dtype=np.int64))
        except Refused as refused:
            yield type(refused)(f"维修项目 {project.code}：{refused.message}", "register/projects.csv", line)


def _fund_is_kept(view: FundView) -> bool:
    return view.replayed is not None and bool(view.replayed.journal)


def _accounts(view: FundView) -> Iterator[Finding]:
    buildings = {dwelling.building for dwelling in view.files.register.dwellings}
    for entry in view.entries:
        if not isinstance(entry, data.Open):
            continue
        try:
            name = parse_account(entry.account)
        except ValueError:
            continue  # account_names reports it
        by_building = name.fund_kind == "W" and name.subject.code in BY_BUILDING and bool(name.subs)
        if by_building and (name.subs[0] not in buildings or len(name.subs) > 1):
            yield finding(RULE, f"账户“{entry.account}”的幢不在名册里", entry)


def _losses(view: FundView) -> Iterator[Finding]:
    """A lost house is in the register, and has its voucher not before that day nor after its month.

    Only what is posted shows how far the books are: the register may know of days to come, and rows that wait must not
    be refused for what nobody has proposed yet.
    """
    lost = {change.sources[0]: (line, change) for line, change in view.files.register.changes if change.kind == "loss"}
    returned = set()
    for entry, _ in view.posted("5101"):
        code = str(entry.meta.get("household", ""))
        returned.add(code)
        if code not in lost:
            yield finding(RULE, f"户 {code} 按灭失返还，但 changes.csv 没有登记灭失", entry)
        elif lost[code][1].date > entry.date:
            yield finding(RULE, f"户 {code} 登记 {lost[code][1].date} 灭失，不能在此之前返还", entry)
    if view.replayed is None:
        return
    state = view.replayed.state
    balances = dict(zip(state.roll.codes.tolist(), state.balance_fen.tolist(), strict=True))
    proposed = _named_in(view, "5101")
    for code, (line, change) in lost.items():
        if code not in balances:
            yield view.finding(RULE, Refused(f"变更 {change.code}：名册里没有户 {code}", CHANGES_FILE, line))
        elif balances[code] and code not in proposed and Month.of(_last_posted(view)) > Month.of(change.date):
            said = f"变更 {change.code}：户 {code} 登记 {change.date} 灭失，账上还有 {yuan(balances[code])} 元没有返还"
            yield view.finding(RULE, Refused(said, CHANGES_FILE, line))


def _last_posted(view: FundView) -> date:
    return max((e.date for e in view.entries if isinstance(e, data.Transaction) and e.flag == POSTED), default=date.min)


def _named_in(view: FundView, subject: str) -> set[str]:
    """The `household` of every voucher on `subject` of the fund, posted or not."""
    return {
        str(entry.meta.get("household", ""))
        for entry in view.entries
        if isinstance(entry, data.Transaction)
        and any(name.fund_kind == "W" and name.subject.code == subject for name, _ in named_legs(entry))
    }
