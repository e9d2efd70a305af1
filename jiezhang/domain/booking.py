"""From statement rows to ledger entries.

A row becomes a transaction flagged `!`: one leg on the statement's account with its provenance, the other on the
suspense account (待查款项) until a rule proposes, or a person says, what it was.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from beancount.core import amount, data, flags

from .accounts import AccountName, parse_account, sibling
from .chart import SUSPENSE
from .money import CURRENCY
from .period import day_after
from .statement import Statement, StatementRow, balances_after, references
from .text import clean

WAITING = flags.FLAG_WARNING
POSTED = flags.FLAG_OKAY

_KIND_WORDS = {
    "normal": "往来款",
    "reversal": "冲正",
    "interest": "结息",
    "fee": "手续费",
    "settlement": "提现",
    "refund": "退款",
}


def entries_from_statement(statement: Statement, account: str) -> list[data.Directive]:
    """One waiting transaction for each row, in the file's order, then the closing balance as a `balance` directive.

    `account` is the ledger account the statement is of. The `balance` stands on the day after the last row; a
    statement without rows or without balances gives none.
    """
    refs = references(statement.rows)
    entries: list[data.Directive] = [
        _transaction(statement, row, ref, balance, account)
        for row, ref, balance in zip(statement.rows, refs, balances_after(statement), strict=True)
    ]
    return entries + _closing(statement, account)


def _transaction(
    statement: Statement, row: StatementRow, ref: str, balance: Decimal | None, account: str
) -> data.Transaction:
    meta = data.new_metadata(statement.source, row.line)
    if row.time:
        meta["time"] = row.time
    if row.counterparty_account:
        meta["counterparty-account"] = clean(row.counterparty_account)
    provenance: dict[str, Any] = {
        **data.new_metadata(statement.source, row.line),
        "bank-ref": ref,
        "source-sha256": statement.sha256,
        "source-row": Decimal(row.line),
    }
    if balance is not None:
        provenance["bank-balance"] = balance
    leg = amount.Amount(row.amount, CURRENCY)
    other = amount.Amount(-row.amount, CURRENCY)
    return data.Transaction(
        meta=meta,
        date=row.date,
        flag=WAITING,
        payee=clean(row.counterparty) or None,
        narration=_narration(row),
        tags=frozenset(),
        links=frozenset(),
        postings=[
            data.Posting(account, leg, None, None, None, provenance),
            data.Posting(sibling(account, SUSPENSE), other, None, None, None, None),
        ],
    )


def _narration(row: StatementRow) -> str:
    words = [clean(row.summary), clean(row.remark)]
    said = " ".join(dict.fromkeys(word for word in words if word))
    return said or _KIND_WORDS[row.kind]


def _closing(statement: Statement, account: str) -> list[data.Directive]:
    if not statement.rows:
        return []
    last, closing = statement.rows[-1], balances_after(statement)[-1]
    if closing is None:
        return []
    meta = data.new_metadata(statement.source, last.line, {"source-sha256": statement.sha256})
    return [
        data.Balance(meta, day_after(last.date), account, amount.Amount(closing, CURRENCY), None, None)
    ]


def is_opening(entry: data.Directive) -> bool:
    """Whether `entry` is the ledger's opening transaction (期初余额)."""
    return isinstance(entry, data.Transaction) and entry.meta.get("opening") is True


def named_legs(entry: data.Transaction) -> list[tuple[AccountName, Decimal]]:
    """Parsed accounts and yuan of the postings, those left out that Beancount or the rule `account_names` reports."""
    legs = []
    for posting in entry.postings:
        try:
            name = parse_account(posting.account)
        except ValueError:
            continue
        if posting.units is not None and posting.units.number is not None:
            legs.append((name, posting.units.number))
    return legs


def bank_legs(entry: data.Transaction) -> list[data.Posting]:
    """The postings of `entry` that name a statement row."""
    return [p for p in entry.postings if p.meta is not None and "bank-ref" in p.meta]


def row_key(posting: data.Posting) -> tuple[str, str]:
    """What identifies a statement row in a ledger: its account and its reference."""
    assert posting.meta is not None
    return posting.account, str(posting.meta["bank-ref"])
