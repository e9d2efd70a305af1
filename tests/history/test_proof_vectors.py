"""Household proofs: the file both verifiers read, the bytes as the format has them, and no text that raises."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.history.household_proof import read, verify
from jiezhang.domain.history.trust import Trust
from jiezhang.domain.history.wire import Malformed, from_base32, number_bytes, to_base32
from tests.history.made import join, make, number, pieces, trust
from tests.history.make_vectors import VECTORS, content

FILE: dict[str, Any] = json.loads(VECTORS.read_text("utf-8"))
TRUST = Trust.model_validate(FILE["trust"])
CASES: list[dict[str, Any]] = FILE["cases"]


def test_the_file_is_what_the_program_makes() -> None:
    assert VECTORS.read_text("utf-8") == content()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['result']}: {case['name']}")
def test_every_case(case: dict[str, Any]) -> None:
    verdict = verify(case["code"], TRUST)
    assert verdict.result == case["result"]
    assert (verdict.facts and verdict.facts.as_json()) == case.get("facts")


def test_the_file_has_every_reason_and_no_name_twice() -> None:
    results = [case["result"] for case in CASES]
    assert {*results} == {"ok", "malformed", "not_in_total", "untrusted", "signature", "missing"}
    assert results.count("ok") >= 12
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("households", [1, 2, 3, 7, 12])
def test_the_bytes_are_as_the_format_says(households: int) -> None:
    made = make(households)
    for place in range(households):
        proof = made.proof(place)
        assert proof.code() == join(pieces(proof))
        assert read(proof.code()) == proof
        facts = verify(proof.code(), trust()).facts
        assert facts is not None
        assert (facts.household, facts.balance_fen) == (proof.balance.household, proof.balance.balance_fen)


def test_a_proof_of_a_large_compound_fits_a_qr_code() -> None:
    """Version 40 at level L holds 4,296 letters; at level Q, 2,420."""
    assert len(make(1176, parties=("office", "bank", "auditor", "community", "owners")).proof(587).code()) < 2420


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert verify(text, TRUST).result == "malformed"


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_no_letters_raise(text: str) -> None:
    assert verify(text, TRUST).result == "malformed"


@given(st.data())
def test_no_bytes_raise_in_a_proofs_place(data: st.DataObject) -> None:
    found = pieces(make(7).proof(3))
    name = data.draw(st.sampled_from(list(found)))
    found[name] = data.draw(st.binary(max_size=40))
    assert verify(join(found), TRUST).result != "ok" or found == pieces(make(7).proof(3))


@given(st.binary(max_size=60))
def test_bytes_have_one_spelling(data: bytes) -> None:
    assert from_base32(to_base32(data)) == data


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", max_size=24))
def test_a_spelling_is_of_its_bytes_or_none(code: str) -> None:
    with contextlib.suppress(Malformed):
        assert to_base32(from_base32(code)) == code


@given(st.integers(0, 2**53 - 1))
def test_numbers_are_spelled_as_the_format_says(value: int) -> None:
    assert number_bytes(value) == number(value)
