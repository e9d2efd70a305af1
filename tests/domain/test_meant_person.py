"""Whom somebody means by what they type at sign-in."""

from __future__ import annotations

import pytest

from jiezhang.domain.people import meant_by
from jiezhang.domain.register import Person

PEOPLE = tuple(Person(id=code, name=code, roles=("owner",)) for code in ("K01", "F01", "KA1", "Ka1", "C0001R1", "S-1"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("K01", "K01"),
        ("k01", "K01"),
        (" k01 ", "K01"),
        ("Ｋ０１", "K01"),
        ("ｋ０１", "K01"),
        ("\u212a01", "K01"),
        ("c0001r1", "C0001R1"),
        ("Ｓ－１", "S-1"),
        ("KA1", "KA1"),
        ("Ka1", "Ka1"),
        ("ka1", "ka1"),
        ("ＫＡ１", "ＫＡ１"),
        ("K02", "K02"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_capitals_and_full_width_mean_the_same_person_and_never_two(typed: str, meant: str) -> None:
    assert meant_by(PEOPLE, typed) == meant
