"""Questions on the disk: who may say what, one line after the other, beside books that stay as they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.domain.problem import Refused
from jiezhang.domain.questions import ANSWER_DAYS, QUESTIONS_FILE, Kind
from jiezhang.domain.register import Person
from jiezhang.street.asking import ask, open_to, read_questions, say
from jiezhang.street.checking import check_compound
from jiezhang.street.resolving import read_office
from jiezhang.street.standing import compound_standing
from jiezhang.street.verifying import trust_from, verify_street
from tests.web import little_street as little
from tests.web.sealed_street import SEALED, copy_of, make_sealed

TODAY = date(2026, 11, 2)
LATE = TODAY + timedelta(days=ANSWER_DAYS + 1)
HEADER = "question,day,person,kind,about,text\n"
OWNERS = Person(id="D01", name="业主代表", roles=("owner_representative",), compounds=("C0001",))


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return with_owners(little.make_street(tmp_path / "street", "C0001", "C0002"))


@pytest.fixture
def folder(street: StreetFolder) -> CompoundFolder:
    return street.compound("C0001")


def with_owners(street: StreetFolder) -> StreetFolder:
    known = read_street(street)
    street.toml.write_bytes(toml_bytes(known.model_copy(update={"people": (*known.people, OWNERS)})))
    return street


def lines(folder: CompoundFolder) -> list[str]:
    return (folder.path / QUESTIONS_FILE).read_text("utf-8").splitlines()


def test_a_question_from_first_to_last(street: StreetFolder, folder: CompoundFolder) -> None:
    ask(street, folder, "D01", "statement:2026-10", "电梯广告怎么少了", TODAY)
    first = lines(folder)
    say(street, folder, "K01", "answer", "YW0001", "合同 9 月到期, 见 HT-01", TODAY)
    say(street, folder, "D01", "ask", "YW0001", "新合同呢", TODAY)
    say(street, folder, "Y01", "escalate", "YW0001", "没有回音", LATE)
    say(street, folder, "T01", "answer", "YW0001", "已催签", LATE)
    say(street, folder, "D01", "close", "YW0001", "", LATE)
    assert lines(folder)[:2] == first
    assert lines(folder) == [
        "question,day,person,kind,about,text",
        "YW0001,2026-11-02,D01,ask,statement:2026-10,电梯广告怎么少了",
        'YW0001,2026-11-02,K01,answer,,"合同 9 月到期, 见 HT-01"',
        "YW0001,2026-11-02,D01,ask,,新合同呢",
        "YW0001,2026-11-10,Y01,escalate,,没有回音",
        "YW0001,2026-11-10,T01,answer,,已催签",
        "YW0001,2026-11-10,D01,close,,",
    ]
    assert read_questions(folder)["YW0001"].state == "closed"


@pytest.mark.parametrize(
    ("person", "about", "text", "said"),
    [
        ("K01", "", "为什么", "K01 代理会计1号不能提出疑问、上报：须是小区 C0001 的业主代表、业主委员会、"),
        ("D01", "", " ", "疑问 YW0001 的提问没有写内容"),
        ("D01", "", "长" * 501, "内容太长"),
        ("D01", "voucher:2026-10/记-0001", "为什么", "没有已过账的凭证 2026-10/记-0001"),
        ("D01", "resolution:R2099-01", "为什么", "小区 C0001 没有决议 R2099-01"),
        ("D01", "statement:2026-08", "为什么", "小区 C0001 没有 2026-08 的公示表"),
        ("D01", "statement:2026-12", "为什么", "小区 C0001 没有 2026-12 的公示表"),
        ("D01", "statement:2026-13", "为什么", "不是月份"),
        ("D01", "budget:1", "为什么", "问的是哪一笔"),
        ("X99", "", "为什么", "人员 X99 没有登记"),
    ],
)  # fmt: skip
def test_what_can_not_be_asked(
    street: StreetFolder, folder: CompoundFolder, person: str, about: str, text: str, said: str
) -> None:
    with pytest.raises(Refused, match=said.replace("（", ".").replace("）", ".")):
        ask(street, folder, person, about, text, TODAY)
    assert not (folder.path / QUESTIONS_FILE).exists()


def test_not_of_another_compound(street: StreetFolder) -> None:
    with pytest.raises(Refused, match="须是小区 C0002 的"):
        ask(street, street.compound("C0002"), "D01", "", "为什么", TODAY)


def test_a_voucher_that_is_posted_and_a_resolution(tmp_path: Path) -> None:
    street = with_owners(copy_of(make_sealed(tmp_path / "once"), tmp_path / "street"))
    folder = street.compound("C0001")
    resolution = next(iter(read_office(street, folder).paths))
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file() and path.name != ".lock"}
    ask(street, folder, "D01", "voucher:2026-07/记-0001", "付给谁", TODAY)
    ask(street, folder, "D01", f"resolution:{resolution}", "谁定的", TODAY)
    after = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file() and path.name != ".lock"}
    assert {path.name for path in after.keys() - before.keys()} == {QUESTIONS_FILE}
    assert {path: after[path] for path in before} == before
    (verified,) = verify_street(street, [folder], trust_from(street), ())
    assert (verified.faults, verified.months) == ((), (str(SEALED),)), "questions are no part of what is sealed"


@pytest.mark.parametrize(
    ("person", "kind", "code", "said"),
    [
        ("D01", "answer", "YW0001", "D01 业主代表不能答复疑问"),
        ("K01", "close", "YW0001", "K01 代理会计1号不能提出疑问、上报"),
        ("K01", "answer", "YW0009", "小区 C0001 没有疑问 YW0009"),
        ("D01", "escalate", "YW0001", "过了才能上报"),
    ],
)
def test_what_can_not_be_said(
    street: StreetFolder, folder: CompoundFolder, person: str, kind: Kind, code: str, said: str
) -> None:
    ask(street, folder, "D01", "", "为什么", TODAY)
    before = lines(folder)
    with pytest.raises(Refused, match=said):
        say(street, folder, person, kind, code, "因为", TODAY)
    assert lines(folder) == before


def test_what_was_escalated_is_answered_by_the_head(street: StreetFolder, folder: CompoundFolder) -> None:
    ask(street, folder, "D01", "", "为什么", TODAY)
    question = say(street, folder, "D01", "escalate", "YW0001", "没有答复", LATE)
    with pytest.raises(Refused, match="疑问 YW0001 已经上报，须由街道负责人答复"):
        say(street, folder, "K01", "answer", "YW0001", "因为", LATE)
    people = {one.id: one for one in read_street(street).people}
    assert [open_to(question, people[who], "C0001", LATE) for who in ("K01", "T01", "D01")] == [(), ("answer",), ()]


def test_what_is_open_to_whom(street: StreetFolder, folder: CompoundFolder) -> None:
    people = {one.id: one for one in read_street(street).people}

    def can(day: date) -> dict[str, tuple[str, ...]]:
        question = read_questions(folder)["YW0001"]
        return {who: open_to(question, people[who], "C0001", day) for who in ("D01", "Y01", "K01", "Z01")}

    ask(street, folder, "D01", "", "为什么", TODAY)
    assert can(TODAY) == {"D01": (), "Y01": (), "K01": ("answer",), "Z01": ()}
    assert can(LATE) == {"D01": ("escalate",), "Y01": ("escalate",), "K01": ("answer",), "Z01": ()}
    say(street, folder, "K01", "answer", "YW0001", "因为", TODAY)
    assert can(LATE) == {"D01": ("close", "ask"), "Y01": (), "K01": (), "Z01": ()}


def test_the_same_is_asked_once(street: StreetFolder, folder: CompoundFolder) -> None:
    ask(street, folder, "D01", "", "为什么", TODAY)
    with pytest.raises(Refused, match="同样的疑问已经提过，编号 YW0001"):
        ask(street, folder, "D01", "", "为什么", TODAY)


def test_many_ask_at_once(street: StreetFolder, folder: CompoundFolder) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: ask(street, folder, "D01", "", f"第 {one} 问", TODAY).code, range(8)))
    assert sorted(made) == list(read_questions(folder)) == [f"YW000{one}" for one in range(1, 9)]


def test_what_a_stranger_writes_stays_text(street: StreetFolder, folder: CompoundFolder) -> None:
    """No markup, no line of its own, no formula for whoever opens the table."""
    made = ask(street, folder, "D01", "", '=HYPERLINK("x")\n<b>粗</b>\u202e', TODAY)
    assert made.first.text == "＝HYPERLINK(＂x＂) ＜b＞粗＜/b＞"
    assert len(lines(folder)) == 2


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (f"{HEADER}YW0001,2026-11-02,K01,answer,,x\n", 2, "没有人提过疑问 YW0001，不能答复"),
        (f"{HEADER}YW0001,2026-11-02,D01,ask,,\n", 2, "疑问 YW0001 的提问没有写内容"),
        ("question,day\n", 1, "表头缺少 person、kind 列"),
    ],
)
def test_what_somebody_wrote_by_hand(
    street: StreetFolder, folder: CompoundFolder, content: str, line: int, said: str
) -> None:
    """The check says it, with its line; the desks go on without."""
    city = read_street(street).city
    before = check_compound(folder, city).faults
    (folder.path / QUESTIONS_FILE).write_text(content, "utf-8")
    (fault,) = [one for one in check_compound(folder, city).faults if one not in before]
    assert (fault.file, fault.line, fault.message, fault.rule) == ("C0001/questions.csv", line, said, "questions")
    assert compound_standing(folder, city).questions == ()
    with pytest.raises(Refused):
        ask(street, folder, "D01", "", "为什么", TODAY)


def test_desks_see_what_is_not_closed(street: StreetFolder, folder: CompoundFolder) -> None:
    for text in ("一", "二", "三"):
        ask(street, folder, "D01", "", text, TODAY)
    for code in ("YW0001", "YW0002"):
        say(street, folder, "K01", "answer", code, "因为", TODAY)
    say(street, folder, "D01", "close", "YW0001", "", TODAY)
    found = compound_standing(folder, read_street(street).city).questions
    assert [(one.code, one.state, one.asker, one.due) for one in found] == [
        ("YW0002", "answered", "D01", date(2026, 11, 9)), ("YW0003", "asked", "D01", date(2026, 11, 9)),
    ]  # fmt: skip
