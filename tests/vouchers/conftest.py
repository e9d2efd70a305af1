"""September imported, and September posted."""

from __future__ import annotations

import pytest

from jiezhang.book.layout import CompoundFolder
from tests.conftest import G_BANK
from tests.desk import review_and_post
from tests.vouchers.desk import CITY, REPAIR, ROWS, SEPTEMBER, book, complete


@pytest.fixture
def imported(compound: CompoundFolder) -> CompoundFolder:
    """Four rows: -30.00 is not known yet, the others are entered."""
    book(compound, (G_BANK, ROWS))
    return compound


@pytest.fixture
def posted(imported: CompoundFolder) -> CompoundFolder:
    """记-0001 广告费 900.00, 记-0002 换灯 -30.00, 记-0003 and 记-0004."""
    complete(imported, "-30.00", REPAIR, "换楼道灯")
    review_and_post(imported, CITY, SEPTEMBER)
    return imported
