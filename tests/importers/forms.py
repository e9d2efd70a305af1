"""How the platforms, the ledger programs and the message standards write a statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

import file_grids as grids
from bank_forms import BANKS
from file_grids import Grid
from statement_writer import Book, Form, balance, into, moment, out

from jiezhang.domain.statement import StatementRow

PLATFORM_TYPE = {"normal": "交易", "refund": "退款", "fee": "扣除交易手续费", "settlement": "提现", "reversal": "撤销"}


def _wechat_carry(r: StatementRow) -> StatementRow:
    kind = r.kind if r.kind in PLATFORM_TYPE else "normal"
    number = r.serial.partition(":")[0]
    return replace(
        r, kind=kind, counterparty="", counterparty_account="", serial=f"{number}:{PLATFORM_TYPE[kind]}"
    )


def _wechat_total(book: Book) -> Grid:
    count_in, sum_in, count_out, sum_out = book.sums()
    return [
        ["资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额"],
        [f"{len(book.rows)}.0", count_in, f"{sum_in:.2f}", count_out, f"{sum_out:.2f}"],
    ]


def _alipay_carry(r: StatementRow) -> StatementRow:
    return replace(r, kind=r.kind if r.kind in PLATFORM_TYPE else "normal", counterparty="")


def _alipay_below(book: Book) -> Grid:
    count_in, sum_in, count_out, sum_out = book.sums()
    return [
        ["#-----------------账务明细列表结束------------------"],
        [f"#支出合计：{count_out}笔，共{sum_out:.2f}元"],
        [f"#收入合计：{count_in}笔，共{sum_in:.2f}元"],
        ["#导出时间：[2026年04月01日 08:00:00]"],
    ]


def _alipay_above(book: Book) -> Grid:
    after = book.period[1] + timedelta(days=1)
    return [
        ["#支付宝账务明细查询"],
        [f"#账号：[{book.account_no}]"],
        [f"#起始日期：[{book.period[0]:%Y年%m月%d日} 00:00:00]   终止日期：[{after:%Y年%m月%d日} 00:00:00]"],
        ["#-----------------账务明细列表------------------"],
    ]


def _alipay_zip(grid: Grid) -> bytes:
    """The summary member comes first."""
    summary = grids.csv_gbk([["#支付宝账务明细查询"], ["业务类型", "收入合计", "支出合计"]])
    members = {"2088_账务明细(汇总).csv": summary, "2088_账务明细.csv": grids.csv_gbk(grid)}
    return grids.zipped(members, gbk_names=True)


PLATFORMS = (
    Form(
        "wechat_fund",
        ".csv",
        grids.csv_backtick,
        (
            (
                *("记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额(元)"),
                *("账户结余(元)", "资金变更提交申请人", "备注", "业务凭证号"),
            ),
        ),
        lambda book, r, n: [
            *(moment(r), r.serial.partition(":")[0], f"42{n:026d}", r.summary, r.serial.partition(":")[2]),
            *("收入" if r.amount > 0 else "支出", f"{abs(r.amount):.2f}", f"{r.balance:.2f}", "system", r.remark, ""),
        ],
        below=_wechat_total,
        carry=_wechat_carry,
        account_no=False,
        holder=False,
    ),
    Form(
        "alipay_account",
        ".zip",
        _alipay_zip,
        (
            (
                *("账务流水号", "业务流水号", "商户订单号", "商品名称", "发生时间", "对方账号", "收入金额（+元）"),
                *("支出金额（-元）", "账户余额（元）", "交易渠道", "业务类型", "备注"),
            ),
        ),
        lambda book, r, n: [
            *(f"{r.serial}\t", f"B{n}\t", "\t", r.summary, moment(r), r.counterparty_account),
            *(f"{max(r.amount, 0):.2f}", f"{min(r.amount, 0):.2f}", f"{r.balance:.2f}", ""),
            *(PLATFORM_TYPE[r.kind], r.remark),
        ],
        above=_alipay_above,
        below=_alipay_below,
        carry=_alipay_carry,
        holder=False,
        period=True,
    ),
)

PLAIN = (
    Form(
        "plain.ledger",
        ".txt",
        grids.tsv_gbk,
        (("日期", "摘要", "借方金额", "贷方金额", "余额", "对方单位"),),
        lambda book, r, n: [f"{r.date}", r.summary, out(r), into(r), balance(r), r.counterparty],
        carry=lambda r: replace(r, serial="", time="", remark="", counterparty_account=""),
        account_no=False,
        holder=False,
    ),
)


def _mt940(grid: Grid) -> bytes:
    return "\r\n".join(str(row[0]) for row in grid).encode("gb18030") + b"\r\n"


def _mt940_balance(amount: Decimal, day: date) -> str:
    return f"{'C' if amount >= 0 else 'D'}{day:%y%m%d}CNY{abs(amount):.2f}".replace(".", ",")


def _mt940_row(book: Book, r: StatementRow, number: int) -> list[object]:
    sign = "C" if r.amount > 0 else "D"
    entry = f":61:{r.date:%y%m%d}{r.date:%m%d}{sign}{abs(r.amount):.2f}NTRFNONREF//{r.serial}".replace(".", ",")
    said = f":86:?00{r.summary}?20{r.remark}?31{r.counterparty_account}?32{r.counterparty}"
    return [f"{entry}\r\n{said}"]


def _camt_party(r: StatementRow) -> str:
    side = "Dbtr" if r.amount > 0 else "Cdtr"
    return (
        f"<RltdPties><{side}><Nm>{escape(r.counterparty)}</Nm></{side}><{side}Acct><Id><Othr>"
        f"<Id>{escape(r.counterparty_account)}</Id></Othr></Id></{side}Acct></RltdPties>"
    )


def _camt_row(book: Book, r: StatementRow, number: int) -> list[object]:
    entry = (
        f'<Ntry><Amt Ccy="CNY">{abs(r.amount)}</Amt><CdtDbtInd>{"CRDT" if r.amount > 0 else "DBIT"}</CdtDbtInd>'
        f"<RvslInd>{'true' if r.kind == 'reversal' else 'false'}</RvslInd><Sts>BOOK</Sts>"
        f"<BookgDt><DtTm>{r.date}T{r.time}+08:00</DtTm></BookgDt><AcctSvcrRef>{escape(r.serial)}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls>{_camt_party(r)}<RmtInf><Ustrd>{escape(r.remark)}</Ustrd></RmtInf></TxDtls></NtryDtls>"
        f"<AddtlNtryInf>{escape(r.summary)}</AddtlNtryInf></Ntry>"
    )
    return [entry]


def _camt_balance(code: str, amount: Decimal, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">{abs(amount)}</Amt>"
        f"<CdtDbtInd>{'CRDT' if amount >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _camt_above(book: Book) -> Grid:
    return [
        ['<?xml version="1.0" encoding="UTF-8"?>'],
        ['<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id>'],
        [f"<FrToDt><FrDtTm>{book.period[0]}T00:00:00</FrDtTm><ToDtTm>{book.period[1]}T23:59:59</ToDtTm></FrToDt>"],
        [f"<Acct><Id><Othr><Id>{book.account_no}</Id></Othr></Id><Ownr><Nm>{book.holder}</Nm></Ownr></Acct>"],
        [_camt_balance("OPBD", book.opening, book.period[0]) + _camt_balance("CLBD", book.closing, book.period[1])],
    ]


MESSAGES = (
    Form(
        "mt940",
        ".sta",
        _mt940,
        (),
        _mt940_row,
        above=lambda book: [
            [":20:STARTUMS"],
            [f":25:{book.account_no}"],
            [":28C:1/1"],
            [f":60F:{_mt940_balance(book.opening, book.period[0])}"],
        ],
        below=lambda book: [[f":62F:{_mt940_balance(book.closing, book.period[1])}"], ["-"]],
        carry=lambda r: replace(r, time="", balance=None),
        holder=False,
        period=True,
    ),
    Form(
        "camt053",
        ".xml",
        lambda grid: "\n".join(str(row[0]) for row in grid).encode(),
        (),
        _camt_row,
        above=_camt_above,
        below=lambda book: [["</Stmt></BkToCstmrStmt></Document>"]],
        carry=lambda r: replace(r, balance=None),
        period=True,
    ),
)

FORMS = (*BANKS, *PLATFORMS, *PLAIN, *MESSAGES)
BY_LAYOUT = {form.layout: form for form in FORMS}
