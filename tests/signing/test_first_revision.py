"""Whether the unsigned original is what a file shows, when something was appended to it before anybody sealed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reports.signing.check import check_pdf, is_sealed_copy
from reports.signing.fields import with_fields
from tests.signing import attacks
from tests.signing.sealing import ASSEMBLY, CA, FIELDS, NOW, plain, sealed, twice, with_places

CHANGES = (
    attacks.another_text,
    attacks.other_words_in_the_same_place,
    attacks.another_page,
    attacks.a_note,
    attacks.a_turned_page,
    attacks.a_script_on_opening,
    attacks.a_form_shown_instead,
    attacks.a_field_to_write_in,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_before_the_seals_is_no_longer_the_original(change: Callable[..., None]) -> None:
    """The seal is right about the file it was set on, and the original's bytes still begin it."""
    pdf = sealed(attacks.updated(with_places(), change), "assembly", ASSEMBLY)
    verdict = check_pdf(pdf, [CA], at=NOW)
    assert pdf[: verdict.first_revision] == plain()
    assert (verdict.holds, verdict.shows_first) == (True, False)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_after_the_seals_breaks_them(change: Callable[..., None]) -> None:
    assert not check_pdf(attacks.updated(twice(), change), [CA], at=NOW).holds


def test_places_and_seals_alone_leave_the_original() -> None:
    assert [check_pdf(pdf, [CA], at=NOW).shows_first for pdf in (plain(), with_places(), twice())] == [True] * 3


def test_places_may_be_added_in_two_steps() -> None:
    pdf = with_fields(with_fields(plain(), FIELDS[:1]), FIELDS[1:])
    assert check_pdf(sealed(pdf, "assembly", ASSEMBLY), [CA], at=NOW).shows_first


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
def test_the_first_revision_ends_with_its_line_break(end: bytes) -> None:
    original = plain().rstrip() + end
    pdf = sealed(with_fields(original, FIELDS), "assembly", ASSEMBLY)
    verdict = check_pdf(pdf, [CA], at=NOW)
    assert verdict.first_revision == len(original)
    assert is_sealed_copy(verdict, pdf, original)
