"""The journal of an account with thousands of entries: the newest of them, and links to the months and days before.

Fava makes all of it one page; 20,000 postings were 55 MB and nine seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Response, g, jsonify, request
from markupsafe import escape

ENTRIES_MAX = 1000
"""As many as a page of Fava's own journal has."""

MONTHS_MAX = 36
"""With more there are links to the years."""

_CUT = "account_journal_cut"
_VIEW = "json_api.get_account_report"
_KEPT = ("account", "filter", "interval", "conversion")
_YEAR, _MONTH, _DAY = 4, 7, 10
"""Lengths of `2026`, `2026-10` and `2026-10-05`, which Fava takes for filters."""

_Row = TypeVar("_Row", bound=tuple[Any, ...])


def newest(rows: Sequence[_Row]) -> Sequence[_Row]:
    """The last of an account's rows `(number, entry, change, balance)`; what is left out is told with the answer."""
    if len(rows) > ENTRIES_MAX:
        setattr(g, _CUT, Counter(str(row[1].date) for row in rows))
    return rows[-ENTRIES_MAX:]


def spans(days: Counter[str]) -> list[tuple[str, int]]:
    """Years, months or days that the entries are of, the newest first, with their number; nothing for one day."""
    for length in (_MONTH, _DAY):
        found: Counter[str] = Counter()
        for day, count in days.items():
            found[day[:length]] += count
        if length == _MONTH and len(found) > MONTHS_MAX:
            found = Counter()
            for day, count in days.items():
                found[day[:_YEAR]] += count
        if len(found) > 1:
            return sorted(found.items(), reverse=True)
    return []


def install(app: Flask) -> None:
    """Let Fava's account report tell what it leaves out."""
    whole = cast(Callable[[], Response], app.view_functions[_VIEW])

    def account_report() -> Response:
        answer = whole()
        days: Counter[str] | None = getattr(g, _CUT, None)
        if days is None:
            return answer
        told = cast(dict[str, Any], answer.get_json())
        told["data"]["journal"] = _told(days) + told["data"]["journal"]
        return jsonify(told)

    app.view_functions[_VIEW] = account_report


def _told(days: Counter[str]) -> str:
    kept = {name: request.args[name] for name in _KEPT if name in request.args}
    links = " ".join(
        f'<a href="?{escape(urlencode({**kept, "time": span}))}">{span}（{count:,}）</a>' for span, count in spans(days)
    )
    more = f"；分段看：{links}" if links else "；全部的见“查询”页，或下载"
    said = f"共 {days.total():,} 条，这里只列最近的 {ENTRIES_MAX:,} 条{more}"
    return f'<li class="jz-cut"><p><span class="datecell" data-sort-value="{days.total() + 1}"></span>{said}</p></li>'
