"""The fault table, first part: entries somebody changed by hand. `check` says what and where; nothing changes."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import snapshot
from tests.faults.breaking import (
    ACCOUNTS,
    BOOK,
    COST,
    INCOME,
    Break,
    Fault,
    append,
    double,
    drop,
    edit,
    judge,
    run,
)

AD = "Income:.*4002电梯广告"


def _fen_more(pattern: str, having: str) -> Break:
    """The amount in the line of the first entry that holds `having` is one fen more."""

    def more(found: re.Match[str]) -> str:
        return f"{found[1]}{Decimal(found[2]) + Decimal('0.01')}"

    def broken(street: Path) -> None:
        path = street / BOOK
        blocks = path.read_text("utf-8").split("\n\n")
        index = next(i for i, block in enumerate(blocks) if re.search(having, block))
        blocks[index] = re.sub(rf"({pattern}\S*\s+)(-?[\d.]+)", more, blocks[index])
        path.write_text("\n\n".join(blocks), "utf-8")

    return broken


def _typed(*lines: str, date: str = "2026-06-15", meta: str = '  voucher: "记-9999"\n') -> Break:
    return append(BOOK, f'{date} * "手工凭证"\n{meta}' + "".join(f"  {line}\n" for line in lines))


FAULTS = [
    # amounts
    Fault(
        "a fen more on the bank's leg",
        _fen_more("Assets:", AD),
        r"银行分录金额 [\d.]+ 与对账单流水 \S+ 的金额不符",
        "Assets:.*1002",
    ),
    Fault("a fen more on the other leg", _fen_more("Income:", AD), r"借贷不平，差 0.01", r"^2026-06-\d\d \*"),
    Fault(
        "a swapped sign",
        edit(BOOK, r"(1002\S+\s+)(\d)", r"\1-\2", AD),
        r"银行分录金额 -[\d.]+ 与对账单流水 \S+ 的金额不符",
        "Assets:.*1002",
    ),
    Fault(
        "three decimals",
        edit(BOOK, r"(\d\.\d\d) CNY", r"\g<1>0 CNY", AD),
        r"金额 \d+\.\d\d0 须写到分（两位小数）",
        "0 CNY",
    ),
    Fault(
        "whole yuan",
        edit(BOOK, r"(Income\S+\s+-\d+)\.00 CNY", r"\1 CNY", AD),
        r"金额 -\d+ 须写到分（两位小数）",
        "Income",
    ),
    Fault("dollars", edit(BOOK, "CNY", "USD", AD), "币种须为 CNY，写的是 USD", "USD"),
    Fault("a price", edit(BOOK, "CNY", "CNY @ 1.00 CNY", AD), "分录不得带成本或单价", "@"),
    Fault("a cost", edit(BOOK, "CNY", "CNY {1.00 CNY}", AD), "分录不得带成本或单价", "{"),
    Fault(
        "a missing amount",
        edit(BOOK, r"(Income\S+)\s+-[\d.]+ CNY", r"\1", AD),
        "分录的金额须写明，不得由程序补足",
        "Income",
    ),
    Fault(
        "an expression",
        edit(BOOK, r"(Income\S+\s+-)\d+\.00 CNY", r"\g<1>0.00 * 3 CNY", AD),
        "借贷不平，差 .*",
        r"^2026",
    ),
    Fault("a tolerance", edit(BOOK, r"([\d.]+) CNY", r"\1 ~ 0.05 CNY", " balance "), "余额核对不得带容差", "balance"),
    Fault(
        "another closing balance",
        edit(BOOK, r"(\d)\.(\d\d) CNY", r"\g<1>1.\2 CNY", " balance "),
        r"余额不符：“G_BANK”对账单余额 [\d.]+，账面余额 [\d.]+",
        "balance",
    ),
    # vouchers
    Fault("a dropped voucher", drop(BOOK, AD), r"2026-06 的凭证号断号：缺 记-\d{4}", r"^2026-06-\d\d \*"),
    Fault("a dropped voucher, by its balance", drop(BOOK, AD), r"余额不符：“G_BANK”.*", "balance"),
    Fault("a doubled voucher", double(BOOK, AD), r"凭证号 记-\d{4} 在 2026-06 重复", r"^2026-06"),
    Fault(
        "a doubled voucher, by its bank row",
        double(BOOK, AD),
        r"对账单流水 \S+ 已在 2026-06.beancount 第 \d+ 行 入账，不得重复入账",
        "Assets:.*1002",
    ),
    Fault("a voucher number used again", edit(BOOK, "记-0003", "记-0002"), "凭证号 记-0002 在 2026-06 重复", "^2026"),
    Fault("a gap in the numbers", edit(BOOK, "记-0005", "记-5000"), "2026-06 的凭证号断号：缺 记-0005", "^2026"),
    Fault(
        "a number written otherwise", edit(BOOK, "记-0005", "记0005"), "凭证号“记0005”应写成 记-0001 的样子", "^2026"
    ),
    Fault("number nought", edit(BOOK, "记-0005", "记-0000"), "凭证号“记-0000”应写成 记-0001 的样子", "^2026"),
    Fault("no number", edit(BOOK, r'  voucher: "记-0005"\n', ""), "已过账的凭证没有凭证号", "^2026"),
    Fault("a waiting row with a number", edit(BOOK, r" \* ", " ! ", AD), "待处理的流水不得有凭证号", "^2026"),
    Fault(
        "another flag",
        edit(BOOK, r" \* ", " ? ", AD),
        r"凭证标记“\?”无效，只能是 \*（已过账）或 !（待处理）",
        "^2026",
    ),
    Fault(
        "suspense in a posted voucher",
        edit(BOOK, r"Income:(\S+):4002电梯广告", r"Liabilities:\1:2999待查款项", AD),
        "已过账的凭证仍有“待查款项”，须先查明再过账",
        "^2026",
    ),
    Fault(
        "a date moved to another month",
        edit(BOOK, r"2026-06-\d\d \*", "2026-07-03 *", AD),
        r"日期 2026-07-03 不在这个账簿文件的月份 2026-06 之内",
        "2026-07-03",
    ),
    Fault(
        "a date before all accounts",
        edit(BOOK, r"2026-06-\d\d \*", "1889-07-03 *", AD),
        r"日期 1889-07-03 不在这个账簿文件的月份 2026-06 之内",
        "1889",
    ),
    Fault(
        "a date there is not", edit(BOOK, r"2026-06-\d\d \*", "2026-06-31 *", AD), "日历上没有这一天", "2026-06-31"
    ),
    # accounts and funds
    Fault(
        "a wrong account of the same fund",
        edit(BOOK, r"(Assets:\S+)1002\S+", r"\g<1>1012支付平台待结算-在途", AD),
        "余额不符：“G_BANK”.*",
        "balance",
    ),
    Fault(
        "an account that is not open",
        edit(BOOK, r"4002电梯广告", r"4002电梯广告-东门", AD),
        "账簿没有开设账户“.*-东门”",
        "^2026|东门",
    ),
    Fault(
        "an account nobody has heard of",
        edit(BOOK, r"4002电梯广告", r"4999不知道", AD),
        "账簿没有开设账户“.*4999不知道”",
        "^2026|4999",
    ),
    Fault(
        "an account closed too early",
        append(ACCOUNTS, "2026-06-02 close NAMEX\n".replace("NAMEX", INCOME.replace("4901其他", "4002电梯广告"))),
        "账户“.*4002电梯广告”在这一天尚未开设或已经销户",
        "^2026",
        BOOK,
    ),
    Fault(
        "an account opened twice",
        append(ACCOUNTS, f"2026-06-02 open {INCOME}\n"),
        "账户“.*4901其他”重复开设",
        "open",
        ACCOUNTS,
    ),
    Fault(
        "an account outside the chart",
        append(ACCOUNTS, "2026-06-02 open Income:NAME:G公共收益:4999不知道\n"),
        "账户名“.*”的科目“4999不知道”不在公共收益科目表中",
        "4999",
        ACCOUNTS,
    ),
    Fault(
        "an account under the wrong root",
        append(ACCOUNTS, "2026-06-02 open Expenses:NAME:G公共收益:4002电梯广告\n"),
        "账户名“.*”的科目“4002电梯广告”应在 Income 之下",
        "Expenses",
        ACCOUNTS,
    ),
    Fault(
        "another compound's account opened here",
        append(ACCOUNTS, "2026-06-02 open Income:C0002别家:G公共收益:4901其他\n"),
        "账户“Income:C0002别家:G公共收益:4901其他”不属于本账簿的小区“NAME”",
        "C0002",
        ACCOUNTS,
    ),
    Fault(
        "a posting in another compound",
        _typed("Income:C0002别家:G公共收益:4901其他  -5.00 CNY", f"{COST}  5.00 CNY"),
        "分录“Income:C0002别家:G公共收益:4901其他”不属于本小区，一笔凭证不得涉及两个小区",
        "手工凭证",
    ),
    Fault(
        "a fund crossing that nobody registered",
        _typed(
            f"{COST}  5.00 CNY",
            f"{INCOME}  -5.00 CNY",
            "Expenses:NAME:W维修资金:5001维修  7.00 CNY",
            "Income:NAME:W维修资金:4901其他  -7.00 CNY",
        ),
        r"一笔凭证涉及 G公共收益、W维修资金，但没有注明已登记的划转种类（G-W）",
        "手工凭证",
    ),
    Fault(
        "one fund pays for another",
        _typed("Expenses:NAME:W维修资金:5001维修  5.00 CNY", f"{INCOME}  -5.00 CNY"),
        r"资金“.*”内借贷不平，差 -?5.00：每笔凭证须在所涉每项资金内各自平衡",
        "手工凭证",
    ),
    Fault(
        "a transfer the wrong way",
        edit(BOOK, '"G-W"', '"W-G"'),
        "一笔凭证涉及 G公共收益、W维修资金，但没有注明已登记的划转种类（G-W）",
        "^2026",
    ),
    Fault(
        "a transfer by other accounts",
        edit(BOOK, "5201转入维修资金", "5101维修养护", '"G-W"'),
        r"“公共收益补充维修资金”的转出 0 与转入 [\d.]+ 应相等且不为零",
        "^2026",
    ),
    Fault(
        "a voucher without a bank row",
        _typed(f"{COST}  5.00 CNY", f"{INCOME}  -5.00 CNY"),
        "没有银行流水的凭证不得入账：收支以银行、支付平台的对账单为准",
        "手工凭证",
    ),
    Fault(
        "money in transit that left no platform",
        edit(BOOK, r"Income:(\S+):4002电梯广告", r"Assets:\1:1012支付平台待结算-在途", AD),
        r"“Assets:.*-在途”在 2026-06-\d\d 日终余额为负（-[\d.]+）：付出的不能多于已有的",
        "^2026",
    ),
    # openings
    Fault(
        "a second opening",
        append(BOOK, f'2026-06-02 * "期初余额"\n  opening: TRUE\n  {COST}  5.00 CNY\n  {INCOME}  -5.00 CNY\n'),
        "期初余额只能有一笔",
        "期初余额",
    ),
    Fault(
        "an ordinary voucher called opening",
        edit(BOOK, r"  voucher: .*\n", "  opening: TRUE\n", AD),
        "期初余额只能有一笔",
        "^2026",
    ),
    Fault(
        "business before the opening",
        edit(BOOK, r"2026-06-01 \*", "2026-06-28 *", "opening"),
        r"期初余额须是账簿的第一笔，但 2026-06-\d\d 已有业务",
        "期初",
    ),
    # provenance
    Fault(
        "a bank leg typed by hand",
        _typed("G_BANK  5.00 CNY", f"{INCOME}  -5.00 CNY"),
        "银行分录没有注明对账单来源（缺 bank-ref、source-sha256、source-row），须由导入产生",
        "G_BANK",
    ),
    Fault(
        "provenance taken away",
        edit(BOOK, r"    source-sha256: .*\n", "", AD),
        "银行分录没有注明对账单来源（缺 source-sha256），须由导入产生",
        "1002",
    ),
    Fault(
        "a digest that is none",
        edit(BOOK, r"source-sha256: .*", 'source-sha256: "abc"', AD),
        "银行分录的对账单指纹“abc”写法不对",
        "1002",
    ),
    Fault(
        "metadata written twice",
        edit(BOOK, r"(    source-row: .*\n)", r"\1\1", AD),
        "元数据“source-row”写了两次",
        "source-row|^2026",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_ledger_was_changed(ready: Path, fault: Fault) -> None:
    fault.broken(ready)
    before = snapshot(ready)
    code, lines = run(ready, "check")
    assert code == 1
    judge(ready, fault, lines)
    assert snapshot(ready) == before
