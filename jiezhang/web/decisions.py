"""The page 决议 in Fava: where each resolution stands, who may do what next, and what was paid. It changes nothing."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import request
from werkzeug.exceptions import BadRequest

from jiezhang.book.load import office_of
from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month

from .decisions_view import DecisionShown, DecisionsView, decision_shown, decisions_view
from .month_view import months_of
from .office_page import OfficePage

if TYPE_CHECKING:
    from .ledger import GatedLedger


class DecisionsPage(OfficePage):
    """The compound's resolutions, or the one that `?code=R2026-07` names."""

    report_title = "决议"

    def __init__(self, ledger: GatedLedger, config: str | None = None) -> None:
        super().__init__(ledger, config)
        self._listed = lru_cache(maxsize=4)(self._list)

    def months(self) -> tuple[Month, ...]:
        """The months to choose from."""
        return months_of(self.ledger.book.entries, self.month())

    def is_readable(self) -> bool:
        """Whether the registers could be read; if not, the rules on the page 本月 say why."""
        return office_of(self.ledger.book) is not None

    def listed(self) -> DecisionsView:
        """All of them as of today."""
        return self._listed(self.ledger.version, self.month(), _today())

    def _list(self, version: str, month: Month, day: date) -> DecisionsView:
        """Counting every vote again takes a moment; the arguments say whether anything changed."""
        del version
        office = office_of(self.ledger.book)
        assert office is not None
        return decisions_view(office, month, day)

    def shown(self) -> DecisionShown | None:
        """The one asked for; `None` when none is."""
        code = request.args.get("code", "")
        office = office_of(self.ledger.book)
        if not code or office is None:
            return None
        path = office.paths.get(code)
        if path is None:
            raise BadRequest(f"小区 {self.ledger.folder.code} 没有决议 {code[:32]}")
        return decision_shown(office, path, self.street(), _today())

    @staticmethod
    def yuan(fen: int) -> str:
        """Fen as a person reads yuan."""
        return yuan(fen)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the office's own day
