"""The old binary container (OLE) an xls stands in, checked before the spreadsheet reader may touch it.

The reader follows sector chains without asking whether they end, and allots what a record says it needs: a damaged
or hostile xls would take all memory and the process with it. Here every chain must end, and every size be possible.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from jiezhang.domain.problem import Refused

from .archive import BROKEN

LOCKED = "工作簿有密码，请先在 Excel 里取消密码再导入"
TOO_WIDE = "工作表大得不合常理，不能导入，请删除多余的空行空列"

_HEADER_BYTES = 512
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on are marks (end of chain, free, table), not sectors."""
_MINI_BYTES = 64
_ENTRY_BYTES = 128
_IN_HEADER = 109
_MAX_DECLARED_CELLS = 20_000_000
"""A sheet may declare all 65,536 × 256 cells an xls can have; the reader only reserves them."""

_BEGIN, _DIMENSIONS, _STRINGS, _FILE_PASS = 0x809, 0x200, 0xFC, 0x2F
_CELLS = frozenset((0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E))


def check_xls(data: bytes, file: str, max_cells: int) -> None:
    """`Refused` when the container is broken, locked, or holds a sheet of more than `max_cells` cells."""
    try:
        streams = dict(_streams(data))
        if "EncryptedPackage" in streams:
            raise Refused(LOCKED, file)
        book = streams.get("Workbook") or streams.get("Book")
        if book is None:
            raise Refused(BROKEN, file)
        _check_records(book, file, max_cells)
    except (struct.error, IndexError, ValueError) as error:
        raise Refused(BROKEN, file) from error


def _streams(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The container's streams by name; `ValueError` when a chain doesn't end."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    size = 1 << shift
    sectors = _Sectors(data[max(size, _HEADER_BYTES) :], size)
    first_dir, cutoff, first_mini, _, first_difat, _ = struct.unpack_from("<I4xIIIII", data, 48)
    table = _numbers(b"".join(sectors[number] for number in _table_sectors(data, sectors, first_difat)))
    _must_end(table)
    mini_table = _numbers(sectors.chain(first_mini, table))
    _must_end(mini_table)
    entries = sectors.chain(first_dir, table)
    root = struct.unpack_from("<I", entries, 116)[0]
    minis = _Sectors(sectors.chain(root, table), _MINI_BYTES)
    for at in range(0, len(entries) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
        name_size, kind = struct.unpack_from("<HB", entries, at + 64)
        start, length = struct.unpack_from("<II", entries, at + 116)
        if kind != 2:
            continue
        name = entries[at : at + max(min(name_size, 64) - 2, 0)].decode("utf-16-le", "replace")
        small = length < cutoff
        yield name, (minis.chain(start, mini_table) if small else sectors.chain(start, table))[:length]


class _Sectors:
    """Equal pieces of some bytes, by number."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size = data, size

    def __getitem__(self, number: int) -> bytes:
        piece = self.data[number * self.size : (number + 1) * self.size]
        if not piece:
            raise IndexError("no such sector")
        return piece

    def chain(self, start: int, table: Sequence[int]) -> bytes:
        pieces = []
        while start < _LAST_SECTOR:
            pieces.append(self[start])
            start = table[start]
        return b"".join(pieces)


def _numbers(data: bytes) -> Sequence[int]:
    count = len(data) // 4
    return struct.unpack_from(f"<{count}I", data)


def _table_sectors(data: bytes, sectors: _Sectors, first_difat: int) -> list[int]:
    """The sectors that hold the sector table: 109 in the header, the rest in a chain of lists."""
    found = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    seen: set[int] = set()
    while first_difat < _LAST_SECTOR:
        if first_difat in seen:
            raise ValueError("endless list of tables")
        seen.add(first_difat)
        *more, first_difat = _numbers(sectors[first_difat])
        found += more
    return [number for number in found if number < _LAST_SECTOR]


def _must_end(table: Sequence[int]) -> None:
    """`ValueError` when some chain through `table` comes back to itself."""
    done = bytearray(len(table))
    for start in range(len(table)):
        path, at = [], start
        while at < len(table) and not done[at]:
            done[at] = 1
            path.append(at)
            at = table[at]
        if at < len(table) and done[at] == 1:
            raise ValueError("endless chain")
        for number in path:
            done[number] = 2


def _check_records(book: bytes, file: str, max_cells: int) -> None:
    """Walk the workbook's records: no password, no impossible count, no cell far out."""
    at, height, width = 0, 0, 0
    while at + 4 <= len(book):
        record, size = struct.unpack_from("<HH", book, at)
        body = at + 4
        at = body + size
        if record == _FILE_PASS:
            raise Refused(LOCKED, file)
        if record == _BEGIN:
            height = width = 0
        elif record in _CELLS:
            row, column = struct.unpack_from("<HH", book, body)
            if record in (0xBD, 0xBE) and size >= 2:
                column = max(column, struct.unpack_from("<H", book, at - 2)[0])
            height, width = max(height, row + 1), max(width, column + 1)
            if height * width > max_cells:
                raise Refused(TOO_WIDE, file)
        elif record == _DIMENSIONS:
            _check_dimensions(struct.unpack_from("<IIHH" if size >= 12 else "<HHHH", book, body), file)
        elif record == _STRINGS and struct.unpack_from("<I", book, body + 4)[0] > len(book):
            raise ValueError("more strings than bytes")


def _check_dimensions(declared: tuple[int, ...], file: str) -> None:
    first, last, left, right = declared
    if last < first or right < left:
        raise ValueError("a sheet that ends before it begins")
    if (last - first + 1) * (right - left + 1) > _MAX_DECLARED_CELLS:
        raise Refused(TOO_WIDE, file)
