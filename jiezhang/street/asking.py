"""Questions of a compound on the disk: read, and one record added at a time under the folder's lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from beancount.core import data
from pydantic import ValidationError

from jiezhang.book.cells import first_fault
from jiezhang.book.commit import exclusive
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_unlocked
from jiezhang.book.registers import read_numbered, read_street, table_bytes
from jiezhang.book.write import write_atomically
from jiezhang.domain.booking import POSTED
from jiezhang.domain.corrections import voucher_name
from jiezhang.domain.duties.actions import Action
from jiezhang.domain.duties.may import may, refuse_unless
from jiezhang.domain.people import has_role, known_person, role_names
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.questions import QUESTIONS_FILE, Kind, Question, QuestionRecord, replayed, taken
from jiezhang.domain.register import Person
from jiezhang.domain.text import clean

from .resolving import readable_office

ACTIONS: dict[Kind, Action] = {"ask": "alert", "escalate": "alert", "close": "alert", "answer": "answer"}
"""What each kind of record asks of whoever makes it."""

HEAD = ("street_head",)
"""Before whom an escalated question is."""


def read_questions(folder: CompoundFolder) -> dict[str, Question]:
    """Every question of the compound, in order; `Refused` with file and line at the first wrong record."""
    path = folder.path / QUESTIONS_FILE
    found: dict[str, Question] = {}
    for line, record in _records(path):
        try:
            found[record.question] = taken(found.get(record.question), record)
        except Refused as refused:
            raise Refused(refused.message, str(path), line) from None
    return found


def ask(
    street: StreetFolder, folder: CompoundFolder, actor: str, about: str, text: str, today: date
) -> Question:
    """A new question of `actor` about a line of the books (see `QuestionRecord`)."""
    known = read_street(street)
    person = known_person(known, actor, str(street.toml))
    with exclusive(folder):
        refuse_unless(person, "alert", folder.code, today)
        records = [record for _, record in _records(folder.path / QUESTIONS_FILE)]
        before = replayed(records)
        made = _record(question=_next_code(before), day=today, person=actor, kind="ask", about=about, text=text)
        _refuse_unknown(load_unlocked(folder, known.city), about, today)
        _refuse_twice(before.values(), made)
        return _add(folder, records, None, made)


def say(
    street: StreetFolder, folder: CompoundFolder, actor: str, kind: Kind, code: str, text: str, today: date
) -> Question:
    """A record on a question there is: answered, escalated, closed, or (`ask`) asked again."""
    person = known_person(read_street(street), actor, str(street.toml))
    with exclusive(folder):
        refuse_unless(person, ACTIONS[kind], folder.code, today)
        records = [record for _, record in _records(folder.path / QUESTIONS_FILE)]
        found = replayed(records).get(code)
        if found is None:
            raise Refused(f"小区 {folder.code} 没有疑问 {code[:32]}")
        if kind == "answer" and found.state == "escalated" and not has_role(person, HEAD, folder.code, today):
            raise Refused(f"疑问 {code} 已经上报，须由{role_names(HEAD)}答复")
        return _add(folder, records, found, _record(question=code, day=today, person=actor, kind=kind, text=text))


def open_to(question: Question, person: Person, compound: str, today: date) -> tuple[Kind, ...]:
    """What `person` can do with a question now."""
    kinds: tuple[Kind, ...] = ("answer", "escalate", "close", "ask")
    return tuple(kind for kind in kinds if _can(question, kind, person, compound, today))


def _can(question: Question, kind: Kind, person: Person, compound: str, today: date) -> bool:
    if not may(person, ACTIONS[kind], compound, today):
        return False
    if kind == "answer" and question.state == "escalated" and not has_role(person, HEAD, compound, today):
        return False
    try:
        taken(question, QuestionRecord(question=question.code, day=today, person=person.id, kind=kind, text="…"))
    except Refused:
        return False
    return True


def _records(path: Path) -> list[tuple[int, QuestionRecord]]:
    return read_numbered(path, QuestionRecord) if path.exists() or path.is_symlink() else []


def _record(**given: Any) -> QuestionRecord:
    given["text"] = clean(given["text"])
    try:
        return QuestionRecord.model_validate(given)
    except ValidationError as wrong:
        fault = first_fault(QuestionRecord, wrong)
        column = {"text": "内容", "about": "问的是哪一笔"}.get(str(fault.where[0]) if fault.where else "", "疑问")
        raise Refused(f"{column}{fault.said}") from None


def _add(
    folder: CompoundFolder, records: Sequence[QuestionRecord], before: Question | None, record: QuestionRecord
) -> Question:
    """Written at the end; every line that was there stays as it was."""
    after = taken(before, record)
    write_atomically(folder.path / QUESTIONS_FILE, table_bytes([*records, record], QuestionRecord))
    return after


def _next_code(before: dict[str, Question]) -> str:
    numbers = [int(code[2:]) for code in before if code.startswith("YW") and code[2:].isdecimal()]
    return f"YW{max(numbers, default=0) + 1:04d}"


def _refuse_twice(before: Iterable[Question], made: QuestionRecord) -> None:
    """A button pressed twice asks once."""
    for one in before:
        same = (one.asker, one.first.about, one.records[-1].text) == (made.person, made.about, made.text)
        if same and one.state == "asked":
            raise Refused(f"同样的疑问已经提过，编号 {one.code}")


def _refuse_unknown(ledger: Ledger, about: str, today: date) -> None:
    """`Refused` for a line that the books do not have: a voucher not posted, no such resolution, a month not over."""
    kind, _, name = about.partition(":")
    if kind == "voucher":
        entries = (one for one in ledger.entries if isinstance(one, data.Transaction) and one.flag == POSTED)
        if name not in {voucher_name(one) for one in entries if one.meta.get("voucher")}:
            raise Refused(f"没有已过账的凭证 {name[:40]}")
    if kind == "resolution" and name not in readable_office(ledger).paths:
        raise Refused(f"小区 {ledger.folder.code} 没有决议 {name[:40]}")
    if kind == "statement":
        try:
            month = Month.parse(name)
        except ValueError as wrong:
            raise Refused(str(wrong)) from None
        if not Month.of(ledger.compound.start) <= month <= Month.of(today):
            raise Refused(f"小区 {ledger.folder.code} 没有 {month} 的公示表")
