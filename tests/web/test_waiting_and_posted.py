"""Rows that wait, the transfers they may be, and the vouchers that owners ask for."""

from __future__ import annotations

from typing import Any

import pytest
from beancount import loader

from jiezhang.domain.period import Month
from jiezhang.domain.register import Person
from jiezhang.web.vouchers_view import Leg, vouchers_of
from jiezhang.web.waiting_view import waiting_rows

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


def row(day: int, fund: str, yuan: str, ref: str, time: str = "09:00:00", other: str = "", said: str = "") -> str:
    name = BANK[fund]
    suspense = name.rpartition(":")[0].replace("Assets", "Liabilities") + ":2999待查款项"
    back = yuan.removeprefix("-") if yuan.startswith("-") else f"-{yuan}"
    return f"""
2026-10-{day:02d} ! "对方" "摘要"
  time: "{time}"
{said}  {name}  {yuan} CNY
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


MADE = '  maker: "K01"\n'
INTEREST = "Income:C0001甲子花园:G公共收益:4101利息"


def test_what_is_complete() -> None:
    """Legs that are known make no voucher yet: somebody must have said so."""
    books = load(
        row(5, "G", "1.00", "a", other=INTEREST, said=MADE)
        + row(5, "G", "2.00", "b", said=MADE)
        + row(5, "G", "3.00", "c", other=INTEREST)
    )
    rows = {one.ref: (one.is_complete, one.is_reviewed, one.other_label) for one in waiting_rows(books, OCTOBER)}
    assert rows == {"a": (True, False, "4101利息"), "b": (False, False, ""), "c": (False, False, "4101利息")}


def test_what_a_payment_rests_on() -> None:
    said = (
        MADE + '  resolution: "R1"\n  payment: "P1"\n  invoice: "12,34"\n  contract: "HT-9"\n  accepted: 2026-10-04\n'
    )
    fee = "Expenses:C0001甲子花园:G公共收益:5108手续费"
    (paid, earned) = waiting_rows(
        load(row(5, "G", "-1.00", "a", other=fee, said=said) + row(6, "G", "1.00", "b", other=INTEREST)), OCTOBER
    )
    assert (paid.resolutions, paid.resolution, paid.payment, paid.invoice, paid.contract, paid.accepted) == (
        "resolutions-G", "R1", "P1", "12,34", "HT-9", "2026-10-04",
    )  # fmt: skip
    assert (earned.resolutions, earned.resolution) == ("resolutions-G", ""), "for what came back"


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
        for one in vouchers_of(books, OCTOBER, {}).posted
    ]
    assert shown == [
        ("记-0009", 8, "", "结息", "公共收益 · 1002银行存款-工行3021 8.88/", "公共收益 · 4101利息 /8.88"),
        ("记-0010", 9, "银行", "手续费", "公共收益 · 1002银行存款-工行3021 /5.00", "公共收益 · 5108手续费 5.00/"),
    ]


WITH_CASHIER = '  cashier: "C01"\n  correction: "2026-09/记-0001"\n'


def test_a_red_voucher_keeps_its_sides() -> None:
    """红字: the sides of what it cancels, with amounts below zero."""
    said = MADE + '  correction: "2026-09/记-0001"\n  correction-kind: "red"\n'
    (red,) = vouchers_of(load(row(6, "G", "5.00", "a", other=INTEREST, said=said)), OCTOBER, {}).entered
    assert (red.is_red, red.correction) == (True, "红字注销 2026-09/记-0001")
    assert [written(leg) for leg in red.legs] == [
        "公共收益 · 1002银行存款-工行3021 /-5.00",
        "公共收益 · 4101利息 -5.00/",
    ]


def test_vouchers_by_state() -> None:
    """Who was there by name; what waits is named by its content, and kept from who took the step before."""
    people = {"K01": Person(id="K01", name="代理会计", roles=("bookkeeper",))}
    late = row(6, "G", "1.00", "late", time="18:00:00", other=INTEREST, said=MADE + WITH_CASHIER)
    early = row(6, "G", "2.00", "early", other=INTEREST, said=MADE + "  attachments: 2\n")
    found = vouchers_of(load(late + early + row(7, "G", "3.00", "c")), OCTOBER, people)
    assert (found.waiting, found.reviewed, found.posted) == (1, (), ())
    assert [(one.maker, one.not_for, one.attachments, one.correction) for one in found.entered] == [
        ("K01 代理会计", ("K01",), "2", ""),
        ("K01 代理会计", ("C01", "K01"), "", "更正 2026-09/记-0001"),
    ]
    assert len({one.digest for one in found.entered}) == 2
