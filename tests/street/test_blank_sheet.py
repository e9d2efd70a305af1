"""A completion sheet written blank, filled in by hand, and carried out."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.street.test_example import EXAMPLE, jiezhang


@pytest.fixture
def street(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "street")
    assert jiezhang(tmp_path / "street", "import").exit_code == 0
    return tmp_path / "street"


def rows(sheet: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))


def test_filled_in_and_carried_out(street: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "补录.csv"
    assert jiezhang(street, "complete", "--blank", "2026-10", str(sheet)).exit_code == 0
    blank = rows(sheet)
    waiting = json.loads(jiezhang(street, "check", "--json").stdout)
    assert len(blank) > 10
    assert all(row["date"].startswith("2026-10") and row["amount"] and not row["other_account"] for row in blank)

    first = next(row for row in blank if float(row["amount"]) > 0 and ":G公共收益:" in row["account"])
    first["other_account"] = "4901其他"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerows(blank)
    done = jiezhang(street, "complete", str(sheet))
    assert done.stdout == "补录 1 笔。\n"

    again = tmp_path / "再一张.csv"
    jiezhang(street, "complete", "--blank", "2026-10", str(again))
    assert len(rows(again)) == len(blank) - 1
    assert json.loads(jiezhang(street, "check", "--json").stdout) == waiting


def test_it_overwrites_nothing(street: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "补录.csv"
    sheet.write_text("我的")
    refused = jiezhang(street, "complete", "--blank", "2026-10", str(sheet))
    assert refused.exit_code == 2
    assert "文件已经存在" in refused.stderr
    assert sheet.read_text() == "我的"
