"""Accounting periods: the calendar month (会计法 art. 11, the accounting year is the calendar year)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")

_YEARS = range(1990, 2200)
"""What a person may ask for; months are reckoned beyond, so that each of these has one before and one after."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month, written `2026-10`."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise ValueError(f"“{self.year}-{self.number}”不是月份")

    @classmethod
    def parse(cls, text: str) -> Month:
        """`2026-10` as a month; `ValueError` for anything else."""
        found = _MONTH.fullmatch(text)
        if not found:
            raise ValueError(f"月份“{text}”应写成 2026-10 的样子")
        month = cls(int(found[1]), int(found[2]))
        if month.year not in _YEARS:
            raise ValueError(f"月份“{text}”不在 {_YEARS[0]} 年到 {_YEARS[-1]} 年之间")
        return month

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def shift(self, months: int) -> Month:
        """The month `months` later (earlier when negative)."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    @property
    def next(self) -> Month:
        return self.shift(1)

    def contains(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def day_after(day: date) -> date:
    return day + timedelta(days=1)
