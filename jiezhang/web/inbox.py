"""收件夹: statement files brought by drag and drop, imported from there, or moved out again.

What was sent is answered by leading to the page anew, so that reading it again sends nothing again.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from flask import Flask, Response, request

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import DoneNotKept, ManyRefused, Refused
from jiezhang.domain.text import one_line, unclean
from jiezhang.office.operation_log import BEIJING
from jiezhang.street import inbox_keeping
from jiezhang.street.importing import ImportReport, files_below, import_files
from jiezhang.street.inbox import codes_of, not_imported
from jiezhang.street.inbox_keeping import still_there

from .frame import Frame
from .gate import STALE_PAGE, TOKEN_FIELD
from .ledgers import Ledgers
from .office import Office, visitor
from .uploads import uploaded

REASON_CHARS_MAX = 200
ANSWERS_MAX = 500
"""How many answers wait to be read; of a server that is started anew none does."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of what was sent: one sentence, what is wrong with what was done, or why nothing was done. `again`: the
    only files to be ticked now."""

    said: str = ""
    refused: tuple[str, ...] = ()
    not_kept: str = ""
    again: frozenset[str] | None = None


class _Answers:
    """Answers by session and a word in the address they are read at."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], _Answer] = OrderedDict()
        self._lock = Lock()

    def keep(self, session: str, answer: _Answer) -> str:
        """Keep `answer`; the word."""
        word = secrets.token_urlsafe(9)
        with self._lock:
            self._kept[session, word] = answer
            while len(self._kept) > ANSWERS_MAX:
                self._kept.popitem(last=False)
        return word

    def read(self, session: str, word: str) -> _Answer:
        """The answer; an empty one for a word that is none, or another's."""
        with self._lock:
            return self._kept.get((session, word), _Answer())


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file in the inbox; `name` from the inbox on, `compound` whose folder it lies in, where it lies in one."""

    name: str
    compound: str
    size_kb: int
    day: str
    is_imported: bool
    is_ticked: bool


class Inbox:
    """The page and its three buttons."""

    def __init__(self, app: Flask, office: Office, frame: Frame, ledgers: Ledgers) -> None:
        self._office, self._frame, self._ledgers, self._answers = office, frame, ledgers, _Answers()
        app.add_url_rule("/jiezhang/inbox", "inbox", self.show)
        app.add_url_rule("/jiezhang/inbox/put", "inbox_put", self.put, methods=["POST"])
        app.add_url_rule("/jiezhang/inbox/import", "inbox_import", self.take, methods=["POST"])
        app.add_url_rule("/jiezhang/inbox/out", "inbox_out", self.take_out, methods=["POST"])

    def show(self) -> Response:
        """What lies there, and what came of what was sent before."""
        answer = self._answers.read(visitor().session.short, request.args.get("done", "")[:100])
        files, refused = [], answer.refused
        try:
            files = _listed(self._street, self._names(), answer.again)
        except Refused as broken:
            refused = (*refused, f"{Path(broken.file).name}：{broken.message}")
        return self._frame.page(
            "inbox.html", waiting=[one for one in files if not one.is_imported],
            imported=[one for one in files if one.is_imported], refused=refused, said=answer.said,
            not_kept=answer.not_kept, compounds=self._names(),
        )  # fmt: skip

    def _names(self) -> dict[str, str]:
        """Every compound by code: `C0001 甲子花园`."""
        return {
            one.folder.code: f"{one.folder.code} {one.compound.name}" if one.compound else one.folder.code
            for one in self._ledgers.listed()
        }

    def put(self) -> Response:
        """Keep the files that were dropped; one that is there already, by its bytes, is not kept twice."""
        if not visitor().session.csrf_matches(_token()):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        given = request.files.getlist("files")
        try:
            files = uploaded(given)
            code = request.form.get("compound", "")
            content = f"放入收件夹：{'、'.join(files)}"
            new = self._office.carry_out(
                "import", None, content, lambda: inbox_keeping.put(self._street, code, files),
                lambda new: _kept(new, len(files)),
            )  # fmt: skip
        except DoneNotKept as not_kept:
            return self._anew(_Answer(not_kept=not_kept.message))
        except Refused as refused:
            none = (f"一起选的 {len(given)} 个文件一个也没有放入，改好以后请一起再放一次",) if len(given) > 1 else ()
            return self._anew(_Answer(refused=(refused.message, *none)))
        return self._anew(_Answer(_kept(new, len(files))))

    def take(self) -> Response:
        """Import what was ticked, all or nothing."""
        who = visitor()
        if not who.session.csrf_matches(_token()):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        now = self._office.serving.now().astimezone(BEIJING).date()
        try:
            chosen = _chosen(self._street, request.form.getlist("file"))
            names = "、".join(one_line(path.name) for path in chosen)
            report = self._office.carry_out(
                "import", None, f"导入：{names}",
                lambda: import_files(self._street, still_there(self._street, chosen), who.person.id, today=now),
                _counted,
            )  # fmt: skip
        except DoneNotKept as not_kept:
            return self._anew(_Answer(not_kept=not_kept.message))
        except ManyRefused as many:
            said = tuple(f"{Path(one.file).name}：{one.message}" for one in many.refusals)
            return self._anew(_Answer(refused=said, again=self._meant(many.refusals)))
        except Refused as refused:
            return self._anew(_Answer(refused=(refused.message,), again=self._meant([refused])))
        return self._anew(_Answer(_counted(report)))

    def _meant(self, refusals: Sequence[Refused]) -> frozenset[str]:
        """The files that were ticked and refused, so that nothing else is ticked when they are moved out."""
        names = {Path(one.file).name for one in refusals}
        return frozenset(name for name in request.form.getlist("file") if Path(name).name in names)

    def take_out(self) -> Response:
        """Move what was ticked out of the inbox, and say why."""
        if not visitor().session.csrf_matches(_token()):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        now = self._office.serving.now().astimezone(BEIJING)
        try:
            reason = _reason(request.form.get("reason", ""))
            chosen = _chosen(self._street, request.form.getlist("file"))
            names = "、".join(one_line(path.name) for path in chosen)
            place = self._office.carry_out(
                "import", None, f"移出收件夹：{names}；原因：{reason}",
                lambda: inbox_keeping.take_out(self._street, chosen, now), lambda place: f"移到{_aside(place)}",
            )  # fmt: skip
        except DoneNotKept as not_kept:
            return self._anew(_Answer(not_kept=not_kept.message))
        except Refused as refused:
            return self._anew(_Answer(refused=(refused.message,), again=frozenset(request.form.getlist("file"))))
        return self._anew(_Answer(f"已移出 {len(chosen)} 个文件，放在{_aside(place)}"))

    @property
    def _street(self) -> StreetFolder:
        return self._office.street

    def _anew(self, answer: _Answer) -> Response:
        word = self._answers.keep(visitor().session.short, answer)
        return Response(status=303, headers={"Location": f"/jiezhang/inbox?done={word}"})


def _listed(street: StreetFolder, names: Mapping[str, str], again: frozenset[str] | None) -> list[InboxFile]:
    if not street.inbox.is_dir():
        return []
    everything = files_below(street, [street.inbox])
    fresh = {given.path for given in not_imported(street, everything)}
    found = []
    for given in everything:
        stat = given.path.stat()
        day = datetime.fromtimestamp(stat.st_mtime, BEIJING).strftime("%Y-%m-%d %H:%M")
        name = given.path.relative_to(street.inbox).as_posix()
        compound = "、".join(names.get(code, code) for code in sorted(codes_of(given)))
        is_new, is_ticked = given.path in fresh, again is None or name in again
        found.append(InboxFile(name, compound, -(-stat.st_size // 1024), day, not is_new, is_new and is_ticked))
    return found


def _kept(new: int, given: int) -> str:
    left = f"，{given - new} 个原来就有" if new < given else ""
    return f"已放入 {new} 个文件{left}"


def _aside(place: str) -> str:
    """Where files are that were moved out, in words: the folder's own name is on the disk."""
    return f"移出文件夹的 {Path(place).name}"


def _reason(given: str) -> str:
    reason = one_line(given)
    if not reason:
        raise Refused("移出收件夹须写明原因")
    if unclean(reason) or len(reason) > REASON_CHARS_MAX:
        raise Refused("原因里有不能使用的字符，或者太长")
    return reason


def _chosen(street: StreetFolder, names: Sequence[str]) -> list[Path]:
    """The files ticked, by their names in the inbox; `Refused` for one that is not there."""
    given = files_below(street, [street.inbox]) if street.inbox.is_dir() else []
    there = {one.path.relative_to(street.inbox).as_posix(): one.path for one in given}
    if not names:
        raise Refused("没有选中文件")
    for name in names:
        if name not in there:
            raise Refused(f"收件夹里没有“{name[:80]}”")
    return [there[name] for name in names]


def _counted(report: ImportReport) -> str:
    rows, new = (sum(getattr(count, name) for count in report.counts) for name in ("rows", "new"))
    proposed = sum(count.proposed for count in report.counts)
    return (
        f"读取 {report.files} 个文件，{rows} 笔流水，余额全部验证相符；新入账 {new} 笔，"
        f"按合同和规则提出对方科目 {proposed} 笔，待查明 {new - proposed} 笔"
    )


def _token() -> str:
    return request.form.get(TOKEN_FIELD, "")[:100]
