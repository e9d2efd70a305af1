"""Places for seals. All are made before the first seal: a certified file takes no new one (ISO 32000-1, 12.8.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from jiezhang.domain.problem import Refused

from .seal_field import SealField


@dataclass(frozen=True, slots=True)
class FoundField:
    """A seal's place found in a file; `box` as in `SealField`."""

    name: str
    label: str
    box: tuple[int, int, int, int]
    sealed: bool


def with_fields(pdf: bytes, fields: Sequence[SealField]) -> bytes:
    """The file with empty signature fields appended; the old bytes are its beginning.

    `Refused` when it can't be read, has been sealed already, has no such page, or has a field of that name.
    """
    reader = open_pdf(pdf)
    before = fields_of(reader)
    if any(field.sealed for field in before):
        raise Refused("文件已经盖过章，不能再加盖章的位置")
    names = [*(field.name for field in before), *(field.name for field in fields)]
    if len(set(names)) < len(names):
        raise Refused("盖章的位置重名")
    pages = int(reader.root["/Pages"]["/Count"])
    if any(not -pages <= field.page < pages for field in fields):
        raise Refused(f"文件只有 {pages} 页，没有盖章位置所在的页")
    writer = Appending(BytesIO(pdf))
    for field in fields:
        spec = SigFieldSpec(field.name, on_page=field.page % pages, box=field.box, readable_field_name=field.label)
        append_signature_field(writer, spec)
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


class Appending(IncrementalPdfFileWriter):
    """pyHanko's writer, which leaves the file's title, dates and producer alone: they are the original's."""

    def _update_meta(self) -> None:
        pass


def open_pdf(pdf: bytes) -> PdfFileReader:
    """A reader of a whole, unencrypted PDF; `Refused` otherwise."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        reader.root["/Pages"]["/Count"]
        encrypted = reader.encrypted
    except Exception:  # noqa: BLE001 - the bytes are anybody's, and the parsers raise whatever Python does
        raise Refused("不是完整的 PDF 文件") from None
    if encrypted:
        raise Refused("加密的 PDF 不能盖章")
    return reader


def fields_of(reader: PdfFileReader) -> tuple[FoundField, ...]:
    """The signature fields, in the file's order."""
    found = []
    for name, value, reference in enumerate_sig_fields(reader):
        field = reference.get_object()
        left, low, right, top = (round(side) for side in entry(field, "/Rect", (0, 0, 0, 0)))
        found.append(FoundField(name, str(entry(field, "/TU", name)), (left, low, right, top), value is not None))
    return tuple(found)


def entry(dictionary: DictionaryObject, key: str, otherwise: Any) -> Any:
    """The entry itself, wherever in the file it stands: pyHanko's `get` gives the reference to it."""
    try:
        return dictionary[key]
    except KeyError:
        return otherwise
