"""What one address may have Fava compute, and what a link of another site may open."""

from __future__ import annotations

from datetime import date, timedelta
from time import monotonic

import pytest
from fava.helpers import FavaAPIError
from fava.util.date import Day, Interval, Month, Quarter, Week, Year, dateranges
from flask import Flask
from flask.testing import FlaskClient
from little_street import MAKER

from jiezhang.web import bounds, patterns
from tests.signed_in import client_as

CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
LONG = "筛选条件写得太长，请改写"


def many(most: int) -> str:
    return f"这段时间太长，要分成 {most} 段以上，请缩短时间，或改按月、按年看"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("balance_sheet?interval=day&time=1000 - 9998", many(2000)),
        ("balance_sheet?interval=week&time=1000 - 9998", many(2000)),
        ("balance_sheet?time=1000 - 9998", many(2000)),
        ("balance_sheet?interval=year&time=1000 - 9998", many(2000)),
        ("income_statement?interval=day&time=1000 - 9998", many(2000)),
        ("account_report?a=Assets&interval=day&time=1000 - 9998", many(2000)),
        ("account_report?a=Assets&r=balances&interval=day&time=2021 - 2025", many(400)),
        ("account_report?a=Assets&r=changes&interval=day&time=2021 - 2025", many(400)),
        ("journal?time=" + "2026 - " * 20 + "2026", LONG),
        ("journal?account=" + "a" * 501, LONG),
        ("journal?filter=" + "%23a," * 400, LONG),
        ("balance_sheet?conversion=" + "A," * 30, LONG),
        ("balance_sheet?interval=day&time=2021 - 2025", ""),
        ("account_report?a=Assets&r=balances&interval=day&time=2026", ""),
        ("account_report?a=Assets&r=changes&interval=month&time=2000 - 2026", ""),
        ("journal?account=Assets&filter=%23a&time=2026-10", ""),
    ],
)
def test_what_may_be_asked_at_once(asked: str, said: str, client: FlaskClient) -> None:
    begun = monotonic()
    answer = client.get(f"/c0001/api/{asked}")
    assert (answer.status_code, answer.json.get("error", "")) == ((400, said) if said else (200, ""))
    assert monotonic() - begun < 5


@pytest.mark.parametrize("interval", [Day, Week, Month, Quarter, Year])
def test_the_count_before_is_as_good_as_the_count_after(interval: Interval) -> None:
    """Counted by the shortest month, and without the begun intervals at both ends."""
    begin = date(1990, 1, 31)
    for days in (60, 400, 9_999):
        end = begin + timedelta(days)
        count = len(dateranges(begin, end, interval, complete=True))
        bounds.refuse_many(begin, end, interval, count * 11 // 10)
        if count > 3:
            with pytest.raises(FavaAPIError, match="这段时间太长"):
                bounds.refuse_many(begin, end, interval, count - 3)


def test_intervals_are_computed_for_a_while_only(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0)
    for asked in ("account_report?a=Assets&r=balances&interval=day&time=2026", "journal?filter=%23a"):
        answer = client.get(f"/c0001/api/{asked}")
        assert (answer.status_code, "查询或筛选超过" in answer.json["error"]) == (400, True)


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("/", True), ("/jiezhang/sign-in", True), ("/jiezhang/desk", True), ("/jiezhang/style.css", True),
        ("/c0001/", False), ("/c0001/extension/MonthPage/?month=2026-10", False), ("/c0001/journal/", False),
        ("/c0001/api/journal", False), ("/c0001/download-journal/", False), ("/jiezhang/inbox", False),
        ("/c0001/extension/MonthPage/statement.pdf?month=2026-10", False), ("/jiezhang/step-up", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_link_of_another_site_opens(address: str, opens: bool, site: str, app: Flask) -> None:
    with client_as(app, MAKER).get(address, headers={**CROSS, "Sec-Fetch-Site": site}) as answer:
        page = answer.text
        assert (answer.status_code, "您从别的网站来到街账" in page) == (200, not opens)
        assert (f'<a href="{address}">打开</a>' in page) is not opens


def test_a_link_in_a_chat_or_an_email_opens_at_once(app: Flask) -> None:
    browser = client_as(app, MAKER)
    for site in ({}, {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}):
        assert "您从别的网站来到街账" not in browser.get("/c0001/extension/MonthPage/", headers=site).text


def test_who_is_not_signed_in_is_led_to_the_door_and_back(app: Flask) -> None:
    answer = app.test_client().get("/c0001/journal/", headers=CROSS)
    assert (answer.status_code, answer.location) == (303, "/jiezhang/sign-in?next=/c0001/journal/")
    assert app.test_client().get(answer.location, headers=CROSS).status_code == 200
