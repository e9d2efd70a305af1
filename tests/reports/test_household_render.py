"""The owner's papers on paper and in Excel: every figure, large type, one household to a page, the same bytes twice."""

from __future__ import annotations

import dataclasses
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pypdfium2  # type: ignore[import-untyped]
import pytest

from jiezhang.domain.money import yuan
from jiezhang.domain.problem import Refused
from reports.balance_certificate import BalanceCertificate, capitals
from reports.fund_paper import FundAccount
from reports.household_account import Home, RenewLine
from reports.household_lines import LineKind, StatementLine
from reports.household_statement import HouseholdStatement
from reports.issuer import Issuer
from reports.render import balance_certificate_pdf
from reports.render.canvas import A4_HEIGHT, A4_WIDTH, Boxes, Page
from reports.render.flow import LEFT, RIGHT
from reports.render.household_statement_pdf import lay_out, render_pdf
from reports.render.household_statement_xlsx import render_xlsx

AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d(?!\d)")
ISSUER = Issuer(
    "示例区云溪街道办事处", "街道物业科 0500-0000100", "长吴社区", "C0007", "长吴公寓", "云溪路7号",
    "青桐物业服务有限公司", "小区服务站 0500-0000107",
)
LONG_ISSUER = dataclasses.replace(
    ISSUER, street="示" * 30, compound_name="长" * 20, address="云" * 200, contact="站" * 200, street_contact="科" * 200
)
KINDS: tuple[LineKind, ...] = ("deposit", "yield", "repair", "other", "received", "moved", "lost")


def home(number: int = 1, **more: object) -> Home:
    code = f"01-1-{number:04d}"
    made = Home(code, f"01幢1单元{number:04d}室", "Y0＊＊", Decimal("88.20"), "商品住宅", "", "01")
    return dataclasses.replace(made, **more)  # type: ignore[arg-type]


def statement(lines: int = 3, number: int = 1, issuer: Issuer = ISSUER, due: int = 0, large: int = 1,
              waiting: int = 0) -> HouseholdStatement:
    kinds = KINDS if large == 1 else KINDS[:4]  # ten million of each of seven kinds is nobody's account
    made, running = [], 1_234_567 * large
    for at in range(lines):
        change = (100_101 + at * 17) * large * (-1 if kinds[at % len(kinds)] in ("repair", "lost") else 1)
        running += change
        how = "费用 86,400.00 元，01幢1单元按建筑面积分摊：本户 88.20 ㎡ ÷ 共 2,120.00 ㎡。" if at % 2 else ""
        day = date(2026, 1, 1) + timedelta(at)
        made.append(StatementLine(day, kinds[at % len(kinds)], f"事项{at}", how, f"记-{at:04d}", change, running))
    return HouseholdStatement(
        issuer, home(number), date(2026, 1, 1), date(2026, 12, 31), 2_000_000, 1_234_567 * large, tuple(made),
        RenewLine(30, 600_000, due), waiting,
    )  # fmt: skip


def certificate(issuer: Issuer = ISSUER, balance: int = 1_066_366, due: int = 0, accounts: int = 1,
                waiting: int = 0) -> BalanceCertificate:
    bank = FundAccount("Assets:…", "建行4417", "**** **** 4417", "长吴公寓业主大会")
    return BalanceCertificate(
        issuer, home(), date(2026, 9, 30), balance, 2_000_000, RenewLine(30, 600_000, due), (bank,) * accounts, waiting,
    )


def texts_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def in_bounds(page: Page) -> None:
    for text in page.texts:
        wide = page.fonts.width(text.text, text.size)
        assert text.x >= LEFT - 0.5 and text.x + wide <= RIGHT + 0.5, text
        assert 20 < text.y < A4_HEIGHT - 30, text
    assert page.size == (A4_WIDTH, A4_HEIGHT)


CASES = {
    "no lines": statement(0),
    "few": statement(3),
    "to top up": statement(6, due=12_345, waiting=4),
    "many": statement(60),
    "long names": statement(5, issuer=LONG_ISSUER),
    "large": statement(8, large=10_000),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> HouseholdStatement:
    return CASES[request.param]


def test_every_figure_is_printed_and_no_other(case: HouseholdStatement) -> None:
    printed = set(AMOUNT.findall("".join(texts_of(render_pdf([case])))))
    figures = [case.opening_fen, case.in_fen, case.out_fen, case.closing_fen, case.first_deposit_fen]
    for kind in KINDS:
        figures += filter(None, (case.came_fen(kind), case.went_fen(kind)))
    for line in case.lines:
        figures += [abs(line.change_fen), line.balance_fen]
    figures += [case.line.line_fen, case.line.due_fen] if case.line.is_below else []
    reckoned = {amount for line in case.lines for amount in AMOUNT.findall(line.how)} | {"88.20"}
    assert printed == {yuan(fen) for fen in figures} | reckoned


def test_it_stays_on_the_page_in_large_type(case: HouseholdStatement) -> None:
    for page in lay_out(case):
        in_bounds(page)
        small = [t.text for t in page.texts if t.size < 12 and 45 < t.y < A4_HEIGHT - 60]
        assert not [text for text in small if case.issuer is ISSUER and not AMOUNT.fullmatch(text)]


def test_a_household_with_few_lines_has_one_page() -> None:
    for lines in range(7):
        assert len(lay_out(statement(lines, waiting=1))) == 1
    assert len(lay_out(statement(60))) == 4


def test_pages_are_numbered_by_household_and_repeat_its_name() -> None:
    texts = texts_of(render_pdf([statement(60, 1), statement(1, 2)]))
    assert len(texts) == 5
    for number, text in enumerate(texts[:4], 1):
        assert f"第 {number} 页　共 4 页" in text
        assert "0001室" in text and "0002室" not in text
        assert ("收进（元）" in text) == bool(AMOUNT.search(text.partition("对账有疑问")[0]))
    assert "第 1 页　共 1 页" in texts[4] and "0002室" in texts[4]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (statement(0), "这段时间没有收进，也没有用出。"),
        (statement(0), "首期交存20,000.00元。余额是首期交存的61.7%，不低于30%，目前不用续交。"),
        (statement(0, due=12_345), "余额低于首期交存的30%（6,000.00元），应当续交。补足到这条线要交123.45元；"),
        (statement(0), "对账有疑问，可以询问，也可以要求复核：小区服务站0500-0000107。"),
        (statement(0), "对答复不满意，找街道：街道物业科0500-0000100。"),
        (statement(0, waiting=4), "全小区维修资金另有4笔收支还在办理"),
    ],
)
def test_words(made: HouseholdStatement, words: str) -> None:
    flat = re.sub(r"\s", "", texts_of(render_pdf([made]))[0])
    assert words in flat
    assert ("还在办理" in flat) == bool(made.waiting)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"owner": "售房单位"}, "售房单位的资金，不要求续交。"),
        ({"status": "已灭失"}, "本户已灭失，不再记账。"),
        ({"status": "已注销"}, "本户已注销，不再记账。"),
    ],
)
def test_accounts_that_owe_nothing(changed: dict[str, str], words: str) -> None:
    made = dataclasses.replace(statement(0), home=home(**changed))
    assert words in re.sub(r"\s", "", texts_of(render_pdf([made]))[0])


def test_the_same_statements_give_the_same_bytes_and_progress_is_told() -> None:
    some = [statement(n, n) for n in range(1, 6)]
    told: list[tuple[int, int]] = []
    assert render_pdf(some, lambda done, of: told.append((done, of))) == render_pdf(some)
    assert told == [(n, 5) for n in range(1, 6)]
    assert render_pdf(some) != render_pdf([*some[:4], statement(4, 5)])
    assert render_xlsx(some) == render_xlsx(some)


@pytest.mark.parametrize("render", [render_pdf, render_xlsx])
def test_nothing_to_print(render: object) -> None:
    with pytest.raises(Refused):
        render([])  # type: ignore[operator]


def test_excel_has_every_household_and_every_line_and_its_sums_hold() -> None:
    some = [statement(n % 5, n, due=n) for n in range(1, 12)]
    values = openpyxl.load_workbook(io.BytesIO(render_xlsx(some)), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(render_xlsx(some)))
    heads, *rows, total = list(values["各户"].iter_rows(min_row=4, values_only=True))
    assert len(rows) == len(some)
    for row, made in zip(rows, some, strict=True):
        told = dict(zip(heads, row, strict=True))
        cells = {name: round(Decimal(told[name]) * 100) for name in heads[5:]}
        assert cells == {
            "首期交存": made.first_deposit_fen, "期初余额": made.opening_fen, "交存": made.deposits_fen,
            "收益": made.yields_fen, "维修": made.spent_fen, "其他": made.other_fen, "期末余额": made.closing_fen,
            "续交线": made.line.line_fen, "补足要交": made.line.due_fen,
        }  # fmt: skip
        assert told["期初余额"] + told["交存"] + told["收益"] - told["维修"] + told["其他"] == pytest.approx(
            told["期末余额"], abs=0.001)
    for column in range(4, len(heads)):
        assert total[column] == pytest.approx(sum(row[column] for row in rows), abs=0.001)
        letter = "ABCDEFGHIJKLMN"[column]
        assert formulas["各户"].cell(5 + len(rows), column + 1).value == f"=SUM({letter}5:{letter}{4 + len(rows)})"
    assert formulas["各户"]["L5"].value == "=G5+H5+I5-J5+K5"
    lines = list(values["明细"].iter_rows(min_row=5, values_only=True))
    assert [row[0] for row in lines] == [made.home.code for made in some for _ in made.lines]
    assert sum(round(Decimal(row[4] - row[5]) * 100) for row in lines) == sum(m.in_fen - m.out_fen for m in some)


PROOFS = {
    "plain": certificate(),
    "to top up": certificate(due=12_345, waiting=3),
    "long": certificate(LONG_ISSUER, balance=123_456_789_012, due=12_345, accounts=9, waiting=123),
    "longer": certificate(dataclasses.replace(LONG_ISSUER, address="云" * 300, contact="站" * 300), accounts=2, due=1),
    "empty": certificate(balance=0),
}


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
def test_the_certificate_is_one_page_with_its_words(proof: BalanceCertificate) -> None:
    [text] = texts_of(balance_certificate_pdf.render_pdf(proof))
    flat = re.sub(r"\s", "", text)
    for words in (
        f"￥{yuan(proof.balance_fen)}", f"人民币{capitals(proof.balance_fen)}", "截至2026年9月30日", "01幢1单元0001室",
        "88.20㎡", "Y0＊＊", "20,000.00元", "随房屋所有权一并过户给受让人", *balance_certificate_pdf.SEALS,
    ):
        assert words in flat, words
    assert ("应当续交" in flat) == proof.line.is_below
    assert ("还在办理" in flat) == bool(proof.waiting)
    assert balance_certificate_pdf.render_pdf(proof) == balance_certificate_pdf.render_pdf(proof)


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
def test_nothing_on_the_certificate_lies_on_anything(proof: BalanceCertificate) -> None:
    page = balance_certificate_pdf.lay_out(proof)
    in_bounds(page)
    words = ("经办", "复核", "出让人", "受让人（已知悉）", "年　　月　　日", *balance_certificate_pdf.SEALS)
    seals = max(y + height for shape in page.shapes if isinstance(shape, Boxes) and shape.line == 0.3
                for _, y, _, height in shape.boxes)  # fmt: skip
    assert all(t.text in words for t in page.texts if 45 < t.y < seals + 3), "words in the places of the seals"
    boxes = [(t.x, t.y, t.x + page.fonts.width(t.text, t.size), t.y + t.size * 0.8) for t in page.texts]
    for at, one in enumerate(boxes):
        for number, other in enumerate(boxes[:at]):
            apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            assert apart, (page.texts[at], page.texts[number])
