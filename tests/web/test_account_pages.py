"""An account with thousands of entries shows the newest of them, and leads to the months and days before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from little_street import bank

from jiezhang.web import account_pages
from jiezhang.web.account_pages import spans

ACCOUNT = bank("C0001")


@pytest.fixture
def crowded(client: FlaskClient, append: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Sixteen entries of one account, with ten to a page: three rows, the opening, its own `open`, and more rows."""
    monkeypatch.setattr(account_pages, "ENTRIES_MAX", 10)
    append("\n".join(f'2026-10-{day:02d} note {ACCOUNT} "第{day}天"' for day in range(10, 21)))
    return client


def report(browser: FlaskClient, **more: str) -> Any:
    asked = "&".join(f"{name}={quote(value)}" for name, value in {"a": ACCOUNT, **more}.items())
    answer = browser.get(f"/c0001/api/account_report?{asked}")
    assert answer.status_code == 200
    assert answer.json is not None
    return answer.json["data"]


def entries(journal: str) -> list[str]:
    return re.findall(r"<a href='#context-[^']*'>([0-9-]+)</a>", journal)


def test_the_newest_are_shown_and_the_rest_is_led_to(crowded: FlaskClient) -> None:
    journal = report(crowded)["journal"]
    assert entries(journal) == [f"2026-10-{day}" for day in range(20, 10, -1)]
    said = re.search(r'class="jz-cut".*?</li>', journal)
    assert said is not None
    assert "条，这里只列最近的 10 条；分段看：" in said[0]
    assert '<a href="?time=2026-10">2026-10（' in said[0]
    assert '<a href="?time=2026-09">2026-09（' in said[0]


def test_within_a_month_it_leads_to_days(crowded: FlaskClient) -> None:
    journal = report(crowded, time="2026-10", filter='"天"')["journal"]
    assert f'<a href="?{"filter=%22%E5%A4%A9%22"}&amp;time=2026-10-20">2026-10-20（1）</a>' in journal
    journal = report(crowded, time="2026-10-20")["journal"]
    assert (entries(journal)[0], "jz-cut" in journal) == ("2026-10-20", False)


def test_the_figures_are_of_everything(crowded: FlaskClient) -> None:
    """What is left out of the list is in the balance beside it."""
    assert "10,858.88" in report(crowded)["journal"]
    assert "interval_balances" in report(crowded, r="changes")


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({"2026-10-05": 7}, []),
        ({"2026-10-05": 7, "2026-10-06": 1}, [("2026-10-06", 1), ("2026-10-05", 7)]),
        ({"2026-10-05": 7, "2026-10-06": 1, "2026-09-30": 2}, [("2026-10", 8), ("2026-09", 2)]),
        (
            {f"{year}-{month:02d}-01": 1 for year in (2023, 2024, 2025, 2026) for month in range(1, 13)},
            [("2026", 12), ("2025", 12), ("2024", 12), ("2023", 12)],
        ),
    ],
)
def test_into_what_it_is_divided(days: dict[str, int], found: list[tuple[str, int]]) -> None:
    assert spans(Counter(days)) == found
