"""Replacing blocks of a month file leaves every other byte alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jiezhang.book.edit import replace_blocks

blocks = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["", ";; 注", ";; 换\u2028行", "* 标题"])), min_size=1, max_size=8
)


def build(shape: list[tuple[int, str]]) -> tuple[str, list[tuple[int, str]]]:
    """A month file of the given shape, and each entry with the line it starts at."""
    lines: list[str] = [";; 2026-09"]
    entries = []
    for number, (postings, after) in enumerate(shape):
        lines.append("")
        entry = [f'2026-09-{number + 1:02d} ! "x{number}"'] + [f"  Assets:A{p}  1.00 CNY" for p in range(postings)]
        entries.append((len(lines) + 1, "\n".join(entry)))
        lines += entry
        if after:
            lines += ["", after]
    return "\n".join(lines) + "\n", entries


@given(blocks, st.data())
def test_replacing(shape: list[tuple[int, str]], data: st.DataObject) -> None:
    text, entries = build(shape)
    chosen = data.draw(st.lists(st.sampled_from(entries), unique=True))
    expected = text
    for _, old in chosen:
        expected = expected.replace(old + "\n", f"NEW {old.splitlines()[0]}\n")
    assert replace_blocks(text, {line: f"NEW {old.splitlines()[0]}\n\n" for line, old in chosen}) == expected


@given(blocks, st.data())
def test_removing(shape: list[tuple[int, str]], data: st.DataObject) -> None:
    text, entries = build(shape)
    chosen = data.draw(st.lists(st.sampled_from(entries), unique=True))
    left = replace_blocks(text, {line: "" for line, _ in chosen})
    for entry in entries:
        assert (entry[1] + "\n" in left) == (entry not in chosen)
