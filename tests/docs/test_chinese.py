"""The Chinese README is the English one: the same commands, files and outputs, and no English left in its headings."""

from __future__ import annotations

import re

import pytest
from markdown import PAGES, ROOT, blocks, codes, headings, read, section, table

ENGLISH, CHINESE = read("README.md"), read("README.zh-CN.md")
FOR_BOOKKEEPERS = [page for page in PAGES if {"handbook", "commands"} & set(page.parts)]
_CHINESE = re.compile("[\u3400-\u9fff]")


def test_the_same_code_blocks() -> None:
    assert blocks(CHINESE) == blocks(ENGLISH)
    assert len(blocks(ENGLISH)) > 15


def test_the_same_month() -> None:
    there, here = section(ENGLISH, "A month, by command"), section(CHINESE, "一个月怎么做")
    assert [codes(row[1]) for row in table(there)] == [codes(row[1]) for row in table(here)]


def test_as_many_headings() -> None:
    assert len(headings(CHINESE)) == len(headings(ENGLISH))


@pytest.mark.parametrize("heading", headings(CHINESE))
def test_headings_are_chinese(heading: str) -> None:
    assert not re.search("[A-Za-z]", heading)
    assert _CHINESE.search(heading)


@pytest.mark.parametrize("page", FOR_BOOKKEEPERS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_for_bookkeepers_are_chinese(page: object) -> None:
    for heading in headings(read(page))[1:]:  # type: ignore[arg-type]
        assert _CHINESE.search(heading), heading
