"""A whole month through the web, by everybody whose part it is: from the bank's files to the sealed month.

It is also where the handbook's pictures are taken (`make screenshots`).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import read_months
from jiezhang.office.operation_log import Asked
from tests.browser.hands import (
    MONTH,
    PHONE,
    C,
    Enter,
    Served,
    agree,
    agree_if_asked,
    answers,
    copy_of,
    fill,
    same_time,
    says,
    shot,
    tick_all,
    visit,
)  # fmt: skip
from tests.signed_in import office_of


@pytest.fixture
def street(sampled: Path, tmp_path: Path) -> StreetFolder:
    """August's statements are still with the bank."""
    folder = copy_of(sampled, tmp_path / "street")
    (folder.inbox / str(MONTH)).rename(tmp_path / "bank")
    return folder


def test_the_month(office: Served, enter: Enter, tmp_path: Path) -> None:
    import_and_complete(office, enter("K01"), tmp_path / "bank")
    reviewer = enter("F01")
    visit(reviewer, f"{C}VouchersPage/?month={MONTH}")
    assert reviewer.locator("#jz-reviewed .jz-act").count() == 0
    reviewer.locator("#jz-entered .jz-all").check()
    shot(reviewer, "凭证复核")
    reviewer.locator("#jz-entered .jz-act").click()
    says(reviewer, "已复核")

    poster = enter("K02")
    post_and_present(office, poster)
    everybody_signs(office, enter)

    visit(poster)
    shot(poster, "封月", 560)
    poster.on("dialog", lambda dialog: dialog.accept())
    poster.locator(".jz-do-close").click()
    agree_if_asked(poster, office, "K02")
    says(poster, "封月")
    visit(poster, f"{C}PartiesPage/?month={MONTH}")
    with poster.expect_download() as statement:
        poster.get_by_role("link", name="PDF").click()
    assert "三方对账单" in statement.value.suggested_filename
    with poster.expect_download() as sheet:
        visit(poster, f"{C}MonthPage/?month={MONTH}")
        poster.get_by_role("link", name="PDF").click()
    assert "公示表" in sheet.value.suggested_filename

    assert_done(office)
    look_around(office, enter)


def import_and_complete(office: Served, maker: Page, bank: Path) -> None:
    maker.get_by_role("link", name="收件夹").click()
    for place in sorted(bank.iterdir()):
        maker.locator("input[type=file]").set_input_files(sorted(place.iterdir()))
        maker.locator("select[name=compound]").select_option(place.name)
        maker.get_by_role("button", name="放入收件夹").click()
        expect(maker.locator("[role=status]")).to_contain_text("已放入")
    same_time(office.street.inbox)
    visit(maker, "/jiezhang/inbox")
    shot(maker, "收件夹", 560)
    maker.get_by_role("button", name="导入选中的文件").click()
    expect(maker.locator("[role=status]")).to_contain_text("余额全部验证相符")
    shot(maker, "导入以后", 440)

    office.look_again()
    maker.get_by_role("link", name="我的工作台").click()
    shot(maker, "我的工作台", 440)
    maker.get_by_role("link", name=f"{MONTH}").first.click()
    expect(maker.locator(".jz-page")).to_have_attribute("data-page", "month")
    expect(maker.locator("html")).to_have_attribute("lang", "zh-CN")  # the page's own script runs
    shot(maker, "本月补录")
    for row in answers(office):
        fill(maker, row, office)
        says(maker, "已补录 1 笔")
    expect(maker.get_by_text("待查明的")).to_have_count(0)


def post_and_present(office: Served, poster: Page) -> None:
    visit(poster, f"{C}VouchersPage/?month={MONTH}")
    poster.once("dialog", lambda dialog: dialog.accept())
    tick_all(poster, "reviewed")
    agree(poster, office, "K02", "过账签名")
    says(poster, "已过账")
    expect(poster.get_by_text("与对账单相符")).to_have_count(0)
    visit(poster, f"{C}MonthPage/?month={MONTH}")
    expect(poster.get_by_text("与对账单相符")).to_be_visible()

    visit(poster, f"{C}PartiesPage/?month={MONTH}")
    shot(poster, "报送")
    poster.locator(".jz-do-present").click()
    agree(poster, office, "K02")
    says(poster, "已报送")


def everybody_signs(office: Served, enter: Enter) -> None:
    inside = f"{C}PartiesPage/"
    for person, place in (("B01", "/jiezhang/c0001/parties/"), ("A01", inside), ("S01", inside)):
        party = enter(person)
        visit(party, f"{place}?month={MONTH}")
        if person == "B01":
            party.locator("#jz-sign").evaluate("form => form.scrollIntoView({ block: 'end' })")
            shot(party, "银行签署")
        with party.expect_download() as kept:
            party.locator(".jz-do-sign").click()
            agree(party, office, person)
            says(party, f"{MONTH} 确认")
        assert "存证" in kept.value.suggested_filename


def look_around(office: Served, enter: Enter) -> None:
    """What the head of the street, and a member of the committee with a phone, see of it."""
    office.look_again()
    head = enter("T01")
    head.get_by_role("link", name="全街道一览").click()
    expect(head.locator(".jz-street tbody tr")).to_contain_text("已封月")
    shot(head, "全街道一览", 600)
    head.get_by_role("link", name="操作日志").click()
    expect(head.locator("tbody tr").filter(has_text="封月")).not_to_have_count(0)
    shot(head, "操作日志")  # the one picture that another run changes: it names commits
    head.get_by_label("操作人").fill("K01")
    head.get_by_role("button", name="查询").click()
    expect(head.locator("tbody tr").filter(has_text="封月")).to_have_count(0)
    member = enter("C0001Y1", PHONE)
    visit(member, "/jiezhang/c0001/decisions/")
    shot(member, "手机上的决议")


def assert_done(office: Served) -> None:
    """The month is sealed in the books; every act is in the log with its commit, by who did it."""
    folder = office.street.compound("C0001")
    ledger = load_ledger(folder, read_street(office.street).city)
    assert ledger.errors == []
    assert read_months(folder).seal_of(MONTH) is not None
    rows = office_of(office.app).told.log.search(Asked(), None)
    acts = [(one.person, one.action) for one in rows[::-1] if one.phase == "done" and one.commit_id and one.person]
    kinds = list(dict.fromkeys(acts))
    assert kinds == [
        ("K01", "import"), ("K01", "complete"), ("F01", "review"), ("K02", "post"), ("K02", "present"),
        ("B01", "sign"), ("A01", "sign"), ("S01", "sign"), ("K02", "close"),
    ]  # fmt: skip
    assert office_of(office.app).acts.verify() == []
