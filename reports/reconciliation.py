"""银行存款余额调节表 as text and as data."""

from __future__ import annotations

from typing import Any

from jiezhang.domain.money import show
from jiezhang.domain.reconciliation import STATUS_NAMES, Entry, Pair, Reconciliation

_DIFFERENT = ("bank_only", "book_only", "amount_differs", "date_differs")


def render_text(value: Reconciliation) -> str:
    """The reconciliation statement of one account, and every row that does not match."""
    bank, adjusted = value.bank_balance, value.adjusted_bank
    lines = [
        f"银行存款余额调节表  {value.month.last_day}  {value.account}",
        f"  银行对账单余额    {_money(bank):>18}    企业账面余额      {show(value.book_balance):>18}",
    ]
    for pair in value.pairs:
        if pair.book and not pair.bank:
            lines.append(f"  加：账已记、银行未记 {show(pair.book.amount):>15}    {_entry(pair.book)}")
        elif pair.bank and not pair.book:
            lines.append(f"  加：银行已记、账未记 {show(pair.bank.amount):>15}    {_entry(pair.bank)}")
    lines += [f"  更正账面金额 {show(amount):>23}    {_both(pair)}" for pair, amount in value.corrections]
    lines += [f"  {STATUS_NAMES[pair.status]}    {_both(pair)}" for pair in value.of("date_differs")]
    lines.append(f"  调节后银行余额    {_money(adjusted):>18}    调节后账面余额    {show(value.adjusted_book):>18}")
    lines += [f"  注意：{warning}" for warning in value.warnings]
    return "\n".join(lines) + "\n"


def as_data(value: Reconciliation) -> dict[str, Any]:
    """The reconciliation as plain data: amounts as text, matched rows only counted."""
    return {
        "account": value.account,
        "month": str(value.month),
        "bank_balance": None if value.bank_balance is None else str(value.bank_balance),
        "book_balance": str(value.book_balance),
        "adjusted_bank": None if value.adjusted_bank is None else str(value.adjusted_bank),
        "adjusted_book": str(value.adjusted_book),
        "matched": len(value.of("matched")),
        "different": [
            {"status": pair.status, "bank": _plain(pair.bank), "book": _plain(pair.book)}
            for pair in value.pairs
            if pair.status in _DIFFERENT
        ],
        "warnings": list(value.warnings),
        "clean": value.is_clean,
    }


def _money(amount: Any) -> str:
    return "无" if amount is None else show(amount)


def _entry(entry: Entry) -> str:
    return f"{entry.date} {entry.text}（{entry.file} 第 {entry.line} 行，流水 {entry.ref}）"


def _both(pair: Pair) -> str:
    return "；".join(
        f"{side} {show(entry.amount)} {_entry(entry)}"
        for side, entry in (("银行", pair.bank), ("账上", pair.book))
        if entry is not None
    )


def _plain(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "ref": entry.ref,
        "date": entry.date.isoformat(),
        "amount": str(entry.amount),
        "text": entry.text,
        "file": entry.file,
        "line": entry.line,
    }
