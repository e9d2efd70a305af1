"""The street's board as a value: every compound in a row, what is wrong with it, totals and charts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jiezhang.domain.chart import FUND_NAMES
from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person, Street
from jiezhang.street.read_model import Kept

from .addresses import board_page
from .board_rows import TROUBLES, BoardRow, Kind, Trouble, board_row
from .charts import MonthChart, Share, month_chart, shares

MONTHS = 12
COLUMNS: Mapping[str, str] = {
    "code": "编号", "name": "小区", "state": "当月", "late": "逾期", "unposted": "未过账", "verdict": "对账",
    "faults": "违反规则", "owed": "待公开", "G": "公共收益", "W": "维修资金", "J": "专项集资",
}  # fmt: skip
"""By which the board can be sorted; a click more turns it round."""
_FIRST_UP = ("code", "name", "state")
_STATE_ORDER = ("bad", "over", "wait", "good")
_VERDICT_ORDER = ("over", "good", "wait", "bad")
_SHARES: Mapping[str, Kind] = {
    "已封月": "good", "待签署": "wait", "未报送": "over", "读不出来": "bad", "整理中": "over",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its address, and whether it is chosen now."""

    name: str
    address: str
    is_chosen: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head. `turned` is how it is sorted now, for a reader of screens: `ascending`, `descending`, empty."""

    key: str
    name: str
    address: str
    turned: str


@dataclass(frozen=True, slots=True)
class StreetView:
    """Everything the board shows. `updating`: how many rows have older figures, or none yet."""

    month: Month
    months: tuple[Choice, ...]
    communities: tuple[Choice, ...]
    troubles: tuple[Choice, ...]
    columns: tuple[Column, ...]
    rows: tuple[BoardRow, ...]
    total: int
    closed: int
    updating: int
    unposted: int
    held_at: str
    """Of which day the balances are."""
    balances: tuple[tuple[str, str], ...]
    funds: tuple[tuple[str, str], ...]
    """Those that some compound has: letter and name."""
    states: tuple[Share, ...]
    charts: tuple[MonthChart, ...]
    plain: str
    """The address of the board with nothing chosen but its month."""


def street_view(
    kept: Mapping[str, Kept], street: Street, viewer: Person, query: Mapping[str, str], today: date
) -> StreetView:
    """The board of `street` on `today` as `query` asks: `month`, `community`, `trouble`, `sort`, `turn`."""
    asked = _asked(query, street)
    newest = Month.of(today).shift(-1)
    month = _month(asked.get("month", "")) or newest
    communities = {one.code: one.name for one in street.communities}
    everything = [board_row(code, one, communities, viewer, month, today) for code, one in kept.items()]
    chosen = asked.get("community", "")
    here = [row for row in everything if not chosen or row.community == chosen]
    trouble, rows = asked.get("trouble", ""), here
    if trouble:
        rows = [row for row in here if trouble in row.troubles]
    shown = {row.code for row in here}
    flows = _flows([one for code, one in kept.items() if code in shown])
    funds = [fund for fund in FUND_NAMES if any(fund in row.balances for row in everything)]
    year = [month.shift(back) for back in range(1 - MONTHS, 1)]
    return StreetView(
        month=month,
        months=_months(month, newest, asked),
        communities=_communities(everything, communities, asked),
        troubles=_troubles(here, asked),
        columns=_columns(asked, funds),
        rows=tuple(_sorted(rows, asked)),
        total=len(here),
        closed=sum(row.state.kind == "good" for row in here),
        updating=sum(row.is_stale for row in here),
        unposted=sum(row.unposted for row in here),
        held_at="到今天为止" if today <= month.last_day else f"{month.last_day} ",
        balances=tuple((FUND_NAMES[fund], yuan(sum(row.balances.get(fund, 0) for row in here))) for fund in funds),
        funds=tuple((fund, FUND_NAMES[fund]) for fund in funds),
        states=_states(here),
        charts=tuple(
            month_chart(f"{FUND_NAMES[fund]}每月收支", year, flows[fund]) for fund in FUND_NAMES if flows[fund]
        ),
        plain=board_page({"month": asked.get("month", "")}),
    )


def _asked(query: Mapping[str, str], street: Street) -> dict[str, str]:
    """What `query` asks of the board; what makes no sense is as if it had not been asked."""
    known = {
        "month": lambda text: _month(text) is not None,
        "community": {one.code for one in street.communities}.__contains__,
        "trouble": TROUBLES.__contains__,
        "sort": COLUMNS.__contains__,
        "turn": {"1"}.__contains__,
    }
    return {name: query[name] for name, makes_sense in known.items() if name in query and makes_sense(query[name])}


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _months(month: Month, newest: Month, asked: Mapping[str, str]) -> tuple[Choice, ...]:
    offered = {newest.shift(-back) for back in range(MONTHS)} | {newest.next, month}
    return tuple(
        Choice(str(one), board_page({**asked, "month": str(one)}), one == month)
        for one in sorted(offered, reverse=True)
    )


def _communities(rows: Sequence[BoardRow], names: Mapping[str, str], asked: Mapping[str, str]) -> tuple[Choice, ...]:
    chosen = asked.get("community", "")

    def choice(code: str, name: str, count: int) -> Choice:
        return Choice(name, board_page({**asked, "community": code}), code == chosen, count)

    counts = Counter(row.community for row in rows)
    return (choice("", "全部社区", len(rows)), *(choice(code, name, counts[code]) for code, name in names.items()))


def _troubles(rows: Sequence[BoardRow], asked: Mapping[str, str]) -> tuple[Choice, ...]:
    chosen = asked.get("trouble", "")

    def count(trouble: Trouble) -> int:
        return sum(trouble in row.troubles for row in rows)

    return tuple(
        Choice(name, board_page({**asked, "trouble": "" if key == chosen else key}), key == chosen, count(key))
        for key, name in TROUBLES.items()
    )


def _columns(asked: Mapping[str, str], funds: Sequence[str]) -> tuple[Column, ...]:
    by, is_turned = asked.get("sort", ""), "turn" in asked
    found = []
    for key, name in COLUMNS.items():
        if key in FUND_NAMES and key not in funds:
            continue
        turn = "1" if key == by and not is_turned else ""
        is_up = (key in _FIRST_UP) != is_turned
        turned = "" if key != by else "ascending" if is_up else "descending"
        found.append(Column(key, name, board_page({**asked, "sort": key, "turn": turn}), turned))
    return tuple(found)


def _sorted(rows: Sequence[BoardRow], asked: Mapping[str, str]) -> list[BoardRow]:
    """As asked; otherwise who has most troubles first. Rows of one rank by code."""
    by = asked.get("sort", "")
    in_order = sorted(rows, key=lambda row: row.code)
    if not by:
        return sorted(in_order, key=lambda row: (len(row.troubles), row.days_late, row.unposted), reverse=True)
    return sorted(in_order, key=lambda row: _key(row, by), reverse=(by in _FIRST_UP) == ("turn" in asked))


def _key(row: BoardRow, by: str) -> tuple[int, str]:
    numbers = {
        "state": _STATE_ORDER.index(row.state.kind), "late": row.days_late, "unposted": row.unposted,
        "verdict": _VERDICT_ORDER.index(row.verdict.kind), "faults": row.faults, "owed": row.owed,
    }  # fmt: skip
    if by in FUND_NAMES:
        return row.balances.get(by, 0), ""
    return numbers.get(by, 0), {"code": row.code, "name": row.name}.get(by, "")


def _states(rows: Sequence[BoardRow]) -> tuple[Share, ...]:
    counts = Counter(row.state.text for row in rows)
    return shares([(kind, text, counts[text]) for text, kind in _SHARES.items()], 1000)


def _flows(kept: Sequence[Kept]) -> defaultdict[str, dict[Month, tuple[int, int]]]:
    """By fund and month, income and expense of all compounds together."""
    found: defaultdict[str, dict[Month, tuple[int, int]]] = defaultdict(dict)
    for one in kept:
        for flow in one.standing.flows if one.standing is not None else ():
            income, expense = found[flow.fund].get(flow.month, (0, 0))
            found[flow.fund][flow.month] = income + flow.income_fen, expense + flow.expense_fen
    return found
