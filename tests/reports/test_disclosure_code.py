"""Canonical bytes, digest, and the wording of numbers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from decimal import Decimal

import pytest

from reports.disclosure import Disclosure, canonical_bytes, code_text, digest
from reports.wording import mask_number, voucher_ranges


def test_canonical_bytes_are_sorted_json_without_spaces_or_floats(small: Disclosure) -> None:
    data = canonical_bytes(small)
    read = json.loads(data, parse_float=pytest.fail)
    assert data == json.dumps(read, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert (read["format"], read["month"], read["opening"]) == ("jiezhang.disclosure.1", "2026-10", "108593.50")
    assert read["history"][0] == {"income": None, "month": "2025-11", "spent": None}


def test_the_code_names_compound_month_fund_and_digest(small: Disclosure) -> None:
    assert digest(small) == hashlib.sha256(canonical_bytes(small)).hexdigest()
    assert code_text(small) == f"jiezhang:1:C0007:2026-10:G:{digest(small)}"


def test_one_fen_changes_the_digest_and_a_signed_zero_does_not(small: Disclosure) -> None:
    fen = dataclasses.replace(small, opening=small.opening + Decimal("0.01"))
    zero = dataclasses.replace(small, adjustment=Decimal("-0.00"))
    assert digest(fen) != digest(small) == digest(zero)


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([], ""),
        (["记-0003"], "记-0003"),
        (["记-0007", "记-0003", "记-0008", "记-0009"], "记-0003、0007–0009"),
        (["记-0009", "记-0010"], "记-0009–0010"),
        (["收-0001", "付-0001", "收-0002", "收-0002"], "付-0001、收-0001–0002"),
        (["手工"], "手工"),
    ],
)
def test_voucher_ranges(numbers: list[str], shown: str) -> None:
    assert voucher_ranges(numbers) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("6222000000003021", "**** **** 3021"), ("7001", "****"), ("", "")],
)
def test_account_numbers_keep_four_characters_at_most(number: str, shown: str) -> None:
    assert mask_number(number) == shown
