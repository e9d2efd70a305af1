"""That a month's public statement hangs on the notice board: when, where, who says so; never taken back."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .period import Month
from .register import Code, Day, Name, Row

POSTINGS_FILE = "postings.csv"
"""In a compound's folder. It is no part of the figures: no seal and no rule of the books reads it."""

PHOTOS = "postings"
"""The folder beside it that has the photos."""


class PostingRecord(Row):
    """One line of `postings.csv`. `day`: since when it hangs; `photo`: a file in `postings/`, or nothing."""

    month: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), Field(examples=["2026-09"])]
    day: Day
    place: Annotated[Name, Field(examples=["北门公告栏"])]
    person: Code
    photo: Annotated[str, StringConstraints(max_length=200, pattern=r"^([0-9a-f]{12}-[^/\\<>\n\r\t]+)?$")] = ""

    @property
    def of(self) -> Month:
        """The month of the statement."""
        return Month.parse(self.month)
