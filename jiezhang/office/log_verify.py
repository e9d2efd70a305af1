"""Holding log and repository against each other: each row against the row before, each act's row against its commit,
each commit against its row, and both against what somebody noted down elsewhere.

What cannot be found this way is told in docs/adr/0024.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .operation_log import HISTORY, RESUMED, START, Operation, digest_of
from .trailers import Citation, Commit, cites

_SHOWN = 12
_KEPT = re.compile("[0-9]{1,18}:[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class LogFault:
    """Where the log is not as it was written, and how; `number` is 0 when it is no row's."""

    number: int
    message: str


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """A row's number and the beginning of its digest, noted down outside the office."""

    number: int
    digest: str

    @classmethod
    def parse(cls, text: str) -> KeptDigest:
        """What `Operation.shown` says, or with more of the digest; `ValueError` when it is written otherwise."""
        if not _KEPT.fullmatch(text):
            raise ValueError(f"“{text}”应写成 120:0123456789abcdef")
        number, _, digest = text.partition(":")
        return cls(int(number), digest)


@dataclass(slots=True)
class _Read:
    """What the rows say that the commits are held against."""

    digests: dict[int, str] = field(default_factory=dict)
    begun: dict[int, Operation] = field(default_factory=dict)
    """Rows that begin an act and whose end was not read yet."""
    committed: dict[str, Operation] = field(default_factory=dict)
    """Rows by the commit they name, but for the one that tells where the history begins."""
    commit_of: dict[int, str] = field(default_factory=dict)
    """The commit of an act, by the row that began it."""
    start: str = ""
    """The street's last commit before the log kept its acts."""


def find_faults(
    rows: Iterable[Operation], commits: Sequence[Commit] | None, kept: Iterable[KeptDigest] = (),
    open_: Collection[int] = (),
) -> list[LogFault]:  # fmt: skip
    """All that is wrong. `commits` are those of the branch, `None` when nobody can tell; `open_` are rows whose act
    goes on or was killed."""
    read = _Read()
    return [
        *_of_rows(rows, read),
        *(LogFault(one, f"操作日志第 {one} 行开始的事没有了结的一行") for one in read.begun if one not in open_),
        *(_of_citations(commits, read) if commits is not None else ()),
        *(_of_commits(commits, read) if commits is not None else ()),
        *_of_kept(kept, read.digests),
    ]


def _of_rows(rows: Iterable[Operation], read: _Read) -> Iterator[LogFault]:
    """Rows that were changed, cut out or put in since they were written."""
    number, previous = 0, START
    for row in rows:
        missing = row.number - number - 1
        if missing:
            yield LogFault(number + 1, f"操作日志第 {number + 1} 行起缺 {missing} 行")
        elif row.previous != previous:
            yield LogFault(row.number, f"操作日志第 {row.number} 行与前一行接不上")
        changed = digest_of(row.said) != row.digest
        if changed:
            yield LogFault(row.number, f"操作日志第 {row.number} 行写成以后被改动")
        number, previous = row.number, row.digest
        read.digests[number] = previous
        if row.phase == "begin":
            read.begun[number] = row
        elif row.of is not None:
            begun = read.begun.pop(row.of, None)
            if not changed and (begun is None or _what(begun) != _what(row)):
                yield LogFault(row.number, f"操作日志第 {row.number} 行与它所续的第 {row.of} 行不是同一件事")
        if row.action == HISTORY:
            read.start = read.start or row.commit_id
        elif row.commit_id:
            read.committed[row.commit_id] = row
            read.commit_of[row.of or row.number] = row.commit_id


def _what(row: Operation) -> tuple[object, ...]:
    return row.who, row.action, row.compound, row.content


def _of_citations(commits: Iterable[Commit], read: _Read) -> Iterator[LogFault]:
    """Rows that a commit names and that are not there, are others, or know another commit as theirs."""
    unended: set[int] = set()
    for commit in commits:
        for number, digest in ((one.number, one.digest) for one in commit.citations):
            if number not in read.digests:
                yield LogFault(number, f"版本库提到操作日志第 {number} 行，日志里没有")
            elif read.digests[number] != digest:
                yield LogFault(number, f"操作日志第 {number} 行与版本库记下的指纹不同")
            elif number in read.begun and number not in unended:
                unended.add(number)  # killed when its commit was made: whoever comes next ends it
            elif read.commit_of.get(number) != commit.id:
                yield LogFault(number, f"版本 {commit.id[:_SHOWN]} 自称是操作日志第 {number} 行所办，日志里不是它")


def _of_commits(commits: Sequence[Commit], read: _Read) -> Iterator[LogFault]:
    """Acts whose commit is gone or says otherwise, and commits that are no act's."""
    by_id = {commit.id: commit for commit in commits}
    for name, row in read.committed.items():
        if name not in by_id:
            yield LogFault(row.number, f"操作日志第 {row.number} 行存入的版本 {name[:_SHOWN]} 不在街道现在的版本里")
        elif not any(_agree(one, row) for one in by_id[name].citations):
            yield LogFault(row.number, f"操作日志第 {row.number} 行与它存入的版本 {name[:_SHOWN]} 所写不符")
    if not read.start:
        return
    if read.start not in by_id:
        yield LogFault(0, f"接管时的版本 {read.start[:_SHOWN]} 不在街道现在的版本里")
        return
    known = read.committed.keys() | _behind(read.start, by_id)
    for commit in commits:
        if commit.id not in known and not commit.citations:
            yield LogFault(0, f"版本 {commit.id[:_SHOWN]} 没有经过街账：操作日志里没有记它的一行")


def _agree(citation: Citation, row: Operation) -> bool:
    """Whether a commit tells of the same act and the same end as its row. What a killed process had to say of the end
    is not known to who added the row in its place."""
    return (citation.number, citation.phase) == (row.of, row.phase) and (
        row.result == RESUMED or not citation.result or citation.result == cites(row.result)
    )


def _behind(start: str, by_id: Mapping[str, Commit]) -> set[str]:
    """`start` and every commit before it."""
    found, ahead = set[str](), [start]
    while ahead:
        name = ahead.pop()
        if name in by_id and name not in found:
            found.add(name)
            ahead.extend(by_id[name].parents)
    return found


def _of_kept(kept: Iterable[KeptDigest], digests: Mapping[int, str]) -> Iterator[LogFault]:
    for one in kept:
        if one.number not in digests:
            yield LogFault(one.number, f"操作日志没有第 {one.number} 行，另存的指纹却有")
        elif not digests[one.number].startswith(one.digest):
            yield LogFault(one.number, f"操作日志第 {one.number} 行与另存的指纹不同")
