"""What strangers write into a bank remark, and what becomes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.text import clean, unclean


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("停车费 9月", "停车费 9月"),
        ("<img src=x onerror=alert(1)>", "＜img src=x onerror=alert(1)＞"),
        ('甲"乙\\丙&丁', "甲＂乙＼丙＆丁"),
        (" 两\r\n行\t字\u3000 ", "两 行 字"),
        ("收\u202e款\u200b人\x00", "收款人"),
        ("=HYPERLINK(1)", "＝HYPERLINK(1)"),
        ("-1+1", "－1+1"),
        ("㙍䶮𬭩", "㙍䶮𬭩"),
    ],
)
def test_clean(text: str, kept: str) -> None:
    assert clean(text) == kept


@given(st.text())
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    assert unclean(clean(text)) == ""
    assert clean(clean(text)) == clean(text)
    assert "\n" not in clean(text)
