"""Batch files: the household detail of one voucher, kept beside the ledger and named in it by its digest.

CSV in UTF-8, first line `dwelling,amount`, then a line for each household, amounts in yuan with two places.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from jiezhang.domain.household_events import Detail
from jiezhang.domain.problem import Refused

_HEADER = "dwelling,amount"
_LINE = re.compile(r"([A-Z0-9][A-Za-z0-9-]*(?:/S)?),(-?)([0-9]{1,12})\.([0-9]{2})")


def parse_batch(content: bytes, sha256: str, file: str) -> Detail:
    """The lines of a batch, in the file's order, amounts in fen with their sign.

    `sha256` is the digest the voucher states. `Refused`, with file and line, when it is another file, or not a batch.
    """
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused("批量明细文件与凭证上的摘要不符，文件已被改动", file)
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Refused("批量明细文件不是 UTF-8 编码", file) from None
    if not lines or lines[0] not in (_HEADER, "户号,金额"):
        raise Refused(f"批量明细文件的表头应是 {_HEADER}", file, 1)
    found = []
    for number, line in enumerate(lines[1:], start=2):
        read = _LINE.fullmatch(line)
        if not read:
            raise Refused("这一行应是“户,金额”，金额写到分", file, number)
        code, minus, whole, fen = read.groups()
        found.append((code, int(whole + fen) * (-1 if minus else 1)))
    if not found:
        raise Refused("批量明细文件里没有一户", file)
    return tuple(found)


def shares_digest(codes: Sequence[str], change_fen: Sequence[int]) -> str:
    """The digest of what a rule gave or took, by household; a voucher states it, so that nothing dated earlier can
    change it unnoticed."""
    shares = tuple((code, fen) for code, fen in zip(codes, change_fen, strict=True) if fen)
    return hashlib.sha256(write_batch(shares)).hexdigest()


def write_batch(detail: Detail) -> bytes:
    """`detail` as a batch file, in order of code; its digest goes into the voucher."""
    lines = [_HEADER]
    for code, fen in sorted(detail):
        lines.append(f"{code},{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}")
    return ("\n".join(lines) + "\n").encode()
