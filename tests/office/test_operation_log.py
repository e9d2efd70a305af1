"""The operation log: only ever added to, searched by operator, time and content, and every tampering with it found."""

from __future__ import annotations

import csv
import io
import itertools
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from jiezhang.book.layout import StreetFolder
from jiezhang.cli.main import main
from jiezhang.office.database import connect
from jiezhang.office.home import OfficeHome, open_home
from jiezhang.office.log_verify import find_faults
from jiezhang.office.operation_log import Asked, Clock, Operation, OperationLog, Who, csv_bytes, jsonl_bytes
from jiezhang.office.trailers import Citation, Commit

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
KATE = Who("K01", "代理会计1号", "10.0.0.7", "3fa9c2")
FRED = Who("F01", "街道复核员")


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def at(minutes: int) -> Clock:
    return lambda: later(minutes)


def faults(log: OperationLog, commits: Sequence[Commit] | None = None) -> list[str]:
    """`commits`: for each row that names one, unless they are given."""
    newest = log.newest()
    assert newest is not None
    open_ = [one.number for one in log.unended()]
    if commits is None:
        rows = {one.number: one for one in log.rows(newest.number)}
        commits = [
            Commit(one.commit_id, (), (Citation(one.of, rows[one.of].digest, one.phase, ""),))
            for one in rows.values() if one.commit_id and one.of in rows
        ]  # fmt: skip
    return [fault.message for fault in find_faults(log.rows(newest.number), commits, (), open_)]


@pytest.fixture
def home(street: StreetFolder, tmp_path: Path) -> OfficeHome:
    return open_home(street, tmp_path / "home")


@pytest.fixture
def log(home: OfficeHome) -> OperationLog:
    """Five rows, a minute apart."""
    log = OperationLog(home)
    log.append(KATE, "sign_in", "登录", at(0))
    begun = log.append(KATE, "complete", "补录 9 月 12 日的一笔", at(1), compound="C0007", phase="begin")
    log.end(begun, "done", at(2), "写明 1 笔", "a" * 40)
    refused = log.append(FRED, "review", "复核\n两笔", at(3), compound="C0007 C0008", phase="begin")
    log.end(refused, "refused", at(4), "须由制单人以外的人复核")
    return log


def test_what_goes_on_is_shown_though_it_has_only_begun(log: OperationLog) -> None:
    log.append(KATE, "post", "过账", at(9), compound="C0007", phase="begin")
    assert [one.number for one in log.search(Asked(beginnings=False))] == [6, 5, 3, 1]


ASKED = [
    # what is asked                      rows found, newest first
    (Asked(),                            [5, 4, 3, 2, 1]),
    (Asked(beginnings=False),            [5, 3, 1]),
    (Asked(operator="K01"),              [3, 2, 1]),
    (Asked(operator="街道复核员"),       [5, 4]),
    (Asked(operator="K0"),               []),
    (Asked(since=later(3)),              [5, 4]),
    (Asked(until=later(1)),              [1]),
    (Asked(text="一笔"),                 [3, 2]),
    (Asked(text="制单人以外"),           [5]),
    (Asked(text="复核 两笔"),            [5, 4]),
    (Asked(text="%"),                    []),
    (Asked(compound="C0008"),            [5, 4]),
    (Asked(compound="C000"),             []),
    (Asked(action="complete"),           [3, 2]),
    (Asked(before=3),                    [2, 1]),
    (Asked("K01", None, None, "写明"),   [3]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "found"), ASKED)
def test_search(log: OperationLog, asked: Asked, found: list[int]) -> None:
    assert [one.number for one in log.search(asked)] == found


def test_as_many_as_asked(log: OperationLog) -> None:
    assert [one.number for one in log.search(Asked(), 2)] == [5, 4]


def test_a_row_says_who_when_where_what(log: OperationLog) -> None:
    ended = log.search(Asked(), None)[2]
    assert (ended.time, ended.beijing) == ("2026-11-22T04:02:00.000Z", "2026-11-22 12:02:00")
    assert (ended.who, ended.title, ended.of, ended.phase, ended.result) == (KATE, "补录、制单", 2, "done", "写明 1 笔")


def test_what_has_no_end(log: OperationLog) -> None:
    assert log.unended() == []
    begun = log.append(FRED, "review", "复核", at(0), compound="C0007", phase="begin")
    assert log.unended() == [begun]
    log.end(begun, "failed", at(0), "中断")
    assert log.unended() == []


def test_nothing_ends_twice(log: OperationLog) -> None:
    begun = log.append(FRED, "review", "复核", at(0), phase="begin")
    log.end(begun, "done", at(0), "")
    with pytest.raises(sqlite3.IntegrityError):
        log.end(begun, "done", at(0), "")
    assert faults(log) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE operations SET name = '别人' WHERE number = 2", "DELETE FROM operations WHERE number = 2"]
)
def test_the_database_refuses_to_change_a_row(log: OperationLog, home: OfficeHome, statement: str) -> None:
    with closing(connect(home)) as connection, pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
        connection.execute(statement)
    assert faults(log) == []


def forge(home: OfficeHome, statement: str) -> None:
    """Change rows as somebody would who can write to the file."""
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS operations_stay")
        connection.execute("DROP TRIGGER IF EXISTS operations_are_kept")
        connection.execute(statement)
        connection.commit()


CHANGES = {
    "time": "'2026-11-22T04:02:00.001Z'", "person": "'K02'", "name": "'别人'", "address": "''", "session": "''",
    "action": "'post'", "compound": "'C0008'", "content": "''", "phase": "'failed'", "of": "1",
    "result": "'写明 2 笔'", "commit_id": "''",
}  # fmt: skip
UNENDED = "操作日志第 2 行开始的事没有了结的一行"
TAMPERINGS = [
    *((f"UPDATE operations SET {column} = {value} WHERE number = 3", ["操作日志第 3 行写成以后被改动"])
      for column, value in CHANGES.items() if column != "of"),
    ("UPDATE operations SET of = 1 WHERE number = 3", ["操作日志第 3 行写成以后被改动", UNENDED]),
    ("UPDATE operations SET digest = 'x' WHERE number = 3",
     ["操作日志第 3 行写成以后被改动", "操作日志第 4 行与前一行接不上"]),
    ("DELETE FROM operations WHERE number = 3", ["操作日志第 3 行起缺 1 行", UNENDED]),
    ("DELETE FROM operations WHERE number < 4", ["操作日志第 1 行起缺 3 行"]),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "said"), TAMPERINGS)
def test_a_changed_or_cut_row_is_found(log: OperationLog, home: OfficeHome, statement: str, said: list[str]) -> None:
    forge(home, statement)
    assert faults(log) == said


def test_an_end_cut_off_is_found_by_what_the_commits_say(log: OperationLog, home: OfficeHome) -> None:
    begun = log.search(Asked(), None)[1]
    commits = [Commit("b" * 40, (), (Citation(begun.number, begun.digest, "refused", ""),))]
    forge(home, "DELETE FROM operations WHERE number >= 4")
    assert faults(log, []) == [LOST]
    assert faults(log, commits) == ["版本库提到操作日志第 4 行，日志里没有", LOST]
    log.append(FRED, "review", "别的", at(0))
    assert faults(log, commits) == ["操作日志第 4 行与版本库记下的指纹不同", LOST]


LOST = "操作日志第 3 行存入的版本 aaaaaaaaaaaa 不在街道现在的版本里"


def test_eight_threads_write_one_chain(log: OperationLog) -> None:
    def write() -> None:
        for number in range(10):
            log.append(FRED, "review", f"第 {number} 件", at(0))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.number for one in log.search(Asked(), None)] == list(range(85, 0, -1))
    assert faults(log) == []


def test_times_go_up_whoever_waited(log: OperationLog) -> None:
    """A row's time is asked for when nobody else can come between."""
    seconds = itertools.count(10)

    def tick() -> datetime:
        moment = NOON + timedelta(seconds=next(seconds))
        time.sleep(0.002)
        return moment

    def write() -> None:
        for _ in range(5):
            begun = log.append(FRED, "review", "复核", tick, phase="begin")
            log.end(begun, "done", tick, "")

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [one.time for one in log.search(Asked(action="review", since=later(0)), None) if one.number > 5]
    assert len(times) == 60
    assert times == sorted(times, reverse=True)


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(log: OperationLog) -> None:
    log.append(FRED, "review", "=HYPERLINK(1)", at(0))
    content = csv_bytes(log.search(Asked(), None)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["内容"] for row in rows[:2]] == ["'=HYPERLINK(1)", "复核 两笔"]
    assert [rows[3][name] for name in ("操作", "阶段", "所续", "北京时间")] == [
        "补录、制单", "办成", "2", "2026-11-22 12:02:00",
    ]  # fmt: skip


def test_json_lines_hold_every_row_whole(log: OperationLog) -> None:
    found = log.search(Asked(), None)
    assert [Operation(**json.loads(line)) for line in jsonl_bytes(found).decode().splitlines()] == found


def run(street: StreetFolder, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["-C", str(street.path), "log", *words])
    return result.exit_code, result.output


@pytest.fixture
def at_home(home: OfficeHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEZHANG_HOME", str(home.path))


@pytest.mark.usefixtures("at_home")
def test_the_command_searches(street: StreetFolder, log: OperationLog) -> None:
    line = "5  2026-11-22 12:04:00  F01 街道复核员  C0007 C0008  复核  拒绝  复核 两笔  须由制单人以外的人复核\n"
    assert run(street, "--operator", "F01", "--text", "制单人") == (0, line)
    assert run(street, "--to", "2026-11-21") == (0, "没有这样的操作。\n")
    assert run(street, "--from", "2026-11-23") == (0, "没有这样的操作。\n")
    code, printed = run(street, "--from", "2026-11-22", "--to", "2026-11-22", "--json")
    assert (code, [one["number"] for one in json.loads(printed)]) == (0, [5, 4, 3, 2, 1])


@pytest.mark.usefixtures("at_home")
def test_the_command_exports(street: StreetFolder, log: OperationLog, tmp_path: Path) -> None:
    file, other = tmp_path / "log.csv", tmp_path / "log.txt"
    assert run(street, "--compound", "C0008", "--out", str(file)) == (0, f"{file}：2 条。\n")
    assert file.read_bytes() == csv_bytes(reversed(log.search(Asked(compound="C0008"))))
    assert run(street, "--out", str(file)) == (2, f"{file}：文件已经存在，请换一个名字\n")
    assert run(street, "--out", str(other)) == (2, f"{other}：文件名须以 .csv 或 .jsonl 结尾\n")


@pytest.mark.usefixtures("at_home")
def test_the_command_verifies(street: StreetFolder, log: OperationLog, home: OfficeHome) -> None:
    last = log.search(Asked(), 1)[0]
    kept = f"5:{last.digest[:16]}"
    newest = f"操作日志 5 行，末行 {kept}"
    assert run(street, "verify", "--kept", kept) == (1, f"{LOST}\n{newest}：1 处不符。\n")
    assert not (street.path / ".git").exists()
    forge(home, "UPDATE operations SET name = '别人' WHERE number = 2")
    assert run(street, "verify")[1].startswith("操作日志第 2 行写成以后被改动\n")
    forge(home, "DELETE FROM operations WHERE number > 3")
    assert "操作日志没有第 5 行，另存的指纹却有\n" in run(street, "verify", "--kept", kept)[1]
    assert "操作日志第 2 行与另存的指纹不同\n" in run(street, "verify", "--kept", f"2:{'0' * 64}")[1]
    assert run(street, "verify", "--kept", "5:xyz")[0] == 2


_WRITER = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from jiezhang.office.home import OfficeHome
from jiezhang.office.operation_log import OperationLog, Who
log, name = OperationLog(OfficeHome(Path(sys.argv[1]))), sys.argv[2]
def work(thread):
    for number in range(40):
        log.append(Who(name, name), "complete", f"{name}-{thread}-{number}", lambda: datetime.now(UTC))
threads = [threading.Thread(target=work, args=(thread,)) for thread in range(3)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


def test_processes_and_threads_lose_no_row(home: OfficeHome) -> None:
    """What one process opens and closes must not drop the locks that its other threads hold on the database."""
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, str(home.path), f"P{one}"]) for one in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    rows = OperationLog(home).search(Asked(), None)
    wanted = {f"P{one}-{thread}-{number}" for one in range(3) for thread in range(3) for number in range(40)}
    assert {row.content for row in rows} == wanted
    assert faults(OperationLog(home)) == []
