"""The example street in `ledgers/` is what the command writes, and the whole month runs on it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import Ledger, load_ledger
from jiezhang.cli.main import main
from jiezhang.close.reconciling import bank_balances, reconcile
from jiezhang.domain import household_events
from jiezhang.domain.household_events import RepairApportioned
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.households.fund import FundReplay, replay_fund
from jiezhang.households.identity import identity
from jiezhang.street.sampling import write_sample
from tests.conftest import snapshot
from tests.faults.breaking import in_street

EXAMPLE = Path(__file__).parents[2] / "ledgers" / "ganzhi"
CODES = ("C0001", "C0002", "C0003", "C0004")
CHANGED = {household_events.OwnerChange, household_events.Rearranged}
"""What the register of changes says, without a voucher."""


def jiezhang(street: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, in_street(street, *arguments), catch_exceptions=False)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("example") / "street"
    shutil.copytree(EXAMPLE, copy)
    return copy


def test_it_is_what_the_command_writes(tmp_path: Path) -> None:
    write_sample(
        tmp_path / "again", compounds=4, dwellings=None, months=4, booked=3, sealed=3, first_month=Month(2026, 7),
        seed=2026,
    )  # fmt: skip
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


FUND_EVENTS = {
    household_events.Opening, household_events.FirstDeposit, household_events.TopUp, household_events.Refund,
    household_events.RepairApportioned, household_events.InterestReceived, household_events.RevenueTransferIn,
    household_events.PooledIncome, household_events.BondBought, household_events.BondRedeemed,
    household_events.YieldDistribution, household_events.HouseLost, household_events.LossPaid,
    household_events.OwnerChange, household_events.Rearranged, household_events.Correction,
}  # fmt: skip
"""Every kind an office can book; a repair shared otherwise than by rule has no way in yet."""


@cache
def ledger(path: Path, code: str) -> Ledger:
    return load_ledger(StreetFolder(path).compound(code), "hangzhou")


def replays(path: Path) -> dict[str, FundReplay]:
    found = [ledger(path, folder.code) for folder in StreetFolder(path).compounds()]
    return {one.folder.code: replay_fund(read_fund_files(one.folder), one.entries) for one in found}


def test_the_booked_months_show_all_that_can_happen_to_a_fund() -> None:
    journal = [booked for replay in replays(EXAMPLE).values() for booked in replay.journal if booked.entry]
    changes = [change for code in CODES for _, change in read_fund_files(ledger(EXAMPLE, code).folder).register.changes]
    entries = [booked.entry for booked in journal if booked.entry]
    assert {type(booked.event) for booked in journal} | CHANGED == FUND_EVENTS
    assert {change.kind for change in changes} == {"sale", "split", "merge", "renumber", "loss"}
    scopes = Counter(e.scope.kind for e in (b.event for b in journal) if isinstance(e, RepairApportioned))
    assert scopes.keys() == {"stair", "building", "compound"}
    assert any("covered" in entry.meta for entry in entries)
    assert any("paid-outside" in entry.meta and "covered" not in entry.meta for entry in entries)
    assert sum(len(b.event.detail) > 10 for b in journal if isinstance(b.event, household_events.TopUp)) == 1
    bases = [b.event.basis for b in journal if isinstance(b.event, household_events.YieldDistribution)]
    assert sorted(bases) == ["area", "area", "area", "area", "jishu"]


@pytest.mark.parametrize("code", CODES)
def test_the_households_add_up_at_every_months_end(code: str) -> None:
    """And with yield and what is owed they are what the bank says, and the bonds."""
    books = ledger(EXAMPLE, code)
    assert books.errors == []
    files = read_fund_files(books.folder)
    for month in (Month(2026, 7), Month(2026, 8), Month(2026, 9)):
        replay = replay_fund(files, books.entries, month.last_day)
        found = identity(replay.state)
        assert replay.faults == ()
        assert found.differences == ()
        assert found.unexplained_fen == 0
        banks = bank_balances(reconcile(books.folder, books.entries, month))
        assert [to_fen(own) for name, own in banks.items() if ":W维修资金:" in name] == [found.bank_fen]


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
    reviewed = json.loads(jiezhang(street, "review", "2026-10", "--json").stdout)
    posted = json.loads(jiezhang(street, "post", "2026-10", "--json").stdout)
    assert sum(one["reviewed"] for one in reviewed) == sum(one["posted"] for one in posted) > 300
    assert [(one["compound"], one["left"], one["unreviewed"]) for one in posted if one["left"] + one["unreviewed"]] == [
        ("C0004", 1, 0)  # a payment that nobody decided
    ]
    checked = jiezhang(street, "check")
    assert checked.exit_code == 0
    assert "0 处错误，1 笔流水待过账" in checked.stdout
    assert jiezhang(street, "reconcile", "2026-10").exit_code == 0
    assert jiezhang(street, "disclose", "2026-10", "--out", str(tmp_path / "公示")).exit_code == 2
    disclosed = jiezhang(street, "disclose", "2026-10", "--draft", "--out", str(tmp_path / "公示"))
    assert disclosed.exit_code == 0
    _the_open_month_has_repairs_and_a_batch(street)
    files = sorted(path.suffix for path in (tmp_path / "公示").iterdir())
    assert files == [".json"] * 4 + [".pdf"] * 4 + [".xlsx"] * 4
    for path in (tmp_path / "公示").glob("*.json"):
        figures = json.loads(path.read_text("utf-8"))
        assert figures["month"] == "2026-10"


def _the_open_month_has_repairs_and_a_batch(street: Path) -> None:
    """A person completed them, and the households bear them."""
    for code, replay in replays(street).items():
        month = [booked.event for booked in replay.journal if booked.event.date >= Month(2026, 10).first_day]
        repairs = [event for event in month if isinstance(event, RepairApportioned)]
        assert len(repairs) == 1, code
        assert replay.faults == ()
        assert identity(replay.state).holds
        deposits = [event for event in month if isinstance(event, household_events.TopUp)]
        assert any(len(event.detail) > 10 for event in deposits) == (code == "C0003")


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
    assert len(results) == 14
    assert [one["account"] for one in results if not one["clean"]] == []
