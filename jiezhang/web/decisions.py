"""The page 决议 in Fava: where each resolution stands, who may do what next, and what was paid; a keeper sets
the seal that a step waits for."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Response, request
from pydantic import Field
from werkzeug.exceptions import BadRequest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import office_of
from jiezhang.close.sealing import keys_awaited
from jiezhang.domain.approval.procedure import SEAL_NAMES, SealName
from jiezhang.domain.approval.seals import SealKey
from jiezhang.domain.approval.turns import Turn
from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.street.resolving import Days
from jiezhang.street.resolving_seals import Signer, set_seal

from .decisions_acts import turns
from .decisions_view import DecisionShown, DecisionsView, decision_shown, decisions_view
from .month_view import months_of
from .office import today
from .office_page import OfficePage, endpoint
from .signing import Done, Pen, SignedAsked, carry_out_signed

if TYPE_CHECKING:
    from .ledger import GatedLedger


class _SealAsked(SignedAsked):
    """Which seal, on which resolution."""

    code: str = Field(max_length=32)
    seal: SealName


class DecisionsPage(OfficePage):
    """The compound's resolutions, or the one that `?code=R2026-07` names."""

    report_title = "决议"
    has_js_module = True

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
        return self._listed(self.ledger.version, self.month(), today())

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
        return decision_shown(office, path, self.street(), today())

    def turns(self) -> tuple[Turn, ...]:
        """What who is signed in can record now: of the resolution asked for, or, on the list, a new one."""
        return turns(self.ledger, self.visitor().person, request.args.get("code", ""), today())

    def sealing(self) -> tuple[tuple[SealName, str], ...]:
        """The seals that who is signed in can set now on the resolution asked for: code and name."""
        keys = self._keys(request.args.get("code", ""), today()) if self.may("seal") else ()
        return tuple((key.seal, SEAL_NAMES[key.seal]) for key in keys)

    def _keys(self, code: str, day: date) -> tuple[SealKey, ...]:
        office = office_of(self.ledger.book)
        path = office.paths.get(code) if office is not None else None
        return keys_awaited(office, path, self.visitor().person.id, day) if office and path else ()

    @endpoint("seal", "POST")
    def seal(self) -> Response:
        """Set a seal that its keeper, who is signed in, has the key of."""

        def seal(asked: _SealAsked, _: Month, pen: Pen) -> Done:
            person, folder = self.visitor().person, self.ledger.folder
            key = next((one for one in self._keys(asked.code, pen.day) if one.seal == asked.seal), None)
            if key is None:
                raise Refused(f"决议 {asked.code} 现在不用盖 {person.id} {person.name}保管的{SEAL_NAMES[asked.seal]}")
            street, days = StreetFolder(folder.path.parent), Days(pen.day, pen.day)
            what = set_seal(street, folder, asked.code, asked.seal, None, Signer(pen.key(key.public)), days)
            return Done(f"已在决议 {asked.code} 的“{what.title}”盖{SEAL_NAMES[asked.seal]}")

        def content(asked: _SealAsked) -> str:
            return f"在 {self.ledger.folder.code} 决议 {asked.code} 上盖{SEAL_NAMES[asked.seal]}"

        return carry_out_signed(self, _SealAsked, "seal", content, seal)

    @staticmethod
    def yuan(fen: int) -> str:
        """Fen as a person reads yuan."""
        return yuan(fen)
