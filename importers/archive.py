"""Zip members, unpacked with a hard bound.

The sizes a zip's directory declares can lie, so nothing is unpacked further than it declares, and a member that
turns out longer or shorter than declared makes the file corrupt.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from jiezhang.domain.problem import Refused

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 400
"""Deflate can reach 1,032; a real workbook of blank styled rows stays under 200."""
_SMALL_BYTES = 4 * 1024 * 1024
"""Below this no ratio is worth refusing."""
_MAX_MEMBERS = 2000

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800

TOO_LARGE = "压缩包解开后过大，可能是恶意文件，不能导入"
BROKEN = "压缩包或工作簿不完整或已损坏，请重新下载"


def read_zip(data: bytes, file: str) -> dict[str, bytes]:
    """The members of the zip `data` by name, folders left out; `Refused` when it is broken, locked or a bomb."""
    try:
        directory = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error, IndexError) as error:
        raise Refused(BROKEN, file) from error
    if any(info.flag_bits & _ENCRYPTED for info in directory):
        raise Refused("文件有密码，请先解除密码再导入", file)
    total = sum(info.file_size for info in directory)
    packed = sum(info.compress_size for info in directory)
    if total > MAX_UNPACKED_BYTES or len(directory) > _MAX_MEMBERS:
        raise Refused(TOO_LARGE, file)
    if total > _SMALL_BYTES and total > MAX_RATIO * max(packed, 1):
        raise Refused(TOO_LARGE, file)
    return {_name(info): _member(data, info, file) for info in directory if not info.filename.endswith("/")}


def read_gzip(data: bytes, file: str) -> bytes:
    """The unpacked bytes of the gzip `data`; `Refused` when it is broken or a bomb."""
    unpacked = _bounded(zlib.decompressobj(wbits=31), data, MAX_UNPACKED_BYTES, file)
    if len(unpacked) > _SMALL_BYTES and len(unpacked) > MAX_RATIO * len(data):
        raise Refused(TOO_LARGE, file)
    return unpacked


def _name(info: zipfile.ZipInfo) -> str:
    """Chinese tools write GBK names without the UTF-8 flag, which zipfile then reads as cp437."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _member(data: bytes, info: zipfile.ZipInfo, file: str) -> bytes:
    start = info.header_offset
    if start < 0 or len(data) < start + _LOCAL_HEADER.size:
        raise Refused(BROKEN, file)
    magic, name_size, extra_size = _LOCAL_HEADER.unpack_from(data, start)
    body_at = start + _LOCAL_HEADER.size + name_size + extra_size
    packed = data[body_at : body_at + info.compress_size]
    if magic != b"PK\x03\x04" or len(packed) != info.compress_size:
        raise Refused(BROKEN, file)
    if info.compress_type == zipfile.ZIP_STORED:
        unpacked = packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        unpacked = _bounded(zlib.decompressobj(wbits=-15), packed, info.file_size, file)
    else:
        raise Refused("压缩包用了少见的压缩方式，请用系统自带的压缩工具重新打包", file)
    if len(unpacked) != info.file_size or zlib.crc32(unpacked) != info.CRC:
        raise Refused(BROKEN, file)
    return unpacked


def _bounded(unpacker: zlib._Decompress, packed: bytes, limit: int, file: str) -> bytes:
    """At most `limit` bytes; one byte more is a lie about the size."""
    try:
        unpacked = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise Refused(BROKEN, file) from error
    if len(unpacked) > limit:
        raise Refused(TOO_LARGE, file)
    if not unpacker.eof:
        raise Refused(BROKEN, file)
    return unpacked
