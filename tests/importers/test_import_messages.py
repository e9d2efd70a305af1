"""MT940 and CAMT.053: what the standards allow, and a second reader's opinion."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import mt940
import pytest
from forms import BY_LAYOUT
from hypothesis import given, settings
from statement_books import books
from statement_writer import Book

from importers.registry import statements_of
from importers.source import source_of
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement


def read(text: str) -> tuple[Statement, ...]:
    return statements_of(source_of(text.encode("gb18030"), Path("a")))


def message(*fields: str) -> str:
    return "\r\n".join([":20:X", ":25:330100000000017", ":28C:1/1", *fields, "-", ""])


ENTRIES = [
    # :61: field                                         amount   kind        day           serial
    ("2603020302C358,92NTRFNONREF//SN1", "358.92", "normal", "2026-03-02", "SN1"),
    ("2603020302D2,5NCHGNONREF//SN2", "-2.50", "normal", "2026-03-02", "SN2"),
    ("2603020302RC80,NTRFNONREF//SN3", "-80.00", "reversal", "2026-03-02", "SN3"),
    ("2603020302RD80,NTRFNONREF//SN4", "80.00", "reversal", "2026-03-02", "SN4"),
    ("2603020302CN0,01NTRFNONREF//SN5", "0.01", "normal", "2026-03-02", "SN5"),
    ("260302C10,NTRFNONREF", "10.00", "normal", "2026-03-02", ""),
    ("2512310101C10,NTRFA12345678901234567890//SN6", "10.00", "normal", "2026-01-01", "SN6"),
    ("2601011231C10,S103NONREF//SN7", "10.00", "normal", "2025-12-31", "SN7"),
]


@pytest.mark.parametrize(("entry", "amount", "kind", "day", "serial"), ENTRIES)
def test_mt940_entries(entry: str, amount: str, kind: str, day: str, serial: str) -> None:
    closing = f"{Decimal(1000) + Decimal(amount)}".replace(".", ",")
    (statement,) = read(message(":60F:C260301CNY1000,", f":61:{entry}", f":62F:C260331CNY{closing}"))
    (row,) = statement.rows
    assert (row.amount, row.kind, str(row.date), row.serial) == (Decimal(amount), kind, day, serial)


def test_mt940_long_customer_reference_is_kept_whole() -> None:
    entry = ":61:2603020302C10,NTRFA12345678901234567890//SN6"
    (statement,) = read(message(":60F:C260301CNY0,", entry, ":86:停车费", ":62F:C260331CNY10,"))
    assert (statement.rows[0].summary, statement.rows[0].remark) == ("停车费", "A12345678901234567890")


def test_mt940_pages_are_one_statement() -> None:
    first = message(":60F:C260301CNY100,", ":61:260302C10,NTRFNONREF//A", ":62M:C260302CNY110,")
    second = message(":60M:C260302CNY110,", ":61:260303D5,NTRFNONREF//B", ":62F:C260303CNY105,")
    (statement,) = read(first + second)
    assert (statement.opening, len(statement.rows), statement.closing) == (Decimal(100), 2, Decimal(105))


REFUSED_MT940 = [
    ([":60F:C260301CNY100,", ":62F:C260302USD100,"], "第 1 行：期初余额是 CNY，期末余额是 USD，币种不一致"),
    ([":60F:C260301CNY100,", ":62F:X"], "第 5 行：余额“X”无法识别"),
    ([":60F:C260301CNY100,", ":61:nonsense", ":62F:C260302CNY100,"], "第 5 行：交易行“nonsense”无法识别"),
    ([":60F:C260301CNY1,", ":61:260302C0,125NTRFN", ":62F:C260302CNY1,"], "第 5 行：金额 0.125 不止两位小数"),
    ([":60F:C261301CNY100,", ":62F:C260302CNY100,"], "第 4 行：“261301”不是日历上有的日期"),
    ([":60F:C260301CNY100,", ":62F:C260302CNY101,"], "期初 100.00 加本期净额 0 不等于期末 101.00"),
    ([":60F:C260301CNY100,", ":62M:C260302CNY100,"], "最后一页后面还应有续页（62M），文件不完整"),
]


@pytest.mark.parametrize(("fields", "sentence"), REFUSED_MT940)
def test_mt940_refused(fields: list[str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read(message(*fields))
    assert sentence in str(refused.value)


def test_mt940_a_page_that_does_not_carry_on_is_refused() -> None:
    first = message(":60F:C260301CNY100,", ":62M:C260302CNY100,")
    with pytest.raises(Refused, match=r"第 7 行：续页的期初余额 90\.00 不等于上页的期末余额 100\.00"):
        read(first + message(":60M:C260302CNY90,", ":62F:C260303CNY90,"))
    with pytest.raises(Refused, match="上一页写明还有续页（62M），后面却是另一份对账单"):
        read(first + message(":60F:C260302CNY100,", ":62F:C260303CNY100,"))


@settings(max_examples=50, deadline=None)
@given(books())
def test_mt940_agrees_with_another_reader(book: Book) -> None:
    form = BY_LAYOUT["mt940"]
    written = form.render(form.carried(book))
    (theirs,) = mt940.parse_statements(written.decode("gb18030"), options=mt940.Options.all())
    (ours,) = statements_of(source_of(written, Path("a")))
    assert [(row.date, row.amount) for row in ours.rows] == [
        (entry.data["entry_date"], entry.data["amount"].amount) for entry in theirs
    ]


def camt(entries: str, closing: str, opening: str = "100.00", extra: str = "") -> str:
    def balance(code: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='CNY'>{amount}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        )

    return (
        "<?xml version='1.0' encoding='gb18030'?><Document><BkToCstmrStmt><Stmt>"
        "<Acct><Id><Othr><Id>33010017</Id></Othr></Id></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}{extra}\n{entries}</Stmt></BkToCstmrStmt></Document>"
    )


def entry(amount: str, side: str = "CRDT", status: str = "BOOK", details: str = "", ccy: str = "CNY") -> str:
    return (
        f"<Ntry><Amt Ccy='{ccy}'>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>2026-03-02"
        f"</Dt></BookgDt><AcctSvcrRef>REF1</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def part(amount: str, name: str) -> str:
    party = f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>"
    return f"<TxDtls><Amt Ccy='CNY'>{amount}</Amt>{party}</TxDtls>"


def test_camt_an_entry_of_several_payments_is_split() -> None:
    (statement,) = read(camt(entry("30.00", details=part("10.00", "甲") + part("20.00", "乙")), "130.00"))
    assert [(row.amount, row.counterparty, row.serial) for row in statement.rows] == [
        (Decimal("10.00"), "甲", "REF1:1"),
        (Decimal("20.00"), "乙", "REF1:2"),
    ]


def test_camt_only_booked_entries_count() -> None:
    entries = entry("30.00") + entry("5.00", status="PDNG") + entry("7.00", status="<Cd>INFO</Cd>")
    (statement,) = read(camt(entries + entry("1.00", "DBIT", "<Cd>BOOK</Cd>"), "129.00"))
    assert [row.amount for row in statement.rows] == [Decimal("30.00"), Decimal("-1.00")]


SUMMARY = "<TxsSummry><TtlCdtNtries><NbOfNtries>{}</NbOfNtries><Sum>{}</Sum></TtlCdtNtries></TxsSummry>"
REFUSED_CAMT = [
    (camt(entry("30.00", details=part("10.00", "甲")), "130.00"), "第 2 行：明细合计 10.00 不等于交易金额 30.00"),
    (camt(entry("30.00"), "131.00"), "期初 100.00 加本期净额 30.00 不等于期末 131.00"),
    (camt(entry("30.005"), "130.00"), "第 2 行：金额 30.005 不止两位小数"),
    (camt(entry("12..34"), "130.00"), "第 2 行：金额“12..34”不是数字"),
    (camt(entry("30.00", "X"), "130.00"), "第 2 行：收付标志“X”无法识别"),
    (camt(entry("30.00") + entry("1.00", ccy="USD"), "130.00"), "一个账户里有几种币种：CNY、USD"),
    (camt(entry("30.00"), "130.00", extra=SUMMARY.format(2, "30.00")), "笔数不符：文件合计写 2 笔，实有 1 笔"),
    (camt(entry("30.00"), "130.00", extra=SUMMARY.format(1, "31.00")), "收入合计不符：文件合计写 31.00"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED_CAMT)
def test_camt_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert sentence in str(refused.value)
