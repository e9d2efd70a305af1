"""Each chapter of the handbook is run alone, as it stands there."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import blocks, read
from shell import HANDBOOK, carry_out, desk_at, run


@pytest.mark.parametrize("chapter", HANDBOOK)
def test_a_chapter_read_alone(chapter: str, tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    carry_out(blocks(read(f"docs/handbook/{chapter}.md")), desk)
    if chapter == "凭证":
        assert "0 处错误" in run("jiezhang -C 凭证练习 check --compound C0001", desk), "the page says so"
