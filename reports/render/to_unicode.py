"""Mend the map from printed codes back to characters.

reportlab 5.1.0 writes characters above U+FFFF with five hex digits, where PDF (ISO 32000-1, 9.10.3) wants UTF-16:
𬭩 would be copied, searched and read aloud as another character. The map is written anew for each subset.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFStream

_MOST_PER_BLOCK = 100


def cmap_text(name: str, subset: Sequence[int]) -> str:
    """A ToUnicode CMap of one-byte codes 0, 1, 2 … for the code points in `subset`."""
    rows = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)]
    blocks = [rows[at : at + _MOST_PER_BLOCK] for at in range(0, len(rows), _MOST_PER_BLOCK)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def mend_to_unicode(doc: PDFDocument, subsets: Sequence[Sequence[int]]) -> None:
    """Rewrite the maps of the font just added to `doc`, whose subsets hold these code points."""
    streams = _streams(doc)[-len(subsets) :]
    for (name, stream), subset in zip(streams, subsets, strict=True):
        stream.content = cmap_text(name, subset)


def _streams(doc: PDFDocument) -> list[tuple[str, PDFStream]]:
    """The maps `doc` holds, oldest first, by the font's name."""
    prefix = "toUnicodeCMap:"
    return [
        (key.removeprefix(prefix), value)
        for key, value in doc.idToObject.items()
        if str(key).startswith(prefix) and isinstance(value, PDFStream)
    ]
