"""Starting out: a street with its communities, a compound beside others, a further account, and what each refuses."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_rules, read_street
from jiezhang.cli.main import main
from jiezhang.domain.starter_rules import STARTER_RULES
from tests.conftest import MAKER, snapshot

EXAMPLE = Path(__file__).parents[2] / "ledgers/ganzhi/street.toml"
ABOUT = {"--name": "柳浪街道", "--city": "hangzhou"}
TAKEN = "银行账号 1202000000000013021 已由小区 C0007 登记，一个专户只能属于一个小区"
ACCOUNTS = "fund,bank,name,number,holder,holder_kind\nG,{bank},工行,{number},桂花苑业主大会,assembly\n"


def jiezhang(*arguments: str | Path) -> Result:
    return CliRunner(env={"JIEZHANG_AS": MAKER}).invoke(main, [str(word) for word in arguments], catch_exceptions=False)


def options(given: dict[str, str]) -> list[str]:
    return [word for pair in given.items() for word in pair]


def new_compound(street: StreetFolder, given: dict[str, str], bank: str = "icbc", number: str = "12020001") -> Result:
    sheet = street.path.with_name("专户表.csv")
    sheet.write_text(ACCOUNTS.format(bank=bank, number=number), "utf-8")
    about = {"--code": "C0009", "--name": "桂花苑", "--community": "SQ01", "--kind": "old", "--start": "2026-09-01"}
    return jiezhang("-C", street.path, "new", "compound", *options(about | given), "--accounts", sheet)


def new_account(street: StreetFolder, given: dict[str, str]) -> Result:
    about = {
        "--compound": "C0007", "--fund": "G", "--bank": "cmb", "--name": "招行", "--number": "571900000002233",
        "--holder": "长吴公寓业主大会", "--holder-kind": "assembly", "--opened": "2026-10-01",
    }
    return jiezhang("-C", street.path, "new", "account", *options(about | given))


def test_a_fresh_street_takes_the_tables_of_another(tmp_path: Path) -> None:
    """TOML forbids `[[communities]]` below `communities = []`, so that line must not be there."""
    assert jiezhang("new", "street", tmp_path / "s", *options(ABOUT)).exit_code == 0
    street = StreetFolder(tmp_path / "s")
    example = EXAMPLE.read_text("utf-8")
    street.toml.write_text(street.toml.read_text("utf-8") + "\n" + example[example.index("[[") :], "utf-8")
    read = read_street(street)
    assert [community.name for community in read.communities] == ["立春社区"]
    assert len(read.people) == example.count("[[people]]") > 6
    assert street.inbox.is_dir()


def test_communities_may_be_given_at_once(tmp_path: Path) -> None:
    given = ["--community", "SQ01=立春社区", "--community", "SQ02=雨水社区"]
    assert jiezhang("new", "street", tmp_path / "s", *options(ABOUT), *given).exit_code == 0
    known = read_street(StreetFolder(tmp_path / "s")).communities
    assert [(community.code, community.name) for community in known] == [("SQ01", "立春社区"), ("SQ02", "雨水社区")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("立春社区", "--community 应写成 SQ01=立春社区 的样子（写的是“立春社区”）"),
        ("SQ01=", "--community 不得为空（写的是“”）"),
        ("s 1=立春", "--community 应写成 SQ01 的样子（写的是“s 1”）"),
    ],
)
def test_a_community_that_will_not_do(given: str, said: str, tmp_path: Path) -> None:
    result = jiezhang("new", "street", tmp_path / "s", *options(ABOUT), "--community", given)
    assert (result.exit_code, result.stderr) == (2, said + "\n")
    assert not (tmp_path / "s").exists()


def test_a_compound_starts_with_booking_rules(street: StreetFolder) -> None:
    result = new_compound(street, {})
    assert result.exit_code == 0
    assert f"已写入 {len(STARTER_RULES)} 条常用记账规则" in result.stdout
    assert tuple(read_rules(street.compound("C0009"))) == STARTER_RULES
    assert jiezhang("-C", street.path, "check").exit_code == 0


@pytest.mark.parametrize(
    ("given", "bank", "number", "said"),
    [
        ({"--name": "长吴公寓"}, "icbc", "12020001", "小区名称“长吴公寓”已由小区 C0007 使用"),
        (
            {"--community": "SQ09"}, "icbc", "12020001",
            "社区 SQ09 没有登记，现有：SQ01（立春社区）",
        ),
        ({}, "icbc", "1202-0000-0000-0013-021", f"第 2 行：{TAKEN}"),
        ({}, "other", "1202000000000013021", f"第 2 行：{TAKEN}"),
    ],
    ids=["name", "community", "number", "number at another bank"],
)
def test_what_another_compound_has(
    street: StreetFolder, given: dict[str, str], bank: str, number: str, said: str
) -> None:
    with street.toml.open("a", encoding="utf-8") as toml:
        toml.write('\n[[communities]]\ncode = "SQ01"\nname = "立春社区"\n')
    before = snapshot(street.path)
    result = new_compound(street, given, bank, number)
    assert result.exit_code == 2
    assert said in result.stderr
    assert snapshot(street.path) == before


def test_a_further_account(street: StreetFolder) -> None:
    path = street.compound("C0007").path / "accounts.beancount"
    before = path.read_text("utf-8")
    result = new_account(street, {})
    name = "Assets:C0007长吴公寓:G公共收益:1002银行存款-招行2233"
    assert (result.exit_code, result.stdout) == (0, f"已开专户：{name}\n")
    assert path.read_text("utf-8") == before.rstrip("\n") + (
        f"\n\n2026-10-01 open {name} CNY\n"
        '  bank: "cmb"\n  bank-account: "571900000002233"\n'
        '  holder: "长吴公寓业主大会"\n  holder-kind: "assembly"\n'
    )
    assert jiezhang("-C", street.path, "check").exit_code == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"--holder-kind": "person"}, "专户“.*招行2233”不得以个人名义开立（户名：长吴公寓业主大会）"),
        ({"--number": "1202000000000013021"}, "已属于“.*工行3021”，一个专户只能属于一项资金"),
        ({"--bank": "hsbc"}, "--bank 只能是 icbc（工商银行）、.*（写的是“hsbc”）"),
        ({"--fund": "W", "--bank": "alipay"}, "支付宝只能收公共收益，不能是维修资金的专户"),
        ({"--number": "12020000000000130AB"}, "12020000000000130AB 已由小区 C0008 登记，一个专户只能属于一个小区"),
        ({"--compound": "C0099"}, "街道里没有小区 C0099"),
        ({"--bank": "wechat", "--name": "微信"}, "账户“.*1012支付平台待结算-微信”重复开设"),
    ],
)
def test_an_account_that_will_not_do(street: StreetFolder, given: dict[str, str], said: str) -> None:
    new_compound(street, {"--code": "C0008"}, number="12020000000000130AB")
    before = snapshot(street.path)
    result = new_account(street, given)
    assert result.exit_code == 2
    assert re.search(said + "\n$", result.stderr), result.stderr
    assert snapshot(street.path) == before


def test_a_second_merchant_number_has_a_name_of_its_own(street: StreetFolder) -> None:
    result = new_account(street, {"--bank": "wechat", "--name": "微信二号", "--number": "1900009999"})
    assert result.stdout == "已开专户：Assets:C0007长吴公寓:G公共收益:1012支付平台待结算-微信二号\n"


@pytest.mark.parametrize("litter", [None, "Thumbs.db", "desktop.ini", ".DS_Store", "~$对账单.xlsx", "gone"])
def test_an_inbox_without_statements_says_what_to_put_there(street: StreetFolder, litter: str | None) -> None:
    if litter == "gone":
        shutil.rmtree(street.inbox)
    elif litter:
        (street.inbox / litter).write_bytes(b"\x00")
    result = jiezhang("-C", street.path, "import")
    assert result.exit_code == 0
    assert "inbox 里没有对账单：从网银下载当月明细" in result.stdout
