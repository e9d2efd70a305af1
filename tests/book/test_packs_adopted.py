"""The gate's question: does the street work by packs that two persons agreed to, to the byte?"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from jiezhang.book import pack_log, rulepacks
from jiezhang.book.create import create_street
from jiezhang.book.layout import StreetFolder
from jiezhang.book.pack_log import LOG, check_adopted, digests
from jiezhang.book.registers import toml_bytes
from jiezhang.book.rulepacks import read_packs
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person, Street

PEOPLE = (
    Person(id="K01", name="代理会计1号", roles=("bookkeeper",)),
    Person(id="F01", name="街道复核员", roles=("reviewer",)),
)
DAY = date(2026, 7, 1)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's packs, copied so that they may be changed."""
    copy = tmp_path / "rules"
    shutil.copytree(rulepacks.shipped(), copy)
    (copy / "procedures").mkdir(exist_ok=True)
    for path in (copy / "procedures").glob("*.toml"):
        path.unlink()
    (copy / "procedures" / "four_steps.toml").write_text('name = "四步法"\n', "utf-8")
    monkeypatch.setattr(rulepacks, "shipped", lambda: copy)
    monkeypatch.setattr(pack_log, "shipped", lambda: copy)
    return copy


@pytest.fixture
def street(tmp_path: Path, rules: Path) -> StreetFolder:
    del rules
    return create_street(tmp_path / "street", Street(name="长吴街道", city="hangzhou", people=PEOPLE), DAY)


def add(street: StreetFolder, row: str) -> None:
    with (street.path / LOG).open("a", encoding="utf-8") as file:
        file.write(row + "\n")


def test_a_new_street_works_by_what_it_was_opened_with(street: StreetFolder) -> None:
    check_adopted(street)
    found = digests(street, "hangzhou")
    assert (street.path / LOG).read_text("utf-8").splitlines() == [
        "day,pack,sha256,proposed_by,approved_by,reason,document",
        *(f"2026-07-01,{pack},{found[pack]},建账,建账,建账时采用," for pack in sorted(found)),
    ]
    assert sorted(found) == ["hangzhou", "national", "procedures/four_steps"]


CHANGED = "规则包 {} 有改动，还没有经提出、批准两人办理，请用 jiezhang packs propose / approve"
UNKNOWN = "规则包 {} 还没有采用，须经提出、批准两人办理，请用 jiezhang packs propose / approve"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("rules/national.toml", CHANGED.format("national")),
        ("rules/hangzhou.toml", CHANGED.format("hangzhou")),
        ("rules/procedures/four_steps.toml", CHANGED.format("procedures/four_steps")),
        ("rules/procedures/new_way.toml", UNKNOWN.format("procedures/new_way")),
        ("street/procedures/own_way.toml", UNKNOWN.format("procedures/own_way")),
        ("rules/shanghai.toml", ""),  # another city's
        ("rules/procedures/notes.txt", ""),
    ],
)
def test_a_change_that_nobody_approved(tmp_path: Path, street: StreetFolder, file: str, said: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as opened:
        opened.write("# 改了一个字\n")
    if not said:
        check_adopted(street)
        return
    with pytest.raises(Refused) as refused:
        check_adopted(street)
    assert (refused.value.message, refused.value.file) == (said, str(street.path / LOG))


def test_it_counts_once_two_persons_agreed(street: StreetFolder, rules: Path) -> None:
    pack = rules / "hangzhou.toml"
    pack.write_text(pack.read_text("utf-8") + "# 修订\n", "utf-8")
    digest = digests(street, "hangzhou")["hangzhou"]
    add(street, f"2026-11-02,hangzhou,{digest},K01,,条例修订,")
    with pytest.raises(Refused, match="有改动"):
        check_adopted(street)
    add(street, f"2026-11-03,hangzhou,{digest},K01,F01,条例修订,")
    check_adopted(street)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-11-02,hangzhou,{digest},F01,F01,修订,", "规则包 hangzhou 由 F01 一个人提出、批准，须由两个人办理"),
        ("2026-11-02,hangzhou,{digest},K01,F09,修订,", "人员 F09 没有登记在街道的人员名单里"),
        ("2026-11-02,hangzhou,123,K01,F01,修订,", "“sha256”写法不对（写的是“123”）"),
        ("2026-11-02,../hangzhou,{digest},K01,F01,修订,", "“pack”应写成 hangzhou 的样子（写的是“../hangzhou”）"),
        ("2026-11-02,hangzhou,{digest},K01,F01,,", "“reason”没有填写"),
        ("今天,hangzhou,{digest},K01,F01,修订,", "“day”不是日期（应写成 2026-01-01）（写的是“今天”）"),
    ],
)
def test_a_log_written_by_hand(street: StreetFolder, row: str, said: str) -> None:
    add(street, row.format(digest=digests(street, "hangzhou")["hangzhou"]))
    with pytest.raises(Refused) as refused:
        check_adopted(street)
    assert (refused.value.message, refused.value.file, refused.value.line) == (said, str(street.path / LOG), 5)


def test_a_street_without_a_log(street: StreetFolder) -> None:
    (street.path / LOG).unlink()
    with pytest.raises(Refused) as refused:
        check_adopted(street)
    assert refused.value.message == UNKNOWN.format("national")


def test_a_log_that_is_a_link(street: StreetFolder, tmp_path: Path) -> None:
    (street.path / LOG).rename(tmp_path / "elsewhere.csv")
    (street.path / LOG).symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(Refused, match="登记资料不得是链接"):
        check_adopted(street)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b"\xb9\xe6\xd4\xf2"), "规则包不是 UTF-8 编码"),
        (lambda path: path.symlink_to(path.parent.parent / "street.toml"), "规则包不得是链接"),
        (lambda path: path.mkdir(), "读不出文件"),
    ],
)
def test_a_procedure_of_the_street_that_cannot_be_read(street: StreetFolder, make: object, said: str) -> None:
    path = street.path / "procedures" / "own_way.toml"
    path.parent.mkdir()
    make(path)  # type: ignore[operator]
    with pytest.raises(Refused, match=said) as refused:
        check_adopted(street)
    assert refused.value.file == str(path)


def test_line_endings_are_no_change(street: StreetFolder, rules: Path) -> None:
    """A checkout on Windows may write CRLF."""
    pack = rules / "hangzhou.toml"
    pack.write_bytes(pack.read_bytes().replace(b"\n", b"\r\n"))
    check_adopted(street)


def test_a_changed_pack_is_read_again_without_a_restart(rules: Path) -> None:
    pack = rules / "hangzhou.toml"
    before = read_packs("hangzhou")[1]
    pack.write_text(pack.read_text("utf-8").replace("value = 30000", "value = 50000"), "utf-8")
    os.utime(pack, ns=(1, 1))
    after = read_packs("hangzhou")[1]
    key = "fund.settlement_audit_above_yuan"
    assert [rule.value for pack in (before, after) for rule in pack.rules if rule.key == key] == [30000, 50000]


def test_who_left_may_stay_in_the_log(street: StreetFolder) -> None:
    digest = digests(street, "hangzhou")["hangzhou"]
    add(street, f"2026-11-03,hangzhou,{digest},K01,F01,重新采用,")
    left = (PEOPLE[0], PEOPLE[1].model_copy(update={"roles": ()}))
    street.toml.write_bytes(toml_bytes(Street(name="长吴街道", city="hangzhou", people=left)))
    check_adopted(street)
