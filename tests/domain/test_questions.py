"""Questions: who says what when, as a machine over records; any order of them is refused in words, or gives a state."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jiezhang.domain.problem import Refused
from jiezhang.domain.questions import ANSWER_DAYS, Kind, QuestionRecord, about_words, replayed

DAY = date(2026, 10, 8)
KINDS: dict[str, Kind] = {"a": "ask", "n": "answer", "e": "escalate", "c": "close"}


def record(kind: str, day: int = 0, person: str = "", text: str = "为什么", about: str = "") -> QuestionRecord:
    """`a` asks, `n` answers, `e` escalates, `c` closes, `day` days after the 8th."""
    return QuestionRecord(
        question="YW0001", day=DAY + timedelta(days=day), person=person or ("K01" if kind == "n" else "D01"),
        kind=KINDS[kind], text=text, about=about,
    )  # fmt: skip


def story(kinds: str) -> list[QuestionRecord]:
    """One record every ten days, so that everything may be escalated."""
    return [record(kind, 10 * number) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "state", "due", "late"),
    [
        ("a", "asked", 7, 93),
        ("an", "answered", 7, 0),
        ("ae", "escalated", 7, 93),
        ("aen", "answered", 7, 0),
        ("ana", "asked", 27, 73),
        ("anc", "closed", 7, 0),
        ("anaenc", "closed", 27, 0),
    ],
)
def test_where_a_question_stands(kinds: str, state: str, due: int, late: int) -> None:
    found = replayed(story(kinds))["YW0001"]
    today = DAY + timedelta(days=100)
    assert (found.state, (found.due - DAY).days, found.days_late(today)) == (state, due, late)
    assert found.is_owed is (state in ("asked", "escalated"))


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([record("n")], "没有人提过疑问 YW0001，不能答复"),
        ([record("a", text="")], "疑问 YW0001 的提问没有写内容"),
        ([record("a"), record("n", text="")], "疑问 YW0001 的答复没有写内容"),
        ([record("a"), record("a")], "疑问 YW0001 还没有答复，不能再问"),
        ([record("a"), record("c")], "疑问 YW0001 还没有答复，不能了结"),
        ([record("a"), record("n"), record("n")], "疑问 YW0001 已经答复，等提问人确认"),
        ([record("a"), record("n", person="D01")], "疑问 YW0001 不能由提问人自己答复"),
        ([record("a"), record("n"), record("c", person="Y01")], "疑问 YW0001 由提问人 D01 自己了结或再问"),
        ([record("a"), record("n"), record("a", person="Y01")], "疑问 YW0001 由提问人 D01 自己了结或再问"),
        ([record("a"), record("n"), record("c"), record("a")], "疑问 YW0001 已经了结，另有疑问请重新提出"),
        ([record("a", 3), record("n", 2)], "疑问 YW0001 的记录日期 2026-10-10 早于上一条的 2026-10-11"),
        ([record("a"), record("n", about="statement:2026-09")], "疑问 YW0001 问的是什么只在第一次提问时写"),
        ([record("a"), record("e", ANSWER_DAYS)], "疑问 YW0001 的答复期限到 2026-10-15 为止，过了才能上报"),
        ([record("a"), record("n"), record("e", 9)], "疑问 YW0001 现在不用上报：已经上报过，或者已有答复"),
    ],
)
def test_what_does_not_follow_is_refused(records: list[QuestionRecord], said: str) -> None:
    with pytest.raises(Refused, match=f"^{said}$"):
        replayed(records)


def test_the_day_after_the_last_it_may_be_escalated() -> None:
    """By anybody who may: the asker need not be there."""
    found = replayed([record("a"), record("e", ANSWER_DAYS + 1, person="Y01")])["YW0001"]
    assert (found.state, found.asker) == ("escalated", "D01")


RIGHT = re.compile(r"(ae?n)*(ae?)?|(ae?n)+c")
"""The machine once more, as the language of its records when there is time enough between them."""


@given(st.text("aaannnec", max_size=9))
def test_any_order_gives_a_state_or_a_sentence(kinds: str) -> None:
    try:
        found = replayed(story(kinds))
    except Refused as refused:
        assert re.match("疑问 YW0001 |没有人提过疑问 YW0001", refused.message)
        assert not RIGHT.fullmatch(kinds)
        return
    assert RIGHT.fullmatch(kinds)
    state = {"a": "asked", "n": "answered", "e": "escalated", "c": "closed"}
    assert {code: one.state for code, one in found.items()} == ({"YW0001": state[kinds[-1]]} if kinds else {})


@given(
    st.lists(
        st.builds(
            QuestionRecord, question=st.sampled_from(["YW0001", "YW0002"]),
            day=st.dates(DAY, DAY + timedelta(days=20)), person=st.sampled_from(["D01", "K01", "Y01"]),
            kind=st.sampled_from(list(KINDS.values())), about=st.sampled_from(["", "", "statement:2026-09"]),
            text=st.sampled_from(["", "为什么", "因为"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_what_is_accepted_was_accepted_step_by_step(records: list[QuestionRecord]) -> None:
    """Records of several questions mixed: each question alone gives the same, and nothing is answered by its asker."""
    try:
        found = replayed(records)
    except Refused:
        return
    for code, question in found.items():
        own = [one for one in records if one.question == code]
        assert question == replayed(own)[code]
        assert question.records == tuple(own)
        assert not any(one.kind == "answer" and one.person == question.asker for one in own)
        assert sorted(own, key=lambda one: one.day) == own


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("", "其他"),
        ("voucher:2026-10/记-0012", "凭证 2026-10/记-0012"),
        ("resolution:R2026-01", "决议 R2026-01"),
        ("statement:2026-10", "月度公示表 2026-10"),
    ],
)
def test_what_it_is_about(about: str, words: str) -> None:
    assert about_words(record("a", about=about).about) == words


@pytest.mark.parametrize("about", ["voucher:", "voucher:2026-10/a b", "other:x", "<b>", "resolution:r1", " x"])
def test_what_names_no_line(about: str) -> None:
    with pytest.raises(ValidationError):
        record("a", about=about)
