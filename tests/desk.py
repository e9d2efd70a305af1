"""Two people at the office's desk: one reviews, the other posts, whatever is entered."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.domain.period import Month
from jiezhang.street.booking import PostingCount, post_rows, post_street, review_rows, review_street

from .conftest import POSTER, REVIEWER


def review_and_post(
    folder: CompoundFolder, city: str, month: Month, only: Collection[tuple[str, str]] = ()
) -> PostingCount:
    """Review and post the entered vouchers of `month` in one compound, or those of the statement rows named."""
    review_rows(folder, city, month, REVIEWER, only)
    return post_rows(folder, city, month, POSTER, only)


def review_and_post_all(street: StreetFolder, folders: Sequence[CompoundFolder], month: Month) -> list[PostingCount]:
    """The same for many compounds."""
    review_street(street, folders, month, REVIEWER)
    return post_street(street, folders, month, POSTER)
