"""Words that strangers wrote. Fava prints a bank remark (附言) as raw HTML, so markup never enters a ledger."""

from __future__ import annotations

import re
import unicodedata

_FULL_WIDTH = str.maketrans("<>&\"\\", "＜＞＆＂＼")
_FORMULA = str.maketrans("=+-@", "＝＋－＠")
_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SPACES = re.compile(r"\s+")
_NOT_SHOWN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_MARKUP = re.compile(r"[<>]")


def clean(text: str) -> str:
    """`text` on one line, markup characters in their full-width forms, invisible characters gone.

    So is a first character that a spreadsheet would take for a formula.
    """
    bare = one_line(text).translate(_FULL_WIDTH)
    return bare[:1].translate(_FORMULA) + bare[1:]


def one_line(text: str) -> str:
    """`text` on one line, invisible characters gone: nothing in it moves a terminal's cursor or turns words round."""
    visible = "".join(" " if ch.isspace() else ch for ch in text if ch.isspace() or not _is_invisible(ch))
    return _SPACES.sub(" ", visible).strip()


def shows_as_written(text: str) -> bool:
    """Whether nothing in `text` is hidden, turns words round or ends a line: what is shown of it is what it is."""
    return not any(unicodedata.category(ch) in _NOT_SHOWN for ch in text)


def as_text(cell: str) -> str:
    """`cell` of a table as a spreadsheet takes it for text: what would begin a formula has an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(cell) else cell


def _is_invisible(ch: str) -> bool:
    """Control characters and the format characters that reorder or hide text (bidi overrides, zero width)."""
    return unicodedata.category(ch) in ("Cc", "Cf", "Cs")


def same_name_key(name: str) -> str:
    """What two spellings of one payee have in common: full and half width, capitals, spaces make no other name."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(ch for ch in plain if not ch.isspace() and not _is_invisible(ch))


def unclean(text: str) -> str:
    """The first character of `text` that must not stand in a ledger, or an empty string."""
    found = _MARKUP.search(text)
    return found[0] if found else next((ch for ch in text if _is_invisible(ch)), "")
