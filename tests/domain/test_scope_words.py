"""A scope as a form says it is the scope as ledgers have it."""

from __future__ import annotations

import pytest

from jiezhang.domain.scope import in_code, parse_scope


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("全小区", "compound"),
        ("幢:01", "building:01"),
        ("幢：01", "building:01"),
        ("单元:01/2", "stair:01/2"),
        ("户:01-1-101，01-1-102", "dwellings:01-1-101,01-1-102"),
        ("户：01-1-101、01-1-102", "dwellings:01-1-101,01-1-102"),
        ("compound", "compound"),
        ("stair:01/2", "stair:01/2"),
    ],
)
def test_a_scope_in_words(said: str, code: str) -> None:
    assert in_code(said) == code == str(parse_scope(code))


def test_what_is_none_stays_as_it_was_written() -> None:
    assert in_code("二号楼") == "二号楼"
