"""Under which name a bank's file is kept, and the note that lets it be read again as it was."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.plain_table import ColumnMap
from importers.wechat_fund import MERCHANT_IN_NAME
from jiezhang.close.keeping import Note, kept_name, note_bytes, note_name, read_kept
from jiezhang.domain.problem import Refused

NAMES = [
    ("信用社9月.csv", "信用社9月.csv"),
    ("historydetail1202000000000013021.XLSX", "historydetail1202000000000013021.XLSX"),
    ("1900000001All202607_资金账单.csv.gz", "1900000001All202607_资金账单.csv.gz"),
    ("对账单 (1)（副本）.xls", "对账单__1__副本_.xls"),
    ("x.beancount", "x_beancount.dat"),
    ("2026-09.beancount.csv", "2026-09.beancount.csv"),
    ("x.toml", "x_toml.dat"),
    (".x.tmp", "_x_tmp.dat"),
    (".x.csv", "x.csv"),
    ("..csv", "_.csv"),
    ("没有后缀", "没有后缀.dat"),
    ("a\nb\x1b[31m.csv", "a_b__31m.csv"),
    ("\u202evsc.csv", "_vsc.csv"),
    ("cafe\u0301.csv", "caf\u00e9.csv"),
]


@pytest.mark.parametrize(("name", "kept"), NAMES)
def test_the_name_is_still_recognisable(name: str, kept: str) -> None:
    assert kept_name(name) == kept


def test_files_of_one_name_are_counted() -> None:
    assert [kept_name("工行3021.csv", number) for number in (1, 2, 3)] == [
        "工行3021.csv",
        "工行3021-2.csv",
        "工行3021-3.csv",
    ]


names = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=30) | st.lists(
    st.sampled_from(["1900000007", "historydetail", ".", " ", "(", "-", "_", "账", "9", ".csv", ".beancount", "\n"]),
    min_size=1,
    max_size=6,
).map("".join)


@given(names, st.integers(1, 3))
def test_no_name_can_do_harm_or_hide_the_number_in_it(name: str, number: int) -> None:
    kept = kept_name(name, number)
    assert re.fullmatch(r"[^\W.][\w.-]*|_[\w.-]*|-[\w.-]*", kept)
    assert not kept.endswith((".beancount", ".tmp", ".toml"))
    told = [MERCHANT_IN_NAME.findall(text) for text in (name, kept)]
    assert told[0] == told[1]


TABLE = "日期,说,数,余\n2026-09-03,\"a\",5.00,15.00\n".encode()
COLUMNS = ColumnMap(date="日期", summary="说", amount="数", balance="余", flag_in=('"', "\\", "\x7f\n"))


def _kept(tmp_path: Path, note: Note) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE)
    (tmp_path / note_name("a.csv")).write_bytes(note_bytes(note))
    return path


def test_a_file_is_read_as_its_note_says(tmp_path: Path) -> None:
    path = _kept(tmp_path, Note(sha256=hashlib.sha256(TABLE).hexdigest(), account="3021", columns=COLUMNS))
    (statement,), account = read_kept(path)
    assert (str(statement.rows[0].amount), statement.layout, account) == ("5.00", "plain.mapped", "3021")


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (b'sha256 = "00"\n', "与旁边的说明（a.csv.toml）不是一起保存的，其中一个已被改动"),
        (b"sha256\n", "旁边的说明（a.csv.toml）写坏了"),
        (b"\xff", "旁边的说明（a.csv.toml）写坏了"),
        (b'sha256 = "00"\nx = 1\n', "旁边的说明（a.csv.toml）写坏了"),
    ],
)
def test_a_note_of_another_file_is_not_believed(tmp_path: Path, note: bytes, said: str) -> None:
    path = _kept(tmp_path, Note(sha256=""))
    path.with_name("a.csv.toml").write_bytes(note)
    with pytest.raises(Refused, match=re.escape(said)):
        read_kept(path)
