"""A record as text, added to the file and read again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jiezhang.book import record_text as record_text_module
from jiezhang.book.record_text import record_text, with_record
from jiezhang.domain.approval.records import Bid, Resolution, Stage, custom_of
from jiezhang.domain.problem import Refused

DAY = date(2025, 3, 1)


@pytest.mark.parametrize("budget", ["1E+3", "1000", "1000.0", "1000.00"])
def test_amounts_have_two_places(budget: str) -> None:
    given = {"code": "R1", "procedure": "little", "title": "x", "matter": "other", "fund": "G", "subjects": "5101"}
    record = Resolution.model_validate(
        {**given, "by": "Y01", "starts": DAY, "ends": DAY, "budget_yuan": Decimal(budget)}
    )
    text, read = record_text("resolution", DAY, record)
    assert "  budget-yuan: 1000.00\n" in text
    assert read == record


@pytest.mark.parametrize("said", ['他说"好"', "路径 C:\\新建", "TRUE", "2025-03-01", "1.00", "#标签 ^链接", "  空格  "])
def test_words_that_a_ledger_could_take_for_something_else(said: str) -> None:
    record = Stage(code="R1", step="branch", by="Z01", opinion=said)
    assert record_text("stage", DAY, record)[1] == record


@pytest.mark.parametrize("supplier", ['甲"公司', "甲\\公司", "甲\x00公司"])
def test_a_record_never_reads_back_as_another(supplier: str) -> None:
    record = Bid(code="R1", supplier=supplier, sealed="1" * 64)
    try:
        assert record_text("bid", DAY, record)[1] == record
    except Refused as refused:
        assert refused.message == "记录写进账簿以后读出来与所写的不同，请去掉引号、反斜杠和看不见的字符"


def test_a_writer_that_loses_something_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    other = custom_of("stage", DAY, Stage(code="R1", step="branch", by="Z02"))
    monkeypatch.setattr(record_text_module, "custom_of", lambda *_: other)
    with pytest.raises(Refused, match="记录写进账簿以后读出来与所写的不同"):
        record_text("stage", DAY, Stage(code="R1", step="branch", by="Z01"))


@pytest.mark.parametrize("before", [b"", b";; x", b";; x\n", b";; x\n\n", b";; x\n\n\n", b";; x\r\n"])
def test_every_byte_before_stays(before: bytes) -> None:
    after = with_record(before, '2025-03-01 custom "stage" "R1" "branch"\n\n')
    assert after.startswith(before)
    assert after.endswith(b'"branch"\n')
    assert with_record(after, "x").startswith(after)
