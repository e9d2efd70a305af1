"""Originals on their way into `documents/`: what may be kept as one."""

from __future__ import annotations

import stat
from pathlib import Path

from jiezhang.domain.problem import Refused

from .messages import failure

FILE_BYTES_MAX = 64 * 1024 * 1024


def read_document(path: Path) -> bytes:
    """The content of a file that is to be kept; `Refused` for what is no document.

    A link is refused because what is seen and what is kept may differ, a ledger because Beancount would read it.
    """
    if path.name.lower().endswith(".beancount"):
        raise Refused("附件不能是账簿文件", str(path))
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise Refused("附件须是普通文件，不能是文件夹、链接或设备", str(path))
        if found.st_size > FILE_BYTES_MAX:
            raise Refused(f"附件超过 {FILE_BYTES_MAX // 1024 // 1024} MB", str(path))
        content = path.read_bytes()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None
    if not content:
        raise Refused("附件是空文件", str(path))
    return content
