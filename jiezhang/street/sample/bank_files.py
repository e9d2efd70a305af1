"""A statement as the file its bank or platform would send: the name and the bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jiezhang.domain.period import Month
from jiezhang.domain.statement import Statement

from . import files_alipay, files_banks, files_boc, files_ccb, files_icbc, files_wechat

_FILES: Final[dict[str, tuple[str, Callable[[Statement], bytes]]]] = {
    "icbc.history_detail": ("historydetail{last4}.xlsx", files_icbc.history_detail),
    "icbc.history_detail_csv": ("historydetail{last4}.csv", files_icbc.history_detail_csv),
    "icbc.history_in_out": ("historydetail{number}.xlsx", files_icbc.history_in_out),
    "icbc.in_out": ("historydetail{number}.csv", files_icbc.in_out),
    "icbc.in_out_own": ("工行交易明细{last4}.xls", files_icbc.in_out_own),
    "icbc.printed": ("工行对账单{last4}.xls", files_icbc.printed),
    "ccb.current": ("ccb_{last4}_{month}.xls", files_ccb.current),
    "ccb.slash": ("建行活期账户交易明细_{last4}_{month}.xls", files_ccb.slash),
    "ccb.two_row": ("建行账户明细_{last4}_{month}.xls", files_ccb.two_row),
    "abc.detail": ("农行账户明细_{last4}_{month}.xls", files_banks.abc_detail),
    "boc.inquiry": ("中行交易查询_{last4}_{month}.csv", files_boc.inquiry),
    "cmb.detail": ("招行账务明细_{last4}_{month}.xlsx", files_banks.cmb_detail),
    "psbc.detail": ("邮储账户明细_{last4}_{month}.xls", files_banks.psbc_detail),
    "spdb.detail": ("浦发账户明细_{last4}_{month}.xls", files_banks.spdb_detail),
    "rcb.detail": ("农商账户明细_{last4}_{month}.xls", files_banks.rcb_detail),
    "wechat.fund": ("{number}All{month}_资金账单.csv", files_wechat.fund),
    "wechat.trade": ("{number}All{month}_交易账单.csv", files_wechat.trade),
    "alipay.account": ("{number}_{month}_账务明细.zip", files_alipay.account),
    "alipay.trade": ("{number}_{month}_业务明细.zip", files_alipay.trade),
}


def render_statement(layout: str, statement: Statement, month: Month) -> tuple[str, bytes]:
    """(file name, bytes) of `statement` in `layout`, a name of `layouts.LAYOUTS`.

    The rows must be cut to the layout (`layouts.fit`) and carry balances; the trade bills leave payouts out.
    Same statement, same bytes. `KeyError` for a layout that is not known.
    """
    name, render = _FILES[layout]
    number = statement.account_no
    return name.format(number=number, last4=number[-4:], month=str(month).replace("-", "")), render(statement)
