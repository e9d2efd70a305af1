"""How each bank writes a statement."""

from __future__ import annotations

from dataclasses import replace

import file_grids as grids
from file_grids import Grid
from statement_writer import Book, Form, balance, compact, into, moment, money, no_serial, out, span

from jiezhang.domain.statement import StatementRow


def _total_rows(book: Book) -> Grid:
    count_in, sum_in, count_out, sum_out = book.sums()
    return [
        ["借方总笔数", float(count_out)],
        ["借方总金额", money(sum_out)],
        ["贷方总笔数", float(count_in)],
        ["贷方总金额", money(sum_in)],
    ]


def _padded(text: str) -> str:
    return text.rjust(18)


_ICBC_IN_OUT = "对方账号,交易时间,对方单位,用途,摘要,附言,回单个性化信息,余额,转出金额,转入金额"

ICBC = (
    Form(
        "icbc.history_detail",
        ".xlsx",
        grids.xlsx,
        (
            (
                *("凭证号", "本方账号", "对方账号", "交易时间", "借/贷", "借方发生额", "贷方发生额", "对方行号"),
                *("摘要", "用途", "对方单位名称", "余额", "个性化信息"),
            ),
        ),
        lambda book, r, n: [
            *("0", book.account_no, r.counterparty_account, moment(r), "贷" if r.amount > 0 else "借"),
            *(_padded(out(r)), _padded(into(r)), "", r.summary, r.remark, r.counterparty, _padded(balance(r)), ""),
        ],
        above=lambda book: [["[HISTORYDETAIL]"]],
        carry=no_serial,
        holder=False,
    ),
    Form(
        "icbc.history_in_out",
        ".xlsx",
        grids.xlsx,
        (("凭证号", "交易时间", "对方单位", "对方账号", "转入金额", "转出金额", "余额", "用途", "摘要", "附言"),),
        lambda book, r, n: [
            *("0", moment(r), r.counterparty, r.counterparty_account),
            *(into(r), out(r), balance(r), r.remark, r.summary, ""),
        ],
        above=lambda book: [["[HISTORYDETAIL]"]],
        carry=no_serial,
        account_no=False,
        holder=False,
        newest_first=True,
    ),
    Form(
        "icbc.in_out",
        ".csv",
        grids.csv_gbk,
        (tuple(f"{name}\t" if name == "对方账号" else name for name in _ICBC_IN_OUT.split(",")),),
        lambda book, r, n: [
            *(f"{r.counterparty_account}\t", moment(r), r.counterparty, r.remark, r.summary, "", ""),
            *(balance(r), out(r), into(r)),
        ],
        carry=no_serial,
        account_no=False,
        holder=False,
    ),
    Form(
        "icbc.in_out_own",
        ".xls",
        grids.xls,
        (("交易时间", "本方账号", "对方单位", "对方账号", "摘要", "附言", "用途", "转出金额", "转入金额", "余额"),),
        lambda book, r, n: [
            *(moment(r), book.account_no, r.counterparty, r.counterparty_account, r.summary, "", r.remark),
            *(out(r), into(r), balance(r)),
        ],
        carry=no_serial,
        holder=False,
    ),
    Form(
        "icbc.printed",
        ".xls",
        grids.xls,
        (("日期", "对方户名", "对方账号", "摘要", "借方发生额", "贷方发生额", "余额"),),
        lambda book, r, n: [
            *(f"{r.date}", r.counterparty, r.counterparty_account, r.summary),
            *(out(r), into(r), balance(r)),
        ],
        above=lambda book: [[f"户名: {book.holder}"], [f"账号: {book.account_no}"], []],
        carry=lambda r: replace(r, serial="", time="", remark=""),
    ),
)

_CCB_TAIL = (
    *("余额", "币种", "对方户名", "对方账号", "对方开户机构", "记账日期", "摘要", "备注"),
    "账户明细编号-交易流水号",
)


def _ccb_tail(r: StatementRow) -> list[object]:
    return [
        *(balance(r), "人民币元", r.counterparty, r.counterparty_account, "", compact(r)),
        *(r.summary, r.remark, r.serial, "", "", ""),
    ]


CCB = (
    Form(
        "ccb.current",
        ".xls",
        grids.xls,
        (
            (
                *("账号", "账户名称", "交易时间", "借方发生额（支取）", "贷方发生额（收入）"),
                *_CCB_TAIL,
                *("企业流水号", "凭证种类", "凭证号"),
            ),
        ),
        lambda book, r, n: [
            *(book.account_no, book.holder, f"{compact(r)} {r.time}", out(r, "0"), into(r, "0")),
            *_ccb_tail(r),
        ],
    ),
    Form(
        "ccb.slash",
        ".xls",
        grids.xls,
        (
            (
                *("序号", "交易时间", "借方发生额/元(支取)", "贷方发生额/元(收入)"),
                *_CCB_TAIL,
                *("企业流水号", "凭证种类", "凭证号"),
            ),
        ),
        lambda book, r, n: [str(n), f"{compact(r)} {r.time}", out(r, "0"), into(r, "0"), *_ccb_tail(r)],
        above=lambda book: [["账　　号", book.account_no], ["账户名称", book.holder], []],
    ),
    Form(
        "ccb.two_row",
        ".xls",
        grids.xls,
        (
            (
                *("账户明细编号-交易流水号", "交易时间", "本方账户名称", "本方账号", "对方户名", "对方账号"),
                *("摘要", "备注", "发生额/元", "", "余额/元"),
            ),
            ("", "", "", "", "", "", "", "", "借方", "贷方", ""),
        ),
        lambda book, r, n: [
            *(r.serial, f"{compact(r)} {r.time}", book.holder, book.account_no, r.counterparty),
            *(r.counterparty_account, r.summary, r.remark, out(r), into(r), balance(r)),
        ],
    ),
)


def _abc_total(book: Book) -> Grid:
    count_in, sum_in, _, sum_out = book.sums()
    return [[f"收入 {count_in} 笔", money(sum_in), money(sum_out)]]


def _boc_above(book: Book) -> Grid:
    count_in, sum_in, count_out, sum_out = book.sums()
    return [
        ["查询账号[ Inquirer account number ]", f"{book.account_no}\t"],
        ["总笔数[ Total number ]", len(book.rows)],
        ["借方发生总笔数[ Total Numbers of Debited Payments ]", count_out],
        ["借方发生总额[ Total Debit Amount of Payments ]", money(sum_out)],
        ["贷方发生总笔数[ Total Numbers of Credited Payments ]", count_in],
        ["贷方发生总额[ Total Credit Amount of Payments ]", money(sum_in)],
        ["查询时间范围[ Time Range ]", span(book)],
    ]


def _boc_cells(book: Book, r: StatementRow, number: int) -> list[object]:
    theirs, ours = (r.counterparty_account, r.counterparty), (book.account_no, book.holder)
    payer, payee = (theirs, ours) if r.amount > 0 else (ours, theirs)
    cells = [
        *("来账" if r.amount > 0 else "往账", "转账", *payer, *payee),
        *(compact(r), r.time, "CNY", money(r.amount), balance(r), r.serial, r.summary, r.remark, ""),
    ]
    return [f"{cell}\t" for cell in cells]


BANKS = (
    *ICBC,
    *CCB,
    Form(
        "abc.detail",
        ".xls",
        grids.xls,
        (("交易时间", "收入金额", "支出金额", "账户余额", "对方账号", "对方户名", "对方开户行", "摘要"),),
        lambda book, r, n: [
            *(moment(r), into(r), out(r), balance(r), r.counterparty_account, r.counterparty, "", r.summary),
        ],
        above=lambda book: [
            ["账户明细"],
            [f"账号:{book.account_no}    户名:{book.holder}    起止日期:{book.period[0]}至{book.period[1]}"],
        ],
        below=_abc_total,
        carry=lambda r: replace(r, serial="", remark=""),
        period=True,
    ),
    Form(
        "boc.inquiry",
        ".csv",
        grids.csv_bom,
        (
            (
                *("交易类型[ Transaction Type ]", "业务类型[ Business type ]", "付款人账号[ Debit Account No. ]"),
                *("付款人名称[ Payer's Name ]", "收款人账号[ Payee's Account Number ]", "收款人名称[ Payee's Name ]"),
                *("交易日期[ Transaction Date ]", "交易时间[ Transaction time ]", "交易货币[ Trade Currency ]"),
                *("交易金额[ Trade Amount ]", "交易后余额[ After-transaction balance ]"),
                *("交易流水号[ Transaction reference number ]", "摘要[ Reference ]", "用途[ Purpose ]"),
                "备注[ Remarks ]",
            ),
        ),
        _boc_cells,
        above=_boc_above,
        holder=False,
        period=True,
    ),
    Form(
        "cmb.detail",
        ".xlsx",
        grids.xlsx,
        (
            (
                *("交易日", "交易时间", "起息日", "交易类型", "借方金额", "贷方金额", "余额", "摘要", "流水号", "用途"),
                *("业务摘要", "收(付)方名称", "收(付)方账号", "冲账标志", "扩展摘要"),
            ),
        ),
        lambda book, r, n: [
            *(compact(r), r.time.replace(":", ""), compact(r), "", out(r), into(r), balance(r), r.summary, r.serial),
            *(r.remark, r.summary, r.counterparty, r.counterparty_account, "*" if r.kind == "reversal" else "", ""),
        ],
        above=lambda book: [
            ["账务明细"],
            ["公司名称", book.holder],
            ["银行账号", book.account_no],
            ["起始日期", str(book.period[0])],
            ["截止日期", str(book.period[1])],
            *_total_rows(book),
            [],
        ],
        period=True,
    ),
    Form(
        "psbc.detail",
        ".xls",
        grids.xls,
        (
            (
                *("序号", "交易日期", "交易时间", "交易流水号", "支出金额", "收入金额", "余额", "对方账号", "对方户名"),
                *("摘要", "用途", "附言"),
            ),
        ),
        lambda book, r, n: [
            *(str(n), compact(r), r.time, r.serial, out(r), into(r), balance(r), r.counterparty_account),
            *(r.counterparty, r.summary, r.remark, ""),
        ],
        above=lambda book: [["户名", book.holder], ["账号", book.account_no], ["查询区间", span(book)]],
        below=lambda book: [["", "", "", "合计：", money(book.sums()[3]), money(book.sums()[1])]],
        period=True,
    ),
    Form(
        "spdb.detail",
        ".xls",
        grids.xls,
        (
            (
                *("交易日期", "交易时间", "申请日期", "凭证号", "借方金额", "贷方金额", "余额", "对方账号", "对方户名"),
                *("对方行名", "交易流水号", "摘要", "备注"),
            ),
        ),
        lambda book, r, n: [
            *(compact(r), r.time.replace(":", ""), compact(r), "", out(r), into(r), balance(r)),
            *(r.counterparty_account, r.counterparty, "", r.serial, r.summary, r.remark),
        ],
        above=lambda book: [["账号", book.account_no], ["账户名称", book.holder], ["查询日期", span(book)]],
        period=True,
        newest_first=True,
    ),
    Form(
        "rcb.detail",
        ".xls",
        grids.xls,
        (
            (
                *("交易日期", "对方户名", "收入金额", "支出金额", "余额", "账号", "币种", "对方账号", "用途", "附言"),
                "核心流水号",
            ),
        ),
        lambda book, r, n: [
            *(moment(r), r.counterparty, into(r), out(r), balance(r), book.account_no, "人民币"),
            *(r.counterparty_account, r.summary, r.remark, r.serial),
        ],
        above=lambda book: [
            ["账号：", book.account_no, "户名：", book.holder],
            ["起始日期：", str(book.period[0]), "终止日期：", str(book.period[1])],
            [],
        ],
        period=True,
    ),
)
