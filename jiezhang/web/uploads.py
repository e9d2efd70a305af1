"""Files that come with a form: their names checked, and laid out for what reads files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import request
from werkzeug.datastructures import FileStorage

from jiezhang.domain.problem import Refused
from jiezhang.domain.text import one_line, shows_as_written
from jiezhang.street.inbox_keeping import is_gits_own

from .gate import TOKEN_FIELD, TOKEN_HEADER, Visitor

FILES_MAX = 500
NAME_BYTES_MAX = 150


def is_ours(who: Visitor) -> bool:
    """Whether the form carries the session's token, in a header where a script sent it."""
    given = request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN_FIELD, "")
    return who.session.csrf_matches(given[:100])


def uploaded(given: Sequence[FileStorage]) -> dict[str, bytes]:
    """The files by name; `Refused`, with every name that is none, when one is not."""
    named = [(Path((one.filename or "").replace("\\", "/")).name, one) for one in given[:FILES_MAX]]
    _refuse_wrong([name for name, _ in named if name])
    files: dict[str, bytes] = {}
    for name, one in named:
        if not name:
            continue
        content = one.read()
        if not content:
            raise Refused(f"“{name}”是空文件")
        if files.setdefault(name, content) != content:
            raise Refused(f"一次放了两个名为“{name}”的文件，内容不同，请改名再放")
    if not files:
        raise Refused("没有选文件")
    return files


def _refuse_wrong(names: Sequence[str]) -> None:
    """`Refused`, with what is wrong with each, when one of `names` can't be a file's."""
    wrong = []
    for name in names:
        try:
            _refuse_one(name)
        except Refused as refused:
            wrong.append(refused.message)
    if wrong:
        raise Refused("；".join(wrong))


def _refuse_one(name: str) -> None:
    size = len(name.encode())
    if size > NAME_BYTES_MAX:
        most = f"最多 {NAME_BYTES_MAX} 字节，约 {NAME_BYTES_MAX // 3} 个汉字"
        raise Refused(f"文件名“{one_line(name)[:40]}…”太长（{size} 字节，{most}），请改短再放")
    if name.startswith(".") or is_gits_own(name) or not shows_as_written(name):
        raise Refused(f"文件名“{one_line(name)[:40]}”不能用，请改名再放")


@contextmanager
def laid_out(files: Mapping[str, bytes]) -> Iterator[list[Path]]:
    """`files` in a folder that is gone afterwards, and that no sentence names."""
    with TemporaryDirectory(prefix="jiezhang-") as place:
        paths = [Path(place) / name for name in files]
        for path in paths:
            path.write_bytes(files[path.name])
        try:
            yield paths
        except Refused as refused:
            if not Path(refused.file).is_relative_to(place):
                raise
            raise Refused(refused.message, Path(refused.file).name) from None
