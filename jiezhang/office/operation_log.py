"""The operation log: who did what, when and from where, and what came of it (财会〔2024〕12号 art. 32).

Rows are only ever added. Each holds the digest of the row before, so that a row changed or cut out later is found; the
commit of an act names its row and digest, so that the log's end cannot be cut off either (`log_verify`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

from jiezhang.domain.duties.actions import RULES
from jiezhang.domain.register import Person
from jiezhang.domain.text import as_text, one_line

from .database import reading, writing
from .home import OfficeHome
from .log_schema import COLUMNS

Clock = Callable[[], datetime]
"""Gives the moment it is asked, in UTC."""

HISTORY = "history"
"""The action of the row that names the street's last commit when the log began to keep its acts: what was committed
before has no rows."""

RESUMED = "办理以后中断，由系统补记"
"""What came of an act whose process was killed when its commit was made."""

Phase = Literal["begin", "done", "refused", "failed"]

PHASES: Mapping[Phase, str] = {"begin": "开始", "done": "办成", "refused": "拒绝", "failed": "没有办成"}

TITLES: Mapping[str, str] = {
    **{name: rule.title for name, rule in RULES.items()},
    "sign_in": "登录", "sign_out": "退出", "refused": "越权被拒", "account": "登录账号", "outside": "不经本系统的改动",
    "backup": "备份", "command": "命令", "street": "街道的事", HISTORY: "接管版本库",
}  # fmt: skip
"""Actions as a person reads them: those of the table of who may do what, and what is logged beside them. Any other
name is shown as it is."""

_HEADINGS = (
    "序号", "北京时间", "人员编号", "姓名", "地址", "会话", "操作", "小区", "内容", "阶段", "所续", "结果", "版本",
    "指纹",
)  # fmt: skip

START = "0" * 64
"""What the first row has for the digest of the row before."""

BEIJING = timezone(timedelta(hours=8))
_SELECT = f"SELECT {', '.join(COLUMNS)}, digest FROM operations"  # noqa: S608 - our own names
_SELECT_OPEN = _SELECT + " WHERE number IN (SELECT number FROM operations_open) ORDER BY number"  # noqa: S608
_INSERT = f"INSERT INTO operations ({', '.join(COLUMNS)}, digest) VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"  # noqa: S608
_BLOCK = 1_000


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and from where; `session` is the beginning of the session's digest, never its token."""

    person: str
    name: str
    address: str = ""
    session: str = ""

    @classmethod
    def of(cls, person: Person, address: str = "", session: str = "") -> Who:
        """A person of the street's list."""
        return cls(person.id, person.name, address, session)


NOBODY = Who("", "")


@dataclass(frozen=True, slots=True)
class Operation:
    """One row. `compound` holds codes with a space between, or nothing for what is of the street as a whole; `of` is
    the number of the row that began what this one ends."""

    number: int
    time: str
    person: str
    name: str
    address: str
    session: str
    action: str
    compound: str
    content: str
    phase: Phase
    of: int | None
    result: str
    commit_id: str
    previous: str
    digest: str

    @property
    def who(self) -> Who:
        return Who(self.person, self.name, self.address, self.session)

    @property
    def shown(self) -> str:
        """Number and beginning of the digest, short enough to be noted down."""
        return f"{self.number}:{self.digest[:16]}"

    @property
    def said(self) -> tuple[Any, ...]:
        """What the digest covers."""
        return tuple(getattr(self, column) for column in COLUMNS)

    @property
    def compounds(self) -> tuple[str, ...]:
        return tuple(self.compound.split())

    @property
    def title(self) -> str:
        """The action as a person reads it."""
        return TITLES.get(self.action, self.action)

    @property
    def beijing(self) -> str:
        """The time as the office reads it."""
        return datetime.fromisoformat(self.time).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for; what is empty is not asked. `text` is looked for in content, result, name and the action's
    title. `beginnings`: also the rows that began what another row ends."""

    operator: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    compound: str = ""
    action: str = ""
    before: int | None = None
    beginnings: bool = True


class OperationLog:
    """The log in an office's database; each call has a connection of its own, so any thread and process may call."""

    def __init__(self, home: OfficeHome) -> None:
        self._home = home

    def append(
        self, who: Who, action: str, content: str, now_of: Clock, *, compound: str = "", phase: Phase = "done",
        of: int | None = None, result: str = "", commit_id: str = "",
    ) -> Operation:  # fmt: skip
        """Add a row; it is on the disk when this returns. Its time is asked for once nobody else can add one."""
        with writing(self._home) as connection:
            last = connection.execute("SELECT number, digest FROM operations ORDER BY number DESC LIMIT 1").fetchone()
            number, previous = (last[0] + 1, last[1]) if last else (1, START)
            values = (
                number, stamp(now_of()), who.person, who.name, who.address, who.session, action, compound,
                one_line(content), phase, of, one_line(result), commit_id, previous,
            )  # fmt: skip
            digest = digest_of(values)
            connection.execute(_INSERT, (*values, digest))
            if phase == "begin":
                connection.execute("INSERT INTO operations_open VALUES (?)", (number,))
            elif of is not None:
                connection.execute("DELETE FROM operations_open WHERE number = ?", (of,))
        return Operation(*values, digest)

    def end(self, begun: Operation, phase: Phase, now_of: Clock, result: str, commit_id: str = "") -> Operation:
        """Add the row that ends what `begun` began."""
        return self.append(
            begun.who, begun.action, begun.content, now_of, compound=begun.compound, phase=phase, of=begun.number,
            result=result, commit_id=commit_id,
        )  # fmt: skip

    def unended(self) -> list[Operation]:
        """What was begun and has no end, oldest first: it is going on, or its process was killed."""
        with reading(self._home) as connection:
            rows = connection.execute(_SELECT_OPEN).fetchall()
        return [Operation(*row) for row in rows]

    def search(self, asked: Asked, limit: int | None = 100) -> list[Operation]:
        """What was asked for, newest first; `before` the number of the last row shown goes on from there."""
        where, values = _conditions(asked)
        with reading(self._home) as connection:
            rows = connection.execute(
                f"{_SELECT} {where} ORDER BY number DESC LIMIT ?", (*values, -1 if limit is None else limit)
            ).fetchall()
        return [Operation(*row) for row in rows]

    def rows(self, up_to: int) -> Iterator[Operation]:
        """Every row as far as `up_to`, oldest first."""
        with reading(self._home) as connection:
            cursor = connection.execute(f"{_SELECT} WHERE number <= ? ORDER BY number", (up_to,))
            while rows := cursor.fetchmany(_BLOCK):
                yield from (Operation(*row) for row in rows)

    def newest(self) -> Operation | None:
        """The last row; `None` in an empty log."""
        return next(iter(self.search(Asked(), 1)), None)

    def has(self, action: str) -> bool:
        """Whether a row tells of `action`."""
        with reading(self._home) as connection:
            found = connection.execute("SELECT 1 FROM operations WHERE action = ? LIMIT 1", (action,)).fetchone()
        return found is not None


def stamp(now: datetime) -> str:
    """A moment as the log writes it: UTC, to the millisecond."""
    assert now.tzinfo is not None, "a moment without a zone"
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def phase_named(name: str) -> Phase:
    """The phase with that name."""
    return next(phase for phase in PHASES if phase == name)


def csv_bytes(operations: Iterable[Operation]) -> bytes:
    """The rows as a table that Excel opens."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(_HEADINGS)
    for one in operations:
        row = (
            one.number, one.beijing, one.person, one.name, one.address, one.session, one.title, one.compound,
            one.content, PHASES[one.phase], one.of or "", one.result, one.commit_id, one.digest,
        )  # fmt: skip
        table.writerow([as_text(str(value)) for value in row])
    return BOM_UTF8 + text.getvalue().encode()


def jsonl_bytes(operations: Iterable[Operation]) -> bytes:
    """One JSON object in each line."""
    return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in operations).encode()


def _conditions(asked: Asked) -> tuple[str, list[object]]:
    said: list[tuple[str, list[object]]] = []
    if asked.operator:
        said.append(("(person = ? OR name = ?)", [asked.operator, asked.operator]))
    if asked.since is not None:
        said.append(("time >= ?", [stamp(asked.since)]))
    if asked.until is not None:
        said.append(("time < ?", [stamp(asked.until)]))
    if asked.text:
        titled = [code for code, title in TITLES.items() if asked.text.lower() in title.lower()]
        or_titled = f" OR action IN ({', '.join('?' * len(titled))})" if titled else ""
        text = f"(instr(lower(content || char(10) || result || char(10) || name), lower(?)) > 0{or_titled})"
        said.append((text, [asked.text, *titled]))
    if asked.compound:
        said.append(("instr(' ' || compound || ' ', ' ' || ? || ' ') > 0", [asked.compound]))
    if asked.action:
        said.append(("action = ?", [asked.action]))
    if not asked.beginnings:
        said.append(("(phase <> 'begin' OR number IN (SELECT number FROM operations_open))", []))
    if asked.before is not None:
        said.append(("number < ?", [asked.before]))
    where = " AND ".join(condition for condition, _ in said)
    return (f"WHERE {where}" if where else ""), [value for _, values in said for value in values]


def digest_of(values: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
