"""Where a click leads: the page inside Fava for those who may see the books, the same page outside it for others."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from jiezhang.domain.duties.may import may
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person

BOARD = "/jiezhang/board"


def month_page(code: str, month: Month) -> str:
    """The page 本月."""
    return f"/{code.lower()}/extension/MonthPage/?month={month}"


def vouchers_page(code: str, month: Month) -> str:
    """The page 凭证."""
    return f"/{code.lower()}/extension/VouchersPage/?month={month}"


def parties_page(person: Person, code: str, month: Month, today: date) -> str:
    """The page 三方."""
    return f"{_place(person, code, 'PartiesPage', 'parties', today)}?month={month}"


def decisions_page(person: Person, code: str, resolution: str, today: date) -> str:
    """One resolution on the page 决议."""
    return f"{_place(person, code, 'DecisionsPage', 'decisions', today)}?{urlencode({'code': resolution})}"


def questions_page(code: str, about: str = "", question: str = "") -> str:
    """The page 疑问; with a line of the books to ask about, or one question's place on it."""
    asked = f"?{urlencode({'about': about})}#ask" if about else f"#{question}" if question else ""
    return f"/jiezhang/{code.lower()}/questions/{asked}"


def compound_page(person: Person, code: str, month: Month, today: date) -> str:
    """A compound's month as `person` may see it; empty when they may not."""
    if may(person, "books", code, today):
        return month_page(code, month)
    return parties_page(person, code, month, today) if may(person, "parties", code, today) else ""


def board_page(asked: dict[str, str]) -> str:
    """The street's board as `asked`; what is empty is left out."""
    given = {name: value for name, value in asked.items() if value}
    return f"{BOARD}?{urlencode(given)}" if given else BOARD


def _place(person: Person, code: str, inside: str, outside: str, today: date) -> str:
    if may(person, "books", code, today):
        return f"/{code.lower()}/extension/{inside}/"
    return f"/jiezhang/{code.lower()}/{outside}"
