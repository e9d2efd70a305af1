"""What the rules over a ledger alone say, word for word, and at which line; `test_plugins` has what they let pass."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser import parser

from jiezhang.domain.rules import (
    account_names,
    bank_provenance,
    cash_basis,
    clean_text,
    dedicated_accounts,
    exact_amounts,
    month_files,
    separate_funds,
    voucher_numbers,
)
from tests.plugins.test_plugins import SHORT

OPTIONS: dict[str, Any] = {"title": "C0007长吴公寓", "tolerance_multiplier": Decimal(0)}
WORDS = {
    **SHORT,
    "GFEE": "Expenses:C0007长吴公寓:G公共收益:5108手续费",
    "GCOST": "Expenses:C0007长吴公寓:G公共收益:5001经营成本",
    "GHELD": "Liabilities:C0007长吴公寓:G公共收益:2241其他应付款",
    "JBANK": "Assets:C0007长吴公寓:J01电梯集资:1002银行存款-工行5501",
    "JIN": "Income:C0007长吴公寓:J01电梯集资:4001集资收入",
}


def parsed(text: str, filename: str = "/s/C0007/2026/2026-01.beancount") -> list[data.Directive]:
    """A ledger in short words, not sorted; its first line is line 1."""
    for word in sorted(WORDS, key=len, reverse=True):
        text = text.replace(word, WORDS[word])
    entries, _, _ = parser.parse_string(textwrap.dedent(text).removeprefix("\n"), filename)
    return entries


def said(rule: ModuleType, text: str | Sequence[data.Directive], **options: Any) -> list[tuple[int, str]]:
    entries = parsed(text) if isinstance(text, str) else text
    found = rule.find(entries, {**OPTIONS, **options})
    assert {one.rule for one in found} <= {rule.RULE}
    assert all(one.entry in entries for one in found)
    return [(one.source["lineno"], one.message) for one in found]


# ------------------------------------------------------------------ exact_amounts
def test_a_tolerance_stands_at_the_first_entry() -> None:
    text = "2026-01-01 open GBANK\n2026-01-02 open GOTHER\n"
    why = "账簿的容差不为零：主文件缺少 option “tolerance_multiplier” “0”"
    assert said(exact_amounts, text, tolerance_multiplier=Decimal("0.5")) == [(1, why)]
    assert said(exact_amounts, "", tolerance_multiplier=Decimal("0.5")) == []


@pytest.mark.parametrize(
    ("leg", "sentence"),
    [
        ("1.00 CNY", ""),
        ("1.00 USD", "币种须为 CNY，写的是 USD"),
        ("1.0 CNY", "金额 1.0 须写到分（两位小数）"),
        ("", "分录缺少金额"),
        ("-1000000000000.00 CNY", "金额 -1000000000000.00 超过 14 位数字"),
        ("1.00 CNY @ 1.00 CNY", "分录不得带成本或单价"),
        ("1.00 CNY {2.00 CNY}", "分录不得带成本或单价"),
    ],
)
def test_each_leg_to_the_fen(leg: str, sentence: str) -> None:
    text = f'2026-01-05 * "x"\n  GBANK  1.00 CNY\n  GOTHER  {leg}\n'
    assert said(exact_amounts, text) == ([(3, sentence)] if sentence else [])


def test_a_leg_that_was_filled_in() -> None:
    [entry] = parsed('2026-01-05 * "x"\n  GBANK  1.00 CNY\n  GOTHER  -1.00 CNY\n')
    assert isinstance(entry, data.Transaction)
    assert entry.postings[1].meta is not None
    entry.postings[1].meta["__automatic__"] = True
    assert said(exact_amounts, [entry]) == [(3, "分录的金额须写明，不得由程序补足")]
    entry.postings[:] = [leg._replace(meta=None) for leg in entry.postings]
    assert said(exact_amounts, [entry]) == []


def test_balances_and_pads() -> None:
    text = """
    2026-02-01 balance GBANK 1.00 CNY
    2026-02-02 balance GBANK 1.00 ~ 0.01 CNY
    2026-02-03 balance GBANK 1.0 CNY
    2026-02-04 pad GBANK GOTHER
    """
    assert said(exact_amounts, text) == [
        (2, "余额核对不得带容差"),
        (3, "金额 1.0 须写到分（两位小数）"),
        (4, "不得使用 pad：它会悄悄补平余额，差额须查明后用凭证入账"),
    ]


# ------------------------------------------------------------------ month_files
VOUCHER = '2026-01-05 * "x"\n  GBANK  1.00 CNY\n  GOTHER  -1.00 CNY\n'


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("/s/C0007/2026/2026-01.beancount", ""),
        ("2026-01.beancount", ""),
        ("/s/C0007/2026/2026-02.beancount", "日期 2026-01-05 不在这个账簿文件的月份 2026-02 之内"),
        ("2025-01.beancount", "日期 2026-01-05 不在这个账簿文件的月份 2025-01 之内"),
        ("/s/C0007/main.beancount", "凭证只能写在月份账簿文件里"),
        ("accounts.beancount", "凭证只能写在月份账簿文件里"),
        ("/s/resolutions.beancount", "凭证只能写在月份账簿文件里"),
        ("<string>", ""),
    ],
)
def test_a_voucher_in_its_months_file(file: str, sentence: str) -> None:
    entries = parsed("2025-12-31 open GBANK\n" + VOUCHER, file)
    assert said(month_files, entries) == ([(2, sentence)] if sentence else [])


def test_a_voucher_from_nowhere_is_no_months() -> None:
    [entry] = parsed(VOUCHER)
    bare = entry._replace(meta={"lineno": 1})
    assert said(month_files, [bare]) == []


# ------------------------------------------------------------------ clean_text
LONG = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十末"
BAD_LESS, BAD_MARK = "中有不允许的字符 U+003C", "中有不允许的字符 U+200B"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (VOUCHER.replace('"x"', '"甲<" "x"'), f"文字“甲□”{BAD_LESS}"),
        (VOUCHER.replace('"x"', '"甲" "<x"'), f"文字“□x”{BAD_LESS}"),
        (VOUCHER.replace('"x"', f'"<{LONG}"'), f"文字“□{LONG[:29]}”{BAD_LESS}"),
        (VOUCHER.replace('"x"', '"a\u200bb<c"'), f"文字“a□b□c”{BAD_LESS}"),
        (VOUCHER.replace('"x"', '"a\u200bb" "<"'), f"文字“a□b”{BAD_MARK}"),
        (VOUCHER + '    bank-ref: "<"\n', f"文字“□”{BAD_LESS}"),
        (VOUCHER.replace('"x"\n', '"x"\n  own: "<"\n'), f"文字“□”{BAD_LESS}"),
        ('2026-01-05 event "a<" "b"\n', f"文字“a□”{BAD_LESS}"),
        ('2026-01-05 event "a" "b<"\n', f"文字“b□”{BAD_LESS}"),
        ('2026-01-05 query "a" "b<"\n', f"文字“b□”{BAD_LESS}"),
        ('2026-01-05 custom "a<"\n', f"文字“a□”{BAD_LESS}"),
        ('2026-01-05 custom "a" "b" "c<"\n', f"文字“c□”{BAD_LESS}"),
        ('2026-01-05 document GBANK "/a<.pdf"\n', f"文字“/a□.pdf”{BAD_LESS}"),
        ("2026-01-05 open GBANK\n", ""),
        ('2026-01-05 custom "a"\n', ""),
        (VOUCHER, ""),
    ],
)
def test_texts_without_markup(text: str, sentence: str) -> None:
    assert said(clean_text, text) == ([(1, sentence)] if sentence else [])


def test_a_voucher_without_words_or_metadata() -> None:
    [entry] = parsed(VOUCHER)
    assert isinstance(entry, data.Transaction)
    bare = entry._replace(payee=None, narration=None, postings=[leg._replace(meta=None) for leg in entry.postings])
    assert said(clean_text, [bare]) == []
    assert said(clean_text, [data.Custom({"filename": "x", "lineno": 1}, date(2026, 1, 1), "a", None)]) == []


# ------------------------------------------------------------------ voucher_numbers
def numbered(*numbers: str, flag: str = "*", other: str = "GOTHER", month: str = "2026-01") -> str:
    """One voucher of five lines for each number; without number where it is empty."""
    return "".join(
        f'{month}-05 {flag} "x"\n  {f"voucher: {chr(34)}{number}{chr(34)}" if number else "own: 1"}\n'
        f"  GBANK  1.00 CNY\n  {other}  -1.00 CNY\n\n"
        for number in numbers
    )


AS_0001 = "应写成 记-0001 的样子"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (numbered("记-0001", "记-0002"), []),
        (numbered("记-0002", "记-0001"), []),
        (numbered("", flag="!"), []),
        (numbered("记-0001", flag="!"), [(1, "待处理的流水不得有凭证号")]),
        (numbered("记-0001", flag="P"), [(1, "凭证标记“P”无效，只能是 *（已过账）或 !（待处理）")]),
        (numbered(""), [(1, "已过账的凭证没有凭证号")]),
        (numbered("记-0000"), [(1, f"凭证号“记-0000”{AS_0001}")]),
        (numbered("付-0001"), [(1, f"凭证号“付-0001”{AS_0001}")]),
        (numbered("记-0001", "记-0001"), [(6, "凭证号 记-0001 在 2026-01 重复")]),
        (numbered("记-0001", "记-0003", "记-0005"), [(6, "2026-01 的凭证号断号：缺 记-0002")]),
        (numbered("记-0002"), [(1, "2026-01 的凭证号断号：缺 记-0001")]),
        (numbered("记-0001", other="SUSPENSE"), [(1, "已过账的凭证仍有“待查款项”，须先查明再过账")]),
        (numbered("记-0001") + numbered("记-0001", month="2026-02"), []),
        (numbered("记-0001") + numbered("记-0002", month="2026-02"), [(6, "2026-02 的凭证号断号：缺 记-0001")]),
    ],
)
def test_numbers(text: str, found: list[tuple[int, str]]) -> None:
    assert said(voucher_numbers, text) == found


def test_the_opening_has_no_number_and_what_follows_is_still_looked_at() -> None:
    opening = '2026-01-01 * "期初"\n  opening: TRUE\n  GBANK  1.00 CNY\n  GOTHER  -1.00 CNY\n\n'
    assert said(voucher_numbers, opening) == []
    assert said(voucher_numbers, "2026-01-01 open GBANK\n" + opening + numbered("")) == [(7, "已过账的凭证没有凭证号")]


# ------------------------------------------------------------------ account_names
def test_names_of_accounts() -> None:
    text = """
    2026-01-04 note GBANK "x"
    2026-01-05 open Assets:Cash
    2026-01-05 open STRANGER
    2026-01-05 open GBANK:B01
    2026-01-05 open GBANK
    """
    stranger, part = WORDS["STRANGER"], WORDS["GBANK"] + ":B01"
    found = said(account_names, text)
    assert [line for line, _ in found] == [2, 3, 4]
    assert found[1:] == [
        (3, f"账户“{stranger}”不属于本账簿的小区“C0007长吴公寓”"), (4, f"账户“{part}”不能开设：专户之下不得再分明细")
    ]  # fmt: skip


# ------------------------------------------------------------------ dedicated_accounts
RULES = """2026-01-01 custom "jiezhang-holders" "G" "assembly committee" "某条例第60条" TRUE
2026-01-01 custom "jiezhang-holders" "W" "assembly" "某办法" FALSE
"""


def opened(word: str = "GBANK", **meta: str) -> str:
    usual = {"bank": "icbc", "bank-account": "1202", "holder": "业主大会", "holder-kind": "assembly"}
    said_of = {**usual, **{key.replace("_", "-"): value for key, value in meta.items()}}
    return f"2026-01-01 open {word}\n" + "".join(f'  {key}: "{value}"\n' for key, value in said_of.items() if value)


G, W, J = (f"专户“{WORDS[word]}”" for word in ("GBANK", "WBANK", "JBANK"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (opened(), []),
        (opened(holder_kind="committee"), []),
        (opened(bank="", holder=""), [(3, f"{G}没有登记银行、户名")]),
        (opened(holder_kind="", bank_account=""), [(3, f"{G}没有登记账号、户名性质")]),
        (opened(holder_kind="king"), [(3, f"{G}的户名性质“king”无法识别")]),
        (opened(holder_kind="person", holder="张三"), [(3, f"{G}不得以个人名义开立（户名：张三）")]),
        (opened(holder_kind="street"), [(3, f"{G}的户名性质“街道办事处”不在允许之列（某条例第60条）")]),
        (opened("JBANK"), [(3, f"{J}的户名性质“业主大会”不在允许之列（没有规则）")]),
        (opened("GOTHER", bank="", holder_kind="king"), []),
        ("2026-01-01 open Assets:Cash\n" + opened(bank=""), [(4, f"{G}没有登记银行")]),
        (opened(bank="") + opened("WBANK", holder_kind="king", bank_account="9"),
         [(3, f"{G}没有登记银行"), (7, f"{W}的户名性质“king”无法识别")]),
        (opened(bank_account="12-02 ab") + opened("WBANK", bank_account="1202AB"),
         [(8, f"银行账号 1202AB 已属于“{WORDS['GBANK']}”，一个专户只能属于一项资金")]),
        (opened(bank_account="1202A") + opened("WBANK", bank_account="1202B"), []),
        (opened(bank_account="") + opened("WBANK", bank_account=""),
         [(3, f"{G}没有登记账号"), (7, f"{W}没有登记账号")]),
    ],
)  # fmt: skip
def test_holders(text: str, found: list[tuple[int, str]]) -> None:
    assert said(dedicated_accounts, RULES + text) == found


def test_what_nobody_verified_only_advises() -> None:
    entries = parsed(RULES + opened("WBANK", holder_kind="street"))
    assert said(dedicated_accounts, entries) == []
    [one] = dedicated_accounts.advise(entries)
    assert (one.rule, one.message) == (
        "dedicated_accounts", f"{W}的户名性质“街道办事处”不在允许之列（某办法）"
    )  # fmt: skip
    assert dedicated_accounts.advise(parsed(RULES + opened(holder_kind="street"))) == []


def test_a_fund_without_a_rule_is_stopped() -> None:
    entries = parsed(opened("JBANK"))
    assert dedicated_accounts.advise(entries) == []
    assert said(dedicated_accounts, entries) == [(1, f"{J}的户名性质“业主大会”不在允许之列（没有规则）")]


# ------------------------------------------------------------------ cash_basis
NO_ROW = "没有银行流水的凭证不得入账：收支以银行、支付平台的对账单为准"


def moved(*legs: tuple[str, str], day: str = "05", flag: str = "*", more: str = "") -> str:
    return f'2026-01-{day} {flag} "x"\n{more}' + "".join(f"  {word}  {number} CNY\n" for word, number in legs)


def below(word: str, day: str, balance: str) -> str:
    return f"“{WORDS[word]}”在 2026-01-{day} 日终余额为负（{balance}）：付出的不能多于已有的"


DIFFERENCE = '  correction: "2026-01/记-0001"\n  correction-kind: "difference"\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (moved(("GCOST", "1.00"), ("GHELD", "-1.00")), [(1, NO_ROW)]),
        (moved(), [(1, NO_ROW)]),
        (moved(("GCOST", "1.00"), ("GHELD", "-1.00"), more="  opening: TRUE\n"), []),
        (moved(("GCOST", "1.00"), ("GBANK", "-1.00")), []),
        (moved(("UNDISTRIBUTED", "0.50"), ("FUND", "-0.50")), []),
        (moved(("UNDISTRIBUTED", "5.00"), ("FUND", "-5.00"), ("FUND", "0.00")), []),
        (moved(("TRANSIT", "-1.00"), ("GBANK", "1.00")), [(1, below("TRANSIT", "05", "-1.00"))]),
        (moved(("TRANSIT", "-1.00"), ("GBANK", "1.00"), flag="!"), []),
        (moved(("TRANSIT", "-0.01"), ("GBANK", "0.01")), [(1, below("TRANSIT", "05", "-0.01"))]),
        (moved(("TRANSIT", "-1.00"), ("GBANK", "1.00")) + moved(("TRANSIT", "1.00"), ("GBANK", "-1.00")), []),
        (moved(("TRANSIT", "-1.00"), ("GBANK", "1.00")) + moved(("TRANSIT", "-1.00"), ("GBANK", "1.00"), day="06"),
         [(1, below("TRANSIT", "05", "-1.00"))]),
        (moved(("TRANSIT", "-1.00"), ("GBANK", "1.00")) + moved(("TRANSIT", "-1.00"), ("GBANK", "1.00")),
         [(4, below("TRANSIT", "05", "-2.00"))]),
        (moved(("WCASH", "-1.00"), ("WBANK", "1.00")) + moved(("BONDS", "-2.00"), ("WBANK", "2.00"), day="06"),
         [(1, below("WCASH", "05", "-1.00")), (4, below("BONDS", "06", "-2.00"))]),
        (moved(("GCOST", "1.00"), ("GHELD", "-1.00"), more=DIFFERENCE),
         [(1, "更正的凭证 2026-01/记-0001 不在账上，或还没有过账")]),
        (moved(("GCOST", "1.00"), ("GBANK", "-1.00"), more=DIFFERENCE), []),  # bank_provenance says it
    ],
)  # fmt: skip
def test_no_money_without_a_row(text: str, found: list[tuple[int, str]]) -> None:
    assert said(cash_basis, text) == found


# ------------------------------------------------------------------ separate_funds
TRANSFER = [("GBANK", "-5.00"), ("GGIVE", "5.00"), ("WBANK", "5.00"), ("WTAKE", "-5.00")]
KIND = '  transfer: "G-W"\n'
G_NAME, W_NAME, J_NAME = "G公共收益", "W维修资金", "J01电梯集资"
WRONG_WAY = "“公共收益补充维修资金”的方向不对：须由公共收益专户付出、维修资金专户收入"
NOT_WHOLE = "“公共收益补充维修资金”须全数到账："
NOT_EQUAL = "“公共收益补充维修资金”的转出"


def transfer(*legs: tuple[str, str], more: str = KIND) -> str:
    return moved(*(legs or TRANSFER), more=more)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (transfer(), ""),
        (transfer(("GBANK", "1.00"), ("STRANGER", "-1.00")),
         f"分录“{WORDS['STRANGER']}”不属于本小区，一笔凭证不得涉及两个小区"),
        (transfer(("GBANK", "1.00"), ("WBANK", "-1.00")),
         f"资金“{G_NAME}”内借贷不平，差 1.00：每笔凭证须在所涉每项资金内各自平衡"),
        (transfer(more=""), f"一笔凭证涉及 {G_NAME}、{W_NAME}，但没有注明已登记的划转种类（G-W）"),
        (transfer(more='  transfer: "W-G"\n'), f"一笔凭证涉及 {G_NAME}、{W_NAME}，但没有注明已登记的划转种类（G-W）"),
        (transfer(("GBANK", "-5.00"), ("GGIVE", "5.00"), ("JBANK", "5.00"), ("JIN", "-5.00")),
         f"{G_NAME}、{J_NAME} 之间不是“公共收益补充维修资金”允许的划转方向"),
        (transfer(*TRANSFER, ("JBANK", "5.00"), ("JIN", "-5.00")),
         f"{G_NAME}、{J_NAME}、{W_NAME} 之间不是“公共收益补充维修资金”允许的划转方向"),
        (transfer(*TRANSFER[:2], ("WBANK", "6.00"), ("WTAKE", "-6.00")),
         f"{NOT_EQUAL} 5.00 与转入 6.00 应相等且不为零"),
        (transfer(("GBANK", "0.00"), ("GGIVE", "0.00"), ("WBANK", "0.00"), ("WTAKE", "0.00")),
         f"{NOT_EQUAL} 0.00 与转入 0.00 应相等且不为零"),
        (transfer(("GBANK", "-1.00"), ("GGIVE", "1.00"), ("WBANK", "1.00"), ("WTAKE", "-1.00")), ""),
        (transfer(("GBANK", "-0.01"), ("GGIVE", "0.01"), ("WBANK", "0.01"), ("WTAKE", "-0.01")), ""),
        (transfer(("GBANK", "5.00"), ("GGIVE", "-5.00"), ("WBANK", "-5.00"), ("WTAKE", "5.00")), WRONG_WAY),
        (transfer(("TRANSIT", "-5.00"), *TRANSFER[1:]), WRONG_WAY),
        (transfer(*TRANSFER[:2], ("WCASH", "5.00"), TRANSFER[3]), WRONG_WAY),
        (transfer(("GBANK", "5.00"), ("GHELD", "-10.00"), *TRANSFER[1:]), WRONG_WAY),
        (transfer(("GBANK", "-5.00"), ("GGIVE", "-5.00"), ("GHELD", "10.00"),
                  ("WBANK", "5.00"), ("WTAKE", "5.00"), ("WCASH", "-10.00")), WRONG_WAY),
        (transfer(*TRANSFER[:2], ("WBANK", "4.99"), ("WCASH", "0.01"), TRANSFER[3]),
         f"{NOT_WHOLE}付出 5.00，收入 4.99，转出 5.00"),
        (transfer(("GBANK", "-4.00"), ("GHELD", "-1.00"), *TRANSFER[1:]),
         f"{NOT_WHOLE}付出 4.00，收入 5.00，转出 5.00"),
        (moved(*TRANSFER[:2]), "科目“5201转入维修资金”只用于“公共收益补充维修资金”：划转两笔须同日登记在一张凭证"),
        (moved(*TRANSFER[2:]),
         "科目“4201经营”只用于“公共收益补充维修资金”：划转两笔须同日登记在一张凭证"),
        (moved(*TRANSFER[:2], flag="!"), ""),
        (moved(*TRANSFER[:2], more="  opening: TRUE\n"), ""),
        (moved(("GHELD", "-5.00"), ("GGIVE", "5.00")), ""),
        (moved(("GBANK", "-5.00"), ("GOTHER", "5.00"), more='  counterparty-account: "33-00"\n'),
         f"对方账号 3300 是本小区“{W_NAME}”的专户：划转两笔须同日登记在一张凭证"),
        (moved(("GBANK", "-5.00"), ("GOTHER", "5.00"), more='  counterparty-account: "12-02"\n'), ""),
        (moved(("GBANK", "-5.00"), ("GOTHER", "5.00"), more='  counterparty-account: "9"\n'), ""),
        (moved(("GBANK", "-5.00"), ("GOTHER", "5.00"), more='  counterparty-account: "-"\n'), ""),
    ],
)  # fmt: skip
def test_each_fund_by_itself(text: str, sentence: str) -> None:
    opens = f'2026-01-01 open JBANK\n{opened()}{opened("WBANK", bank_account="3300")}'
    assert said(separate_funds, opens + text) == ([(12, sentence)] if sentence else [])


def test_a_transfer_by_itself() -> None:
    right, wrong = parsed(transfer() + transfer(more=""))
    assert isinstance(right, data.Transaction)
    assert isinstance(wrong, data.Transaction)
    assert separate_funds.transfer_fault(right) == ""
    assert separate_funds.transfer_fault(wrong) == (
        f"一笔凭证涉及 {G_NAME}、{W_NAME}，但没有注明已登记的划转种类（G-W）"
    )


# ------------------------------------------------------------------ bank_provenance
ROW = f'    bank-ref: "A1/100"\n    source-sha256: "{"0" * 64}"\n    source-row: 1\n'


def banked(day: str = "05", ref: str = "A1/100", number: str = "1.00", more: str = "", row: str = ROW) -> str:
    """A voucher of six lines; its bank leg stands on the third."""
    text = f'2026-01-{day} * "x"\n  own: "y"\n  GBANK  {number} CNY\n' + row.replace("A1/100", ref) + more
    return text + f"  GOTHER  {number.removeprefix('-') if number[0] == '-' else '-' + number} CNY\n"


BY_IMPORT = "，须由导入产生"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (banked(), []),
        (banked(number="-1.00", ref="A1/-100"), []),
        (banked(row=""), [(3, f"银行分录没有注明对账单来源（缺 bank-ref、source-sha256、source-row）{BY_IMPORT}")]),
        (banked(row=ROW.replace("0" * 64, "0" * 63)), [(3, f"银行分录的对账单指纹“{'0' * 63}”写法不对")]),
        (banked(more='    corrected-ref: "A1/1"\n'), [(3, "corrected-ref 只用于红字注销和订正的凭证")]),
        (banked(number="1.000"), [(3, "银行分录金额 1.000 与对账单流水 A1/100 的金额不符")]),
        (banked(ref="A1"), [(3, "银行分录金额 1.00 与对账单流水 A1 的金额不符")]),
        (banked(ref="A1/101"), [(3, "银行分录金额 1.00 与对账单流水 A1/101 的金额不符")]),
        (banked() + banked(), [(10, "对账单流水 A1/100 已在 2026-01.beancount 第 3 行 入账，不得重复入账")]),
        (banked() + banked().replace("GBANK", "WBANK").replace("GOTHER", "WTAKE"), []),
        (banked(more='    bank-balance: "1.00"\n'), [(3, "银行分录的余额“1.00”写法不对，应写到分")]),
        (banked(more="    bank-balance: 1.0\n"),
         [(3, "银行分录的余额“1.0”写法不对，应写到分")]),
        (banked("06") + banked("07", "A2/100", more="    bank-balance: 2.01\n"),
         [(10, "银行写的余额 2.01 接不上：2026-01-07 账面从 1.00 到 2.00")]),
        (banked("05", "A1/10000", "100.00", "    bank-balance: 100.00\n")
         + banked("05", "A2/2000", "20.00", "    bank-balance: 120.01\n"),
         [(11, "银行写的余额 120.01 接不上：2026-01-05 账面从 0.00 到 120.00")]),
        (banked(row="").replace("GBANK", "Assets:Cash"), []),
        (moved(("GBANK", "1.00"), ("GOTHER", "-1.00"), more="  opening: TRUE\n") * 2, [(5, "期初余额只能有一笔")]),
        (moved(("GBANK", "1.00"), ("GOTHER", "-1.00"), more="  opening: TRUE\n") * 3,
         [(5, "期初余额只能有一笔"), (9, "期初余额只能有一笔")]),
        (banked("04") + moved(("GHELD", "1.00"), ("GOTHER", "-1.00"), more="  opening: TRUE\n"),
         [(8, "期初余额须是账簿的第一笔，但 2026-01-04 已有业务")]),
        ("", []),
    ],
)  # fmt: skip
def test_rows(text: str, found: list[tuple[int, str]]) -> None:
    assert said(bank_provenance, text) == found


def test_a_leg_without_an_amount_has_none_of_the_banks() -> None:
    [entry] = parsed(banked())
    assert isinstance(entry, data.Transaction)
    for units in (None, Amount(None, "CNY")):
        bare = entry._replace(postings=[entry.postings[0]._replace(units=units), entry.postings[1]])
        assert said(bank_provenance, [bare]) == [(3, "银行分录金额 None 与对账单流水 A1/100 的金额不符")]


def test_a_correction_is_checked_as_a_whole_and_what_follows_it_by_itself() -> None:
    wrong = banked(row='    corrected-ref: "A1/100"\n').replace('own: "y"', 'correction-kind: "red"')
    found = said(bank_provenance, wrong + banked("06", "A9/1"))
    assert found == [
        (8, "银行分录金额 1.00 与对账单流水 A9/1 的金额不符"),
        (1, "更正的凭证 （没有写明） 不在账上，或还没有过账"),
    ]
    inside = wrong.replace("  GBANK", "  GBANK  0.00 CNY\n  GBANK", 1)
    assert [line for line, _ in said(bank_provenance, inside)] == [1]
    elsewhere = wrong.replace("GBANK", "GHELD")  # cash_basis says it
    assert said(bank_provenance, elsewhere) == []
