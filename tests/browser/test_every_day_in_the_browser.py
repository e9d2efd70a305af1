"""What happens at the desks every day: two people at once, a password asked again, a keyboard only, a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.hands import (
    MONTH,
    PASSWORD,
    PHONE,
    C,
    Enter,
    Served,
    agree,
    answers,
    boxes_of,
    fill,
    row_at,
    says,
    tick_all,
    visit,
)  # fmt: skip

MONTH_PAGE = f"{C}MonthPage/?month={MONTH}"
MARKUP = "<img src=x onerror=document.title='ran'><script>document.title='ran'</script>"
TABS_MAX = 400


def test_the_later_of_two_is_told_who_did_what(office: Served, enter: Enter) -> None:
    first, second = answers(office)[:2]
    one, other = enter("K01"), enter("K02")
    visit(one, MONTH_PAGE)
    visit(other, MONTH_PAGE)
    fill(other, first, office)
    says(other, "已补录 1 笔")
    fill(one, second, office)
    says(one, "账簿在打开本页之后有了改动，这次操作没有执行，请刷新页面后再做（09:30 K02 代理会计2号 补录")
    visit(one)
    expect(row_at(one, second)).not_to_have_attribute("data-complete", "")
    fill(one, second, office)
    says(one, "已补录 1 笔")
    expect(row_at(one, first)).to_have_attribute("data-complete", "")


def test_the_password_is_asked_again_before_posting(office: Served, enter: Enter) -> None:
    poster = enter("K02")
    visit(poster, f"{C}VouchersPage/?month={MONTH}")
    poster.on("dialog", lambda dialog: dialog.accept())
    office.clock.turn(minutes=11)
    tick_all(poster, "reviewed")
    asked = poster.locator("dialog.jz-dialog", has_text="过账前请再输入一次密码")
    asked.get_by_label("密码").fill("不是这个")
    asked.get_by_role("button", name="确认").click()
    expect(asked.get_by_role("alert")).to_contain_text("密码")
    expect(poster.locator("dialog.jz-sign")).to_have_count(0)
    asked.get_by_label("密码").fill(PASSWORD)
    asked.get_by_label("密码").press("Enter")
    agree(poster, office, "K02")
    says(poster, "已过账")


def test_who_does_not_give_the_password_posts_nothing(office: Served, enter: Enter) -> None:
    poster = enter("K02")
    visit(poster, f"{C}VouchersPage/?month={MONTH}")
    poster.on("dialog", lambda dialog: dialog.accept())
    before = poster.locator("#jz-reviewed .jz-voucher").count()
    office.clock.turn(minutes=11)
    tick_all(poster, "reviewed")
    poster.get_by_role("button", name="不办了").click()
    says(poster, "没有办理")
    visit(poster)
    assert poster.locator("#jz-reviewed .jz-voucher").count() == before > 0


def test_a_row_is_completed_with_the_keyboard_only(office: Served, enter: Enter) -> None:
    page = enter("K01")
    office.look_again()
    visit(page)
    tab_to(page, f'a[href*="month={MONTH}"]')
    page.keyboard.press("Enter")
    expect(page.locator(".jz-page")).to_have_attribute("data-page", "month")
    row = next(one for one in answers(office) if one.resolution == "" and not one.batch and not one.join_ref)
    here = f'.jz-row[data-ref="{row.bank_ref}"]'
    tab_to(page, f"{here} .jz-other")
    choose(page, row_at(page, row).locator(".jz-other"), row.other_account)
    boxes = boxes_of(row, office)
    for _ in range(len(boxes)):
        tab_to(page, ", ".join(f"{here} .jz-{name}" for name in boxes))
        focused = page.locator("*:focus")
        name = next(one for one in boxes if focused.evaluate(f"at => at.matches('.jz-{one}')"))
        value = boxes.pop(name)
        if focused.evaluate("at => at.tagName") == "SELECT":
            choose(page, focused, value)
        else:
            page.keyboard.press("Control+A")
            page.keyboard.type(value)
    tab_to(page, f"{here} input[maxlength], {here} .jz-do-complete")
    page.keyboard.press("Enter")
    says(page, "已补录 1 笔")
    assert page.locator("*:focus").evaluate("at => at.matches('.jz-row:not(.jz-complete) .jz-other')"), "the next row"


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on `wanted`; wherever it comes by, one sees it."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        at, seen = page.evaluate(
            """wanted => {
                const at = document.activeElement, style = getComputedStyle(at);
                const isOurs = at.closest(".jz-plain, .jz-page") !== null;
                return [at.matches(wanted), !isOurs || style.outlineStyle !== "none" || at.matches(".jz-files")];
            }""",
            wanted,
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")
        if at:
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def choose(page: Page, select: Locator, value: str) -> None:
    """Go down a closed list with the arrow keys."""
    for _ in range(TABS_MAX):
        if select.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not offered")


def test_who_is_quicker_than_the_script_finds_the_accounts(office: Served, enter: Enter) -> None:
    page, row = enter("K01"), answers(office)[0]
    held: list[Route] = []
    page.route("**/MonthPage.js*", lambda route: held.append(route))
    page.goto(MONTH_PAGE)
    other = row_at(page, row).locator(".jz-other")
    other.focus()
    assert row.other_account not in other.inner_html()
    page.wait_for_timeout(200)
    for route in held:
        route.continue_()
    other.select_option(row.other_account)


def test_an_original_is_dropped_on_its_row(office: Served, enter: Enter) -> None:
    page, row = enter("K01"), answers(office)[0]
    visit(page, MONTH_PAGE)
    expect(row_at(page, row).locator(".jz-originals")).to_contain_text("没有附原件")
    files = page.evaluate_handle(
        """() => {
            const dropped = new DataTransfer();
            dropped.items.add(new File(["%PDF-1.4 invoice"], "发票.pdf", { type: "application/pdf" }));
            return dropped;
        }"""
    )
    row_at(page, row).locator("td").first.dispatch_event("drop", {"dataTransfer": files})
    says(page, "已附 1 个文件")
    expect(row_at(page, row).locator(".jz-originals")).to_contain_text("原件 1 件")
    assert list((office.street.compound("C0001").path / "documents").rglob("*发票.pdf"))


def test_where_fava_adds_up_the_funds_it_is_said(office: Served, enter: Enter) -> None:
    page = enter("K01")
    for place, is_told in (("income_statement", True), ("balance_sheet", True), ("journal", False)):
        visit(page, f"/c0001/{place}/")
        expect(page.locator("aside a.selected")).to_be_attached()
        assert page.locator(".jz-all-funds").is_visible() == is_told, place
    page.locator('aside a[href*="/balance_sheet/"]').click()
    expect(page.locator(".jz-all-funds")).to_be_visible()
    expect(page.locator('aside a[href*="/help/"]')).to_be_hidden()


def test_the_sheet_is_printed_for_the_day_it_goes_up(office: Served, enter: Enter) -> None:
    page = enter("K01")
    visit(page, MONTH_PAGE)
    day = page.locator(".jz-posting-day")
    assert day.input_value() == "2026-09-07"
    day.fill("2026-09-12")
    links = page.locator(".jz-downloads a").evaluate_all("links => links.map((one) => new URL(one.href).search)")
    assert links == ["?month=2026-08&posted=2026-09-12"] * 2


def test_favas_own_boxes_leave_a_telephone_to_our_pages(office: Served, enter: Enter) -> None:
    page = enter("K01", PHONE)
    for place, is_shown in ((MONTH_PAGE, False), ("/c0001/journal/", True)):
        visit(page, place)
        assert page.get_by_placeholder("时间").is_visible() == is_shown, place


def test_signed_out_is_out(office: Served, enter: Enter) -> None:
    page = enter("K01")
    visit(page, MONTH_PAGE)
    visit(page, "/jiezhang/desk")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/jiezhang/sign-in?out=1")
    page.go_back()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    visit(page, MONTH_PAGE)
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_markup_that_somebody_wrote_into_the_files_is_read_as_text(office: Served, enter: Enter) -> None:
    """What comes through the program is cleaned; what is written past it still does nothing."""
    asking = enter("C0001R1")
    visit(asking, "/jiezhang/c0001/questions/")
    asking.get_by_label("内容").fill("为什么")
    asking.get_by_role("button", name="提出疑问").click()
    expect(asking.get_by_text("YW0001").first).to_be_visible()
    folder = office.street.compound("C0001").path
    put_into(folder / "questions.csv", "为什么")
    row = answers(office)[0]
    page = enter("K01")
    visit(page, MONTH_PAGE)
    put_into(folder / f"2026/{MONTH}.beancount", row_at(page, row).locator(".jz-narration").input_value())
    for place in ("/jiezhang/c0001/questions/", "/jiezhang/desk", MONTH_PAGE, "/c0001/journal/"):
        visit(page, place)
        page.wait_for_load_state("networkidle")
        assert page.title() != "ran"
        assert page.locator("img[src=x]").count() == 0
    visit(page, "/jiezhang/c0001/questions/")
    expect(page.get_by_role("alert")).to_contain_text(f"写法不对（写的是“{MARKUP[:20]}")
    visit(page, MONTH_PAGE)
    expect(row_at(page, row).locator(".jz-narration")).to_have_value(MARKUP)


def put_into(path: Path, words: str) -> None:
    text = path.read_text("utf-8")
    assert words in text
    path.write_text(text.replace(words, MARKUP), "utf-8")


@pytest.mark.parametrize(
    ("person", "places"),
    [
        ("K01", ["/jiezhang/desk", "/jiezhang/inbox", MONTH_PAGE, f"{C}VouchersPage/?month={MONTH}"]),
        ("T01", ["/jiezhang/desk", "/jiezhang/board", "/jiezhang/log", f"{C}PartiesPage/?month=2026-07", "/"]),
        ("B01", ["/jiezhang/desk", "/jiezhang/c0001/parties/?month=2026-07"]),
        ("C0001Y1", ["/jiezhang/desk", "/jiezhang/c0001/decisions/", "/jiezhang/c0001/questions/"]),
    ],
)
def test_a_telephone_does_not_scroll_sideways(office: Served, enter: Enter, person: str, places: list[str]) -> None:
    page = enter(person, PHONE)
    office.look_again()
    for place in places:
        visit(page, place)
        page.wait_for_load_state("networkidle")
        wide = page.evaluate(
            "[...document.querySelectorAll('html, article')].map((at) => at.scrollWidth - at.clientWidth)"
        )
        assert max(wide) <= 0, place
        if place == "/jiezhang/c0001/decisions/":
            page.locator(".jz-table a").first.click()
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], page.url
