"""The page 疑问: whoever sees the books and may not post asks about a line; the office answers, all can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from fava.context import g
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from jiezhang.book.load import office_of
from jiezhang.domain.people import by_id, named
from jiezhang.domain.period import Month
from jiezhang.domain.problem import DoneNotKept, Refused
from jiezhang.domain.questions import (
    ANSWER_DAYS,
    KIND_NAMES,
    STATE_NAMES,
    Kind,
    Question,
    about_words,
    is_about,
)
from jiezhang.street.asking import ask, open_to, read_questions, say

from .desks import addresses
from .frame import Frame
from .gate import STALE_PAGE, Gate
from .month_view import months_of, newest_month
from .office import Office, today, visitor
from .uploads import is_ours

if TYPE_CHECKING:
    from .ledger import GatedLedger

_DOING: dict[str, Kind] = {"again": "ask", "escalate": "escalate", "close": "close", "answer": "answer"}
"""What a button of a question does."""


@dataclass(frozen=True, slots=True)
class RecordShown:
    """One thing said on a question."""

    day: date
    person: str
    doing: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One question. `address`: the line of the books it is about, empty where there is none to open; `can`: what the
    visitor can do with it now."""

    code: str
    about: str
    address: str
    state: str
    mark: str
    due: date | None
    days_late: int
    records: tuple[RecordShown, ...]
    can: tuple[Kind, ...]


class Questions:
    """The page of one compound and its two doors: for who asks, and for who answers."""

    def __init__(self, app: Flask, office: Office, gate: Gate, frame: Frame) -> None:
        self._office, self._gate, self._frame = office, gate, frame
        place = "/jiezhang/<bfile>/questions/"
        app.add_url_rule(place, "questions", self.show)
        app.add_url_rule(f"{place}ask", "questions_ask", self.ask, methods=["POST"])
        app.add_url_rule(f"{place}answer", "questions_answer", self.answer, methods=["POST"])

    def show(self) -> Response:
        """Every question, those not settled first."""
        return self._page(200)

    def ask(self) -> AnyResponse:
        """A new question; or one there is, asked again, escalated or closed."""
        doing = request.form.get("doing", "")
        if doing == "new":
            return self._do(self._ask_new)
        return self._do(lambda: self._say(doing if doing in ("again", "escalate", "close") else ""))

    def answer(self) -> AnyResponse:
        """The office's answer."""
        return self._do(lambda: self._say("answer"))

    def _do(self, act: Callable[[], Question]) -> AnyResponse:
        if not is_ours(visitor()):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        try:
            done = act()
        except DoneNotKept as not_kept:
            self._office.model.look_again()
            return self._page(422, done=not_kept.message)
        except Refused as refused:
            return self._page(422, refused.message)
        self._office.model.look_again()
        return redirect(addresses.questions_page(_ledger().folder.code, question=done.code), 303)

    def _ask_new(self) -> Question:
        street, folder, who, day = self._office.street, _ledger().folder, visitor().person, today()
        about, text = _about_given(), _given("text", 1000)
        return self._office.carry_out(
            "alert", folder.code, f"提出疑问：{about_words(about)}",
            lambda: ask(street, folder, who.id, about, text, day), _said,
        )  # fmt: skip

    def _say(self, doing: str) -> Question:
        if doing not in _DOING:
            raise Refused("没有这样的操作")
        street, folder, who, day = self._office.street, _ledger().folder, visitor().person, today()
        kind, code, text = _DOING[doing], _given("question", 32), _given("text", 1000)
        return self._office.carry_out(
            "answer" if kind == "answer" else "alert", folder.code, f"{KIND_NAMES[kind]}疑问 {code}",
            lambda: say(street, folder, who.id, kind, code, text, day), _said,
        )  # fmt: skip

    def _page(self, status: int, refused: str = "", done: str = "") -> Response:
        """`refused`: why nothing was done; `done`: what is wrong with what was done."""
        ledger, wrong = _ledger(), ""
        try:
            found: Sequence[Question] = tuple(read_questions(ledger.folder).values())
        except Refused as unread:
            found, wrong = (), f"疑问登记 questions.csv 读不出来：第 {unread.line} 行，{unread.message}"
        shown = [self._shown(one) for one in sorted(found, key=_order)]
        about = request.form.get("about", "") or request.args.get("about", "")
        return self._frame.page(
            "questions.html", status, compound=ledger.book.compound, refused=refused, done=done, wrong=wrong,
            questions=shown, open=sum(one.is_owed for one in found), days=ANSWER_DAYS,
            asks=visitor().may("alert", ledger.folder.code), choices=_choices(ledger, about),
            chosen=about if is_about(about) else "", base=addresses.questions_page(ledger.folder.code),
            given={name: _given(name, 1000) for name in ("question", "text", "doing")} if refused else {},
        )  # fmt: skip

    def _shown(self, one: Question) -> QuestionShown:
        people = by_id(self._gate.people.street().people)
        day, code, who = today(), _ledger().folder.code, visitor().person
        mark = {"asked": "wait", "escalated": "bad", "answered": "wait", "closed": "good"}[one.state]
        late = one.days_late(day)
        return QuestionShown(
            one.code, about_words(one.first.about), _address(one.first.about), STATE_NAMES[one.state],
            "bad" if late else mark, one.due if one.is_owed else None, late,
            tuple(RecordShown(it.day, named(people, it.person), KIND_NAMES[it.kind], it.text) for it in one.records),
            open_to(one, who, code, day),
        )  # fmt: skip


def _ledger() -> GatedLedger:
    return cast("GatedLedger", g.ledger)


def _given(name: str, most: int) -> str:
    return request.form.get(name, "").strip()[:most]


def _about_given() -> str:
    """The line chosen, or a voucher by its number; empty when it is about something else."""
    voucher = _given("voucher", 40)
    return f"voucher:{voucher}" if voucher else _given("about", 60)


def _said(done: Question) -> str:
    return f"疑问 {done.code} {STATE_NAMES[done.state]}"


def _order(one: Question) -> tuple[bool, bool, int, str]:
    """The open ones by their last day; of the others the newest first."""
    age = one.due.toordinal() if one.is_owed else -one.since.toordinal()
    return one.state == "closed", not one.is_owed, age, one.code


def _choices(ledger: GatedLedger, about: str) -> list[tuple[str, str]]:
    """What can be asked about without typing: the line one came from, months' statements, resolutions; newest first."""
    entries, compound = ledger.book.entries, ledger.book.compound
    months = months_of(entries, newest_month(entries, compound.start))
    found = [f"statement:{month}" for month in months if month >= Month.of(compound.start)]
    view = office_of(ledger.book)
    found += [f"resolution:{code}" for code in sorted(view.paths if view is not None else (), reverse=True)]
    if about and is_about(about) and about not in found:
        found.insert(0, about)
    return [(one, about_words(one)) for one in found]


def _address(about: str) -> str:
    """Where the line can be looked at, for who may see the books."""
    slug, may = _ledger().folder.code.lower(), visitor().may
    kind, _, name = about.partition(":")
    if kind == "voucher" and may("vouchers", slug.upper()):
        return f"/{slug}/extension/VouchersPage/?month={name[:7]}"
    if kind == "resolution":
        return addresses.decisions_page(visitor().person, slug.upper(), name, today())
    return f"/{slug}/extension/MonthPage/?month={name}" if kind == "statement" and may("books", slug.upper()) else ""
