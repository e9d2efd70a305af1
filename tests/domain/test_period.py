from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.period import Month


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "202610", "2026-10-01", "本月", "1989-12", "2200-01"])
def test_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="月"):
        Month.parse(text)


@pytest.mark.parametrize(("text", "around"), [("1990-01", ("1989-12", "1990-02")), ("2199-12", ("2199-11", "2200-01"))])
def test_the_months_at_the_ends_have_neighbours(text: str, around: tuple[str, str]) -> None:
    month = Month.parse(text)
    assert (str(month.shift(-1)), str(month.next)) == around


@given(st.dates(date(1995, 1, 1), date(2190, 1, 1)), st.integers(-60, 60))
def test_months_are_contiguous(day: date, months: int) -> None:
    month = Month.of(day)
    assert Month.parse(str(month)) == month
    assert month.contains(day)
    assert month.shift(months).shift(-months) == month
    assert (month.next.first_day - month.last_day).days == 1
