"""What the commands of resolutions refuse: one sentence, exit 2, not a byte changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from jiezhang.close.ballots import electors_of
from jiezhang.domain.problem import Refused
from jiezhang.street.resolving import readable_office
from tests.resolving.little_office import (
    ALL_AGREE,
    NEW,
    Office,
    hand_in,
    make_office,
    seal,
    walk,
)

BID = ("--supplier", "甲防水公司")
OPEN = ["resolve", "open-bid", *BID, "--nonce", "a" * 16, "--price"]
PUBLISH = ["resolve", "publish", "--place", "门口", "--until"]
ANSWER = ["resolve", "answer", "--number", "YY9", "--text", "好", "--by", "Y01"]
CASES: list[tuple[int, str, str, list[str], str]] = [
    # acts done, who, day, command, what is said
    (0, "K01", "03-01", ["resolve", "new", *NEW], "第1步“业委会提议”须由业主委员会办，K01 代理会计不是（办法第1条）"),
    (0, "X99", "03-01", ["resolve", "new", *NEW], "X99"),
    (0, "Y01", "03-01", ["resolve", "new", *NEW, "--matter", "operate"], "程序“小程序”不能用来决定“利用共有部分经营”"),
    (0, "Y01", "03-01", ["resolve", "new", *NEW, "--procedure", "nothing"], "决议 R1 的程序“nothing”没有登记"),
    (0, "Y01", "03-01", ["resolve", "new", *NEW, "--matter", "dance"], "--matter 只能是"),
    (0, "Y01", "03-01", ["resolve", "new", *NEW, "--budget", "1.234"], "--budget 小数位太多"),
    (0, "Y01", "03-01", ["resolve", "new", "--procedure", "little"], "--title 没有填写"),
    (0, "Z01", "03-05", ["resolve", "stage"], "没有决议 R1，先用 resolve new 提议"),
    (0, "K01", "03-05", ["resolve", "show"], "小区 C0007 没有决议 R1"),
    (1, "Y01", "03-02", ["resolve", "new", *NEW], "决议编号 R1 重复，已于 2025-03-01 用过"),
    (1, "Z01", "02-28", ["resolve", "stage"], "日期 2025-02-28 早于决议 R1 最后一条记录的 2025-03-01"),
    (1, "Z01", "04-01", ["resolve", "stage"], "“小程序”第2步“党支部审议”须在前一步之后 30 日之内办"),
    (1, "Y02", "03-05", ["resolve", "stage"], "“小程序”第2步“党支部审议”须由小区党支部办，Y02 业委会副主任不是"),
    (1, "Z01", "03-05", ["resolve", "stage", "--step", "committee", "--by", "Y01,Y02"], "还没有办，不能先办"),
    (1, "J01", "03-05", ["resolve", "file", "--number", "1"], "还没有办，不能先办"),
    (1, "J01", "03-05", ["resolve", "file", "--number", "1", "--step", "branch"], "不能用这种记录来办"),
    (1, "Z01", "03-05", ["resolve", "stage", "--step", "dance"], "没有步骤“dance”"),
    (2, "K01", "03-06", ["resolve", "bid", *BID, "--sealed", "12"], "--sealed 写法不对"),
    (2, "K01", "03-06", [*OPEN, "9000"], "只收到 0 家密封报价，少于 3 家"),
    (3, "K01", "03-07", [*OPEN, "9001"], "开封的报价与密封时交的不符"),
    (3, "K01", "03-07", ["resolve", "bid", *BID, "--sealed", "1" * 64], "交了两次报价"),
    (4, "Y01", "03-11", ["resolve", "stage", "--supplier", "甲防水公司"], "全体 3 人，只有 1 人同意，须超过半数"),
    (4, "Y01", "03-11", ["resolve", "stage", "--by", "Y01,Y02", "--supplier", "丁公司"], "选定的“丁公司”没有参加报价"),
    (6, "Y01", "03-21", [*PUBLISH, "2025-03-26"], "须满 7 日，只有 6 日（办法第5条）"),
    (7, "J01", "03-27", ["resolve", "file", "--number", "1"], "公开的期限到 2025-03-27 为止"),
    (7, "K01", "03-28", ANSWER, "没有业主异议 YY9，不能答复"),
    (9, "Y01", "04-01", ["resolve", "new", *NEW], "重复"),
]  # fmt: skip


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Office]:
    """The office after so many acts of the story; refusals change nothing, so one serves all."""
    kept: dict[int, Office] = {}

    def after(acts: int) -> Office:
        if acts not in kept:
            kept[acts] = walk(make_office(tmp_path_factory.mktemp(f"after{acts}")), acts)
        return kept[acts]

    return after


@pytest.mark.parametrize(("acts", "who", "day", "words", "said"), CASES)
def test_refused(at: Callable[[int], Office], acts: int, who: str, day: str, words: list[str], said: str) -> None:
    office = at(acts)
    line = ["resolve", "show", "R1", "--compound", "C0007"] if words[1] == "show" else office.about(day, *words)
    assert said in office.refused(who, *line)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({**ALL_AGREE, "09-9-999": "agree"}, "第 6 行：户 09-9-999 在表决日没有表决权，或不在表决范围内"),
        ({**ALL_AGREE, "01-1-201": "maybe"}, "第 4 行：表决票写法不对：choice 只能是 agree、against、abstain"),
        ({**ALL_AGREE, "01-1-201": "agree,x"}, "第 4 行：这一行的列数与表头不同"),
    ],
)
def test_a_ballot_that_is_wrong(at: Callable[[int], Office], choices: dict[str, str], said: str) -> None:
    office = at(5)
    sheet = office.ballots(choices)
    assert said in office.refused("K01", *office.about("03-20", "vote", "--ballots", str(sheet)))


def test_a_ballot_sheet_that_is_no_ballot_sheet(at: Callable[[int], Office], tmp_path: Path) -> None:
    office, sheet = at(5), tmp_path / "票.csv"
    line = office.about("03-20", "vote", "--ballots", str(sheet))
    assert "读不出文件" in office.refused("K01", *line)
    sheet.write_text("户号,意见\n", "utf-8")
    assert "表决票的表头应是 dwelling,choice,proxy,power_sha256" in office.refused("K01", *line)
    sheet.write_text('dwelling,choice\n"01', "utf-8")
    assert "表决票文件不是能读的 CSV" in office.refused("K01", *line)
    assert "文件已经存在，请换一个名字" in office.refused("K01", *line, "--blank")
    assert "写空白表决票不用写 --step" in office.refused("K01", *line, "--blank", "--step", "vote")


def test_the_vote_is_registered_once(at: Callable[[int], Office]) -> None:
    office = at(6)
    sheet = office.ballots(ALL_AGREE)
    said = office.refused("K01", *office.about("03-20", "vote", "--ballots", str(sheet)))
    assert said == "决议 R1 没有这样的步骤要办，用 resolve show R1 看还差哪一步"
    said = office.refused("K01", *office.about("03-20", "vote", "--ballots", str(sheet), "--step", "vote"))
    assert "已于 2025-03-20 办过，不能再办" in said


def test_nobody_acts(at: Callable[[int], Office]) -> None:
    office = at(1)
    from click.testing import CliRunner

    from jiezhang.cli.main import main

    line = ["-C", str(office.path), *office.about("03-05", "resolve", "stage")]
    done = CliRunner().invoke(main, line, env={"JIEZHANG_AS": ""})
    assert (done.exit_code, "没有写明谁在办" in done.stderr) == (2, True)


def test_a_day_that_has_not_come(at: Callable[[int], Office]) -> None:
    office = at(1)
    line = ["resolve", "stage", "R1", "--compound", "C0007", "--on", "2199-01-01"]
    assert office.refused("Z01", *line) == "日期 2199-01-01 还没有到，不能先记"


def test_what_a_file_leaves_no_room_for(at: Callable[[int], Office], tmp_path: Path) -> None:
    office = at(1)
    words = ["resolve", "new", "R2", "--compound", "C0007", "--file", str(tmp_path / "x.toml")]
    assert office.refused("Y01", *words) == "写了 --file，决议编号和各项都从文件读，不要再写"
    assert "没有写决议编号" in office.refused("Y01", "resolve", "new", "--compound", "C0007", "--title", "x")
    ledger = tmp_path / "x.beancount"
    ledger.write_text("", "utf-8")
    line = office.about("03-05", "resolve", "stage", "--document", str(ledger))
    assert "附件不能是账簿文件" in office.refused("Z01", *line)
    line = office.about("03-05", "resolve", "stage", "--document", str(tmp_path / "nothing"))
    assert "读不出文件（没有这个文件）" in office.refused("Z01", *line)


def test_after_a_record_that_is_wrong_nothing_more_is_written(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 2)
    file = office.compound / "resolutions.beancount"
    text = file.read_text("utf-8")
    file.write_text(text.replace('by: "Z01"', 'by: "Y02"'), "utf-8")
    with pytest.raises(AssertionError, match=r"决议 R1 已有的记录有误，不能再往下办：“小程序”第2步“党支部审议”须由"):
        hand_in(office)
    file.write_text(text.replace("opinion", "opinions"), "utf-8")
    with pytest.raises(AssertionError, match="决议 R1 已有的记录有误，不能再往下办：审议记录写法不对"):
        hand_in(office)


def test_a_register_that_cannot_be_read(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 8)
    file = office.compound / "register/seals.csv"
    file.write_text(file.read_text("utf-8").replace("assembly", "assemble"), "utf-8")
    said = office.refused("K01", "resolve", "show", "R1", "--compound", "C0007")
    assert "seals.csv：第 2 行：“seal”只能是" in said


PAID = ("--payment", "P1", "--payee", "甲防水公司", "--amount", "9000")


@pytest.mark.parametrize(
    ("acts", "words", "said"),
    [
        (7, ["--seal", "assembly"], "还没有办，不能先办"),
        (7, ["--seal", "assembly", *PAID], "决议 R1 还没有办完付款以前的步骤，不能在付款 P1 上用印"),
        (8, ["--seal", "assembly", "KEY", "committee"], "钥匙 YZ2 是业主委员会印章的，不能代盖业主大会印章"),
        (8, ["--seal", "assembly", "--signature", "12" * 32], "业主大会印章的签名与钥匙 YZ1 不符"),
        (8, ["--seal", "assembly", "--signature", "xyz"], "--signature 写法不对"),
        (8, ["--seal", "assembly", "NONE"], "盖业主大会印章，须由钥匙 YZ1 签名：用 --key 给出它的私钥，或签好 "),
        (8, ["--seal", "assembly", "STRANGE"], "这把私钥没有登记在 seals.csv，先用 seal enrol 登记它的公钥"),
        (8, ["--seal", "assembly", "--payment", "P1"], "--payment、--payee、--amount 须一起写"),
        (9, ["--seal", "assembly"], "决议 R1 没有这样的步骤要办"),
    ],
)
def test_a_seal_that_may_not_be_set(
    at: Callable[[int], Office], tmp_path: Path, acts: int, words: list[str], said: str
) -> None:
    office = at(acts)
    if "KEY" in words:
        words = [*words[:2], "--key", str(office.keys[words[3]])]
    elif "STRANGE" in words:
        strange = tmp_path / "strange.pem"
        office.do("K01", "seal", "key", str(strange))
        words = [*words[:2], "--key", str(strange)]
    elif "NONE" in words:
        words = words[:2]
    elif "--signature" not in words:
        words = [*words, "--key", str(office.keys["assembly"])]
    assert said in office.refused("K01", *office.about("03-30", "seal", "set", *words))


def test_one_payment_one_amount(at: Callable[[int], Office], tmp_path: Path) -> None:
    office = walk(make_office(tmp_path))
    key = {name: str(file) for name, file in office.keys.items()}
    office.on("K01", "04-01", "seal", "set", "--seal", "assembly", "--key", key["assembly"], *PAID)
    other = ["--payment", "P1", "--payee", "甲防水公司", "--amount", "9999"]
    line = office.about("04-01", "seal", "set", "--seal", "committee", "--key", key["committee"], *other)
    assert "与另一枚印章盖的收款人或金额不同" in office.refused("K01", *line)
    both = ["--signature", "12" * 32, "--key", key["assembly"]]
    line = office.about("04-01", "seal", "set", "--seal", "assembly", *both)
    assert office.refused("K01", *line) == "--key 和 --signature 只写一个"
    with pytest.raises(AssertionError, match="已经盖过"):
        seal(office, "04-02", *PAID)


def test_nothing_is_sealed_after_the_owners_said_no(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 5)
    sheet = office.ballots({"01-1-101": "against", "01-1-102": "against", "01-1-201": "against"})
    office.on("K01", "03-20", "vote", "--ballots", str(sheet))
    line = office.about("03-21", "seal", "set", "--seal", "assembly", "--key", str(office.keys["assembly"]))
    said = office.refused("K01", *line)
    assert said.startswith("决议 R1 ")
    assert said.endswith("，不能用印")


def test_a_document_that_is_too_large(at: Callable[[int], Office], tmp_path: Path) -> None:
    large = tmp_path / "录像.mp4"
    with large.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    line = at(1).about("03-05", "resolve", "stage", "--document", str(large))
    assert at(1).refused("Z01", *line) == f"{large}：附件超过 64 MB"


def test_a_compound_without_dwellings(at: Callable[[int], Office]) -> None:
    [ledger] = load_street(StreetFolder(at(1).path))
    view = readable_office(ledger)
    resolution = view.paths["R1"].resolution
    with pytest.raises(Refused, match="没有户册，不能编表决票"):
        electors_of(resolution, date(2025, 3, 1), replace(view.files, register=None))


def test_a_file_of_ballots_is_never_written_over(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 5)
    other = office.compound / "votes/R1.csv"
    other.parent.mkdir()
    other.write_text("dwelling,choice\n01-1-101,agree\n", "utf-8")
    file = office.compound / "resolutions.beancount"
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    more = f'\n2025-03-12 custom "vote" "R0" "vote"\n  ballots: "votes/R1.csv"\n  sha256: "{digest}"\n'
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    office.on("K01", "03-20", "vote", "--ballots", str(office.ballots(ALL_AGREE)))
    assert other.read_text("utf-8") == "dwelling,choice\n01-1-101,agree\n"
    assert (office.compound / "votes/R1-2.csv").exists()
