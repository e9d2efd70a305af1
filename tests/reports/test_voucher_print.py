"""The printed voucher holds what art. 51 asks; red amounts are red; three places on a sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pypdfium2  # type: ignore[import-untyped]
import pytest
from beancount.core import data
from beancount.core.amount import Amount

from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Person, Street
from reports.render.voucher_pdf import LINES, lay_out, render_pdf
from reports.voucher_print import PrintedVoucher, printed_vouchers
from tests.conftest import G_BANK, PEOPLE, W_BANK, account

COMPOUND = Compound(code="C0007", name="长吴公寓", community="SQ01", kind="commercial", start=date(2026, 9, 1))
STREET = Street(
    name="长吴街道", city="hangzhou", people=(*PEOPLE, Person(id="C01", name="出纳员", roles=("cashier",)))
)
REPAIR = account("Expenses:5101维修养护")


def entry(number: str, *legs: tuple[str, str], flag: str = "*", **meta: object) -> data.Transaction:
    about = {
        "filename": "x", "lineno": 1, "voucher": number, "maker": "K01", "reviewer": "F01", "poster": "T01",
        "attachments": Decimal(2), **{key.replace("_", "-"): value for key, value in meta.items()},
    }  # fmt: skip
    postings = [
        data.Posting(name, Amount(Decimal(amount), "CNY"), None, None, None,
                     {"bank-ref": f"S/{amount}"} if "1002" in name else None)
        for name, amount in legs
    ]  # fmt: skip
    day, nothing = date(2026, 9, 2), frozenset[str]()
    return data.Transaction(about, day, flag, "示例工程公司", "换楼道灯", nothing, nothing, postings)


LAMP = entry("记-0002", (G_BANK, "-1234.56"), (REPAIR, "1234.56"), cashier="C01", resolution="R2026-07", invoice="88")


def printed(*entries: data.Transaction) -> tuple[PrintedVoucher, ...]:
    return printed_vouchers(entries, STREET, COMPOUND, Month(2026, 9))


def words(*entries: data.Transaction) -> list[list[str]]:
    """The texts of every sheet."""
    return [[text.text for text in page.texts] for page in lay_out(printed(*entries))]


def test_everything_a_voucher_must_hold() -> None:
    (sheet,) = words(LAMP)
    for said in (
        "记账凭证", "记-0002号", "2026年9月2日", "附单据 2 张", "C0007 长吴公寓（公共收益）", "长吴街道",
        "1002 银行存款-工行3021", "5101 维修养护", "合计　人民币壹仟贰佰叁拾肆元伍角陆分", "会计主管：街道负责人",
        "记账：街道负责人", "审核：街道复核员", "出纳：出纳员", "制单：代理会计",
        "银行流水 S/-1234.56　决议 R2026-07　发票 88",
    ):  # fmt: skip
        assert said in sheet, said
    assert sheet.count("1,234.56") == 4  # each side, and both sums
    assert "换楼道灯　示例工程公" in "".join(sheet)


def test_debits_stand_first() -> None:
    (one,) = printed(LAMP)
    assert [(line.account[:4], line.debit, line.credit) for line in one.lines] == [
        ("5101", Decimal("1234.56"), None), ("1002", None, Decimal("1234.56")),
    ]  # fmt: skip


def test_a_red_voucher_is_red_and_has_a_minus() -> None:
    red = entry("记-0005", (G_BANK, "30.00"), (REPAIR, "-30.00"), correction="2026-09/记-0002", correction_kind="red")
    (page,) = lay_out(printed(red))
    assert {text.text for text in page.texts if text.red} == {"-30.00", "合计　人民币负叁拾元整"}
    assert [(line.debit, line.credit) for line in printed(red)[0].lines] == [
        (Decimal("-30.00"), None), (None, Decimal("-30.00")),
    ]  # fmt: skip
    assert "银行流水 S/30.00　红字注销 2026-09/记-0002" in words(red)[0]
    assert _is_coloured(render_pdf(printed(red)))
    assert not _is_coloured(render_pdf(printed(LAMP)))


def _is_coloured(pdf: bytes) -> bool:
    """Whether anything on the first page is neither black, grey nor white."""
    document = pypdfium2.PdfDocument(pdf)
    pixels = document[0].render(scale=1).to_numpy().astype(int)
    document.close()
    return bool((pixels[..., :3].max(axis=2) - pixels[..., :3].min(axis=2) > 100).any())


def test_two_funds_are_named_at_each_leg() -> None:
    both = entry(
        "记-0003", (G_BANK, "-5.00"), (account("Expenses:5201转入维修资金"), "5.00"), (W_BANK, "5.00"),
        (account("Income:4201经营", "W维修资金"), "-5.00"),
    )  # fmt: skip
    (one,) = printed(both)
    assert one.funds == "公共收益、维修资金"
    assert [line.account for line in one.lines] == [
        "公共收益 5201 转入维修资金", "维修资金 1001 银行存款-建行4417",
        "公共收益 1002 银行存款-工行3021", "维修资金 4201 经营",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (3, 1), (4, 2), (7, 3)])
def test_three_to_a_sheet(count: int, sheets: int) -> None:
    entries = [LAMP._replace(meta={**LAMP.meta, "voucher": f"记-{number:04d}"}) for number in range(1, count + 1)]
    assert [sum(text == "记账凭证" for text in sheet) for sheet in words(*entries)] == (
        [3] * (count // 3) + [count % 3] * bool(count % 3)
    )
    assert len(words(*entries)) == sheets


def test_many_legs_go_on_in_the_next_place() -> None:
    legs = [(f"{account('Income:4001交存', 'W维修资金')}:{n:02d}", "-1.00") for n in range(1, 2 * LINES + 1)]
    (sheet,) = words(entry("记-0009", (W_BANK, f"{2 * LINES}.00"), *legs))
    assert [text for text in sheet if text.startswith("记-0009")] == [f"记-0009号（{n}/3）" for n in (1, 2, 3)]
    assert (sheet.count("（转下页）"), sum(text.startswith("合计") for text in sheet)) == (2, 1)


def test_only_what_is_posted_in_the_month_by_number() -> None:
    numbers = ["记-0010", "记-0002", "记-10000"]
    entries = [LAMP._replace(meta={**LAMP.meta, "voucher": number}) for number in numbers]
    other = [LAMP._replace(date=date(2026, 10, 1)), LAMP._replace(flag="!")]
    assert [one.number for one in printed(*entries, *other)] == ["记-0002", "记-0010", "记-10000"]


def test_the_same_vouchers_give_the_same_bytes() -> None:
    assert render_pdf(printed(LAMP)) == render_pdf(printed(LAMP))
    with pytest.raises(Refused, match="没有凭证可以打印"):
        render_pdf(())
