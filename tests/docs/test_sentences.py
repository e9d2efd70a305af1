"""The bookkeeper's list of errors (docs/handbook/错误一览.md) holds every sentence the program says, and no other."""

from __future__ import annotations

import re

import pytest
from sentences import OWNERS_PAGE, ROOT, sentences

PAGE = ROOT / "docs/handbook/错误一览.md"
HEADINGS = {"程序说", "种类", "拒绝", "账簿有错", "程序出错"}


def listed() -> list[tuple[str, str, str]]:
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in PAGE.read_text("utf-8").splitlines() if "|" in line]
    return [(row[0], row[1], row[2]) for row in rows if row[0] not in HEADINGS and not row[0].startswith("---")]


SAID = sentences()


@pytest.mark.parametrize("sentence", sorted(SAID))
def test_every_sentence_is_explained(sentence: str) -> None:
    assert sentence in {said for said, _, _ in listed()}, f"{sorted(SAID[sentence])} says it, the page doesn't"


def test_every_line_is_something_the_program_says() -> None:
    assert not {said for said, _, _ in listed()} - set(SAID)


def test_no_sentence_is_listed_twice() -> None:
    said = [said for said, _, _ in listed()]
    assert len(said) == len(set(said))


def test_every_line_gives_a_cause_and_a_way_out() -> None:
    assert all(cause and remedy for _, cause, remedy in listed())


@pytest.mark.parametrize(
    "sentence",
    [
        "文件是空的",  # importers: Refused
        "凭证号 …-… 在 … 重复",  # rules: returned by a helper
        "流水 … 已经过账，不能再改",  # one of two alternatives
        "账户名“…”的科目“…”应在 … 之下",  # ValueError
        "借贷不平，差 …",  # Beancount's, translated
        "没有 … 的对账单",  # a remark of the reconciliation
        "… 与 … 是同一笔流水，余额却不同",  # added to a list of remarks
        "…与过账时不同：已过账的凭证不得改动，写错的用更正凭证（财会〔2024〕12号第21条）",  # one branch of several
        "…的… …不是本小区的…（会计法第25条）",  # goes on from the voucher's name
        "退给户 … 的收款人“…”不是为这一户交款的人，请核对",  # given back with its entry
        "决议 … 的程序“…”没有登记",  # kept as the fault of a path
        "请先写明差异的来由",  # a page's script
        "签署方交来的回单被改动，或不在了",  # a fault that verify finds
        "… … 的签名与登记的公钥不符",  # why a party's signature does not count
        "…还没有签署",  # gathered in a list of what keeps a month from being closed
    ],
)
def test_the_collector_sees_each_way_of_saying(sentence: str) -> None:
    assert sentence in SAID


def test_the_page_for_owners_has_every_result_of_the_check() -> None:
    """The page that owners open says cause and remedy itself; the handbook has each of its headlines."""
    headlines = re.findall(r'^  (?:\w+): \["([^"]+)"', OWNERS_PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(headlines) == 7
    page = (ROOT / "docs/handbook/业主核对.md").read_text("utf-8")
    assert [said for said in headlines if f"| {said} |" not in page] == []
