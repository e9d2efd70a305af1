"""The rule `duties_apart` on vouchers made up here, and what is owed once the money was paid."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiezhang.domain.approval.owed import duties_owed
from jiezhang.domain.approval.records import Resolution, Stage
from jiezhang.domain.approval.rules import duties_apart
from jiezhang.domain.approval.view import office_view
from tests.approval.little_office import book, decided, office_files, records_of
from tests.approval.test_spending import voucher as payment
from tests.approval.voucher_books import voucher

BOOKS = "（会计法第25条）"
APART = "（会计法第25条、财会〔2024〕11号第16条）"

PARTS: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"cashier": "C01"}, ""),
    ({"maker": "K01", "poster": "K01"}, ""),
    ({"maker": "K01", "reviewer": "K01"}, f"K01 代理会计既制单又复核，须由另一人复核{BOOKS}"),
    ({"maker": "K01", "reviewer": "T01"}, f"T01 负责人既复核又记账，须由另一人记账{BOOKS}"),
    ({"maker": "Z99", "reviewer": "Z99"}, f"Z99既制单又复核，须由另一人复核{BOOKS}"),
    ({"cashier": "K01"}, "K01 代理会计是出纳，不得制单（会计法第35条）"),
    ({"cashier": "F01"}, "F01 复核员是出纳，不得复核（会计法第35条）"),
    ({"cashier": "T01"}, "T01 负责人是出纳，不得记账（会计法第35条）"),
    ({"maker": None, "reviewer": "T01"}, ""),
    ({"maker": None, "cashier": "F01"}, ""),
    ({"reviewer": None, "cashier": "T01"}, "T01 负责人是出纳，不得记账（会计法第35条）"),
    ({"reviewer": None, "poster": None, "cashier": None}, ""),
    ({"resolution": "R1"}, ""),
    ({"resolution": "R9", "maker": "Y01"}, ""),
    ({"maker": "Y01"}, ""),
    ({"resolution": "R1", "maker": "J01"}, f"J01 街道经办参与了决议 R1 的审批，不得再为它的付款制单{APART}"),
    ({"resolution": "R1", "reviewer": "J01"}, f"J01 街道经办参与了决议 R1 的审批，不得再为它的付款复核{APART}"),
    ({"resolution": "R1", "poster": "J01"}, f"J01 街道经办参与了决议 R1 的审批，不得再为它的付款记账{APART}"),
    ({"resolution": "R1", "poster": "Y02"}, f"Y02 委员2参与了决议 R1 的审批，不得再为它的付款记账{APART}"),
    ({"resolution": "R1", "maker": "Y01"}, f"Y01 委员1保管决议 R1 所用的印章，不得再为它的付款制单{APART}"),
    ({"resolution": "R2", "maker": "Y01"}, ""),
]


@pytest.mark.parametrize(("meta", "sentence"), PARTS)
def test_one_person_two_parts(meta: dict[str, Any], sentence: str) -> None:
    """R1: Y02 proposed, J01 reviewed, sealed with Y01's key. R2: only proposed, by Y02."""
    items = [
        *decided("R1", budget_yuan="6000.00", by="Y02"),
        (date(2026, 2, 20), "resolution", decided("R2", by="Y02")[0][2]),
    ]
    vouchers = [voucher("记-0001", **meta), voucher("记-0002", line=9)]
    found = duties_apart.find(office_view("/street/C0007", [*records_of(items), *vouchers], office_files()))
    assert [(one.rule, one.source["lineno"], one.message) for one in found] == (
        [("duties_apart", 5, f"2026-03 记-0001：{sentence}")] if sentence else []
    )


def test_a_voucher_that_waits() -> None:
    entry = voucher(None, maker="F01")
    found = duties_apart.find(office_view("/street/C0007", [entry], office_files()))
    assert [one.message for one in found] == [f"待处理的凭证：F01 复核员既制单又复核，须由另一人复核{BOOKS}"]


def test_each_fault_is_told() -> None:
    vouchers = [voucher("记-0001", cashier="F01"), voucher("记-0002", line=9), voucher("记-0003", line=13, maker="F01")]
    found = duties_apart.find(office_view("/street/C0007", vouchers, office_files()))
    assert [one.source["lineno"] for one in found] == [5, 13]


# ------------------------------------------------------------------ what is owed
def owed(text: str, *more: Any, **terms: Any) -> list[tuple[str, str, date | None]]:
    view = book(text, [*decided("R1", **terms), *more])
    return [(duty.path.code, duty.step.title, duty.due) for duty in duties_owed(view, view.entries)]


REPORT_BY = date(2026, 5, 4)
"""90 days after 2026-02-03."""


def test_once_something_was_paid_its_duties_are_owed() -> None:
    assert owed(payment()) == [("R1", "结算审计", None), ("R1", "公开结果", REPORT_BY)]
    assert owed("") == []
    assert owed(payment("0.01")) == [("R1", "结算审计", None), ("R1", "公开结果", REPORT_BY)]


def test_what_was_taken_back_was_not_paid() -> None:
    assert owed(payment("-3000.00").replace("--", "")) == []


def test_what_came_to_nothing_was_not_paid() -> None:
    even = payment("5.00").replace("  GBANK  -5.00 CNY", "  BUILD  -5.00 CNY\n  GBANK  0.00 CNY")
    assert owed(even) == []


def test_a_duty_that_is_done_is_owed_no_more() -> None:
    done = (date(2026, 4, 1), "stage", Stage(code="R1", step="report", by="Y01"))
    assert owed(payment(), done) == [("R1", "结算审计", None)]


def test_only_what_was_paid_under() -> None:
    other = Resolution.model_validate({**decided("R2")[0][2].model_dump(), "code": "R2"})
    assert owed(payment(), (date(2026, 2, 20), "resolution", other)) == [
        ("R1", "结算审计", None), ("R1", "公开结果", REPORT_BY)
    ]  # fmt: skip


def test_what_was_never_approved_has_no_day() -> None:
    assert owed(payment(), seals=()) == [("R1", "结算审计", None), ("R1", "公开结果", None)]
