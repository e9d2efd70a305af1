"""The street's read model: made once, kept over a restart, stale as soon as one file changes, never in the way."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.signature import of_compound, of_street, signature
from jiezhang.street import kept_standings, read_model
from jiezhang.street.kept_standings import NAME, KeptStandings
from jiezhang.street.read_model import ReadModel
from tests.web import little_street as little
from tests.web.little_street import make_street

LIMIT = 60
CODES = ["C0001", "C0002"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two compounds, with a file of the bank in each, and where they stand."""
    place = tmp_path_factory.mktemp("made")
    street = make_street(place / "street", *CODES)
    for folder in street.compounds():
        (folder.statements / "2026-10").mkdir(parents=True)
        (folder.statements / "2026-10/a.csv").write_text("no statement", "utf-8")
    return place


@pytest.fixture
def street(made: Path, tmp_path: Path) -> StreetFolder:
    shutil.copytree(made / "street", tmp_path / "street")
    return StreetFolder(tmp_path / "street")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def model(street: StreetFolder, kept: Path) -> ReadModel:
    found = ReadModel(street, kept, look_seconds=0)
    assert found.refresh(LIMIT) == 0
    return found


def states(model: ReadModel) -> list[tuple[str, bool, bool, str]]:
    return [(code, one.standing is not None, one.is_stale, one.wrong) for code, one in model.standings().items()]


FRESH = [(code, True, False, "") for code in CODES]


def test_nothing_is_computed_by_reading(street: StreetFolder, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_model, "compound_standing", _must_not_be_called)
    found = ReadModel(street, kept, look_seconds=0)
    assert states(found) == [(code, False, True, "") for code in CODES]
    assert found.refresh(0) == 2
    assert states(found) == [(code, False, True, "") for code in CODES]


def _must_not_be_called(*_: object) -> None:
    raise AssertionError("a ledger was loaded")


def test_made_once_and_kept_over_a_restart(
    model: ReadModel, street: StreetFolder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert states(model) == FRESH
    monkeypatch.setattr(read_model, "compound_standing", _must_not_be_called)
    again = ReadModel(street, kept)
    assert states(again) == FRESH
    assert again.standings() == model.standings()
    assert again.refresh(LIMIT) == model.refresh(LIMIT) == 0


CHANGES: dict[str, Callable[[StreetFolder], Path]] = {
    "month": lambda street: street.compound("C0001").path / little.MONTH_FILE,
    "accounts": lambda street: street.compound("C0001").path / "accounts.beancount",
    "register": lambda street: street.compound("C0001").register / "contracts.csv",
    "resolutions": lambda street: street.compound("C0001").path / "resolutions.beancount",
    "votes": lambda street: next((street.compound("C0001").path / "votes").glob("*.csv")),
    "statement": lambda street: street.compound("C0001").statements / "2026-10/a.csv",
    "new statement": lambda street: street.compound("C0001").statements / "2026-11/b.csv",
    "batch": lambda street: street.compound("C0001").path / "batches/a.csv",
    "chain": lambda street: street.compound("C0001").path / "chain.csv",
    "sign": lambda street: street.compound("C0001").path / "seals/2026-10-sign-B01.json",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_file_makes_it_stale_and_leaves_the_figures(
    name: str, model: ReadModel, street: StreetFolder
) -> None:
    before = model.standings()["C0001"].standing
    path = CHANGES[name](street)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
    assert states(model) == [("C0001", True, True, ""), ("C0002", True, False, "")]
    assert model.standings()["C0001"].standing == before


@pytest.mark.parametrize("name", ["street.toml", "procedures/small.toml"])
def test_the_streets_files_are_everybodys(name: str, model: ReadModel, street: StreetFolder) -> None:
    path = street.path / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert [stale for _, _, stale, _ in states(model)] == [True, True]


def test_scratch_and_locks_change_nothing(model: ReadModel, street: StreetFolder) -> None:
    folder = street.compound("C0001")
    for name in (".lock", ".accounts.beancount.7.tmp", "register/.compound.toml.7.tmp"):
        (folder.path / name).write_text("x", "utf-8")
    assert states(model) == FRESH


def test_refresh_makes_only_what_changed(
    model: ReadModel, street: StreetFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = street.compound("C0002").path / little.MONTH_FILE
    month.write_text(month.read_text("utf-8") + "\n; 附注\n", "utf-8")
    asked: list[str] = []
    real = read_model.compound_standing
    monkeypatch.setattr(
        read_model, "compound_standing", lambda folder, city: (asked.append(folder.code), real(folder, city))[1]
    )
    assert (model.refresh(LIMIT), asked, states(model)) == (0, ["C0002"], FRESH)


def test_books_that_cannot_be_read_keep_their_figures(model: ReadModel, street: StreetFolder, kept: Path) -> None:
    main = street.compound("C0001").main
    text = main.read_text("utf-8")
    before = model.standings()["C0001"].standing
    main.write_text(text + "\n", "utf-8")
    assert model.refresh(LIMIT) == 0
    for one in (model, ReadModel(street, kept)):
        found = one.standings()["C0001"]
        assert (found.standing, found.is_stale) == (before, False)
        assert found.wrong.startswith("主文件不是程序生成的那一份")
    main.write_text(text, "utf-8")
    assert model.refresh(LIMIT) == 0
    assert states(model) == FRESH


def test_books_that_never_could_be_read(street: StreetFolder, kept: Path) -> None:
    street.compound("C0001").main.write_text("", "utf-8")
    found = ReadModel(street, kept)
    assert found.refresh(LIMIT) == 0
    assert [(standing, stale, wrong != "") for _, standing, stale, wrong in states(found)] == [
        (False, False, True), (True, False, False),
    ]  # fmt: skip


def test_what_another_process_made_is_seen(street: StreetFolder, kept: Path) -> None:
    one, other = ReadModel(street, kept, look_seconds=0), ReadModel(street, kept, look_seconds=0)
    assert [stale for _, _, stale, _ in states(other)] == [True, True]
    assert one.refresh(LIMIT) == 0
    assert states(other) == FRESH


def test_what_is_thrown_away_is_made_again(model: ReadModel, street: StreetFolder, kept: Path) -> None:
    shutil.rmtree(kept)
    assert states(model) == FRESH
    again = ReadModel(street, kept)
    assert [stale for _, _, stale, _ in states(again)] == [True, True]
    assert again.refresh(LIMIT) == 0
    assert states(again) == FRESH


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to look at" * 40])
def test_a_broken_file_only_costs_time(content: bytes, model: ReadModel, street: StreetFolder, kept: Path) -> None:
    (kept / NAME).write_bytes(content)
    again = ReadModel(street, kept, look_seconds=0)
    assert [stale for _, _, stale, _ in states(again)] == [True, True]
    assert again.refresh(LIMIT) == 0
    assert states(again) == FRESH


def test_a_file_broken_in_its_middle_only_costs_time(model: ReadModel, street: StreetFolder, kept: Path) -> None:
    content = bytearray((kept / NAME).read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (kept / NAME).write_bytes(content)
    again = ReadModel(street, kept, look_seconds=0)
    assert [stale for _, _, stale, _ in states(again)] == [True, True]
    assert again.refresh(LIMIT) == 0
    assert states(again) == FRESH


def test_another_version_begins_anew(
    model: ReadModel, street: StreetFolder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_standings, "SCHEMA", kept_standings.SCHEMA + 1)
    assert [standing for _, standing, _, _ in states(ReadModel(street, kept))] == [False, False]


@pytest.mark.parametrize("value", ['{"code": "C0001"}', "no JSON"])
def test_rows_that_are_no_standing_are_left_out(value: str, model: ReadModel, street: StreetFolder, kept: Path) -> None:
    with closing(sqlite3.connect(kept / NAME)) as connection, connection:
        connection.execute("UPDATE standings SET value = ? WHERE code = 'C0001'", (value,))
    assert [standing for _, standing, _, _ in states(ReadModel(street, kept))] == [False, True]


def test_a_row_of_another_compound_is_left_out(model: ReadModel, street: StreetFolder, kept: Path) -> None:
    with closing(sqlite3.connect(kept / NAME)) as connection, connection:
        connection.execute(
            "UPDATE standings SET value = (SELECT value FROM standings WHERE code = 'C0002') WHERE code = 'C0001'"
        )
    assert [standing for _, standing, _, _ in states(ReadModel(street, kept))] == [False, True]


def test_only_its_owner_reads_the_file(model: ReadModel, kept: Path) -> None:
    assert stat.S_IMODE((kept / NAME).stat().st_mode) == 0o600
    assert KeptStandings(kept).state() != (0, 0, 0)


def test_files_are_looked_at_once_a_while(street: StreetFolder, kept: Path) -> None:
    found = ReadModel(street, kept, look_seconds=3600)
    assert found.refresh(LIMIT) == 0
    month = street.compound("C0001").path / little.MONTH_FILE
    month.write_text(month.read_text("utf-8") + "\n", "utf-8")
    assert states(found) == FRESH
    found.look_again()
    assert [stale for _, _, stale, _ in states(found)] == [True, False]


def test_one_refreshes_at_a_time(street: StreetFolder, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ReadModel(street, kept, look_seconds=0)
    inner: list[int] = []
    real = read_model.compound_standing

    def asks_again(*given: object) -> object:
        inner.append(found.refresh(LIMIT))
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(read_model, "compound_standing", asks_again)
    assert found.refresh(LIMIT) == 0
    assert inner == [2, 2]


def test_a_compound_that_was_taken_away_is_not_shown(model: ReadModel, street: StreetFolder) -> None:
    shutil.rmtree(street.compound("C0002").path)
    assert states(model) == FRESH[:1]


def test_a_signature_is_of_the_street_and_of_the_compound(street: StreetFolder) -> None:
    folder = street.compound("C0001")
    whole = signature(folder)
    assert set(whole) == {*of_street(street), *of_compound(folder)}
    names = {name for name, *_ in whole}
    assert {"street.toml", "C0001/main.beancount", f"C0001/{little.MONTH_FILE}"} <= names
    assert {name for name, *_ in of_compound(folder, beside=True)} - names == {"C0001/statements/2026-10/a.csv"}
