"""The commands of the maintenance fund on the example street, which is only read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.cli.main import main

EXAMPLE = str(Path(__file__).parents[2] / "ledgers/ganzhi")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["-C", EXAMPLE, *words], prog_name="jiezhang")


def test_the_identity_of_every_compound() -> None:
    answer = run("fund", "balance", "--json")
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    assert [one["code"] for one in found] == ["C0001", "C0002", "C0003", "C0004"]
    for one in found:
        sums = one["identity"]
        right = sums["households_fen"] + sums["undistributed_fen"] + sums["payable_fen"] + sums["unexplained_fen"]
        assert sums["bank_fen"] + sums["bonds_fen"] == right
        assert sums["buildings_fen"] == sums["households_fen"]
        assert sums["differences"] == []
    assert "：相符" in run("fund", "balance", "--compound", "C0001", "--on", "2026-07-31").stdout


def test_query_of_the_funds_tables() -> None:
    answer = run("query", "--csv", "SELECT building, sum(balance) FROM #households GROUP BY building")
    by_household = {(row[0], row[1]): row[2] for row in csv.reader(io.StringIO(answer.stdout))}
    answer = run("query", "--csv", "SELECT building, balance FROM #buildings")
    by_building = {(row[0], row[1]): row[2] for row in csv.reader(io.StringIO(answer.stdout))}
    del by_household["compound", "building"], by_building["compound", "building"]
    assert by_household == by_building
    assert len(by_building) > 20
    dwellings = json.loads(run("query", "--json", "--compound", "C0002", "SELECT * FROM #dwellings").stdout)
    split = {row["code"]: row["status"] for row in dwellings if row["code"].startswith("02-1-1202")}
    assert split == {"02-1-1202": "absent", "02-1-1202A": "sold", "02-1-1202B": "sold"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT nothing FROM #households", "查询写法不对"),
        ("SELECT", "查询写法不对"),
        (".output /tmp/x", "只能用 SELECT"),
        ("CREATE TABLE t (a int)", "只能用 SELECT"),
    ],
)
def test_a_query_that_is_not_run(query: str, said: str) -> None:
    answer = run("query", "--compound", "C0001", query)
    assert answer.exit_code == 2
    assert said in answer.stderr


def test_rules_of_a_compound() -> None:
    text = run("rules", "C0001", "--on", "2026-10-01").stdout
    assert "续交线（低于此数须续交）：首期交存额的 30%" in text
    assert "杭州市物业管理条例（2021）第71条" in text
    data = json.loads(run("rules", "C0001", "--on", "2026-10-01", "--json").stdout)
    assert {one["key"] for one in data if not one["verified"]} >= {"fund.yield_basis"}


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["publish", "2026-09", "--compound", "C0003"], ["公示表.pdf", "公示表.xlsx", "报表.pdf", "报表.xlsx"]),
        (["statement", "2026-09", "--compound", "C0003", "--household", "01-1-101"], ["101.pdf", "101.xlsx"]),
        (["certificate", "--compound", "C0001", "--household", "01-1-101", "--on", "2026-09-30"], ["101.pdf"]),
        (["notice", "--compound", "C0003", "--on", "2026-09-30"], ["通知.pdf", "名册.pdf", "名册.xlsx"]),
        (
            ["apportion", "--compound", "C0002", "--project", "WX-2026-02", "--total", "6000.00", "--on", "2026-09-28"],
            ["（拟）.pdf", "（拟）.xlsx"],
        ),
    ],
    ids=lambda value: value[0],
)  # fmt: skip
def test_papers(tmp_path: Path, words: list[str], files: list[str]) -> None:
    answer = run("fund", *words, "--out", str(tmp_path))
    assert answer.exit_code == 0, answer.output
    written = sorted(path.name for path in tmp_path.iterdir())
    assert len(written) == len(files)
    for ending in files:
        [name] = [name for name in written if name.endswith(ending)]
        assert (tmp_path / name).read_bytes()[:4] == (b"%PDF" if ending.endswith("pdf") else b"PK\x03\x04")


def test_a_repair_that_households_cannot_pay(tmp_path: Path) -> None:
    words = ["--compound", "C0002", "--project", "WX-2026-02", "--total", "900,000.00", "--on", "2026-09-28"]
    answer = run("fund", "apportion", *words, "--out", str(tmp_path))
    assert answer.exit_code == 1
    assert "户余额不足又没有人垫付，不能批准" in answer.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["statement", "2026-09", "--compound", "C0003", "--household", "99-1"], "名册里没有户 99-1"),
        (["statement", "2026-06", "--compound", "C0003"], "2026"),
        (["certificate", "--compound", "C0003", "--household", "01/S", "--on", "2026-09-30"], "售房单位"),
        (["apportion", "--compound", "C0003", "--project", "WX-0", "--total", "1.00", "--on", "2026-09-30"], "WX-0"),
        (["apportion", "--compound", "C0003"], "须写 --voucher 和 --month"),
        (["apportion", "--compound", "C0003", "--month", "2026-08", "--voucher", "记-9999"], "没有维修资金的凭证"),
        (["notice", "--compound", "C0003", "--on", "2026-09-30", "--to-percent", "half"], "--to-percent 应是"),
        (["notice", "--compound", "C0003", "--on", "2026-09-30", "--to-percent", "20"], "低于续交线"),
        (["publish", "2026-10"], "没有账"),
        (["publish", "2026-06"], "建账"),
    ],
)
def test_a_paper_that_cannot_be(tmp_path: Path, words: list[str], said: str) -> None:
    answer = run("fund", *words, "--out", str(tmp_path / "out"))
    assert answer.exit_code == 2, answer.output
    assert said in answer.stderr
    assert not (tmp_path / "out").exists()
