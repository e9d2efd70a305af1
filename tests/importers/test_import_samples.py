"""Every layout's sample is one importer's, is read as the book it was written from, and proves itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from make_samples import as_json

from importers.registry import IMPORTERS, identify, read_statements
from importers.source import load_source

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.suffix != ".json")

LAYOUTS = [
    *("abc.detail", "alipay_account", "alipay_trade", "boc.inquiry", "camt053", "ccb.current", "ccb.slash"),
    *("ccb.two_row", "cmb.detail", "icbc.history_detail", "icbc.history_in_out", "icbc.in_out", "icbc.in_out_own"),
    *("icbc.printed", "mt940", "plain.ledger", "psbc.detail", "rcb.detail", "spdb.detail", "wechat_fund"),
    "wechat_trade",
]


def _id(path: Path) -> str:
    return path.parent.name


def test_every_layout_has_a_sample() -> None:
    assert [path.parent.name for path in FILES] == LAYOUTS


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_exactly_one_importer_takes_it(path: Path) -> None:
    takers = [importer.key for importer in IMPORTERS if importer().identify(str(path))]
    assert takers == [path.parent.name.partition(".")[0]]


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_it_is_read_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text(encoding="utf-8"))
    assert [as_json(statement) for statement in read_statements(path)] == expected


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_its_name_does_not_matter(path: Path, tmp_path: Path) -> None:
    """An xls called .csv, a csv called .xls, a zip called .xlsx: the bytes count."""
    wrong = {".xls": ".csv", ".csv": ".xls", ".xlsx": ".xls", ".zip": ".xlsx", ".txt": ".csv"}.get(path.suffix, ".txt")
    renamed = tmp_path / f"march{wrong}"
    renamed.write_bytes(path.read_bytes())
    assert [s.rows for s in read_statements(renamed)] == [s.rows for s in read_statements(path)]


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_reading_twice_gives_the_same(path: Path) -> None:
    """Importers keep nothing: another file between two readings changes nothing."""
    importer = identify(load_source(path))
    before = importer.read(load_source(path))
    for other in FILES:
        if importer.identify(str(other)):
            importer.read(load_source(other))
    assert importer.read(load_source(path)) == before
