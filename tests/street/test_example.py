"""The example street in `ledgers/` is what the command writes, and the whole month runs on it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.cli.main import main
from jiezhang.domain.period import Month
from jiezhang.street.sampling import write_sample
from tests.conftest import snapshot

EXAMPLE = Path(__file__).parents[2] / "ledgers" / "ganzhi"


def jiezhang(street: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(street), *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("example") / "street"
    shutil.copytree(EXAMPLE, copy)
    return copy


def test_it_is_what_the_command_writes(tmp_path: Path) -> None:
    write_sample(
        tmp_path / "again", compounds=4, dwellings=None, months=4, booked=3, first_month=Month(2026, 7), seed=2026
    )
    ours, again = snapshot(EXAMPLE), snapshot(tmp_path / "again")
    assert sorted(ours) == sorted(again)
    assert [name for name in ours if ours[name] != again[name]] == []


def test_it_holds_what_it_should() -> None:
    dwellings = (EXAMPLE / "C0001/register/dwellings.csv").read_text("utf-8").splitlines()[1:]
    assert len(dwellings) == 306
    assert len({line.split(",")[1] for line in dwellings}) == 11
    assert len(list(EXAMPLE.glob("C*"))) == 4
    for folder in EXAMPLE.glob("C*"):
        assert sorted(path.name for path in (folder / "statements").iterdir()) == ["2026-07", "2026-08", "2026-09"]


def test_the_month_runs_from_bank_files_to_statements(street: Path, tmp_path: Path) -> None:
    imported = jiezhang(street, "import", "--json")
    assert imported.exit_code == 0
    counts = json.loads(imported.stdout)
    assert counts["new"] == counts["rows"] > 300
    assert 10 < counts["waiting"] < 60
    refused = jiezhang(street, "disclose", "2026-10", "--out", str(tmp_path / "早"))
    assert refused.exit_code == 2
    assert "没有过账，不能公示" in refused.stderr
    assert not (tmp_path / "早").exists()
    assert jiezhang(street, "complete", str(street / "completions/2026-10.csv")).exit_code == 0
    posted = json.loads(jiezhang(street, "post", "2026-10", "--json").stdout)
    assert sum(one["left"] for one in posted) == 0
    checked = jiezhang(street, "check")
    assert checked.exit_code == 0
    assert "0 处错误，0 笔流水待过账" in checked.stdout
    assert jiezhang(street, "reconcile", "2026-10").exit_code == 0
    disclosed = jiezhang(street, "disclose", "2026-10", "--out", str(tmp_path / "公示"))
    assert disclosed.exit_code == 0
    files = sorted(path.suffix for path in (tmp_path / "公示").iterdir())
    assert files == [".json"] * 4 + [".pdf"] * 4 + [".xlsx"] * 4
    for path in (tmp_path / "公示").glob("*.json"):
        figures = json.loads(path.read_text("utf-8"))
        assert figures["month"] == "2026-10"


def test_the_same_ledger_gives_the_same_bytes(street: Path, tmp_path: Path) -> None:
    for name in ("一", "二"):
        assert jiezhang(street, "disclose", "2026-09", "--out", str(tmp_path / name)).exit_code == 0
    first, second = snapshot(tmp_path / "一"), snapshot(tmp_path / "二")
    assert len(first) == 12
    assert first == second


def test_import_again_changes_nothing(street: Path) -> None:
    assert jiezhang(street, "import").exit_code == 0
    before = snapshot(street)
    again = jiezhang(street, "import")
    assert again.exit_code == 0
    assert "新入账 0 笔" in again.stdout
    assert snapshot(street) == before


@pytest.mark.parametrize("month", ["2026-07", "2026-08", "2026-09"])
def test_closed_months_agree_with_the_bank(month: str) -> None:
    results = json.loads(jiezhang(EXAMPLE, "reconcile", month, "--json").stdout)
    assert len(results) == 13
    assert [one["account"] for one in results if not one["clean"]] == []
