"""A levy as lines of text, and as data."""

from __future__ import annotations

from typing import Any

from jiezhang.domain.money import from_fen, yuan

from ..levy import LevyReport
from ..wording import day_name
from .disclosure_text import columns_of
from .fund_paper import asking
from .levy_words import (
    TITLE,
    check_words,
    decision_words,
    draft_words,
    end_words,
    paid_words,
    total_rows,
    under_title,
)

_CODE, _AMOUNT = 16, 15


def render_text(report: LevyReport) -> str:
    """The sheet in lines, amounts right-aligned, with a line feed at the end."""
    lines = [TITLE, under_title(report)]
    lines += [draft_words(report)] if report.waiting else []
    lines += [
        f"决定：{decision_words(report)}",
        f"范围：{report.scope}　期限：{day_name(report.starts)}至{day_name(report.ends)}",
        f"施工或供货单位：{report.supplier or '未定'}",
        "",
        *(_right(label, [yuan(fen)]) + (f"  {remark}" if remark else "") for label, fen, remark in total_rows(report)),
        _right("＝ 结余", [yuan(report.balance_fen)]),
        "",
    ]
    for bank in report.banks:
        stated = "无对账单" if bank.stated_fen is None else yuan(bank.stated_fen)
        lines.append(f"专户 {bank.name} {bank.number} 户名 {bank.holder}：账面 {yuan(bank.book_fen)}，银行 {stated}")
    lines += [check_words(report), *filter(None, [end_words(report)]), "", "项目支出"]
    for paid in report.spending:
        lines.append(f"{paid.day}  {paid.voucher}  {yuan(paid.fen)}  {paid.payee}  {paid.narration}".rstrip())
    lines += ["（没有）"] if not report.spending else []
    lines += ["", _right("户号", ["应交", "已交", "退还", "净额"]) + "  交款日"]
    for one in report.households:
        figures = [yuan(one.due_fen), yuan(one.paid_fen), yuan(one.refunded_fen), yuan(one.net_fen)]
        lines.append(f"{_right(one.code, figures)}  {paid_words(one)}")
    whole = [report.due_fen, report.paid_fen, report.refunded_fen, report.paid_fen - report.refunded_fen]
    lines += [_right("合计", [yuan(fen) for fen in whole]), "", asking(report.issuer)]
    return "\n".join(lines) + "\n"


def _right(name: str, figures: list[str]) -> str:
    padded = name + " " * max(1, _CODE - columns_of(name))
    return padded + "".join(" " * max(1, _AMOUNT - columns_of(figure)) + figure for figure in figures)


def as_data(report: LevyReport) -> dict[str, Any]:
    """The report as plain data: yuan with two places as text, days in ISO form."""
    return {
        "compound": report.issuer.compound,
        "levy": report.code,
        "name": report.name,
        "month": str(report.month),
        "resolution": report.resolution,
        "approved": report.approved.isoformat() if report.approved else None,
        "scope": report.scope,
        "starts": report.starts.isoformat(),
        "ends": report.ends.isoformat(),
        "supplier": report.supplier,
        "budget": _yuan(report.budget_fen),
        "due": _yuan(report.due_fen),
        "totals": {f"{total.code}{total.name}": _yuan(total.fen) for total in report.totals},
        "balance": _yuan(report.balance_fen),
        "holds": report.holds,
        "bank_check": report.bank_check,
        "waiting": report.waiting,
        "banks": [
            {"name": bank.name, "number": bank.number, "holder": bank.holder, "book": _yuan(bank.book_fen),
             "bank": _yuan(bank.stated_fen) if bank.stated_fen is not None else None}
            for bank in report.banks
        ],
        "spending": [
            {"day": paid.day.isoformat(), "voucher": paid.voucher, "payee": paid.payee, "narration": paid.narration,
             "amount": _yuan(paid.fen)}
            for paid in report.spending
        ],
        "households": [
            {"code": one.code, "due": _yuan(one.due_fen), "paid": _yuan(one.paid_fen),
             "paid_on": [day.isoformat() for day in one.paid_on], "refunded": _yuan(one.refunded_fen)}
            for one in report.households
        ],
    }  # fmt: skip


def _yuan(fen: int) -> str:
    return str(from_fen(fen))
