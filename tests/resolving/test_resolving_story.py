"""A whole procedure through the commands, from the proposal to the register of seals."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_street
from tests.resolving.little_office import BIDDERS, make_office, publish, register, seal, vote, walk

PAID = ("--payment", "P1", "--payee", "甲防水公司", "--amount", "9000")


def test_from_proposal_to_payment(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    first = office.compound / "resolutions.beancount"
    texts = [first.read_bytes()]
    walk(office, 5)
    assert "[该办] 业主表决　由业主" in office.do("K01", "resolve", "show", "R1", "--compound", "C0007")
    texts.append(first.read_bytes())
    for act in (vote, publish, register, seal):
        act(office)
    seal(office, "04-01", *PAID)
    texts.append(first.read_bytes())
    assert all(after.startswith(before) for before, after in itertools.pairwise(texts))

    paper = json.loads(office.do("K01", "resolve", "show", "R1", "--compound", "C0007", "--json"))
    assert paper["state"] == "可以支付"
    assert (paper["approved"], paper["fault"], paper["ended"]) == ("2025-03-29", "", "")
    assert [(step["code"], step["status"], step["day"]) for step in paper["steps"]] == [
        ("propose", "done", "2025-03-01"),
        ("branch", "done", "2025-03-05"),
        ("bids", "done", "2025-03-10"),
        ("committee", "done", "2025-03-11"),
        ("vote", "done", "2025-03-20"),
        ("notice", "done", "2025-03-27"),
        ("filing", "done", "2025-03-28"),
        ("seals", "done", "2025-03-29"),
        ("execute", "later", None),
        ("acceptance", "later", None),
        ("result", "later", None),
    ]
    assert [(bid["supplier"], bid["price_fen"], bid["chosen"]) for bid in paper["bids"]] == [
        (name, int(price.replace(".", "")), name == "甲防水公司") for name, (price, _) in BIDDERS.items()
    ]
    [tally] = paper["tallies"]
    assert (tally["tally"]["took_part"]["heads"], tally["tally"]["everybody"]["heads"], tally["failed"]) == (3, 4, "")
    assert len(paper["records"]) == 1 + 1 + 6 + 1 + 1 + 1 + 1 + 2 + 2

    [ledger] = load_street(StreetFolder(office.path))
    assert [str(error.message) for error in ledger.errors] == []
    listed = office.do("K01", "resolve", "list")
    assert listed == "C0007　R1　屋面防水　小程序　可以支付　预算 10,000.00，已付 0.00\n"


def test_the_ballots_are_kept_as_they_were_cast(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 5)
    blank = tmp_path / "blank.csv"
    said = office.on("K01", "03-20", "vote", "--ballots", str(blank), "--blank")
    assert said == f"{blank}：2025-03-20 有表决权的 4 户。\n"
    with blank.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["choice"], row["area_m2"]) for row in rows] == [("", "100.00")] * 4
    text = blank.read_text("utf-8-sig")
    for room, choice in (("101", "同意"), ("102", "同意"), ("201", "反对")):
        text = text.replace(f"01-1-{room},,", f"01-1-{room},{choice},")
    blank.write_bytes(text.encode("gb18030"))
    said = office.on("K01", "03-20", "vote", "--ballots", str(blank))
    assert said == (
        "2025-03-20 表决　全体 400.00 ㎡ 4 人　参与：300.00 ㎡ 3 人（面积 75.00%，人数 75.00%）"
        "　同意：200.00 ㎡ 2 人（面积 66.66%，人数 66.66%）\n"
        "法定：参与全体业主中不低于 2/3，同意面积和人数都超过 1/2（民法典第278条）\n表决结果：通过\n"
    )
    kept = (office.compound / "votes/R1.csv").read_text("utf-8")
    assert kept == (
        "dwelling,choice,proxy,power_sha256\n01-1-101,agree,,\n01-1-102,agree,,\n01-1-201,against,,\n"
    )


def test_a_vote_that_fails_ends_the_resolution(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 5)
    sheet = office.ballots({"01-1-101": "agree", "01-1-102": "against", "01-1-201": "against"})
    said = office.on("K01", "03-20", "vote", "--ballots", str(sheet))
    assert "表决结果：没有通过（同意的面积不足：100.00 ㎡，参与表决 300.00 ㎡" in said
    assert "没有通过" in office.do("K01", "resolve", "list")
    assert "不能再往下办" in office.refused(
        "Y01", *office.about("03-21", "resolve", "publish", "--until", "2025-03-30", "--place", "门口")
    )


def test_an_objection_stops_the_path_until_it_is_answered(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path), 7)
    said = office.on("K01", "03-25", "resolve", "object", "--number", "YY1", "--text", "报价太高", "--by", "01-1-202")
    assert "异议 YY1 还没有答复" in said
    words = office.about("03-28", "resolve", "file", "--number", "长备〔2025〕3号")
    assert office.refused("J01", *words).startswith("业主异议 YY1 还没有答复，不能办")
    said = office.on("Y01", "03-26", "resolve", "answer", "--number", "YY1", "--text", "三家比选，取最低价")
    assert "还没有答复" not in said
    register(office)


def test_a_proposal_from_a_file(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    file = tmp_path / "决议.toml"
    file.write_text(
        'code = "R9"\nprocedure = "little"\ntitle = "屋面 3 幢"\nmatter = "fund_use"\nfund = "W"\nsubjects = "5001"\n'
        'by = "Y01"\nbudget_yuan = 5000.5\nstarts = 2025-03-01\nends = 2025-12-31\n',
        "utf-8",
    )
    minutes = tmp_path / "会议纪要.txt"
    minutes.write_text("同意提议", "utf-8")
    words = ["--compound", "C0007", "--file", str(file), "--on", "2025-03-01", "--document", str(minutes)]
    said = office.do("K01", "resolve", "new", *words)
    assert "R9　屋面 3 幢　待办：党支部审议" in said
    assert "budget-yuan: 5000.50" in (office.compound / "resolutions.beancount").read_text("utf-8")
    [kept] = (office.compound / "documents").glob("*-会议纪要.txt")
    assert kept.read_text("utf-8") == "同意提议"


def test_the_register_of_seals(tmp_path: Path) -> None:
    office = walk(make_office(tmp_path))
    seal(office, "04-01", *PAID)
    out = tmp_path / "登记"
    words = ["seal", "log", "--compound", "C0007", "--from", "2025-01", "--to", "2025-06", "--out", str(out)]
    lines = office.do("K01", *words).splitlines()
    assert lines[0] == "C0007长吴公寓　印章使用情况　2025-01 至 2025-06"
    assert lines[5] == "    用印 4 次，全部相符。"
    assert lines[1].startswith("    1　2025-03-29　业主大会印章　S01 社区主任　R1 屋面防水　钥匙 YZ1　签名 ")
    assert "付款 P1 付给“甲防水公司” 9,000.00 元　钥匙 YZ2" in lines[4]
    written = sorted(path.name for path in out.iterdir())
    assert written == [f"C0007长吴公寓-2025-01至2025-06-印章使用情况.{end}" for end in ("pdf", "txt")]
    assert (out / written[0]).read_bytes().startswith(b"%PDF")
    assert "用印 0 次。" in office.do("K01", *words[:4], "--from", "2025-07", "--to", "2025-12")


def test_a_seal_signed_elsewhere(tmp_path: Path) -> None:
    from jiezhang.book.keys import load_private

    office = walk(make_office(tmp_path), 8)
    for name in ("assembly", "committee"):
        words = ("--seal", name, "--on", "2025-03-29")
        digest = office.do("K01", "seal", "digest", "R1", "--compound", "C0007", *words).strip()
        signature = load_private(office.keys[name]).sign(digest)
        office.on("K01", "03-29", "seal", "set", "--seal", name, "--signature", signature)
    assert "可以支付" in office.do("K01", "resolve", "list")
