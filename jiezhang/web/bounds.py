"""What one address may have Fava compute: so many intervals, conditions of a certain length, filters for a while.

Fava cuts whatever time it is asked for into days; `?interval=day&time=1000 - 9998` were three million of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

import fava.core
from fava.beans.helpers import slice_entry_dates
from fava.core import charts, filters
from fava.helpers import FavaAPIError
from fava.util.date import DateRange, Day, Interval, Month, Quarter, Week, dateranges
from flask import request

from .patterns import Timed, left

INTERVALS_MAX = 2_000
"""A day's for five years."""

COLUMNS_MAX = 400
"""Of an account's table, each with a number for every account below it."""

CHARS_MAX: Mapping[str, int] = {"time": 100, "account": 500, "filter": 1_000, "conversion": 40}

_SHORTEST_DAYS: Mapping[Interval, int] = {Day: 1, Week: 7, Month: 28, Quarter: 90}
_YEAR_DAYS = 365


def refuse_long() -> None:
    """Before every request: `FavaAPIError` for a filter or conversion that is longer than anybody writes."""
    for name, longest in CHARS_MAX.items():
        if any(len(given) > longest for given in request.args.getlist(name)):
            raise FavaAPIError("筛选条件写得太长，请改写")


def refuse_many(begin: date, end: date, interval: Interval, most: int = INTERVALS_MAX) -> None:
    """`FavaAPIError` when there are more than `most` intervals between the days."""
    if (end - begin).days // _SHORTEST_DAYS.get(interval, _YEAR_DAYS) > most:
        raise FavaAPIError(f"这段时间太长，要分成 {most} 段以上，请缩短时间，或改按月、按年看")


def _dateranges(begin: date, end: date, interval: Interval, *, complete: bool) -> Sequence[DateRange]:
    refuse_many(begin, end, interval)
    found: Sequence[DateRange] = dateranges(begin, end, interval, complete=complete)
    return found


def _slice(entries: Any, begin: date, end: date) -> Any:
    """Fava takes one for every interval; who has no time left is stopped."""
    left()
    return slice_entry_dates(entries, begin, end)


_apply_whole = filters.AdvancedFilter.apply


def _apply(self: filters.AdvancedFilter, entries: Sequence[Any]) -> Sequence[Any]:
    """Hundreds of conditions for every entry."""
    return _apply_whole(self, cast(Sequence[Any], Timed(entries)))


def install() -> None:
    """Put our bounds before Fava's own functions."""
    for module, name, ours in (
        (fava.core, "dateranges", _dateranges), (fava.core, "slice_entry_dates", _slice),
        (charts, "slice_entry_dates", _slice), (filters.AdvancedFilter, "apply", _apply),
    ):  # fmt: skip
        assert hasattr(module, name), f"another {module}: look at what it computes"
        setattr(module, name, ours)
