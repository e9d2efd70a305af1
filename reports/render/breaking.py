"""Break Chinese text into lines (避头尾): reportlab's own lets `，` and `》` start a line and splits amounts."""

from __future__ import annotations

import re
from collections.abc import Callable

NEVER_FIRST = frozenset("，。、；：！？）》〉」』】〕〗”’…—％℃·～,.;:!?)]}%")
NEVER_LAST = frozenset("（《〈「『【〔〖“‘￥¥([{")

# What stays in one piece: a voucher number (记-0038–0040); a word, number or amount of the Latin script; a doubled
# dash or ellipsis; a character.
_PIECE = re.compile(r" +|[\u4e00-\u9fff]-[0-9][0-9–]*|-?[0-9A-Za-z*][0-9A-Za-z*,./:@_+–-]*[%％]?|—+|…+|.", re.DOTALL)


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """`text` in lines no wider than `width` (in the unit `measure` returns), at least one line.

    No line starts with a mark of `NEVER_FIRST` or ends with one of `NEVER_LAST`, and no number or word is cut, unless
    one such piece alone is wider than the line. Blanks at a break are dropped.
    """
    if measure(text) <= width:
        return [text.strip(" ")]
    lines: list[str] = []
    line = ""
    used = 0.0
    for piece in _pieces(text):
        wide = measure(piece)
        bare = wide if piece[-1] != " " else measure(piece.rstrip(" "))
        if used + bare <= width:
            line, used = line + piece, used + wide
            continue
        if line:
            lines.append(line.rstrip(" "))
        while bare > width and len(piece) > 1:
            fit = _fitting(piece, width, measure)
            lines.append(piece[:fit].rstrip(" "))
            piece = piece[fit:].lstrip(" ")
            wide, bare = measure(piece), measure(piece.rstrip(" "))
        line, used = piece, wide
    if line.strip(" ") or not lines:
        lines.append(line.rstrip(" "))
    return lines


def _pieces(text: str) -> list[str]:
    """`text` cut wherever a line may end; blanks stay with what is before them."""
    found: list[str] = []
    for piece in _PIECE.findall(text.strip(" ")):
        before = found[-1].rstrip(" ")[-1] if found else ""
        if found and (piece[0] == " " or piece[0] in NEVER_FIRST or before in NEVER_LAST):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _fitting(piece: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters of `piece` fit, at least one."""
    fit = 1
    while fit < len(piece) and measure(piece[: fit + 1]) <= width:
        fit += 1
    return fit
