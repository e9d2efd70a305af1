"""Sheets on the disk and the command that compares them: what can't be used is refused with its line."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.cli.main import main
from jiezhang.close.party_sheets import read_sheet
from jiezhang.domain.problem import Refused
from tests.tri_party.legs_books import SEPTEMBER, LegBooks, make_street


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_street(tmp_path_factory.mktemp("sheets") / "street").path


@pytest.fixture
def street(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "street"))


def run(street: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(street), "reconcile", "2026-09", *words], prog_name="jiezhang")


Cells = dict[str, str]


def fill(path: Path, change: Callable[[list[Cells]], object] = lambda rows: None) -> Path:
    """The sheet with every line 相符, then changed, as Excel saves it again."""
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    for row in rows:
        row["result"] = "相符"
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    filled = path.with_name(f"填好的{path.name}")
    filled.write_bytes(out.getvalue().encode("utf-8-sig"))
    return filled


def blank(street: Path, party: str) -> Path:
    path = street.parent / f"{party}.csv"
    answer = run(street, "--party", party, "--blank", str(path), "--compound", "C0007")
    assert answer.exit_code == 0, answer.output
    return path


@pytest.mark.parametrize("party", ["auditor", "community", "owners", "bank"])
def test_a_sheet_filled_in_without_a_word_agrees(street: Path, party: str) -> None:
    sheet = fill(blank(street, party))
    answer = run(street, "--party", party, "--sheet", str(sheet), "--compound", "C0007", "--json")
    (leg,) = json.loads(answer.stdout)
    assert leg["asked"] == leg["checked"] > 0
    assert leg["differences"] == []  # a balance that the bank confirms needs no statement
    assert answer.exit_code == 0


@pytest.mark.parametrize(
    ("dialect", "encoding"),
    [
        ("excel", "utf-8"), ("excel", "gb18030"), ("excel", "utf-16"),
        ("excel-tab", "utf-16"), ("excel-tab", "utf-8-sig"), ("excel-tab", "gb18030"),
    ],
)  # fmt: skip
def test_a_sheet_is_read_as_excel_saves_it(street: Path, dialect: str, encoding: str) -> None:
    def change(rows: list[Cells]) -> None:
        rows[0].update(result="不符", reason="没有看到发票, 只有\t收据")

    sheet = fill(blank(street, "community"), change)
    before = read_sheet(sheet, SEPTEMBER)
    out = io.StringIO()
    csv.writer(out, dialect).writerows(csv.reader(io.StringIO(sheet.read_bytes().decode("utf-8-sig"))))
    sheet.write_bytes(out.getvalue().encode(encoding))
    assert read_sheet(sheet, SEPTEMBER) == before
    assert [row.reason for _, row in before.remarks] == ["没有看到发票, 只有\t收据"]


def test_a_sheet_whose_encoding_is_lost_is_refused(street: Path) -> None:
    sheet = fill(blank(street, "community"))
    sheet.write_bytes(sheet.read_bytes().decode("utf-8-sig").encode("utf-16-le"))  # no mark says what it is
    with pytest.raises(Refused, match="文件的文字编码无法识别"):
        read_sheet(sheet, SEPTEMBER)


def test_an_empty_sheet_opens_in_excel_and_says_nothing_yet(street: Path) -> None:
    sheet = blank(street, "community")
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbfkind,account,ref,date,amount,text,sha256,result,")
    answer = run(street, "--party", "community", "--sheet", str(sheet), "--compound", "C0007")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "第 2 行：这一行还没有填写结果（相符、不符、未见、另有）" in answer.stderr


def closing(rows: list[Cells]) -> Cells:
    return next(row for row in rows if row["ref"] == "期末" and row["account"].endswith("工行3021"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: row.update(result=""), "这一行还没有填写结果（相符、不符、未见、另有）"),
        (lambda row: row.update(result="不符"), "结果写“不符”，须写明见到的日期、金额或账户，或写明原因"),
        (lambda row: row.update(seen_amount="1.00"), "结果写“相符”，就不能再写见到的日期、金额或账户"),
        (lambda row: row.update(result="另有"), "余额行的编号须是期初或期末，须有金额，结果不能是“另有”"),
        (lambda row: row.update(ref="月中"), "余额行的编号须是期初或期末，须有金额，结果不能是“另有”"),
        (lambda row: row.update(date="2026-08-31"), "这一行的余额不是 2026-09 的"),
        (lambda row: row.update(kind="item", date=""), "这一行须有账户、日期和金额"),
        (lambda row: row.update(result="对"), "“result”只能是"),
        (lambda row: row.update(result="不符", seen_amount="1.005"), "“seen_amount”小数位太多"),
    ],
)
def test_a_line_that_cannot_be_used(street: Path, change: Callable[[Cells], None], said: str) -> None:
    sheet = fill(blank(street, "bank"), lambda rows: change(closing(rows)))
    with pytest.raises(Refused) as refused:
        read_sheet(sheet, SEPTEMBER)
    assert said in refused.value.message
    assert refused.value.line == 3


def test_the_banks_confirmation_against_its_own_statement(street: Path) -> None:
    def change(rows: list[Cells]) -> None:
        closing(rows).update(result="不符", seen_amount="10250.00")

    sheet = fill(blank(street, "bank"), change)
    answer = run(street, "--party", "bank", "--sheet", str(sheet), "--compound", "C0007")
    assert answer.exit_code == 1
    assert "期末余额与逐笔不符" in answer.stdout
    assert "期末写的是 10,250.00" in answer.stdout
    assert "回单 6 项，相符 5 项" in answer.stdout


def test_the_command_prints_the_leg(street: Path) -> None:
    books = LegBooks.load(street)
    path = books.file("工行9月.csv")
    text = path.read_text("utf-8").replace(",300.00,10200", ",310.00,10210").replace("10240", "10250")
    path.write_text(text, "utf-8")
    answer = run(street, "--party", "bank")
    assert answer.exit_code == 1
    for words in (
        "C0007 2026-09 与银行核对",
        "账簿             10,000.00            340.00            100.00         10,240.00",
        "银行             10,000.00            350.00            100.00         10,250.00",
        "更正账面金额                   10.00",
        "D2026-09-01 对账单文件被改动",
        "金额不符 Assets:C0007长吴公寓:G公共收益:1002银行存款-工行3021  10.00",
        "（statements/2026-09/工行9月.csv 第 4 行）；账上：2026-09-12 300.00",
        "2026-09 与银行核对 1 个小区：3 项差异。",
    ):
        assert words in answer.stdout, words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--party", "auditor"), "这一方的核对要有对账回单：用 --sheet 给出填好的回单，或用 --blank 生成空白回单"),
        (("--blank", "x.csv"), "--sheet、--blank 须与 --party 一起写"),
        (("--party", "bank", "--blank", "x.csv", "--sheet", "x.csv"), "--sheet 和 --blank 只能写一个"),
        (("--party", "bank", "--blank", "street.toml"), "文件已经存在，请换一个名字"),
        (("--party", "bank", "--sheet", "没有.csv"), "读不出文件（没有这个文件）"),
    ],
)
def test_what_is_not_done(
    street: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(street)
    answer = run(street, *words)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert said in answer.stderr


def test_a_sheet_is_of_one_compound() -> None:
    example = Path(__file__).parents[2] / "ledgers/ganzhi"
    answer = run(example, "--party", "auditor", "--blank", "/tmp/not-written.csv")
    assert answer.exit_code == 2
    assert "一份对账回单只属于一个小区，请用 --compound 指明小区" in answer.stderr


def test_without_a_party_the_command_is_the_old_one(street: Path) -> None:
    assert "2026-09 核对 3 个账户、4 笔流水：1 个账户有差异。" in run(street).stdout
