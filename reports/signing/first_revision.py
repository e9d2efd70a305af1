"""What a sealed file was before any seal: how long, and whether it is still what the sealed file shows.

A later revision of a PDF may replace any page, and seals set after that cover the replacement. So that the unsigned
original's bytes begin a file proves nothing by itself: nothing but places for seals may have come since.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from .fields import entry

_ROOT_MAY_CHANGE = ("/AcroForm", "/Extensions", "/Metadata", "/Perms", "/Version")
"""Entries of the catalogue that seals need; none of them draws anything on a page but through its annotations."""
_PAGE_MAY_CHANGE = ("/Annots",)


def length(pdf: bytes, reader: PdfFileReader) -> int:
    """Length in bytes of the first revision, with the line break that follows its end mark; 0 when it has no mark."""
    mark = pdf.find(b"%%EOF", reader.xrefs.get_xref_container_info(0).end_location)
    if mark < 0:
        return 0
    end = mark + len(b"%%EOF")
    if pdf[end : end + 2] == b"\r\n":
        return end + 2
    return end + 1 if pdf[end : end + 1] in (b"\r", b"\n") else end


def is_shown(reader: PdfFileReader) -> bool:
    """Whether every page is as in the first revision, fields for seals and what is drawn in them apart."""
    first = reader.get_historical_resolver(0)
    root = first.root_ref
    if (reader.root_ref.idnum, reader.root_ref.generation) != (root.idnum, root.generation):
        return False
    pages = {page.idnum for page in _pages(first, first.root["/Pages"])}
    info = first.trailer_view.raw_get("/Info") if "/Info" in first.trailer_view else None
    free = {info.idnum} if isinstance(info, IndirectObject) else set()
    for number in _rewritten(reader) - free:
        if number == root.idnum:
            if not _same(first, reader, number, _ROOT_MAY_CHANGE):
                return False
        elif number not in pages or not _same(first, reader, number, _PAGE_MAY_CHANGE):
            return False
    return _form_of_seals(reader) and all(_only_seals(first, reader, number) for number in pages)


def _form_of_seals(reader: PdfFileReader) -> bool:
    """Whether the form has nothing but seals: an XFA form would be shown instead of the pages."""
    form = entry(reader.root, "/AcroForm", {})
    return "/XFA" not in form and all(_is_seal(field.get_object()) for field in entry(form, "/Fields", ()))


def _is_seal(field: DictionaryObject) -> bool:
    return bool(entry(field, "/FT", "") == "/Sig" and entry(field, "/Subtype", "/Widget") == "/Widget")


def _rewritten(reader: PdfFileReader) -> set[int]:
    """Objects of the first revision that a later one wrote again, or did away with."""
    xrefs = reader.xrefs
    old = {ref.idnum for ref in xrefs.explicit_refs_in_revision(0)}
    new: set[int] = set()
    for revision in range(1, xrefs.total_revisions):
        new |= {ref.idnum for ref in xrefs.explicit_refs_in_revision(revision)}
        new |= {ref.idnum for ref in xrefs.refs_freed_in_revision(revision)}
    return old & new


def _pages(handler: PdfHandler, node: DictionaryObject) -> Iterator[Reference]:
    for index in range(len(node["/Kids"])):
        kid = node["/Kids"].raw_get(index)
        if kid.get_object()["/Type"] == "/Pages":
            yield from _pages(handler, kid.get_object())
        else:
            yield kid.reference


def _same(first: PdfHandler, now: PdfHandler, number: int, without: tuple[str, ...]) -> bool:
    return _written(first, number, without) == _written(now, number, without)


def _written(handler: PdfHandler, number: int, without: tuple[str, ...]) -> bytes:
    found = handler.get_object(Reference(number, 0))
    kept = DictionaryObject()  # type: ignore[no-untyped-call]
    kept.update({key: found.raw_get(key) for key in sorted(found) if key not in without})
    out = BytesIO()
    kept.write_to_stream(out)
    return out.getvalue()


def _only_seals(first: PdfHandler, now: PdfHandler, number: int) -> bool:
    """Whether the page's annotations are those it had, and fields for seals."""
    before = [one.idnum for one in _annotations(first, number)]
    after = list(_annotations(now, number))
    kept = [one.idnum for one in after if one.idnum in before]
    added = [now.get_object(one) for one in after if one.idnum not in before]
    return kept == before and all(_is_seal(one) for one in added)


def _annotations(handler: PdfHandler, number: int) -> list[Reference]:
    listed = entry(handler.get_object(Reference(number, 0)), "/Annots", [])
    return [listed.raw_get(index).reference for index in range(len(listed))]
