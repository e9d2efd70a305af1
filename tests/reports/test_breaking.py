"""Chinese line breaking (避头尾)."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reports.render.breaking import NEVER_FIRST, NEVER_LAST, wrap


def wide(text: str) -> float:
    """A Chinese character is 2 wide, any other 1."""
    return sum(2 if ord(c) > 0xFF else 1 for c in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("一二三四五", 10, ["一二三四五"]),
        ("一二三四五，六", 10, ["一二三四", "五，六"]),
        ("一二三四（五）", 10, ["一二三四", "（五）"]),
        ("一二三四《五六》", 10, ["一二三四", "《五六》"]),
        ("共计12,345.67元", 10, ["共计", "12,345.67", "元"]),
        ("一二三四——五", 10, ["一二三", "四——五"]),
        ("ab cd ef", 5, ["ab cd", "ef"]),
        ("（ 甲", 3, ["（", "甲"]),
        ("123456789", 4, ["1234", "5678", "9"]),
        ("甲", 1, ["甲"]),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, wide) == lines


MARKED = st.lists(
    st.sampled_from(["街", "账簿", "，", "。", "（", "）", "《", "》", "12,345.67", "-3.00", "HT-0003", " ", "……"]),
    max_size=40,
).map("".join)


@given(MARKED, st.integers(20, 60))
def test_marks_amounts_and_every_character_survive(text: str, width: int) -> None:
    # runs of marks longer than any line can only be cut anywhere
    assume(not re.search(r"[^街账簿]{20,}", text))
    lines = wrap(text, width, wide)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(wide(line) <= width for line in lines)
    assert not any(line[:1] in NEVER_FIRST for line in lines[1:] if line)
    assert not any(line[-1:] in NEVER_LAST for line in lines[:-1] if line)
    assert sum(len(re.findall(r"12,345\.67", line)) for line in lines) == len(re.findall(r"12,345\.67", text))
