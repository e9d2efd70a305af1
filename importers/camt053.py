"""ISO 20022 camt.053 statements, versions .02 to .08, with or without a namespace.

Only booked entries count. An entry that stands for several payments is split when each has its own amount.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, StatementRow, Totals

from .base import StatementImporter
from .kinds import Words, kind_of_words
from .source import SourceFile
from .values import dates_in, exact_decimal
from .xml_tree import Node, parse_xml

_SIGNS = re.compile(rb"<(\w+:)?BkToCstmrStmt[\s>]")
_CLOCK = re.compile(r"T(\d\d:\d\d:\d\d)")


class Camt053Importer(StatementImporter):
    key = "camt053"
    title = "CAMT.053 对账单"

    def matches(self, source: SourceFile) -> bool:
        return source.kind == "xml" and bool(_SIGNS.search(source.data[:20_000]))

    def parse(self, source: SourceFile) -> tuple[Statement, ...]:
        root = parse_xml(source.data, source.label)
        return tuple(_statement(source, node) for node in root.every("BkToCstmrStmt", "Stmt"))


def _statement(source: SourceFile, node: Node) -> Statement:
    line = node.line
    try:
        booked = [entry for entry in node.every("Ntry") if _status(entry) == "BOOK"]
        currency = _currency(node, booked)
        opening = _balance(node, ("OPBD", "PRCD"), currency)
        closing = _balance(node, ("CLBD",), currency)
        rows: list[StatementRow] = []
        for entry in booked:
            line = entry.line
            rows += _rows(entry, currency)
        line = node.line
        days = [*dates_in(node.text("FrToDt", "FrDtTm")), *dates_in(node.text("FrToDt", "ToDtTm"))]
        owner = node.text("Acct", "Ownr", "Nm") or node.text("Acct", "Ownr", "Pty", "Nm") or node.text("Acct", "Nm")
        return Statement(
            layout="camt053",
            source=source.name,
            sha256=source.sha256,
            account_no=_account(node, "Acct"),
            holder=owner,
            currency=currency,
            rows=tuple(rows),
            opening=opening,
            closing=closing,
            totals=_totals(node, len(booked) == len(node.every("Ntry"))),
            period=(days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else None,
        )
    except ValueError as error:
        raise Refused(str(error), source.label, line) from error


def _status(entry: Node) -> str:
    return entry.text("Sts", "Cd") or entry.text("Sts")


def _currency(node: Node, booked: list[Node]) -> str:
    """The account's currency: as stated, else that of its booked entries, else of its opening balance."""
    stated = node.text("Acct", "Ccy")
    seen = [stated] if stated else [entry.attribute("Ccy", "Amt") for entry in booked]
    if len(set(seen)) > 1:
        raise ValueError(f"一个账户里有几种币种：{'、'.join(sorted(set(seen)))}")
    return seen[0] if seen else next((bal.attribute("Ccy", "Amt") for bal in node.every("Bal")), "CNY")


def _balance(node: Node, codes: tuple[str, ...], currency: str) -> Decimal | None:
    for code in codes:
        for bal in node.every("Bal"):
            if bal.text("Tp", "CdOrPrtry", "Cd") != code:
                continue
            if bal.attribute("Ccy", "Amt") != currency:
                raise ValueError(f"余额的币种 {bal.attribute('Ccy', 'Amt')} 与账户的币种 {currency} 不一致")
            amount = exact_decimal(bal.text("Amt"))
            return amount if _is_credit(bal) else -amount
    return None


def _is_credit(node: Node) -> bool:
    side = node.text("CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise ValueError(f"收付标志“{side}”无法识别")
    return side == "CRDT"


def _totals(node: Node, all_booked: bool) -> Totals | None:
    """Sums of the transaction summary; its counts are of entries, checked by `_check_count`, not of split rows."""
    summary = node.first("TxsSummry")
    if summary is None or not all_booked:
        return None
    for name in ("TtlNtries", "TtlCdtNtries", "TtlDbtNtries"):
        _check_count(node, name)
    into, out = summary.text("TtlCdtNtries", "Sum"), summary.text("TtlDbtNtries", "Sum")
    if not into and not out:
        return None
    return Totals(
        sum_in=exact_decimal(into) if into else None,
        sum_out=exact_decimal(out) if out else None,
    )


def _check_count(node: Node, name: str) -> None:
    stated = node.text("TxsSummry", name, "NbOfNtries")
    side = {"TtlCdtNtries": ("CRDT",), "TtlDbtNtries": ("DBIT",)}.get(name, ("CRDT", "DBIT"))
    found = sum(entry.text("CdtDbtInd") in side for entry in node.every("Ntry"))
    if stated and stated != str(found):
        raise ValueError(f"笔数不符：文件合计写 {stated} 笔，实有 {found} 笔")


def _rows(entry: Node, currency: str) -> list[StatementRow]:
    if entry.attribute("Ccy", "Amt") != currency:
        raise ValueError(f"交易的币种 {entry.attribute('Ccy', 'Amt')} 与账户的币种 {currency} 不一致")
    amount, credit = exact_decimal(entry.text("Amt")), _is_credit(entry)
    details = entry.every("NtryDtls", "TxDtls")
    shares = [_share(detail, credit, currency) for detail in details]
    if not details or any(share is None for share in shares):
        return [_row(entry, details[0] if len(details) == 1 else None, amount if credit else -amount, 0)]
    split = [share for share in shares if share is not None]
    signed = amount if credit else -amount
    if sum(split) != signed:
        raise ValueError(f"明细合计 {abs(sum(split))} 不等于交易金额 {amount}")
    numbers = range(1, len(details) + 1) if len(details) > 1 else (0,)
    return [_row(entry, *item) for item in zip(details, split, numbers, strict=True)]


def _share(detail: Node, entry_credit: bool, currency: str) -> Decimal | None:
    """A payment's part of its entry, or `None` when it states none in the account's currency."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
        if detail.text(*path) and detail.attribute("Ccy", *path) == currency:
            amount = exact_decimal(detail.text(*path))
            credit = _is_credit(detail) if detail.text("CdtDbtInd") else entry_credit
            return amount if credit else -amount
    return None


def _row(entry: Node, detail: Node | None, amount: Decimal, number: int) -> StatementRow:
    """One row; `number` counts the payments of a split entry from 1, 0 for an entry that is one payment."""
    day, clock = _booked(entry)
    who = detail or entry
    sides = ("Dbtr", "Cdtr") if amount > 0 else ("Cdtr", "Dbtr")
    side = next((s for s in sides if _party(who, s) or _account(who, "RltdPties", f"{s}Acct")), sides[0])
    remark = " ".join(dict.fromkeys(t for t in (*who.texts("RmtInf", "Ustrd"), who.text("AddtlTxInf")) if t))
    summary = entry.text("AddtlNtryInf")
    counterparty = _party(who, side)
    reversal = entry.text("RvslInd") in ("true", "1")
    words = Words(f"{summary} {remark}", counterparty, amount > 0)
    return StatementRow(
        line=who.line,
        date=day,
        time=clock,
        amount=amount,
        balance=None,
        counterparty=counterparty,
        counterparty_account=_account(who, "RltdPties", f"{side}Acct"),
        summary=summary or remark,
        remark=remark if summary else "",
        serial=_serial(entry, detail, number),
        kind="reversal" if reversal else kind_of_words(words),
    )


def _serial(entry: Node, detail: Node | None, number: int) -> str:
    """The bank's own reference; the payer's end-to-end reference is no number of the bank's and may repeat."""
    whole = entry.text("AcctSvcrRef")
    part = detail.text("Refs", "AcctSvcrRef") if detail is not None else ""
    if number == 0 or (part and part != whole):
        return part or whole
    return f"{whole}:{number}" if whole else ""


def _booked(entry: Node) -> tuple[date, str]:
    text = entry.text("BookgDt", "Dt") or entry.text("BookgDt", "DtTm") or entry.text("ValDt", "Dt")
    days = dates_in(text)
    if not days:
        raise ValueError("这笔交易没有记账日期")
    clock = _CLOCK.search(text)
    return days[0], clock[1] if clock else ""


def _party(node: Node, side: str) -> str:
    return node.text("RltdPties", side, "Nm") or node.text("RltdPties", side, "Pty", "Nm")


def _account(node: Node, *path: str) -> str:
    return node.text(*path, "Id", "IBAN") or node.text(*path, "Id", "Othr", "Id")

