"""Reading Markdown pages: headings, tables, code blocks, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")],
    key=lambda path: path.as_posix(),
)

_BLOCK = re.compile(r"^```(\w*) ?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced code block: ```` ```csv 专户表.csv ```` has language `csv` and title `专户表.csv`."""

    language: str
    title: str
    text: str


def read(page: str | Path) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(text: str) -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(text)]


def without_blocks(text: str) -> str:
    return _BLOCK.sub("", text)


def headings(text: str) -> list[str]:
    return _HEADING.findall(without_blocks(text))


def links(text: str) -> list[str]:
    return _LINK.findall(without_blocks(text))


def section(text: str, heading: str) -> str:
    """What stands below `heading`, down to the next heading of any level that is not deeper."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found, f"no heading {heading}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", without_shell_comments(rest), re.MULTILINE)
    return rest[: end.start()] if end else rest


def without_shell_comments(text: str) -> str:
    """`text`, as long as before, without the `#` that begin lines inside code blocks."""
    return _BLOCK.sub(lambda block: re.sub(r"^#", " ", block[0], flags=re.MULTILINE), text)


def table(text: str) -> list[list[str]]:
    """The cells of the tables in `text`, without their header rows."""
    lines = text.splitlines()
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line, below in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("|") and not below.startswith("|---")
    ]
    return [cells for cells in rows if not cells[0].startswith("---")]


def codes(text: str) -> list[str]:
    """What stands in backticks, code blocks apart."""
    return re.findall(r"`([^`\n]+)`", without_blocks(text))


def anchor(heading: str) -> str:
    """The address of a heading on its page, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")
