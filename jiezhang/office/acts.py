"""Acts of the office: each is begun in the operation log, done in the books, committed, and ended in the log.

What is asked for a compound waits for what goes on there; a process that is killed in the midst leaves a begun row
without an end, and whoever works on the compound next settles it first. So whatever was accepted is in the ledger, in
the log and in the repository.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.people import by_id
from jiezhang.domain.problem import DoneNotKept, ManyRefused, Refused
from jiezhang.domain.register import Person
from jiezhang.domain.text import one_line

from .flocks import flock
from .git_run import GitFailed
from .home import OfficeHome, refuse_strange
from .log_verify import KeptDigest, LogFault, find_faults
from .operation_log import HISTORY, NOBODY, RESUMED, Clock, Operation, OperationLog, Phase, Who, phase_named
from .readiness import refuse_no_branch
from .repository import Repository, Staged
from .trailers import Commit, trailer
from .unstored import shown, unstored

Result = TypeVar("Result")

_LOGGER = logging.getLogger("jiezhang.errors")
_OUTSIDE = "不经本系统所做的改动（命令行或手工），存入版本库"
_WHOLE: tuple[str, ...] = ()
"""The street as a whole, instead of some compounds."""
_DAMAGE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Acts:
    """What carries out acts; any thread and any process may have one of its own."""

    home: OfficeHome
    street: StreetFolder
    log: OperationLog
    repository: Repository

    def carry_out(
        self, actor: Person, action: str, compound: str | Sequence[str] | None, content: str, do: Callable[[], Result],
        now_of: Clock, *, address: str = "", session: str = "", told: Callable[[Result], str] | None = None,
    ) -> Result:  # fmt: skip
        """Do what `actor` asks for a compound, for several, or (`None`) for the street as a whole, and keep it.

        `content` says in Chinese what was asked, `told` what came of it. When this returns, it is accepted. A refusal
        is logged as one and raised again, any other failure likewise; what a failure changed is committed all the same.
        Where no commit could be made, it is refused before anything is done; `DoneNotKept` when that came out after it.
        """
        codes = _codes(compound)
        with self._alone(codes, now_of):
            who = Who.of(actor, address, session)
            begun = self.log.append(who, action, content, now_of, compound=" ".join(codes), phase="begin")
            try:
                result = do()
            except (Refused, ManyRefused) as refused:
                self._end(begun, actor, "refused", _sentences(refused), now_of)
                raise
            except Exception as failed:
                self._end(begun, actor, "failed", f"程序出错：{type(failed).__name__}", now_of)
                raise
            try:
                left_out = self._end(begun, actor, "done", told(result) if told is not None else "", now_of)
            except (GitFailed, Refused) as failed:
                _LOGGER.error(str(failed))
                left_out = True
            if left_out:
                raise DoneNotKept("已经办了，只是没有存入版本库：不要再办一次，请管理电脑的人查看")
            return result

    def settle(self, now_of: Clock) -> int:
        """End every act that a killed process left open, as a server does when it starts; how many there were."""
        with self.at_rest(now_of) as settled:
            return settled

    @contextmanager
    def at_rest(self, now_of: Clock) -> Iterator[int]:
        """Hold the whole street with no act going on or left open; gives how many had to be settled."""
        with self._alone(_WHOLE, now_of) as settled:
            yield settled

    def verify(self, kept: Iterable[KeptDigest] = ()) -> list[LogFault]:
        """Where the log is not as it was written, or log and repository differ; nothing is settled for the asking."""
        refuse_strange(self.street, self.home)
        found = list(self._damage())
        with self._locked(_WHOLE):
            newest = self.log.newest()
            unended = {one.number for one in self.log.unended()}
            commits = self._history(found)
        rows = self.log.rows(newest.number if newest else 0)
        return [*found, *find_faults(rows, commits, kept, unended)]

    def _damage(self) -> Iterator[LogFault]:
        """What git finds wrong with what it keeps, and what it could not keep."""
        said = self.repository.damage() if self.repository.git.is_dir() else []
        for one in said[:_DAMAGE_SHOWN]:
            yield LogFault(0, f"版本库有损坏或被改动，git 说：{one}")
        if len(said) > _DAMAGE_SHOWN:
            yield LogFault(0, f"版本库另有 {len(said) - _DAMAGE_SHOWN} 处损坏，用 git fsck --full 全部列出")
        for name in unstored(self.home):
            yield LogFault(0, f"文件“{shown([name])}”存不进版本库")

    def _history(self, found: list[LogFault]) -> list[Commit] | None:
        """The branch's commits; none where the log never knew of any, `None`, with a fault more, when git cannot
        tell."""
        git = self.repository.git
        if not git.exists() and not self.log.has(HISTORY):
            return []
        try:
            refuse_no_branch(git)
        except Refused as refused:
            found.append(LogFault(0, refused.message))
        if not git.is_dir():
            return None
        try:
            return self.repository.history()
        except GitFailed as failed:
            found.append(LogFault(0, f"街道的版本库读不出来：{failed}"))
            return None

    @contextmanager
    def _alone(self, codes: tuple[str, ...], now_of: Clock) -> Iterator[int]:
        """Hold `codes` with nothing unfinished there; gives how many acts were settled.

        An act left open for more compounds than asked for is settled with all of them held.
        """
        for code in codes:
            self.street.compound(code)
        asked = codes
        while True:
            with self._locked(asked):
                left = [one for one in self.log.unended() if _touch(one.compounds, asked)]
                more = _together([asked, *(one.compounds for one in left)])
                if more == asked:
                    self._make_ready(asked, left, now_of)
                    yield len(left)
                    return
            asked = more

    def _make_ready(self, codes: tuple[str, ...], left: Sequence[Operation], now_of: Clock) -> None:
        """`Refused` when what is asked for could not be committed; all that others left is."""
        try:
            self.repository.refuse_unready()
            for begun in left:
                self._settle(begun, now_of)
            self._keep_outside(codes, now_of)
        except GitFailed as failed:
            _LOGGER.error(str(failed))
            raise Refused("街道的版本库现在存不进去，没有办：请管理电脑的人查看", str(self.street.path)) from failed

    @contextmanager
    def _locked(self, codes: tuple[str, ...]) -> Iterator[None]:
        """Compounds in order of code, or the whole street; who waits for the whole street lets nobody else in."""
        locks = self.home.locks
        with ExitStack() as stack:
            with flock(locks / "gate"):
                stack.enter_context(flock(locks / "street", shared=codes != _WHOLE))
            for code in codes:
                stack.enter_context(flock(locks / code))
            yield

    def _paths(self, codes: Sequence[str]) -> list[str]:
        """Where the compounds are; one whose folder somebody removed is nowhere."""
        folders = self.street.compounds()
        return [folder.path.name for folder in folders if folder.code in codes] if codes else ["."]

    def _end(
        self, begun: Operation, actor: Person | None, phase: Phase, result: str, now_of: Clock,
        staged: Staged | None = None,
    ) -> bool:  # fmt: skip
        """Commit what the act changed and add its last row, which names what git could not take; whether there was
        such a thing."""
        staged = staged or self.repository.stage(self._paths(begun.compounds))
        if staged.fresh:
            result = f"{result}（没有存入版本库：{shown(staged.fresh)}）"
        result = one_line(result)
        last = trailer(begun.number, begun.digest, phase, result)
        message = f"{begun.title}：{begun.content}\n\n{last}\n"
        made = self.repository.commit(staged, actor, message, now_of())
        self.log.end(begun, phase, now_of, result, made)
        return bool(staged.fresh)

    def _settle(self, begun: Operation, now_of: Clock) -> None:
        """End an act whose process was killed: by what is committed already, by what it changed, or as not done."""
        made, phase = self.repository.commit_of(begun.number, begun.digest)
        if made:
            self.log.end(begun, phase_named(phase), now_of, RESUMED, made)
        elif (staged := self._left(begun.compounds)) is not None:
            actor = by_id(read_street(self.street).people).get(begun.person)
            self._end(begun, actor, "done", "办理中断，由系统把已办的部分存入版本库", now_of, staged)
        else:
            self.log.end(begun, "failed", now_of, "办理中断，没有改动")

    def _keep_outside(self, codes: tuple[str, ...], now_of: Clock) -> None:
        """Commit what was changed past the office, so that it is not taken for what the next act did."""
        if (staged := self._left(codes)) is not None:
            begun = self.log.append(NOBODY, "outside", _OUTSIDE, now_of, compound=" ".join(codes), phase="begin")
            self._end(begun, None, "done", "", now_of, staged)

    def _left(self, codes: Sequence[str]) -> Staged | None:
        """What was changed there and is in no commit, but for what is known to be impossible to keep."""
        paths = self._paths(codes)
        if not self.repository.changed(paths):
            return None
        staged = self.repository.stage(paths)
        return staged if staged.names or staged.fresh else None


def _codes(compound: str | Sequence[str] | None) -> tuple[str, ...]:
    if compound is None:
        return _WHOLE
    codes = (compound,) if isinstance(compound, str) else tuple(sorted(set(compound)))
    assert codes, "an act for no compound"
    return codes


def _touch(left: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Whether two sets of compounds have one in common; the whole street has all."""
    return not left or not asked or bool(set(left) & set(asked))


def _together(places: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """All compounds of `places`, by code; the whole street when it is one of them."""
    return _WHOLE if _WHOLE in places else tuple(sorted({code for place in places for code in place}))


def _sentences(refused: Refused | ManyRefused) -> str:
    return str(refused) if isinstance(refused, Refused) else "；".join(str(one) for one in refused.refusals)
