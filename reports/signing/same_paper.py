"""Whether two unsigned PDFs are one paper: another machine may pack the same page into other bytes."""

from __future__ import annotations

from io import BytesIO

from pyhanko.pdf_utils.generic import DictionaryObject, NullObject, Reference, StreamObject

from .fields import open_pdf

_PACKING = ("/Length", "/Filter", "/DecodeParms")


def same_paper(one: bytes, other: bytes) -> bool:
    """Whether both have the same objects with the same content, however their streams are compressed."""
    if one == other:
        return True
    try:
        return _objects(one) == _objects(other)
    except Exception:  # noqa: BLE001 - the bytes are anybody's, and the parsers raise whatever Python does
        return False


def keywords_of(pdf: bytes) -> str:
    """What the file says of itself; empty when it says nothing, or is no PDF."""
    try:
        return str(open_pdf(pdf).trailer_view["/Info"]["/Keywords"])
    except Exception:  # noqa: BLE001 - the bytes are anybody's, and the parsers raise whatever Python does
        return ""


def _objects(pdf: bytes) -> dict[int, bytes]:
    reader = open_pdf(pdf)
    found = {}
    for number in range(1, int(reader.trailer_view["/Size"])):
        content = reader.get_object(Reference(number, 0), never_decrypt=True)  # type: ignore[no-untyped-call]
        if not isinstance(content, NullObject):
            found[number] = _written(content)
    root = reader.root_ref
    return {**found, 0: f"{root.idnum} {root.generation}".encode()}


def _written(content: object) -> bytes:
    out = BytesIO()
    if isinstance(content, DictionaryObject):
        kept = DictionaryObject()  # type: ignore[no-untyped-call]
        kept.update({key: content.raw_get(key) for key in sorted(content) if key not in _PACKING})
        kept.write_to_stream(out)
        return out.getvalue() + (content.data if isinstance(content, StreamObject) else b"")
    content.write_to_stream(out)  # type: ignore[attr-defined]
    return out.getvalue()
