"""Chance against the checker: whatever happens to the bytes, there is a verdict, and it never lets a change pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.signing.check import check_pdf, is_sealed_copy
from tests.signing.attacks import contents
from tests.signing.sealing import CA, EXPECTED, NOW, once, plain, twice


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_of_what_the_seals_cover_never_holds(place: int, bit: int) -> None:
    """All but the last signature's own digits, which no signature can cover."""
    pdf = bytearray(twice())
    start, end = contents(twice())[-1]
    place %= len(pdf) - (end - start)
    pdf[place if place < start else place + end - start] ^= 1 << bit
    verdict = check_pdf(bytes(pdf), [CA], at=NOW)
    assert not verdict.holds
    assert verdict.problem


@given(place=st.integers(0, 10**6), digit=st.sampled_from(b"0123456789abcdefABCDEFz<> "))
def test_a_changed_digit_of_the_last_signature_never_changes_what_is_sealed(place: int, digit: int) -> None:
    pdf = bytearray(twice())
    start, end = contents(twice())[-1]
    pdf[start + place % (end - start)] = digit
    verdict = check_pdf(bytes(pdf), [CA], at=NOW, expected=EXPECTED)
    assert not verdict.holds or is_sealed_copy(verdict, bytes(pdf), plain())


@given(cut=st.integers(0, 10**6))
def test_a_file_cut_short_never_holds_with_both_seals(cut: int) -> None:
    verdict = check_pdf(twice()[: cut % len(twice())], [CA], at=NOW, expected=EXPECTED)
    assert not verdict.holds


@given(tail=st.binary(min_size=1, max_size=200))
def test_nothing_can_be_added_behind(tail: bytes) -> None:
    assert not check_pdf(twice() + tail, [CA], at=NOW).holds


@given(pdf=st.binary(max_size=400) | st.binary(max_size=400).map(lambda more: b"%PDF-1.7\n" + more + b"\n%%EOF"))
def test_any_bytes_have_a_verdict(pdf: bytes) -> None:
    verdict = check_pdf(pdf, [CA], at=NOW)
    assert not verdict.holds
    assert verdict.problem


@pytest.mark.parametrize("bad", [b"", b"%PDF-1.7", once()[:2000]])
def test_broken_files_are_called_so(bad: bytes) -> None:
    assert check_pdf(bad, [CA], at=NOW).problem == "文件已损坏，不是完整的 PDF，或者签名读不出来"
