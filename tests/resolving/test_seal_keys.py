"""Keys of the two seals through the commands: made, handed over, lost, revoked; and what becomes of their seals."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from jiezhang.book.keys import load_private
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from jiezhang.domain.approval.seals import verifies_with
from tests.resolving.little_office import Office, make_office, seal, walk


@pytest.mark.parametrize(("option", "algorithm", "digits"), [([], "ed25519", 64), (["--p256"], "p256", 130)])
def test_a_new_key(tmp_path: Path, option: list[str], algorithm: str, digits: int) -> None:
    office = Office(tmp_path)
    file = tmp_path / "a.pem"
    public = office.do("K01", "seal", "key", str(file), *option).strip()
    assert len(public) == digits
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    digest = "ab" * 32
    assert verifies_with(algorithm, public, digest, load_private(file).sign(digest))
    assert not verifies_with(algorithm, public, "cd" * 32, load_private(file).sign(digest))
    before = file.read_bytes()
    assert office.refused("K01", "seal", "key", str(file)) == f"{file}：已有同名的文件，私钥不得覆盖"
    assert file.read_bytes() == before
    nowhere = tmp_path / "nowhere/a.pem"
    assert "写不了私钥文件（没有这个文件）" in office.refused("K01", "seal", "key", str(nowhere))


def test_a_private_key_does_not_lie_with_the_books(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    said = office.refused("K01", "seal", "key", str(office.compound / "register/a.pem"))
    assert said.endswith("私钥不得放在街道文件夹里，请换一个只有保管人能读的地方")


def errors(office: Office) -> list[str]:
    [ledger] = load_street(StreetFolder(office.path))
    return [str(error.message) for error in ledger.errors]


def end(key: str, why: str, day: str) -> list[str]:
    return ["seal", "end", key, "--compound", "C0007", "--why", why, "--on", f"2025-{day}"]


def test_handed_over_to_the_next_keeper(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path))
    old = office.keys["committee"]
    office.do("K01", *end("YZ2", "handed_over", "04-01"))
    file, public = office.key("新主任")
    words = ["seal", "enrol", "--compound", "C0007", "--seal", "committee", "--keeper", "Y02", "--public", public]
    words += ["--on", "2025-04-01"]
    assert "业主委员会印章换钥匙，须由钥匙 YZ2 签名：用 --key 给出它的私钥，或签好 " in office.refused("K01", *words)
    assert office.refused("K01", *words, "--key", str(file)) == "这把私钥不是钥匙 YZ2 的"
    said = office.refused("K01", *words, "--signature", "00" * 64)
    assert said == "钥匙 YZ3 之前的钥匙 YZ2 已移交，钥匙 YZ2 的担保签名不符（电子签名法第15条）"
    assert "由钥匙 YZ2 担保" in office.do("K01", *words, "--key", str(old))
    office.keys["committee"] = file
    paid = ("--payment", "P1", "--payee", "甲防水公司", "--amount", "9000")
    line = office.about("04-02", "seal", "set", "--seal", "committee", "--key", str(old), *paid)
    assert "业主委员会印章的钥匙 YZ2 自 2025-04-01 起已移交，不能再用" in office.refused("K01", *line)
    seal(office, "04-02", *paid)
    assert errors(office) == []


@pytest.mark.parametrize("why", ["lost", "revoked"])
def test_lost_or_revoked_the_other_seal_vouches(tmp_path: Path, why: str) -> None:
    office = walk(make_office(tmp_path), 8)
    office.do("K01", *end("YZ1", why, "03-28"))
    word = {"lost": "遗失", "revoked": "吊销"}[why]
    line = office.about("03-29", "seal", "set", "--seal", "assembly", "--key", str(office.keys["assembly"]))
    assert f"钥匙 YZ1 自 2025-03-28 起已{word}，不能再用" in office.refused("K01", *line)
    line = office.about("03-29", "seal", "set", "--seal", "assembly", "--signature", "12" * 32)
    assert office.refused("K01", *line) == "业主大会印章在 2025-03-29 没有在用的钥匙"
    file, public = office.key("新章")
    words = ["seal", "enrol", "--compound", "C0007", "--seal", "assembly", "--keeper", "S02", "--public", public]
    words += ["--on", "2025-03-29"]
    old = str(office.keys["assembly"])
    assert office.refused("K01", *words, "--key", old) == "这把私钥不是钥匙 YZ2 的"
    office.do("K01", *words, "--key", str(office.keys["committee"]))
    office.keys["assembly"] = file
    seal(office)
    assert errors(office) == []


def test_what_a_thief_sealed_counts_no_more(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path))
    assert errors(office) == []
    for why, word in (("revoked", "吊销"), ("handed_over", "移交")):
        said = office.refused("K01", *end("YZ1", why, "03-29"))
        assert said == f"钥匙 YZ1 于 2025-03-29 还盖过业主大会印章，{word}的日期最早是 2025-03-30"
    done = office.run("K01", *end("YZ1", "lost", "03-29"))
    assert done.exit_code == 1
    assert "注意：决议 R1 在停用以后还用过这把钥匙，用印不算数" in done.stdout
    assert "记录有误" in office.do("K01", "resolve", "list")
    log = office.run("K01", "seal", "log", "--compound", "C0007", "--from", "2025-03", "--to", "2025-03")
    assert log.exit_code == 1
    first, second = log.stdout.splitlines()[1:3]
    assert first.endswith("不符：业主大会印章的钥匙 YZ1 自 2025-03-29 起已遗失，不能再用")
    assert second.endswith("不符：决议 R1 在此之前的记录有误，用印不能核验")
    for said in (
        office.refused("K01", *end("YZ1", "lost", "03-30")),
        office.refused("K01", *end("YZ9", "lost", "03-30")),
        office.refused("K01", *end("YZ2", "lost", "01-30")),
    ):
        assert said in {
            "register/seals.csv：钥匙 YZ1 自 2025-03-29 起已经遗失，不能再改",
            "register/seals.csv：没有钥匙 YZ9",
            said if said.startswith("停用日期 2025-01-30 应在启用日期 2025-02-01 和今天 ") else "",
        }


@pytest.mark.parametrize(
    ("seal_name", "keeper", "more", "said"),
    [
        ("committee", "Y02", [], "业主委员会印章的钥匙 YZ3 启用时，钥匙 YZ2 还没有停用，同一枚印章同时只能有一把钥匙"),
        ("committee", "S01", [], "业主委员会印章的钥匙 YZ3 须由业主委员会保管，S01 社区主任不是"),
        ("committee", "X01", [], "业主委员会印章的钥匙 YZ3 的保管人 X01 没有登记在 street.toml"),
        ("committee", "Y02", ["--code", "YZ1"], "钥匙编号 YZ1 已经使用"),
        ("committee", "Y02", ["--code", "印"], "--code 写法不对"),
        ("committee", "Y02", ["--on", "2199-01-01"], "日期 2199-01-01 还没有到，不能先记"),
        ("committee", "Y02", ["--public", "12"], "公钥应是 Ed25519（64 位十六进制）或 P-256"),
        ("committee", "Y02", ["--public", "x" * 64], "--public 应写成"),
        ("committee", "Y02", ["--public", "00" * 32], "的公钥不是能用的 ed25519 公钥"),
        ("committee", "Y02", ["--public", "04" + "11" * 64], "的公钥不是能用的 p256 公钥"),
        ("assembly", "Y02", ["--public", "SAME"], "这把公钥已经登记过，一把钥匙只能登记一次"),
    ],
)
def test_a_key_that_may_not_be(
    tmp_path: Path, seal_name: str, keeper: str, more: list[str], said: str
) -> None:
    office = make_office(tmp_path)
    if more[-1:] == ["SAME"]:
        more = ["--public", load_private(office.keys["committee"]).public]
    _, public = office.key("另一把")
    words = ["--compound", "C0007", "--seal", seal_name, "--keeper", keeper, "--public", public]
    assert said in office.refused("K01", "seal", "enrol", *words, *more)
