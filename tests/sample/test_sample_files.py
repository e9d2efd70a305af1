"""The files: what an importer reads from them is what happened, and the same seed gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.registry import statements_of
from importers.source import source_of
from jiezhang.domain.period import Month
from jiezhang.domain.statement import Statement, StatementRow, references
from jiezhang.street.sample.bank_files import render_statement
from jiezhang.street.sample.generate import completions, files_of, sample_files, truths
from jiezhang.street.sample.layouts import LAYOUTS, fit
from jiezhang.street.sample.plan import PlannedCompound, plan_street

SEED = 4
FIRST = Month(2026, 2)
STREET = plan_street(SEED, 52, 60, 1, FIRST)
BANK_LAYOUTS = [name for name in LAYOUTS if LAYOUTS[name].bank not in ("wechat", "alipay")]

RECIPE = """
import hashlib
from jiezhang.domain.period import Month
from jiezhang.street.sample.generate import sample_files
from jiezhang.street.sample.plan import PlannedCompound, plan_street
digest = hashlib.sha256()
for file in sample_files(plan_street(9, 17, 40, 2, Month(2026, 2)), 9, 2):
    digest.update(repr(file).encode())
print(digest.hexdigest())
"""


def read(name: str, data: bytes) -> Statement:
    (statement,) = statements_of(source_of(data, Path(name)))
    return statement


def without_lines(rows: tuple[StatementRow, ...]) -> list[StatementRow]:
    return [replace(row, line=0) for row in rows]


@pytest.mark.parametrize("planned", STREET.compounds, ids=[one.compound.code for one in STREET.compounds])
def test_importers_read_from_the_files_what_happened(planned: PlannedCompound) -> None:
    (truth,) = truths(planned, SEED, FIRST, 1)
    for file in files_of(planned, truth):
        found, wanted = read(file.name, file.data), truth.statements[file.account]
        assert found.layout == wanted.layout
        assert without_lines(found.rows) == without_lines(wanted.rows)
        assert (found.account_no, found.currency) == (wanted.account_no, wanted.currency)
        assert (found.opening, found.closing) == (wanted.opening, wanted.closing)
        assert found.holder in ("", wanted.holder)
        assert found.period in (None, wanted.period)
        assert references(found.rows) == references(wanted.rows)


def test_one_street_has_files_of_every_bank_layout() -> None:
    months = truths_of_layouts()
    assert set(months) == set(LAYOUTS) - {"wechat.trade", "alipay.trade"}


def truths_of_layouts() -> Counter[str]:
    return Counter(layout for planned in STREET.compounds for layout in planned.layouts.values())


@pytest.mark.parametrize(("bank", "layout"), [("wechat", "wechat.trade"), ("alipay", "alipay.trade")])
def test_the_trade_bill_tells_the_same_sales_fees_and_refunds(bank: str, layout: str) -> None:
    street = plan_street(SEED, 8, 400, 1, FIRST)
    refunds = 0
    for planned in street.compounds:
        (truth,) = truths(planned, SEED, FIRST, 1)
        for account in (one for one in planned.platforms if one.bank == bank):
            fund = truth.statements[account.account]
            bill = read(*render_statement(layout, fund, FIRST))
            assert bill.account_no == account.number
            assert moves(bill, bank) == moves(fund, bank)
            refunds += sum(row.kind == "refund" for row in bill.rows)
    assert refunds


def moves(statement: Statement, bank: str) -> Counter[tuple[object, ...]]:
    """Rows other than payouts; WeChat's bills share their serials, Alipay's don't."""
    return Counter(
        (row.date, row.time, row.amount, row.kind, row.serial if bank == "wechat" else "")
        for row in statement.rows
        if row.kind != "settlement"
    )


Move = tuple[int, str, int, str, str, str]
"""Day from 0, time, amount in fen, words, remark, counterparty's account."""

WORDS = st.text("测试款项车位费水电㙍䶮（）<b>&,\"';：0123456789AZ-", max_size=20).map(lambda text: f"款{text}项")
MOVES = st.lists(
    st.tuples(
        st.integers(0, 27),
        st.times().map(lambda time: f"{time:%H:%M:%S}"),
        st.integers(-(10**9), 10**9).filter(bool),
        WORDS,
        st.one_of(st.just(""), WORDS),
        st.one_of(st.just(""), st.from_regex(r"99[0-9]{10,14}", fullmatch=True)),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("layout", BANK_LAYOUTS)
@settings(max_examples=40, deadline=None)
@given(found=MOVES, opening_fen=st.integers(0, 10**11))
def test_any_statement_is_read_back_as_it_was_written(layout: str, found: list[Move], opening_fen: int) -> None:
    wanted = statement_of(layout, found, opening_fen)
    name, data = render_statement(layout, wanted, FIRST)
    assert (name, data) == render_statement(layout, wanted, FIRST)
    again = read(name, data)
    assert again.layout == LAYOUTS[layout].name
    assert plain(again) == plain(wanted)


def plain(statement: Statement) -> list[StatementRow]:
    """Rows without what an importer judges by the words."""
    return [replace(row, line=0, kind="normal") for row in statement.rows]


def statement_of(layout: str, found: list[Move], opening_fen: int) -> Statement:
    moved = sorted(found, key=lambda one: (one[0], one[1] if LAYOUTS[layout].time else 0))
    fens = list(accumulate((one[2] for one in moved), initial=opening_fen))
    rows = tuple(
        fit(
            StatementRow(
                line=line,
                date=FIRST.first_day + timedelta(days=day),
                time=time,
                amount=yuan(fen),
                balance=yuan(balance),
                counterparty=words,
                counterparty_account=account,
                summary=words,
                remark=remark,
                serial=f"SN{line:06d}",
            ),
            layout,
        )
        for line, ((day, time, fen, words, remark, account), balance) in enumerate(zip(moved, fens[1:], strict=True), 1)
    )
    period = (FIRST.first_day, FIRST.last_day)
    number = "1900000000000012345"
    return Statement(
        layout, "", "", number, "示例业主大会", "CNY", rows, yuan(opening_fen), yuan(fens[-1]), period=period
    )


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def test_names_are_unique_within_a_compound_month() -> None:
    street = plan_street(SEED, 30, 20, 2, FIRST)
    names = Counter((file.compound, file.month, file.name) for file in sample_files(street, SEED, 2))
    assert set(names.values()) == {1}


def test_completions_come_in_the_order_of_the_files() -> None:
    street = plan_street(SEED, 3, 20, 2, FIRST)
    files = [(file.compound, file.month, file.account) for file in sample_files(street, SEED, 2)]
    said = [
        (code, month, account)
        for code, month, rows in completions(street, SEED, 2)
        for account in dict.fromkeys(row.account for row in rows)
    ]
    assert said == files


@pytest.mark.parametrize(
    ("layout", "start"),
    [
        ("icbc.history_detail", b"PK"),
        ("icbc.history_detail_csv", "[HISTORYDETAIL]\r\n凭证号".encode("gbk")),
        ("icbc.in_out", "对方账号,".encode("gbk")),
        ("icbc.printed", b"\xd0\xcf\x11\xe0"),
        ("boc.inquiry", "\ufeff查询账号".encode()),
        ("cmb.detail", b"PK"),
        ("rcb.detail", b"\xd0\xcf\x11\xe0"),
    ],
)
def test_files_are_of_the_kind_the_bank_sends(layout: str, start: bytes) -> None:
    row = (1, "09:00:00", 100, "款项", "", "")
    assert render_statement(layout, statement_of(layout, [row], 0), FIRST)[1].startswith(start)


def test_alipay_packs_gbk_names_and_the_summary_first() -> None:
    planned = next(one for one in STREET.compounds if any(account.bank == "alipay" for account in one.accounts))
    (truth,) = truths(planned, SEED, FIRST, 1)
    data = next(file.data for file in files_of(planned, truth) if file.name.endswith(".zip"))
    members = zipfile.ZipFile(BytesIO(data)).infolist()
    names = [info.filename.encode("cp437").decode("gb18030") for info in members]
    assert ["(汇总)" in name for name in names] == [True, False]
    assert not any(info.flag_bits & 0x800 for info in members)


def test_same_seed_same_bytes_whatever_the_hash_seed() -> None:
    assert digest("1") == digest("2")


def digest(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", RECIPE]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, env=environment, cwd=root, check=True, capture_output=True, text=True).stdout


def test_different_seeds_give_different_files() -> None:
    streets = [(seed, plan_street(seed, 2, 40, 1, FIRST)) for seed in range(5)]
    files = [b"".join(file.data for file in sample_files(street, seed, 1)) for seed, street in streets]
    assert len(set(files)) == 5
