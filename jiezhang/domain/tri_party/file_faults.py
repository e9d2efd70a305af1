"""The bank's files on both sides: the very bytes that were booked, of the account they were booked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..rules.dedicated_accounts import bare_number
from .differences import Kind
from .side import HeldFile, Side


@dataclass(frozen=True, slots=True)
class FileFaults:
    """What is wrong with files: kind, the file and a sentence; `replaced` are digests the book cites → what lies in
    their place and can be read; `lost` the digests whose rows can't be compared, as their file is not there."""

    found: tuple[tuple[Kind, HeldFile, str], ...]
    replaced: Mapping[str, str]
    lost: frozenset[str]


def file_faults(book: Side, held: Side) -> FileFaults:
    """Each file of the book looked for at the party, and each of the party's that is of no account of ours."""
    digests: dict[str, list[HeldFile]] = {}
    paths: dict[str, list[HeldFile]] = {}
    for file in held.files:
        digests.setdefault(file.sha256, []).append(file)
        paths.setdefault(file.path, []).append(file)
    readable = {move.source for move in held.movements}
    found: list[tuple[Kind, HeldFile, str]] = []
    replaced: dict[str, str] = {}
    lost: set[str] = set()
    told: set[int] = set()
    for file in book.files:
        there = digests.get(file.sha256, ())
        instead = there or (paths.get(file.path, ()) if file.path else ())
        if any(not one.fault and (_same(file, one) or file.sha256 in readable) for one in there):
            continue  # the very bytes; if they were booked to another account, each row tells
        if not instead:
            said = f"账上引用的对账单文件{_named(file)}（指纹 {file.sha256[:12]}…）不在"
            found.append(("missing_file", file, said))
            lost.add(file.sha256)
            continue
        told.update(id(one) for one in instead)
        kind, said = _instead(file, instead[0])
        found.append((kind, file if file.path else instead[0], said))
        if kind == "edited_file" and instead[0].sha256 in readable:
            replaced[file.sha256] = instead[0].sha256
        else:
            lost.add(file.sha256)
    found += [_unused(file) for file in held.files if file.fault and id(file) not in told]
    return FileFaults(tuple(found), replaced, frozenset(lost))


def _instead(file: HeldFile, found: HeldFile) -> tuple[Kind, str]:
    """What lies where the book's file should."""
    if not _same(file, found):
        said = f"{found.path} 是账号 {found.number} 的对账单，账上按账号 {file.number} 入账"
        return "other_account", said + _because(found)
    said = f"{found.path} 与入账时的文件（指纹 {file.sha256[:12]}…）不同"
    return "edited_file", said + _because(found)


def _unused(file: HeldFile) -> tuple[Kind, HeldFile, str]:
    """A file that nothing was booked from, and that can't be used."""
    return ("other_account" if file.number else "edited_file"), file, f"{file.path}：{file.fault}"


def _same(file: HeldFile, found: HeldFile) -> bool:
    """Whether both are of one account, as far as they say so."""
    return not (file.number and found.number) or bare_number(file.number) == bare_number(found.number)


def _named(file: HeldFile) -> str:
    return f" {file.path}" if file.path else ""


def _because(file: HeldFile) -> str:
    return f"：{file.fault}" if file.fault else ""
