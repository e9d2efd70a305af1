"""Records as directives of `resolutions.beancount`: written, read again, and what can't be read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.book.record_text import record_text
from jiezhang.book.render import render_entries
from jiezhang.domain.approval.procedure import MATTERS
from jiezhang.domain.approval.records import KIND_NAMES, KINDS, SECOND, AnyRecord, custom_of, read_records, said_of
from jiezhang.domain.problem import Refused

CODE = st.from_regex(r"[A-Z0-9][A-Za-z0-9-]{0,20}", fullmatch=True)
STEP = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
DIGEST = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
PERSONS = st.lists(CODE, min_size=1, max_size=4).map(",".join)
YUAN = st.decimals("0.01", "999999999.99", places=2)
DAY = st.dates(date(2000, 1, 1), date(2099, 12, 31))
WORDS = st.text("屋面防水维修AZaz09 ，。：（）%#;:*|'-_/=+&!?", max_size=50).map(str.strip)
SAID = WORDS.filter(bool)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "resolution": {
        "code": CODE, "procedure": STEP, "title": SAID, "matter": st.sampled_from(sorted(MATTERS)),
        "fund": st.sampled_from(["G", "W", "J1", "J0012"]), "subjects": st.sampled_from(["5001", "5101 5102"]),
        "by": PERSONS, "budget_yuan": YUAN, "scope": st.sampled_from(["compound", "building:01", "stair:01/2"]),
        "supplier": WORDS, "project": WORDS, "starts": DAY, "ends": DAY, "each_max_yuan": maybe(YUAN),
        "count_max": maybe(st.integers(1, 999)), "month_max_yuan": maybe(YUAN),
        "papers": st.sampled_from(["", "contract", "invoice acceptance"]), "cause": WORDS, "document": maybe(DIGEST),
    },
    "stage": {
        "code": CODE, "step": STEP, "by": PERSONS, "outcome": st.sampled_from(["agree", "reject"]), "opinion": WORDS,
        "supplier": WORDS, "document": maybe(DIGEST),
    },
    "vote": {"code": CODE, "step": STEP, "ballots": st.sampled_from(["votes/R1.csv", "votes/屋面-2.csv"]),
             "sha256": DIGEST},
    "bid": {"code": CODE, "supplier": SAID, "step": STEP, "sealed": maybe(DIGEST), "price_yuan": maybe(YUAN),
            "nonce": maybe(st.from_regex(r"[0-9A-Za-z]{8,64}", fullmatch=True))},
    "seal": {
        "code": CODE, "seal": st.sampled_from(["assembly", "committee"]), "key": CODE, "digest": DIGEST,
        "signature": st.from_regex(r"[0-9a-f]{128}", fullmatch=True), "step": maybe(STEP), "payment": maybe(CODE),
        "payee": WORDS, "amount_yuan": maybe(YUAN),
    },
    "publication": {"code": CODE, "step": STEP, "until": DAY, "place": SAID, "by": PERSONS},
    "objection": {"code": CODE, "number": CODE, "text": WORDS, "answer": WORDS, "by": WORDS},
    "filing": {"code": CODE, "step": STEP, "by": PERSONS,
               "number": st.sampled_from(["备〔2026〕7号", "2026-07", "007"])},
}  # fmt: skip


@st.composite
def any_record(draw: st.DrawFn) -> tuple[str, AnyRecord]:
    kind = draw(st.sampled_from(sorted(KINDS)))
    return kind, KINDS[kind].model_validate({name: draw(of) for name, of in FIELDS[kind].items()})


def test_every_field_of_every_record_is_tried() -> None:
    assert {kind: set(fields) for kind, fields in FIELDS.items()} == {
        kind: set(model.model_fields) for kind, model in KINDS.items()
    }
    assert set(KINDS) == set(KIND_NAMES) == set(SECOND)


@given(any_record(), DAY)
def test_a_record_is_read_as_it_was_written(one: tuple[str, AnyRecord], day: date) -> None:
    kind, record = one
    text = render_entries([custom_of(kind, day, record)])
    entries, errors, _ = parser.parse_string(text)
    found, misread = read_records(entries)
    assert not errors and not misread
    assert [(each.kind, each.day, each.record) for each in found] == [(kind, day, record)]
    assert record_text(kind, day, record) == (text, record)


@given(any_record(), any_record(), DAY)
def test_what_is_sealed_tells_records_apart(
    one: tuple[str, AnyRecord], other: tuple[str, AnyRecord], day: date
) -> None:
    """Two records say the same only when they are the same, and as read from the ledger just as when written."""
    (mine, *_), _ = read_records([_at_line(custom_of(*_dated(one, day)), 1)])
    (theirs, *_), _ = read_records([_at_line(custom_of(*_dated(other, day)), 1)])
    assert (said_of(mine) == said_of(theirs)) == (one == other)


def _dated(one: tuple[str, AnyRecord], day: date) -> tuple[str, date, AnyRecord]:
    return one[0], day, one[1]


def _at_line(entry: Any, line: int) -> Any:
    return entry._replace(meta={**entry.meta, "lineno": line})


@pytest.mark.parametrize("mark", ['"', "\\"])
def test_marks_that_a_ledger_cannot_hold_are_refused_or_kept(mark: str) -> None:
    record = KINDS["stage"].model_validate({"code": "R1", "step": "review", "by": "K1", "opinion": f"甲{mark}乙"})
    try:
        _, found = record_text("stage", date(2026, 1, 1), record)
    except Refused as refused:
        assert refused.message == "记录写进账簿以后读出来与所写的不同，请去掉引号、反斜杠和看不见的字符"
    else:
        assert found == record


LEDGER = """
2026-08-03 custom "stage" "R2026-07" "branch_review"
  by: "BRANCH-1"
2026-08-01 custom "resolution" "R2026-07" "four_steps"
  title: "3幢屋面防水维修"
  matter: "使用维修资金"
  fund: "W"
  subjects: "5001"
  by: "COMMITTEE-1"
  budget-yuan: 48000.00
  scope: "building:03"
  starts: 2026-08-01
  ends: 2027-07-31
2026-08-03 custom "filing" "R2026-07" "filing"
  number: "街备〔2026〕12号"
  by: "STREET-1"
2026-08-03 custom "jiezhang-holders" "G"
"""


def test_records_stand_by_day_and_line() -> None:
    entries, _, _ = parser.parse_string(LEDGER.replace("使用维修资金", "fund_use"))
    found, misread = read_records(list(reversed(entries)))
    assert [(one.kind, one.day.day) for one in found] == [("resolution", 1), ("stage", 3), ("filing", 3)]
    assert not misread


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('2026-08-03 custom "stage" "R1"\n  by: "K1"', "审议记录写法不对：后面应写两项：决议编号，再写step"),
        ('2026-08-03 custom "stage" "R1" "review"', "审议记录写法不对：没有写 by"),
        ('2026-08-03 custom "stage" "R1" "review"\n  by: "K1"\n  mood: "good"', "审议记录写法不对：没有 mood 这一项"),
        ('2026-08-03 custom "stage" "R1" "review"\n  by: "K1"\n  outcome: "perhaps"',
         "审议记录写法不对：outcome 的写法不对"),
        ('2026-08-03 custom "stage" "r1" "review"\n  by: "K1"', "审议记录写法不对：code 的写法不对"),
        ('2026-08-03 custom "bid" "R1" "甲公司"\n  price-yuan: 0.00', "报价记录写法不对：price-yuan 的写法不对"),
        ('2026-08-03 custom "bid" "R1" "甲公司"\n  price-yuan: 1.001', "报价记录写法不对：price-yuan 的写法不对"),
        ('2026-08-03 custom "vote" "R1" "vote"\n  ballots: "../x.csv"\n  sha256: "' + "a" * 64 + '"',
         "表决记录写法不对：ballots 的写法不对"),
        ('2026-08-03 custom "seal" "R1" "mayor"\n  key: "K"', "用印记录写法不对：seal 的写法不对"),
        ('2026-08-03 custom "publication" "R1" "notice"\n  until: "tomorrow"\n  place: "x"\n  by: "K1"',
         "公开记录写法不对：until 的写法不对"),
        ('2026-08-03 custom "objection" "R1" 7', "异议记录写法不对：number 的写法不对"),
        ('2026-08-03 custom "filing" "R1" "filing"\n  by: "K1"', "备案记录写法不对：没有写 number"),
        ('2026-08-03 custom "resolution" "R1" "four_steps"', "决议记录写法不对：没有写 title"),
    ],
)  # fmt: skip
def test_records_that_cannot_be_read(text: str, message: str) -> None:
    entries, errors, _ = parser.parse_string(text + "\n")
    found, misread = read_records(entries)
    assert not errors and not found
    assert [one.message for one in misread] == [message]
