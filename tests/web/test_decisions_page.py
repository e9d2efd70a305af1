"""The page 决议: where each resolution stands, who may do what next, and what was paid under it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from asking import CLEANING, COST, complete, press
from flask.testing import FlaskClient
from little_street import DECIDED, DECISIONS, ORIGIN, POSTER, REJECTED, REVIEWER, WAITING, resolve

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import office_of
from jiezhang.domain.period import Month
from jiezhang.web.decisions_view import decisions_view
from jiezhang.web.ledgers import Ledgers

TODAY = date(2026, 11, 22)


@pytest.fixture
def decided(street: StreetFolder, client: FlaskClient) -> FlaskClient:
    resolve(street)
    return client


def seen(client: FlaskClient, code: str) -> str:
    """The page of one resolution as words alone."""
    shown = client.get(f"{DECISIONS}?code={code}").text.partition('data-page="decisions"')[2]
    return " ".join(re.sub(r"<[^>]*>", " ", shown).split())


def test_the_list(street: StreetFolder, decided: FlaskClient) -> None:
    office = office_of(Ledgers(street)["c0001"].book)
    assert office is not None
    view = decisions_view(office, Month(2026, 10), TODAY)
    rows = [(row.code, row.standing.mark, row.standing.word, row.standing.who) for row in view.decisions]
    assert rows == [
        (REJECTED, "over", "已终止", ""),
        (WAITING, "wait", "待办：党支部审议", "小区党支部（Z01 支部书记）"),
        (DECIDED, "good", "可以支付", ""),
    ]
    assert view.decisions[0].standing.sentence.startswith("已在“四步法”第2步“党支部审议”被否决")
    assert {(row.budget, row.paid, row.left, row.verified) for row in view.decisions} == {
        ("400.00", "0.00", "400.00", False)
    }
    page = decided.get(DECISIONS).text
    assert ("一事一议（3 项）" in page, "待核实" in page, "<script>" in page) == (True, True, False)
    assert f'<a href="./?code={WAITING}&month=2026-10">{WAITING}</a>' in page


@pytest.mark.parametrize(
    ("day", "word"),
    [(date(2026, 9, 4), "暂不能支付"), (TODAY, "可以支付"), (date(2200, 1, 1), "期限已过")],
)
def test_from_when_and_until_when(street: StreetFolder, decided: FlaskClient, day: date, word: str) -> None:
    office = office_of(Ledgers(street)["c0001"].book)
    assert office is not None
    found = {row.code: row.standing.word for row in decisions_view(office, Month(2026, 10), day).decisions}
    assert found[DECIDED] == word


def test_a_standing_rule_and_what_the_month_used(client: FlaskClient) -> None:
    assert "议事规则授权（1 项，2026-10 已用）" in client.get(DECISIONS).text
    complete(client, {**CLEANING, "other": COST})
    office = office_of(Ledgers(client.application.config["LEDGERS"].street)["c0001"].book)
    assert office is not None
    used = {}
    for month in (Month(2026, 9), Month(2026, 10)):
        (rule,) = decisions_view(office, month, TODAY).rules
        used[str(month)] = (rule.used, rule.count, rule.each, rule.month_limit, rule.left)
    assert used == {
        "2026-09": ("0.00", 0, "1,000,000.00", "", ""),
        "2026-10": ("350.00", 1, "1,000,000.00", "", ""),
    }


def test_one_step_after_another(decided: FlaskClient) -> None:
    page = seen(decided, WAITING)
    for said in (
        "R2026-02 凉亭油漆",
        "四步法 待核实",
        "1 业委会提议 已办 2026-09-02 Y01 业委会主任 东湖四步法第一步（待核实）",
        "2 党支部审议 该办 小区党支部（Z01 支部书记） 东湖四步法第二步（待核实）",
        "3 表决事项公示 不须办",
        "还没有付款",
    ):
        assert said in page, said
    assert "用印 日期" not in page, "no seal was set"


def test_a_rejected_one_goes_no_further(decided: FlaskClient) -> None:
    page = seen(decided, REJECTED)
    assert "Z01 支部书记否决：另行比选" in page
    assert "该办" not in page


def test_what_was_paid_and_what_is_left(decided: FlaskClient) -> None:
    row = {**CLEANING, "other": COST, "resolution": DECIDED, "invoice": "0001"}
    complete(decided, row)
    assert "未过账 示例保洁有限公司 350.00" in seen(decided, DECIDED)
    press(decided, "review", REVIEWER)
    press(decided, "post", POSTER)
    page = seen(decided, DECIDED)
    assert "2026-10-05 记-0002 示例保洁有限公司 350.00" in page
    assert "合计 预算 400.00，余 50.00 350.00" in page
    assert "50.00" in decided.get(DECISIONS).text


def test_seals_and_whether_they_verify(decided: FlaskClient, street: StreetFolder) -> None:
    assert re.search(r"业主委员会印章 Y01 业委会主任 决议 YZ01 [0-9a-f]{16}… 相符", seen(decided, DECIDED))
    path = street.compound("C0001").path / "resolutions.beancount"
    path.write_text(path.read_text("utf-8").replace("垃圾房改造", "垃圾房扩建"), "utf-8")
    page = seen(decided, DECIDED)
    assert "记录有误" in page
    assert "resolutions.beancount 第 " in page
    assert "该办" not in page
    assert "相符" not in page


def test_what_nobody_can_read(decided: FlaskClient, street: StreetFolder) -> None:
    path = street.compound("C0001").path / "resolutions.beancount"
    kept = path.read_text("utf-8")
    path.write_text(kept + '\n2026-10-01 custom "stage" "R2026-02" "branch_review"\n', "utf-8")
    assert "有 1 条决议记录读不出来" in decided.get(DECISIONS).text
    path.write_text(kept, "utf-8")
    (street.compound("C0001").register / "seals.csv").write_text("code\nx\n", "utf-8")
    for address in (DECISIONS, f"{DECISIONS}?code={DECIDED}"):
        assert "登记资料读不出来，决议现在显示不了" in decided.get(address).text


@pytest.mark.parametrize("code", ["R2099-01", "<b>R1</b>", "R" * 400])
def test_no_such_resolution(decided: FlaskClient, code: str) -> None:
    answer = decided.get(DECISIONS, query_string={"code": code})
    assert (answer.status_code, "没有决议" in answer.text, "<b>R1" in answer.text) == (400, True, False)
    assert "R" * 100 not in answer.text


def test_it_changes_nothing(decided: FlaskClient, month_file: Path) -> None:
    before = month_file.read_bytes()
    assert decided.post(DECISIONS, json={}, headers=ORIGIN).status_code in (403, 405)
    assert decided.post(f"{DECISIONS}stage", json={}, headers=ORIGIN).status_code == 403
    assert month_file.read_bytes() == before


def test_markup_is_shown_as_text(client: FlaskClient, street: StreetFolder, append: Callable[[str], None]) -> None:
    """The registers refuse it, but a record can be written with an editor."""
    append(f'2026-10-20 ! "<img src=x>" "x"\n  resolution: "R2026-00"\n  {COST}  5.00 CNY\n  {COST}  -5.00 CNY\n')
    page = client.get(f"{DECISIONS}?code=R2026-00").text
    assert "&lt;img src=x&gt;" in page
    assert "<img" not in page


def test_no_decision_is_said_without_a_command(client: FlaskClient) -> None:
    page = client.get("/c0001/extension/DecisionsPage/").text
    assert "jiezhang resolve" not in page
