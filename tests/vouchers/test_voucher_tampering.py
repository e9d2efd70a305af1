"""Posted is for ever: whatever is changed, taken out, put in or signed by another is found, and named."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import toml_bytes
from jiezhang.domain.chain import content_digest
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Completion, Person, Street
from jiezhang.street.booking import complete_rows, post_rows, review_rows
from tests.conftest import G_BANK, MAKER, PEOPLE, POSTER, REVIEWER, account
from tests.vouchers.desk import CITY, MONTH_FILE, REPAIR, SEPTEMBER, complete, edit, errors, load, ref
from tests.vouchers.test_states import KEY

Tamper = Callable[[CompoundFolder], None]


def in_book(old: str, new: str) -> Tamper:
    return lambda folder: edit(folder, old, new)


def in_chain(change: Callable[[list[list[str]]], None]) -> Tamper:
    """Change the table of links, heads as they were."""

    def tamper(folder: CompoundFolder) -> None:
        path = folder.path / "chain.csv"
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        change(rows)
        path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")

    return tamper


def taken_out(number: str) -> Tamper:
    def tamper(folder: CompoundFolder) -> None:
        path = folder.path / MONTH_FILE
        blocks = path.read_text("utf-8").split("\n\n")
        path.write_text("\n\n".join(block for block in blocks if f'voucher: "{number}"' not in block), "utf-8")

    return tamper


def _cut(rows: list[list[str]]) -> None:
    del rows[3]


def _swap(rows: list[list[str]]) -> None:
    rows[3], rows[4] = rows[4], rows[3]


def _end(rows: list[list[str]]) -> None:
    del rows[-1]


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (in_book('"换楼道灯"', '"换灯泡"'), "2026-09 记-0002复核以后内容变了"),
        (in_book(":5101维修养护   ", ":5106公益活动   "), "2026-09 记-0002复核以后内容变了"),
        (in_book("2026-09-09 * ", "2026-09-08 * "), "2026-09 记-0003复核以后内容变了"),
        (taken_out("记-0004"), "2026-09 记-0004 已经过账，账簿里却没有：不得删除或重新编号"),
        (in_book('voucher: "记-0004"', 'voucher: "记-0005"'), "2026-09 记-0005不在凭证链（chain.csv）上"),
        (in_book(' * "期初余额"', ' * "期初"'), "期初余额与过账时不同：已过账的凭证不得改动"),
        (in_chain(_cut), "凭证链在 2026-09 记-0003 处断开"),
        (in_chain(_swap), "凭证链在 2026-09 记-0003 处断开"),
        (in_chain(_end), "2026-09 记-0004不在凭证链（chain.csv）上：凭证只能由过账产生"),
        (lambda folder: (folder.path / "chain.csv").unlink(), "期初余额不在凭证链（chain.csv）上"),
    ],
)
def test_a_posted_month_changed_by_hand(posted: CompoundFolder, tamper: Tamper, said: str) -> None:
    tamper(posted)
    assert any(said in error for error in errors(posted)), errors(posted)


@pytest.mark.parametrize("number", ["记-0001", "记-0002", "记-0003", "记-0004"])
@pytest.mark.parametrize("key", ["maker", "reviewer", "poster", "reviewed-sha256", "attachments"])
def test_what_a_posted_voucher_must_hold(posted: CompoundFolder, number: str, key: str) -> None:
    path = posted.path / MONTH_FILE
    blocks = path.read_text("utf-8").split("\n\n")
    text = "\n\n".join(
        "\n".join(line for line in block.split("\n") if not line.startswith(f"  {key}:"))
        if f'voucher: "{number}"' in block else block
        for block in blocks
    )  # fmt: skip
    path.write_text(text, "utf-8")
    assert any(f"2026-09 {number}" in error for error in errors(posted))


def test_a_new_digest_does_not_hide_a_change(posted: CompoundFolder) -> None:
    """Whoever writes a fitting review into the voucher still has the chain against them."""
    edit(posted, '"换楼道灯"', '"换灯泡"')
    changed = next(entry for entry in load_ledger(posted, CITY).entries if getattr(entry, "narration", "") == "换灯泡")
    old = str(changed.meta["reviewed-sha256"])
    edit(posted, old, content_digest(changed))  # type: ignore[arg-type]
    assert errors(posted) == [
        "2026-09 记-0002与过账时不同：已过账的凭证不得改动，写错的用更正凭证（财会〔2024〕12号第21条）"
    ]


def _reckoned(folder: CompoundFolder) -> None:
    """Heads that fit again, as anybody can reckon them."""
    path, head = folder.path / "chain.csv", "0" * 64
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    for row in rows:
        said = f"{head}|{row['month']}|{row['voucher']}|{row['digest']}|{row['poster']}"
        row["head"] = head = hashlib.sha256(said.encode()).hexdigest()
    path.write_text(",".join(rows[0]) + "\n" + "".join(",".join(row.values()) + "\n" for row in rows), "utf-8")


def _people(street: StreetFolder, *people: Person) -> None:
    street.toml.write_bytes(toml_bytes(Street(name="长吴街道", city=CITY, people=people)))


def test_only_a_signature_stops_who_reckons_the_chain_anew(street: StreetFolder, imported: CompoundFolder) -> None:
    _people(street, *(one.model_copy(update={"key": KEY.public}) if one.id == POSTER else one for one in PEOPLE))
    complete(imported, "-30.00", REPAIR)
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    post_rows(imported, CITY, SEPTEMBER, POSTER, key=KEY)
    path = imported.path / "chain.csv"
    rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*rows[:2], rows[2].replace("记-0001", "记-0009"), *rows[3:]]) + "\n", "utf-8")
    _reckoned(imported)
    assert "2026-09 记-0004 的过账签名与 T01 登记的公钥不符（财会〔2024〕12号第21条）" in errors(imported)


def test_a_signature_that_is_gone(street: StreetFolder, imported: CompoundFolder) -> None:
    _people(street, *(one.model_copy(update={"key": KEY.public}) if one.id == POSTER else one for one in PEOPLE))
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    post_rows(imported, CITY, SEPTEMBER, POSTER, key=KEY)
    path = imported.path / "chain.csv"
    path.write_text(path.read_text("utf-8").rpartition(",")[0] + ",\n", "utf-8")
    assert errors(imported) == [
        "2026-09 记-0003 由 T01 过账，没有签名；有公钥的人过账须签名（财会〔2024〕12号第21条）"
    ]


def changed(person: Person, **fields: object) -> Person:
    return person.model_copy(update=fields)


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (PEOPLE[1:], "的制单人 K01 不在街道的人员名单里"),
        ((PEOPLE[0], changed(PEOPLE[0], id="F01"), *PEOPLE[2:]), "的复核人 F01 代理会计不是本小区的街道复核员"),
        ((*PEOPLE[:2], changed(PEOPLE[2], compounds=("C0001",)), PEOPLE[3]), "的记账人 T01 街道负责人不是本小区的"),
    ],
    ids=["left", "another part", "another compound"],
)
def test_people_have_to_be_known(
    street: StreetFolder, posted: CompoundFolder, people: tuple[Person, ...], said: str
) -> None:
    _people(street, *people)
    assert any(said in error for error in errors(posted))


def test_a_power_failure_between_chain_and_ledger(imported: CompoundFolder) -> None:
    """The chain is written first; posting again writes what it says, with the same numbers, and then goes on."""
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    before = (imported.path / MONTH_FILE).read_bytes()
    post_rows(imported, CITY, SEPTEMBER, POSTER)
    after, chain = ((imported.path / name).read_bytes() for name in (MONTH_FILE, "chain.csv"))
    (imported.path / MONTH_FILE).write_bytes(before)
    assert errors(imported) == ["2026-09 的过账写到一半中断了，请再运行一次 jiezhang post 2026-09 把它做完"]
    with pytest.raises(Refused, match="已经过账，账簿里却没有"):  # nobody may change a row that the chain has
        row = Completion(account=G_BANK, bank_ref=ref(imported, "5.00"), other_account=account("Income:4901其他"))
        complete_rows(imported, CITY, [row], MAKER)
    assert post_rows(imported, CITY, Month(2026, 10), MAKER).posted == 3
    assert (imported.path / MONTH_FILE).read_bytes() == after
    assert (imported.path / "chain.csv").read_bytes() == chain
    load(imported)


def test_a_deleted_voucher_is_not_taken_for_a_power_failure(posted: CompoundFolder) -> None:
    taken_out("记-0004")(posted)
    chain: Path = posted.path / "chain.csv"
    before = chain.read_bytes()
    with pytest.raises(Refused, match="2026-09 记-0004 已经过账，账簿里却没有"):
        post_rows(posted, CITY, SEPTEMBER, POSTER)
    assert chain.read_bytes() == before
