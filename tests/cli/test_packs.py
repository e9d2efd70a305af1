"""`jiezhang packs`: one person proposes, another approves, and the log keeps both."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.book import pack_log, rulepacks
from jiezhang.book.create import create_street
from jiezhang.cli.main import main
from jiezhang.domain.register import Person, Street

PEOPLE = (
    Person(id="K01", name="代理会计1号", roles=("bookkeeper",)),
    Person(id="F01", name="街道复核员", roles=("reviewer",)),
    Person(id="T01", name="街道负责人", roles=("street_head",)),
)


@pytest.fixture
def street(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A street opened on 2026-07-01 whose city's pack was changed since."""
    rules = tmp_path / "rules"
    shutil.copytree(rulepacks.shipped(), rules, ignore=shutil.ignore_patterns("procedures"))
    monkeypatch.setattr(rulepacks, "shipped", lambda: rules)
    monkeypatch.setattr(pack_log, "shipped", lambda: rules)
    monkeypatch.delenv("JIEZHANG_AS", raising=False)
    folder = create_street(
        tmp_path / "street", Street(name="长吴街道", city="hangzhou", people=PEOPLE), date(2026, 7, 1)
    )
    with (rules / "hangzhou.toml").open("a", encoding="utf-8") as file:
        file.write("# 修订\n")
    return folder.path


def jiezhang(street: Path, *arguments: str, by: str = "") -> Result:
    named = ["--as", by] if by else []
    return CliRunner().invoke(main, ["-C", str(street), *named, "packs", *arguments], catch_exceptions=False)


def lines(street: Path) -> list[list[str]]:
    return [line.split(",") for line in (street / "rulepacks.csv").read_text("utf-8").splitlines()[1:]]


def test_from_a_change_to_its_adoption(street: Path) -> None:
    listed = jiezhang(street, "list")
    assert listed.exit_code == 1
    assert [line.split("　")[::2] for line in listed.stdout.splitlines()] == [
        ["national", "2026-07-01 建账时采用"],
        ["hangzhou", "有改动，没有批准"],
    ]
    asked = jiezhang(street, "propose", "hangzhou", "--reason", "条例修订", "--document", "街发12号", by="K01")
    assert asked.exit_code == 0
    assert "K01 已提出采用规则包 hangzhou" in asked.stdout
    today = date.today().isoformat()  # noqa: DTZ011 - the command's own day
    waiting = jiezhang(street, "list")
    assert waiting.exit_code == 1
    assert f"有改动，没有批准；{today} K01 提出（条例修订），待批准\n" in waiting.stdout
    agreed = jiezhang(street, "approve", "hangzhou", by="F01")
    assert agreed.exit_code == 0
    assert "F01 已批准 K01 提出的规则包 hangzhou" in agreed.stdout
    done = jiezhang(street, "list")
    assert done.exit_code == 0
    assert f"　{today} K01 提出，F01 批准\n" in done.stdout
    assert [row[1:2] + row[3:] for row in lines(street)] == [
        ["hangzhou", "建账", "建账", "建账时采用", ""],
        ["national", "建账", "建账", "建账时采用", ""],
        ["hangzhou", "K01", "", "条例修订", "街发12号"],
        ["hangzhou", "K01", "F01", "条例修订", "街发12号"],
    ]


def test_the_list_as_data(street: Path) -> None:
    jiezhang(street, "propose", "hangzhou", "--reason", "条例修订", by="K01")
    found = json.loads(jiezhang(street, "list", "--json").stdout)
    assert [(one["pack"], one["adopted"]) for one in found] == [("national", True), ("hangzhou", False)]
    assert found[0]["proposal"] is None
    assert found[1]["proposal"]["proposed_by"] == "K01"
    assert found[1]["proposal"]["sha256"] == found[1]["sha256"] != found[1]["adoption"]["sha256"]


def test_a_proposal_overtaken_by_another_change(street: Path) -> None:
    jiezhang(street, "propose", "hangzhou", "--reason", "条例修订", by="K01")
    with (street.parent / "rules/hangzhou.toml").open("a", encoding="utf-8") as file:
        file.write("# 再改\n")
    assert "待批准，提出以后又有改动，须重新提出" in jiezhang(street, "list").stdout
    assert jiezhang(street, "approve", "hangzhou", by="F01").exit_code == 2
    assert jiezhang(street, "propose", "hangzhou", "--reason", "再改", by="F01").exit_code == 0
    assert jiezhang(street, "approve", "hangzhou", by="T01").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "by", "said"),
    [
        (("propose", "hangzhou", "--reason", "修订"), "", "没有写明谁在办"),
        (("propose", "hangzhou", "--reason", "修订"), "K09", "人员 K09 没有登记在街道的人员名单里"),
        (("propose", "shanghai", "--reason", "修订"), "K01", "街道没有用规则包 shanghai，在用的有：national、hangzhou"),
        (("propose", "national", "--reason", "修订"), "K01", "规则包 national 没有改动，不用提出"),
        (("propose", "hangzhou", "--reason", ""), "K01", "“reason”不得为空"),
        (("propose", "hangzhou", "--reason", "修订", "--document", "<文>"), "K01", "“document”写法不对"),
        (("approve", "hangzhou"), "F01", "规则包 hangzhou 没有待批准的改动"),
        (("approve", "hangzhou"), "K01", "K01（代理会计）不能批准规则包的改动"),
    ],
)
def test_what_is_refused_changes_nothing(street: Path, arguments: tuple[str, ...], by: str, said: str) -> None:
    before = (street / "rulepacks.csv").read_bytes()
    result = jiezhang(street, *arguments, by=by)
    assert result.exit_code == 2
    assert said in result.stderr
    assert (street / "rulepacks.csv").read_bytes() == before


def test_a_street_from_before_the_log_adopts_pack_by_pack(street: Path) -> None:
    (street / "rulepacks.csv").unlink()
    assert [line.split("　")[2] for line in jiezhang(street, "list").stdout.splitlines()] == ["没有采用"] * 2
    for pack in ("national", "hangzhou"):
        assert jiezhang(street, "propose", pack, "--reason", "补办采用", by="K01").exit_code == 0
        assert jiezhang(street, "approve", pack, by="F01").exit_code == 0
    assert jiezhang(street, "list").exit_code == 0


def test_outside_a_street(tmp_path: Path) -> None:
    result = jiezhang(tmp_path, "list")
    assert result.exit_code == 2
    assert "这里不是街道文件夹" in result.stderr
