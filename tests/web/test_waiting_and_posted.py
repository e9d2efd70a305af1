"""Rows that wait, the transfers they may be, and the vouchers that owners ask for."""

from __future__ import annotations

from typing import Any

import pytest
from beancount import loader

from jiezhang.domain.period import Month
from jiezhang.web.posted_view import Leg, posted_vouchers
from jiezhang.web.waiting_view import complete_keys, waiting_rows

OCTOBER = Month(2026, 10)
HEAD = """
2026-09-01 open Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021
2026-09-01 open Assets:C0001甲子花园:W维修资金:1001银行存款-建行4417
2026-09-01 open Liabilities:C0001甲子花园:G公共收益:2999待查款项
2026-09-01 open Liabilities:C0001甲子花园:W维修资金:2999待查款项
2026-09-01 open Income:C0001甲子花园:G公共收益:4101利息
2026-09-01 open Expenses:C0001甲子花园:G公共收益:5108手续费
"""
BANK = {
    "G": "Assets:C0001甲子花园:G公共收益:1002银行存款-工行3021",
    "W": "Assets:C0001甲子花园:W维修资金:1001银行存款-建行4417",
}


def load(text: str) -> list[Any]:
    entries, errors, _ = loader.load_string(HEAD + text, dedent=False)
    assert not errors, errors
    return entries


def row(day: int, fund: str, yuan: str, ref: str, time: str = "09:00:00", other: str = "") -> str:
    name = BANK[fund]
    suspense = name.rpartition(":")[0].replace("Assets", "Liabilities") + ":2999待查款项"
    back = yuan.removeprefix("-") if yuan.startswith("-") else f"-{yuan}"
    return f"""
2026-10-{day:02d} ! "对方" "摘要"
  time: "{time}"
  {name}  {yuan} CNY
    bank-ref: "{ref}"
  {other or suspense}  {back} CNY
"""


@pytest.mark.parametrize(
    ("giving", "others", "offered"),
    [
        (row(5, "G", "-800.00", "a"), [row(5, "W", "800.00", "b")], ["b"]),
        (row(5, "G", "-800.00", "a"), [row(5, "W", "800.00", "b"), row(5, "W", "800.00", "c")], ["b", "c"]),
        (row(5, "G", "-800.00", "a"), [row(6, "W", "800.00", "b")], []),  # another day
        (row(5, "G", "-800.00", "a"), [row(5, "W", "800.01", "b")], []),  # another amount
        (row(5, "G", "-800.00", "a"), [row(5, "G", "800.00", "b")], []),  # the same fund
        (row(5, "G", "800.00", "a"), [row(5, "W", "-800.00", "b")], []),  # the fund does not give to public revenue
        (row(5, "W", "-800.00", "a"), [row(5, "G", "800.00", "b")], []),
    ],
)
def test_transfers_offered(giving: str, others: list[str], offered: list[str]) -> None:
    rows = {one.ref: one for one in waiting_rows(load("".join([giving, *others])), OCTOBER)}
    assert [join.ref for join in rows["a"].joins] == offered
    assert all(not rows[ref].joins for ref in rows if ref != "a")


def test_what_a_transfer_is_called() -> None:
    rows = waiting_rows(load(row(5, "G", "-800.00", "a") + row(5, "W", "800.00", "b", "10:00:00")), OCTOBER)
    (join,) = rows[0].joins
    assert (join.account, join.other) == (BANK["W"], "Expenses:C0001甲子花园:G公共收益:5201转入维修资金")
    assert join.label == "公共收益补充维修资金：维修资金 建行4417 800.00"


def test_rows_stand_by_day_and_time() -> None:
    books = load(row(5, "G", "1.00", "late", "18:00:00") + row(5, "G", "2.00", "early") + row(3, "G", "3.00", "first"))
    assert [one.ref for one in waiting_rows(books, OCTOBER)] == ["first", "early", "late"]


def test_what_is_complete() -> None:
    interest = "Income:C0001甲子花园:G公共收益:4101利息"
    books = load(row(5, "G", "1.00", "a", other=interest) + row(5, "G", "2.00", "b") + row(5, "W", "3.00", "c"))
    assert complete_keys(books, OCTOBER) == {(BANK["G"], "a")}
    assert complete_keys(books, OCTOBER.next) == frozenset()


def written(leg: Leg) -> str:
    return f"{leg.account} {leg.debit or ''}/{leg.credit or ''}"


def test_posted_vouchers() -> None:
    books = load(f"""
2026-10-09 * "银行" "手续费"
  voucher: "记-0010"
  {BANK["G"]}  -5.00 CNY
  Expenses:C0001甲子花园:G公共收益:5108手续费  5.00 CNY
2026-10-08 * "结息"
  voucher: "记-0009"
  {BANK["G"]}  8.88 CNY
  Income:C0001甲子花园:G公共收益:4101利息  -8.88 CNY
2026-11-01 * "下月"
  voucher: "记-0001"
  {BANK["G"]}  1.00 CNY
  Income:C0001甲子花园:G公共收益:4101利息  -1.00 CNY
""" + row(5, "G", "1.00", "a"))
    shown = [
        (one.number, one.date.day, one.counterparty, one.narration, *map(written, one.legs))
        for one in posted_vouchers(books, OCTOBER)
    ]
    assert shown == [
        ("记-0009", 8, "", "结息", "公共收益 · 1002银行存款-工行3021 8.88/", "公共收益 · 4101利息 /8.88"),
        ("记-0010", 9, "银行", "手续费", "公共收益 · 1002银行存款-工行3021 /5.00", "公共收益 · 5108手续费 5.00/"),
    ]
