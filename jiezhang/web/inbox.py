"""收件夹: statement files brought by drag and drop, and imported from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask, Response, request

from jiezhang.book.layout import StreetFolder
from jiezhang.book.write import write_atomically
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.office.operation_log import BEIJING
from jiezhang.street.importing import ImportReport, files_below, import_files
from jiezhang.street.inbox import not_imported

from .frame import Frame
from .gate import STALE_PAGE, TOKEN_FIELD
from .office import Office, visitor
from .uploads import uploaded


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file in the inbox; `name` from the inbox on."""

    name: str
    size_kb: int
    day: str
    is_imported: bool


class Inbox:
    """The page and its two buttons."""

    def __init__(self, app: Flask, office: Office, frame: Frame) -> None:
        self._office, self._frame = office, frame
        app.add_url_rule("/jiezhang/inbox", "inbox", self.show)
        app.add_url_rule("/jiezhang/inbox/put", "inbox_put", self.put, methods=["POST"])
        app.add_url_rule("/jiezhang/inbox/import", "inbox_import", self.take, methods=["POST"])

    def show(self) -> Response:
        """What lies there."""
        return self._page(200, ())

    def put(self) -> Response:
        """Keep the files that were dropped; one that is there already, by its bytes, is not kept twice."""
        if not visitor().session.csrf_matches(_token()):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        try:
            files = uploaded(request.files.getlist("files"))
            place, names = _folder(self._street, request.form.get("compound", "")), "、".join(files)
            said = self._office.carry_out("import", None, f"放入收件夹：{names}", lambda: _keep(place, files))
        except Refused as refused:
            return self._page(422, (refused.message,))
        return self._page(200, (), said)

    def take(self) -> Response:
        """Import what was ticked, all or nothing."""
        who = visitor()
        if not who.session.csrf_matches(_token()):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        now = self._office.serving.now().astimezone(BEIJING).date()
        try:
            chosen = _chosen(self._street, request.form.getlist("file"))
            names = "、".join(path.name for path in chosen)
            report = self._office.carry_out(
                "import", None, f"导入：{names}",
                lambda: import_files(self._street, chosen, who.person.id, today=now), _counted,
            )  # fmt: skip
        except ManyRefused as many:
            return self._page(422, [f"{Path(one.file).name}：{one.message}" for one in many.refusals])
        except Refused as refused:
            return self._page(422, (refused.message,))
        return self._page(200, (), _counted(report))

    @property
    def _street(self) -> StreetFolder:
        return self._office.street

    def _page(self, status: int, refused: Sequence[str], said: str = "") -> Response:
        files = _listed(self._street)
        waiting = [one for one in files if not one.is_imported]
        imported = [one for one in files if one.is_imported]
        return self._frame.page(
            "inbox.html", status, waiting=waiting, imported=imported, refused=refused, said=said,
            compounds=[(folder.code, folder.path.name) for folder in self._street.compounds()],
        )  # fmt: skip


def _listed(street: StreetFolder) -> list[InboxFile]:
    if not street.inbox.is_dir():
        return []
    everything = files_below(street, [street.inbox])
    fresh = {given.path for given in not_imported(street, everything)}
    found = []
    for given in everything:
        stat = given.path.stat()
        day = datetime.fromtimestamp(stat.st_mtime, BEIJING).strftime("%Y-%m-%d %H:%M")
        name = given.path.relative_to(street.inbox).as_posix()
        found.append(InboxFile(name, -(-stat.st_size // 1024), day, given.path not in fresh))
    return found


def _folder(street: StreetFolder, code: str) -> Path:
    """Where the files go: a file that names no account is told by its folder. `Refused` for no compound's code."""
    return street.inbox / street.compound(code).path.name if code else street.inbox


def _keep(place: Path, files: dict[str, bytes]) -> str:
    place.mkdir(parents=True, exist_ok=True)
    new = 0
    for name, content in files.items():
        target = place / name
        if target.exists():
            if target.is_file() and target.read_bytes() == content:
                continue
            raise Refused(f"收件夹里已有名为“{name}”的文件，内容不同，请改名再放")
        write_atomically(target, content)
        new += 1
    left = f"，{len(files) - new} 个原来就有" if new < len(files) else ""
    return f"已放入 {new} 个文件{left}"


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


