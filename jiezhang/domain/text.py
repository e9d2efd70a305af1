"""Words that strangers wrote. Fava prints a bank remark (附言) as raw HTML, so markup never enters a ledger."""

from __future__ import annotations

import re
import unicodedata

_FULL_WIDTH = str.maketrans("<>&\"\\", "＜＞＆＂＼")
_FORMULA = str.maketrans("=+-@", "＝＋－＠")
_SPACES = re.compile(r"\s+")
_MARKUP = re.compile(r"[<>]")


def clean(text: str) -> str:
    """`text` on one line, markup characters in their full-width forms, invisible characters gone.

    So is a first character that a spreadsheet would take for a formula.
    """
    visible = "".join(" " if ch.isspace() else ch for ch in text if ch.isspace() or not _is_invisible(ch))
    bare = _SPACES.sub(" ", visible).strip().translate(_FULL_WIDTH)
    return bare[:1].translate(_FORMULA) + bare[1:]


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
