"""The rule `vouchers` on vouchers and chains made up here: each fault by itself, its whole sentence and its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data

from jiezhang.domain.approval.rules import vouchers
from jiezhang.domain.approval.unfinished import posted, unfinished
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.chain import Link, content_digest, posted_digest
from jiezhang.domain.people import by_id
from jiezhang.domain.register import Person
from tests.approval.little_office import PEOPLE, public, signed
from tests.approval.voucher_books import chained, link_of, opening, view, voucher

LAW = "（财会〔2024〕12号第21条）"
SINCE = "复核以后内容变了，须重新复核；已过账的不得改动（会计法第15条、会计基础工作规范第61条）"
NO_DIGEST = "写了复核的指纹，却没有制单人或复核人（会计基础工作规范第51条）"
UNREVIEWED = "：会计凭证须经审核才能记账（会计法第15条、会计基础工作规范第51条）"


def said(found: OfficeView) -> list[tuple[int, str]]:
    findings = vouchers.find(found)
    assert {one.rule for one in findings} <= {"vouchers"}
    return [(one.source["lineno"], one.message) for one in findings]


def alone(**meta: Any) -> list[tuple[int, str]]:
    """What is said of one voucher, posted as it is."""
    entry = voucher(**meta)
    return said(view([entry], chained(entry) if entry.flag == "*" else ()))


STATES: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"number": None}, ""),
    ({"number": None, "reviewer": None, "reviewed_sha256": None}, ""),
    ({"number": None, "reviewer": None, "reviewed_sha256": None, "maker": None, "attachments": None}, ""),
    ({"attachments": Decimal(2)}, ""),
    ({"poster": "K01"}, ""),
    ({"reviewer": "T01", "poster": "K01"}, ""),
    ({"maker": None}, f"2026-03 记-0001没有制单人（maker）{UNREVIEWED}"),
    ({"reviewer": None}, f"2026-03 记-0001没有复核人（reviewer）{UNREVIEWED}"),
    ({"poster": None}, f"2026-03 记-0001没有记账人（poster）{UNREVIEWED}"),
    ({"maker": "Z99"},
     "2026-03 记-0001的制单人 Z99 不在街道的人员名单里（会计基础工作规范第51条）；离任的人也须留在名单里"),
    ({"maker": "F01"}, "2026-03 记-0001的制单人 F01 复核员不是本小区的代理会计（会计法第25条）"),
    ({"reviewer": "K01"}, "2026-03 记-0001的复核人 K01 代理会计不是本小区的街道复核员、街道负责人（会计法第25条）"),
    ({"poster": "F01"}, "2026-03 记-0001的记账人 F01 复核员不是本小区的代理会计、街道负责人（会计法第25条）"),
    ({"reviewed_sha256": "0" * 64}, f"2026-03 记-0001{SINCE}"),
    ({"reviewed_sha256": None}, f"2026-03 记-0001{SINCE}"),
    ({"attachments": None}, "2026-03 记-0001没有注明附件张数（attachments，会计基础工作规范第51条）"),
    ({"attachments": "1"}, "2026-03 记-0001没有注明附件张数（attachments，会计基础工作规范第51条）"),
    ({"attachments": Decimal("1.5")}, "2026-03 记-0001没有注明附件张数（attachments，会计基础工作规范第51条）"),
    ({"document_1": "documents/a.pdf"},
     "2026-03 记-0001注明附件 1 张，少于银行流水和附件文件的 2 张（会计基础工作规范第51条）"),
    ({"number": None, "poster": "T01"}, "待处理的凭证还没有过账，不得写记账人"),
    ({"number": None, "maker": "Z99"},
     "待处理的凭证的制单人 Z99 不在街道的人员名单里（会计基础工作规范第51条）；离任的人也须留在名单里"),
    ({"number": None, "reviewed_sha256": None}, f"待处理的凭证{SINCE}"),
    ({"number": None, "reviewed_sha256": "0" * 64}, f"待处理的凭证{SINCE}"),
    ({"number": None, "reviewer": None}, f"待处理的凭证{NO_DIGEST}"),
    ({"number": None, "maker": None}, f"待处理的凭证{NO_DIGEST}"),
    ({"number": None, "attachments": Decimal(0)},
     "待处理的凭证注明附件 0 张，少于银行流水和附件文件的 1 张（会计基础工作规范第51条）"),
]  # fmt: skip


@pytest.mark.parametrize(("meta", "sentence"), STATES)
def test_one_voucher(meta: dict[str, Any], sentence: str) -> None:
    assert alone(**meta) == ([(5, sentence)] if sentence else [])


def test_a_part_for_another_compound_is_none_here() -> None:
    people = by_id([*PEOPLE, Person(id="K09", name="别处会计", roles=("bookkeeper",), compounds=("C0009",))])
    entry = voucher(maker="K09")
    assert said(view([entry], chained(entry), people=people)) == [
        (5, "2026-03 记-0001的制单人 K09 别处会计不是本小区的代理会计（会计法第25条）")
    ]


def test_a_part_for_this_compound_alone_is_one() -> None:
    people = by_id([*PEOPLE, Person(id="K07", name="本区会计", roles=("bookkeeper",), compounds=("C0007",))])
    entry = voucher(maker="K07")
    assert said(view([entry], chained(entry), people=people)) == []


def test_who_has_two_parts_is_looked_up_for_each() -> None:
    """Found wrong as a poster, the same person is still right as a maker."""
    first, second = voucher(line=5), voucher("记-0002", line=9, poster="C01", reviewer="T01")
    third = voucher("记-0003", line=13, maker="C01")
    assert said(view([first, second, third], chained(first, second, third))) == [
        (9, "2026-03 记-0002的记账人 C01 出纳不是本小区的代理会计、街道负责人（会计法第25条）"),
        (13, "2026-03 记-0003的制单人 C01 出纳不是本小区的代理会计（会计法第25条）"),
    ]


# ------------------------------------------------------------------ invoices
def cited(*numbers: str, **more: Any) -> list[tuple[int, str]]:
    entries = [
        voucher(f"记-000{place}", f"2026-03-0{place}", place, invoice=number, **more)
        for place, number in enumerate(numbers, start=1)
    ]
    return said(view(entries, chained(*entries)))


def booked(line: int, invoice: str, before: str) -> tuple[int, str]:
    sentence = f"的发票 {invoice} 已在2026-03-0{before}入账，不得重复（财会〔2024〕11号第25条）"
    return line, f"2026-03 记-000{line}{sentence}"


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        (("2433", "2434"), []),
        (("2433", "2433"), [booked(2, "2433", "1 记-0001")]),
        (("2433", "2434,2433"), [booked(2, "2433", "1 记-0001")]),
        (("ab1", "AB1"), [booked(2, "AB1", "1 记-0001")]),
        (("2433", "2433", "2433"), [booked(2, "2433", "1 记-0001"), booked(3, "2433", "1 记-0001")]),
        (("2433,2433",), []),
    ],
)
def test_an_invoice_is_booked_once(numbers: tuple[str, ...], found: list[tuple[int, str]]) -> None:
    assert cited(*numbers) == found


def test_an_invoice_that_waits_is_cited_as_well() -> None:
    first, second = voucher(None, line=5, invoice="2433"), voucher("记-0001", line=9, invoice="2433")
    why = "2026-03 记-0001的发票 2433 已在2026-03-02 待处理的凭证入账，不得重复（财会〔2024〕11号第25条）"
    assert said(view([first, second], chained(second))) == [(9, why)]


# ------------------------------------------------------------------ the chain
OPENED = opening()
ONE, TWO, THREE = (voucher(f"记-000{place}", line=10 * place) for place in (1, 2, 3))
BOOKS = [OPENED, ONE, TWO, THREE]
CHAIN = chained(*BOOKS)
TAKEN_OUT = "已经过账，账簿里却没有：不得删除或重新编号"
NOT_ON = "不在凭证链（chain.csv）上：凭证只能由过账产生，不得插入"
CHANGED = "与过账时不同：已过账的凭证不得改动，写错的用更正凭证"
BROKEN = "处断开：被插入、删除或改动过"


def reviewed(entry: data.Transaction, **fields: Any) -> data.Transaction:
    """`entry` changed, with a review that fits again."""
    changed = entry._replace(**fields)
    return changed._replace(meta={**changed.meta, "reviewed-sha256": content_digest(changed)})


def linked(link: Link, **fields: Any) -> Link:
    return link.model_copy(update=fields)


@pytest.mark.parametrize(
    ("entries", "chain", "found"),
    [
        (BOOKS, CHAIN, []),
        ([], (), []),
        ([OPENED, ONE], CHAIN[:2], []),
        ([OPENED, ONE, TWO], CHAIN[:2], [(20, f"2026-03 记-0002{NOT_ON}{LAW}")]),
        ([OPENED], (), [(1, f"期初余额{NOT_ON}{LAW}")]),
        ([OPENED, ONE, THREE], CHAIN, [(4, f"2026-03 记-0002 {TAKEN_OUT}{LAW}")]),
        ([ONE, TWO], CHAIN, [(2, f"2026-01 期初 {TAKEN_OUT}{LAW}"), (5, f"2026-03 记-0003 {TAKEN_OUT}{LAW}")]),
        ([OPENED, ONE, reviewed(TWO, narration="买灯")], CHAIN[:3], [(20, f"2026-03 记-0002{CHANGED}{LAW}")]),
        ([OPENED, ONE, TWO._replace(narration="买灯")], CHAIN[:3], [(20, f"2026-03 记-0002{SINCE}")]),
        ([opening("期初")], CHAIN[:1], [(1, f"期初余额{CHANGED}{LAW}")]),
        ([OPENED, ONE], (CHAIN[0], linked(CHAIN[1], poster="K01")),
         [(3, f"凭证链在 2026-03 记-0001 {BROKEN}{LAW}"), (10, f"2026-03 记-0001的记账人与凭证链上的 K01 不同{LAW}")]),
        ([OPENED], (linked(CHAIN[0], poster="T01"),),
         [(2, f"凭证链在 2026-01 期初 {BROKEN}{LAW}"), (1, f"期初余额的记账人与凭证链上的 T01 不同{LAW}")]),
        ([OPENED, ONE], (CHAIN[0], linked(CHAIN[1], number=3)), [(3, f"凭证链在 2026-03 记-0001 {BROKEN}{LAW}")]),
        ([OPENED, ONE], (CHAIN[0], linked(CHAIN[1], head="0" * 64)), [(3, f"凭证链在 2026-03 记-0001 {BROKEN}{LAW}")]),
        (BOOKS, (linked(CHAIN[0], head="0" * 64), *CHAIN[1:]), [(2, f"凭证链在 2026-01 期初 {BROKEN}{LAW}")]),
    ],
)  # fmt: skip
def test_the_chain_and_the_books_are_each_others(
    entries: list[data.Transaction], chain: tuple[Link, ...], found: list[tuple[int, str]]
) -> None:
    assert said(view(entries, chain)) == found


def test_findings_of_the_chain_stand_in_it() -> None:
    [one] = vouchers.find(view([OPENED], CHAIN[:2]))
    assert one.source == {"filename": "/street/C0007/chain.csv", "lineno": 3}
    assert (one.rule, one.entry) == ("vouchers", None)


def test_a_voucher_twice_on_the_chain() -> None:
    again = link_of(ONE, 3, CHAIN[1].head)
    assert said(view([OPENED, ONE], (*CHAIN[:2], again))) == [(4, f"2026-03 记-0001 在凭证链上有两次{LAW}")]


def test_a_voucher_named_anew_is_taken_out_and_put_in() -> None:
    renamed = ONE._replace(meta={**ONE.meta, "voucher": "记-0007"})
    assert said(view([OPENED, renamed], CHAIN[:2])) == [
        (10, f"2026-03 记-0007{NOT_ON}{LAW}"), (3, f"2026-03 记-0001 {TAKEN_OUT}{LAW}")
    ]  # fmt: skip


def waiting(entry: data.Transaction) -> data.Transaction:
    """`entry` as it stood before it was posted."""
    meta = {key: value for key, value in entry.meta.items() if key not in ("voucher", "poster")}
    return entry._replace(flag="!", meta=meta)


def test_a_posting_cut_short_is_told_from_a_theft() -> None:
    why = "2026-03 的过账写到一半中断了，请再运行一次 jiezhang post 2026-03 把它做完"
    assert said(view([OPENED, ONE, waiting(TWO), waiting(THREE)], CHAIN)) == [(4, why)]
    assert said(view([OPENED, ONE, TWO, waiting(THREE)], CHAIN)) == [(5, why)]
    assert said(view([OPENED, ONE, THREE], CHAIN)) == [(4, f"2026-03 记-0002 {TAKEN_OUT}{LAW}")]


# ------------------------------------------------------------------ finishing what was cut short
AGAIN = voucher("记-0004", line=40)
"""Differs from others by its bank row alone."""


def test_everything_is_there() -> None:
    assert unfinished(BOOKS, CHAIN) == []


def test_what_waits_becomes_what_the_chain_says() -> None:
    made = unfinished([OPENED, waiting(THREE), ONE, waiting(TWO)], CHAIN)
    assert made is not None
    assert [(before, posted_digest(after)) for before, after in made] == [
        (waiting(TWO), CHAIN[2].digest), (waiting(THREE), CHAIN[3].digest)
    ]  # fmt: skip
    assert [(after.flag, after.meta["voucher"], after.meta["poster"]) for _, after in made] == [
        ("*", "记-0002", "T01"), ("*", "记-0003", "T01")
    ]  # fmt: skip


def test_the_last_alone() -> None:
    made = unfinished([OPENED, ONE, TWO, waiting(THREE)], CHAIN)
    assert made is not None
    assert [before for before, _ in made] == [waiting(THREE)]


@pytest.mark.parametrize(
    "entries",
    [
        [OPENED, ONE, waiting(TWO), THREE],  # what is missing is not the end
        [OPENED, ONE, waiting(TWO)],  # one of the two is gone
        [OPENED, ONE, waiting(TWO), waiting(AGAIN)],  # another waits in its place
        [OPENED, ONE, waiting(TWO), waiting(TWO)],
        [OPENED, ONE, waiting(TWO), waiting(THREE)._replace(date=date(2026, 4, 2))],
        [OPENED, ONE, waiting(TWO), waiting(THREE)._replace(flag="P")],
        [waiting(OPENED), waiting(ONE), waiting(TWO), waiting(THREE)],
    ],
)
def test_what_can_not_be_finished(entries: list[data.Transaction]) -> None:
    assert unfinished(entries, CHAIN) is None


def test_what_nobody_reviewed_is_not_finished() -> None:
    """Even though its digest would fit."""
    bare = voucher("记-0001", reviewer=None, reviewed_sha256=None)
    assert unfinished([waiting(bare)], chained(bare)) is None


def test_posted() -> None:
    made = posted(waiting(ONE), "记-0009", "K01")
    assert (made.flag, next(iter(made.meta)), made.meta["voucher"], made.meta["poster"]) == (
        "*", "voucher", "记-0009", "K01"
    )  # fmt: skip


# ------------------------------------------------------------------ signatures
SIGNERS = by_id([one.model_copy(update={"key": public(one.id)}) if one.id == "T01" else one for one in PEOPLE])
BY_K = voucher("记-0004", line=40, poster="K01")
KEYLESS = f"由没有公钥的 K01 过账；街道已有人登记公钥，过账的人都须有公钥{LAW}"
UNSIGNED = f"由 T01 过账，没有签名；有公钥的人过账须签名{LAW}"


def with_signatures(entries: list[data.Transaction], signers: dict[str, str], own: Any = SIGNERS) -> OfficeView:
    links = [
        linked(link, signature=signed(signers[link.voucher], link.head)) if link.voucher in signers else link
        for link in chained(*entries)
    ]
    return view(entries, links, people=own)


@pytest.mark.parametrize(
    ("entries", "signers", "found"),
    [
        (BOOKS, {"记-0003": "T01"}, []),
        (BOOKS, {"记-0001": "T01", "记-0003": "T01"}, []),
        (BOOKS, {}, [(5, f"2026-03 记-0003 {UNSIGNED}")]),
        (BOOKS, {"记-0002": "T01"}, [(5, f"2026-03 记-0003 {UNSIGNED}")]),
        ([*BOOKS, BY_K], {"记-0003": "T01"}, [(6, f"2026-03 记-0004 {KEYLESS}")]),
        ([BY_K, *BOOKS], {"记-0003": "T01"}, [(2, f"2026-03 记-0004 {KEYLESS}")]),
        ([OPENED], {}, []),
        ([*BOOKS, BY_K], {}, [(5, f"2026-03 记-0003 {UNSIGNED}"), (6, f"2026-03 记-0004 {KEYLESS}")]),
        (BOOKS, {"记-0003": "K01"}, [(5, f"2026-03 记-0003 的过账签名与 T01 登记的公钥不符{LAW}")]),
        ([*BOOKS, BY_K], {"记-0003": "T01", "记-0004": "K01"},
         [(6, f"2026-03 记-0004 的过账签名与 K01 登记的公钥不符{LAW}")]),
        ([OPENED], {"期初": "T01"}, [(2, f"2026-01 期初 的过账签名与 OPENING 登记的公钥不符{LAW}")]),
    ],
)  # fmt: skip
def test_who_has_a_key_signs_the_last_head_of_each_run(
    entries: list[data.Transaction], signers: dict[str, str], found: list[tuple[int, str]]
) -> None:
    assert said(with_signatures(entries, signers)) == found
