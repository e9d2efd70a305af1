"""A statement file as bytes: what kind it is (by its bytes, never by its name), its text, its sheets, its parts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from jiezhang.domain.encoding import decode
from jiezhang.domain.problem import Refused

from . import archive
from .table import HeadRow, Sheet, head_of_text, head_rows, sheets_of_text, sheets_of_workbook

Kind = Literal["xls", "xlsx", "zip", "gzip", "xml", "text"]

MAX_FILE_BYTES = 20 * 1024 * 1024

_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|div|style)\b", re.IGNORECASE)
_SHEET_ML = re.compile(rb"<([A-Za-z]+:)?Workbook\b")



@dataclass(frozen=True)
class SourceFile:
    """One file, or one member of an archive, as it was when it was read.

    `name` and `sha256` (lower-case hex) are those of the outer file; `member` is the name inside an archive, else
    empty. Not slotted: text and sheets are made once, when first asked for, and kept on the value.
    """

    path: Path
    name: str
    data: bytes
    sha256: str
    kind: Kind
    member: str = ""

    @property
    def label(self) -> str:
        """How messages name this file."""
        return f"{self.name}/{self.member}" if self.member else self.name

    @cached_property
    def text(self) -> str:
        """The decoded text of a text file; `Refused` when its encoding is not one."""
        return decode(self.data, self.label)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Rows of text cells; an XML file or an archive has none."""
        if self.kind in ("xls", "xlsx"):
            return sheets_of_workbook(self.data, self.label)
        return sheets_of_text(self.text, self.label) if self.kind == "text" else ()

    @cached_property
    def head_rows(self) -> tuple[tuple[HeadRow, ...], ...]:
        """The first rows of each sheet as sets of header names, what importers look at to identify a file."""
        if self.kind == "text":
            return (head_rows(head_of_text(self.text)),)
        return tuple(head_rows(sheet) for sheet in self.sheets)

    @cached_property
    def parts(self) -> tuple[SourceFile, ...]:
        """The file itself, or the members of an archive; an archive inside an archive is refused."""
        if self.kind == "zip":
            members = archive.read_zip(self.data, self.name)
            kept = {name: data for name, data in members.items() if data and not name.startswith("__MACOSX/")}
        elif self.kind == "gzip":
            kept = {self.name.removesuffix(".gz"): archive.read_gzip(self.data, self.name)}
        else:
            return (self,)
        parts = tuple(
            SourceFile(self.path, self.name, data, self.sha256, kind_of(data, f"{self.name}/{name}"), name)
            for name, data in kept.items()
        )
        if any(part.kind in ("zip", "gzip") for part in parts):
            raise Refused("压缩包里还有压缩包，请解开后再导入", self.name)
        return parts


def load_source(path: str | Path) -> SourceFile:
    """The file at `path`; `Refused` with one sentence when it can't be a statement or can't be opened."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Refused("文件超过 20 MB，不能导入，请按月下载", path.name)
        data = path.read_bytes()
    except OSError as error:
        raise Refused("文件打不开，请检查文件是否存在、是否有权限读取", path.name) from error
    return source_of(data, path)


def source_of(data: bytes, path: Path) -> SourceFile:
    """Bytes already read, as a source; the same refusals as `load_source`."""
    if len(data) > MAX_FILE_BYTES:
        raise Refused("文件超过 20 MB，不能导入，请按月下载", path.name)
    kind = kind_of(data, path.name)
    return SourceFile(path, path.name, data, hashlib.sha256(data).hexdigest(), kind)


def kind_of(data: bytes, file: str) -> Kind:
    """What `data` is, by its first bytes; `Refused` for kinds that are never a statement."""
    if not data.strip():
        raise Refused("文件是空的", file)
    if data.startswith(b"PK"):
        return "xlsx" if _is_workbook(data) else "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    start = data[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"%PDF"):
        raise Refused("这是 PDF 文件，请从网银下载 Excel 或 CSV 格式的明细", file)
    if _HTML.match(start):
        raise Refused("这是网页而不是表格，只是名字像 Excel，请从网银重新下载 Excel 或 CSV 格式", file)
    if start.startswith(b"<"):
        if _HTML.search(start) or _SHEET_ML.search(data[:4096]):
            raise Refused("这是网页或 XML 表格而不是 Excel 文件，请用 Excel 打开后另存为 xlsx 再导入", file)
        return "xml"
    return "text"


def _is_workbook(data: bytes) -> bool:
    """A workbook names its parts in the clear; a broken directory is found when it is unpacked."""
    return b"[Content_Types].xml" in data and b"xl/" in data
