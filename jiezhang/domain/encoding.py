"""What encoding a text is in: told from its bytes, never from its name or a guess by frequency."""

from __future__ import annotations

import re

from .problem import Refused

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UTF8_HANZI = re.compile(rb"(?<![\x80-\xff])(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}(?![\x80-\xff])")
"""Two or more Chinese characters in UTF-8 between ASCII: as GBK these bytes would be words nobody writes."""
_NOT_TEXT = re.compile("[\x00\ue000-\uf8ff]")
"""NUL, and the private use area where GBK puts byte pairs that mean nothing."""


def decode(data: bytes, file: str) -> str:
    """Bytes to text: what the bytes are counts, whatever mark or name they carry; mixed encodings are refused."""
    bom, declared = next(((bom, name) for bom, name in BOMS if data.startswith(bom)), (b"", "utf-8"))
    body = data[len(bom) :]
    tries = [declared, "gb18030"] if declared == "utf-8" else [declared]
    for encoding in tries:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and _UTF8_HANZI.search(body):
            raise Refused("文件里混有两种文字编码或末尾被截断，请重新下载或另存", file)
        if _NOT_TEXT.search(text):
            raise Refused("文件不是文本，或文字已经损坏，请重新下载或另存", file)
        return text
    raise Refused("文件的文字编码无法识别，可能被截断或损坏，请重新下载或另存", file)
