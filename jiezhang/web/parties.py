"""The page 三方 in Fava: the month before bank, auditor and community, and the street's board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Response, request, send_file
from pydantic import Field, ValidationError

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import office_of
from jiezhang.book.seal_files import Explanation, read_salt
from jiezhang.close.closing import not_closable
from jiezhang.close.presenting import Making, figure_faults, made_again, make_figures, making_from, not_ready
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.people import has_role
from jiezhang.domain.period import Month
from jiezhang.domain.postings import PostingRecord
from jiezhang.domain.problem import Refused
from jiezhang.street.attesting import explain, vouchers_of
from jiezhang.street.posting import read_postings
from reports.render import tri_party_pdf, tri_party_xlsx
from reports.tri_party import TriPartyStatement

from .month_view import months_of, newest_month
from .office import office, today
from .office_page import Asked, endpoint, month_asked
from .pages import sentence_response
from .parties_acts import PartyActs
from .parties_view import PartiesView, Standing, parties_view, statement_of
from .signing_turn import SigningTurn, sheet_commands, signing_turn
from .street_board import Board, BoardView

if TYPE_CHECKING:
    from .ledger import GatedLedger

_BOARD = Board()
_NO_SALT = bytes(32)
"""Stands for the secret that presenting will make: what is in the way of it does not depend on it."""


class _ExplanationAsked(Asked):
    """What the office says to a difference, by its id."""

    code: str = Field(max_length=40)
    said: str = Field(max_length=1000)


class PartiesPage(PartyActs):
    """One compound's month, or with `?view=street` every compound's."""

    report_title = "三方"
    has_js_module = True

    def __init__(self, ledger: GatedLedger, config: str | None = None) -> None:
        super().__init__(ledger, config)
        self._stood = lru_cache(maxsize=4)(self._stand)

    def month(self) -> Month:
        """The month asked for; else the oldest before the parties, else the one to be presented next."""
        office, book = self.office(), self.ledger.book
        if request.args.get("month", "") or office is None:
            return super().month()
        months = office.files.months
        newest = newest_month(book.entries, book.compound.start)
        if months.presented:
            return Month.parse(min(months.presented))
        return newest if months.closed is None else min(months.closed.next, newest)

    def months(self) -> tuple[Month, ...]:
        """The months to choose from."""
        office = self.office()
        shown = set(months_of(self.ledger.book.entries, self.month()))
        if office is not None:
            shown |= {seal.month for seal in office.files.months.seals}
            shown |= {Month.parse(month) for month in office.files.months.presented}
        return tuple(sorted(shown, reverse=True))

    def office(self) -> OfficeView | None:
        """`None` when the registers or seals could not be read; the rules on the page 本月 say why."""
        return office_of(self.ledger.book)

    def version(self) -> str:
        """Names the state of the books the page was built from."""
        return self.ledger.version

    def faults_count(self) -> int:
        """How many errors the books have: with one, nothing can be presented, signed or closed."""
        return len(self.ledger.book.errors)

    def is_street(self) -> bool:
        """Whether the street's board was asked for."""
        return request.args.get("view", "") == "street" and self.visitor().may("street_board")

    def view(self) -> PartiesView:
        """The compound's month."""
        month = self.month()
        standing = self._stood(self.ledger.version, _files_beside(self.ledger), month, today())
        return parties_view(self._readable(), month, standing)

    def turn(self, view: PartiesView) -> SigningTurn | None:
        """What who is signed in can do with a month before the parties."""
        person = self.visitor().person
        if not self.may("sign"):
            return None
        return signing_turn(self._readable(), view.month, person, today(), signable=view.signable)

    def sheets(self, turn: SigningTurn) -> tuple[str, ...]:
        """How they would sign line by line."""
        return sheet_commands(turn, self.visitor().person, self.ledger.folder.code, self.month())

    def sample(self) -> tuple[str, ...]:
        """The vouchers that were drawn for the auditor who is signed in; none where nothing was, or of other figures.

        Found again from what they signed, or from what is kept until they do.
        """
        person, month, code = self.visitor().person, self.month(), self.ledger.folder.code
        presented = self._readable().files.months.presented.get(str(month))
        if presented is None or not has_role(person, ("auditor",), code) or not person.key:
            return ()
        signed = [one.attestation.draw for one in presented.signed if one.attestation.person == person.id]
        proof = bytes.fromhex(signed[0]) if signed and signed[0] else office().draws.find(code, month, person)
        try:
            making = making_from(self.street(), self.ledger.book, _NO_SALT, today())
            return tuple(vouchers_of(making, presented, person, proof)) if proof else ()
        except Refused:
            return ()

    def postings(self) -> tuple[PostingRecord, ...] | None:
        """The records of the month's statement hanging on the board; `None` where they can't be read."""
        try:
            return tuple(one for one in read_postings(self.ledger.folder) if one.month == str(self.month()))
        except Refused:
            return None

    def may_post(self) -> bool:
        """Whether who is signed in hangs up the statement, and the month is over."""
        return self.may("publish") and Month.of(self.ledger.book.compound.start) <= self.month() < Month.of(today())

    def today(self) -> date:
        """The office's day."""
        return today()

    def name_of(self, code: str) -> str:
        """`S01 社区工作者`."""
        people = self._readable().files.people
        return f"{code} {people[code].name}" if code in people else code

    def _readable(self) -> OfficeView:
        found = self.office()
        assert found is not None, "the template asks before"
        return found

    def board(self) -> BoardView:
        """Every compound's month."""
        who = self.visitor()
        street = StreetFolder(self.ledger.folder.path.parent)
        return _BOARD.view(street, self.month(), today(), lambda code: who.may("parties", code))

    def _stand(self, version: str, files: object, month: Month, today: date) -> Standing:
        """Making the figures reads every file again; the arguments say whether anything changed."""
        del version, files
        book = self.ledger.book
        office = office_of(book)
        assert office is not None
        if office.files.months.seal_of(month) is not None:
            return Standing()
        try:
            salt = read_salt(book.folder) or _NO_SALT
        except Refused as refused:
            return Standing(None, (refused.message,))
        return standing_of(making_from(self.street(), book, salt, today), office, month)

    @endpoint("explain", "POST")
    def explain(self) -> Response:
        """Say what a difference comes from."""

        def say(asked: _ExplanationAsked, month: Month) -> str:
            said = asked.said.strip()
            try:
                Explanation(code=asked.code, explanation=said)
            except ValidationError:
                raise Refused("说明里有不能使用的字符，或者太长") from None
            folder, person = self.ledger.folder, self.visitor().person
            explain(StreetFolder(folder.path.parent), folder, month, person.id, asked.code, said)
            return f"已说明差异 {asked.code}"

        def content(asked: _ExplanationAsked) -> str:
            return f"说明 {asked.month} 差异 {asked.code}：{asked.said.strip()}"

        return self.carry_out(_ExplanationAsked, "explain", content, say)

    @endpoint("statement.pdf", "GET")
    def statement_pdf(self) -> Response:
        return self._download(tri_party_pdf.render_pdf, "pdf", "application/pdf")

    @endpoint("statement.xlsx", "GET")
    def statement_xlsx(self) -> Response:
        return self._download(
            tri_party_xlsx.render_xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )

    def _download(self, render: Callable[[TriPartyStatement], bytes], suffix: str, mimetype: str) -> Response:
        month = month_asked(request.args.get("month", ""))
        try:
            office = self.office()
            if office is None:
                raise Refused("登记资料读不出来，见“本月”页的规则检查")
            value = statement_of(office, month)
            if value is None:
                raise Refused(f"{month} 还没有报送给各方", self.ledger.folder.path.name)
            content = render(value)
        except Refused as refused:
            return sentence_response(422, "三方对账单编不出来", refused.message, "", "./")
        draft = "" if value.closed else "（样稿）"
        name = f"{value.compound}{value.name}-{month}-三方对账单{draft}.{suffix}"
        return send_file(BytesIO(content), mimetype, as_attachment=True, download_name=name)


def standing_of(making: Making, office: OfficeView, month: Month) -> Standing:
    """What keeps a month that is not closed from being presented, or, once it is, from being closed."""
    presented = office.files.months.presented.get(str(month))
    said = [] if presented is not None else not_ready(making, month)
    if making.ledger.errors or not Month.of(making.ledger.compound.start) <= month <= Month.of(making.today):
        return Standing(None, tuple(said))
    try:
        now = make_figures(making, month) if presented is None else made_again(making, presented.figures)
    except Refused as refused:
        place = f"（{refused.file}）" if refused.file else ""
        return Standing(None, (*said, refused.message + place))
    if presented is not None:
        return Standing(now, tuple(not_closable(presented, now, office.files.people)))
    return Standing(now, (*said, *figure_faults(now)))


def _files_beside(ledger: GatedLedger) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of the files behind figures that loading does not read."""
    found: list[tuple[str, int, int]] = []
    for place in ("statements/*/*", "documents/*"):
        for path in ledger.folder.path.glob(place):
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))
