"""Questions (疑问) about a line of the books: asked, answered, escalated, closed; one record after the other.

Who sees the books and may not post asks about a voucher, a resolution, a month's statement, or anything else. The
office answers; what is not answered in time may be put before the street head; whoever asked says when it is settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .meanings import Means
from .problem import Refused
from .register import Code, Day, Row

QUESTIONS_FILE = "questions.csv"
"""In a compound's folder. It is no part of the figures: no seal and no rule of the books reads it."""

ANSWER_DAYS = 7
"""Within how many days the office answers. 待核实: no law read so far sets it; a street's own promise does."""

KIND_NAMES: dict[str, str] = {"ask": "提问", "answer": "答复", "escalate": "上报", "close": "了结"}
Kind = Literal["ask", "answer", "escalate", "close"]

State = Literal["asked", "escalated", "answered", "closed"]
STATE_NAMES: dict[State, str] = {
    "asked": "待答复", "escalated": "已上报，待街道负责人答复", "answered": "待提问人确认", "closed": "已了结",
}  # fmt: skip

_ABOUT = re.compile(r"(voucher:[0-9]{4}-[0-9]{2}/[^\s:/,]{1,20}|resolution:[A-Z0-9][A-Za-z0-9-]{0,31}|"
                    r"statement:[0-9]{4}-[0-9]{2})?")  # fmt: skip
_ABOUT_NAMES = {"voucher": "凭证", "resolution": "决议", "statement": "月度公示表"}


class QuestionRecord(Row):
    """One line of `questions.csv`. `about`, of the first record of a question: `voucher:2026-10/记-0012`,
    `resolution:R2026-01`, `statement:2026-10`, or nothing when it is about none of them."""

    question: Annotated[Code, Field(examples=["YW0001"])]
    day: Day
    person: Code
    kind: Annotated[Kind, Means(KIND_NAMES)]
    about: Annotated[str, StringConstraints(pattern=f"^{_ABOUT.pattern}$"), Field(examples=["statement:2026-10"])] = ""
    text: Annotated[str, StringConstraints(max_length=500, pattern=r"^[^<>\n\r\t]*$")] = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what became of it. """

    code: str
    state: State
    records: tuple[QuestionRecord, ...]

    @property
    def first(self) -> QuestionRecord:
        """As it was asked first."""
        return self.records[0]

    @property
    def asker(self) -> str:
        """Whoever asked."""
        return self.first.person

    @property
    def since(self) -> date:
        """Since when it is in this state."""
        return self.records[-1].day

    @property
    def is_owed(self) -> bool:
        """Whether the office owes an answer."""
        return self.state in ("asked", "escalated")

    @property
    def due(self) -> date:
        """The last day for the answer to what was asked last."""
        asked = max(one.day for one in self.records if one.kind == "ask")
        return asked + timedelta(days=ANSWER_DAYS)

    def days_late(self, today: date) -> int:
        """How many days after `due` it is still not answered."""
        return max(0, (today - self.due).days) if self.is_owed else 0


def about_words(about: str) -> str:
    """`凭证 2026-10/记-0012`; `其他` for what is about no line."""
    kind, _, name = about.partition(":")
    return f"{_ABOUT_NAMES[kind]} {name}" if name else "其他"


def is_about(about: str) -> bool:
    """Whether `about` is written as a line of the books is named, or empty."""
    return _ABOUT.fullmatch(about) is not None


def taken(before: Question | None, record: QuestionRecord) -> Question:
    """The question with one more record; `Refused` when it does not follow from what is there."""
    code, doing = record.question, KIND_NAMES[record.kind]
    if record.kind != "close" and not record.text:
        raise Refused(f"疑问 {code} 的{doing}没有写内容")
    if before is None:
        if record.kind != "ask":
            raise Refused(f"没有人提过疑问 {code}，不能{doing}")
        return Question(code, "asked", (record,))
    _refuse_out_of_turn(before, record)
    states: Mapping[Kind, State] = {"ask": "asked", "answer": "answered", "escalate": "escalated", "close": "closed"}
    return Question(code, states[record.kind], (*before.records, record))


def replayed(records: Iterable[QuestionRecord]) -> dict[str, Question]:
    """Every question by its code, in the order in which they were asked; `Refused` at the first wrong record."""
    found: dict[str, Question] = {}
    for record in records:
        found[record.question] = taken(found.get(record.question), record)
    return found


def _refuse_out_of_turn(before: Question, record: QuestionRecord) -> None:
    code = before.code
    if record.about:
        raise Refused(f"疑问 {code} 问的是什么只在第一次提问时写")
    if before.state == "closed":
        raise Refused(f"疑问 {code} 已经了结，另有疑问请重新提出")
    if record.day < before.since:
        raise Refused(f"疑问 {code} 的记录日期 {record.day} 早于上一条的 {before.since}")
    if record.kind == "answer":
        _refuse_answer(before, record)
    elif record.kind == "escalate":
        _refuse_escalating(before, record)
    elif before.state != "answered":
        raise Refused(f"疑问 {code} 还没有答复，不能{'再问' if record.kind == 'ask' else '了结'}")
    elif record.person != before.asker:
        raise Refused(f"疑问 {code} 由提问人 {before.asker} 自己了结或再问")


def _refuse_answer(before: Question, record: QuestionRecord) -> None:
    if not before.is_owed:
        raise Refused(f"疑问 {before.code} 已经答复，等提问人确认")
    if record.person == before.asker:
        raise Refused(f"疑问 {before.code} 不能由提问人自己答复")


def _refuse_escalating(before: Question, record: QuestionRecord) -> None:
    if before.state != "asked":
        raise Refused(f"疑问 {before.code} 现在不用上报：已经上报过，或者已有答复")
    if record.day <= before.due:
        raise Refused(f"疑问 {before.code} 的答复期限到 {before.due} 为止，过了才能上报")
