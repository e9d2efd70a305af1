"""Tables as people really save them: from Excel, in GBK, with Excel's dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiezhang.book.registers import read_table, table_bytes, toml_bytes
from jiezhang.domain.fund_register import Change
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Contract
from tests.conftest import new_compound

CONTRACTS = list(new_compound().contracts)
AS_WRITTEN = table_bytes(CONTRACTS, Contract)


@pytest.mark.parametrize(
    "saved",
    [
        AS_WRITTEN,
        b"\xef\xbb\xbf" + AS_WRITTEN,
        AS_WRITTEN.decode().encode("gbk"),
        AS_WRITTEN.replace(b"\n", b"\r\n"),
        AS_WRITTEN.replace(b"2026-01-01", b"2026/1/1"),
        AS_WRITTEN.replace(b"\n", b"\n\n"),
    ],
    ids=["as written", "BOM", "GBK", "CRLF", "Excel's dates", "blank lines"],
)
def test_a_table_reads_the_same(saved: bytes, tmp_path: Path) -> None:
    (tmp_path / "contracts.csv").write_bytes(saved)
    assert read_table(tmp_path / "contracts.csv", Contract) == CONTRACTS
    assert CONTRACTS[0].start == date(2026, 1, 1)


@pytest.mark.parametrize("address", ["", '"甲" \\ 乙', "甲\x01\x7f\x1f\u2028乙", "'''"])
def test_toml_reads_back(address: str) -> None:
    import tomllib

    compound = new_compound().compound.model_copy(update={"address": address})
    assert type(compound).model_validate(tomllib.loads(toml_bytes(compound).decode())) == compound


def test_a_value_may_be_written_as_what_it_means(tmp_path: Path) -> None:
    table = tmp_path / "changes.csv"
    table.write_text("code,date,kind,dwellings,owner\nBG-1,2026-09-05,过户,01-1-101,Y9\n", "utf-8")
    assert read_table(table, Change)[0].kind == "sale"
    table.write_text("code,date,kind,dwellings,owner\nBG-1,2026-09-05,卖掉,01-1-101,Y9\n", "utf-8")
    with pytest.raises(Refused, match="只能是 sale（过户）"):
        read_table(table, Change)
