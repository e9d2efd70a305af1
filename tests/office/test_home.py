"""Where secrets lie: outside the street, for nobody else to read; and the database that several processes open."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.office.database import VERSION, connect, reading, writing
from jiezhang.office.home import OfficeHome, open_home
from tests.office.signing_in import make_home

INSIDE = "登录账号和操作日志不得放在街道文件夹里，请换一个地方（环境变量 JIEZHANG_HOME）"


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    (tmp_path / "长吴街道").mkdir()
    return StreetFolder(tmp_path / "长吴街道")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"JIEZHANG_HOME": "given", "XDG_STATE_HOME": "state"}, "given"),
        ({"XDG_STATE_HOME": "state"}, "state/jiezhang/长吴街道-{digest}"),
        ({"HOME": "user"}, "user/.local/state/jiezhang/长吴街道-{digest}"),
        ({"HOME": "user", "JIEZHANG_HOME": "", "XDG_STATE_HOME": ""}, "user/.local/state/jiezhang/长吴街道-{digest}"),
    ],
)
def test_where_it_is(
    variables: dict[str, str], place: str, street: StreetFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JIEZHANG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value else "")
    digest = hashlib.sha256(str(street.path.resolve()).encode()).hexdigest()[:8]
    home = open_home(street)
    assert home.path == tmp_path / place.format(digest=digest)
    assert (mode(home.path), mode(home.locks)) == (0o700, 0o700)
    assert home.database == home.path / "office.sqlite"
    assert open_home(street) == home, "opened again as it is"


@pytest.mark.parametrize("place", [".", "home", "C0001/x/../../home"])
def test_not_in_the_street(place: str, street: StreetFolder) -> None:
    with pytest.raises(Refused, match=INSIDE):
        open_home(street, street.path / place)
    assert list(street.path.iterdir()) == []


def test_not_in_the_street_by_a_link(street: StreetFolder, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(street.path)
    (street.path / "real").mkdir(mode=0o700)
    (tmp_path / "home").symlink_to(street.path / "real")
    for given, place in [
        (street, tmp_path / "link/home"),
        (street, tmp_path / "home"),
        (StreetFolder(tmp_path / "link"), street.path / "home"),
    ]:
        with pytest.raises(Refused, match=INSIDE):
            open_home(given, place)
    assert [path.name for path in street.path.iterdir()] == ["real"]


def test_beside_the_street_is_not_in_it(street: StreetFolder) -> None:
    assert open_home(street, street.path.with_name("长吴街道-home")).path.is_dir()


@pytest.mark.parametrize("bits", [0o750, 0o704, 0o711, 0o777])
def test_others_may_not_open_it(bits: int, street: StreetFolder, tmp_path: Path) -> None:
    place = tmp_path / "home"
    place.mkdir()
    place.chmod(bits)
    with pytest.raises(Refused, match="存放登录账号的文件夹别人也能打开，请把权限改为 0700（chmod 700）"):
        open_home(street, place)


def test_whatever_the_umask(street: StreetFolder, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        home = open_home(street, tmp_path / "home")
        with writing(home) as connection:
            connection.execute("INSERT INTO failures VALUES ('person', 'K01', '', 1, 1, 1)")
            assert {mode(path) for path in home.path.glob("office.sqlite*")} == {0o600}
            assert len(list(home.path.glob("office.sqlite*"))) == 3, "the database, its journal and its index"
    finally:
        os.umask(before)


def test_the_database_waits_keeps_and_is_strict(tmp_path: Path) -> None:
    connection = connect(make_home(tmp_path))
    try:
        asked = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in (
            "journal_mode", "busy_timeout", "foreign_keys", "synchronous", "user_version")]  # fmt: skip
        assert asked == ["wal", 10_000, 1, 2, VERSION]
        assert not connection.in_transaction
    finally:
        connection.close()


def test_a_transaction_is_whole_or_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    insert = "INSERT INTO failures VALUES ('person', ?, '', 1, 1, 1)"
    with pytest.raises(sqlite3.IntegrityError), writing(home) as connection:
        connection.execute(insert, ("K01",))
        connection.execute(insert, ("K01",))
    with writing(home) as connection:
        connection.execute(insert, ("K02",))
    with reading(home) as connection:
        assert connection.execute("SELECT person FROM failures").fetchall() == [("K02",)]


def test_somebody_holds_it_for_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(tmp_path)
    with writing(home):
        monkeypatch.setattr("jiezhang.office.database.BUSY_SECONDS", 0)
        with reading(home) as connection:
            assert connection.execute("SELECT count(*) FROM failures").fetchone() == (0,), "who reads need not wait"
        with pytest.raises(Refused, match="登录数据库一直被别的程序占用，请稍后再试"), writing(home):
            pass


@pytest.mark.parametrize(
    ("said", "spoil"),
    [
        ("不是街账的登录数据库，或已损坏，请用备份恢复", lambda path: path.write_bytes(b"no database" * 200)),
        ("登录数据库是更新版本的街账写的，请升级程序", lambda path: set_version(path, VERSION + 1)),
    ],
)
def test_a_database_that_is_not_ours(said: str, spoil: object, tmp_path: Path) -> None:
    home = make_home(tmp_path)
    spoil(home.database)  # type: ignore[operator]
    before = home.database.read_bytes()
    with pytest.raises(Refused, match=said):
        connect(home)
    assert home.database.read_bytes() == before


def set_version(path: Path, version: int) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def count_up(home: OfficeHome, times: int) -> None:
    """Read, then write what was read and one more: any two at once without the lock would lose one."""
    for _ in range(times):
        with writing(home) as connection:
            row = connection.execute("SELECT count FROM failures WHERE person = 'K01'").fetchone()
            connection.execute(
                "INSERT OR REPLACE INTO failures VALUES ('person', 'K01', '', ?, 1, 1)", ((row[0] if row else 0) + 1,)
            )


def test_four_processes_open_it_for_the_first_time_and_lose_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(count_up, home, 25) for _ in range(4)]:
            done.result()
    with reading(home) as connection:
        assert connection.execute("SELECT count FROM failures").fetchall() == [(100,)]
