"""From a row to a voucher: who does what, who may not, and what is lost by changing it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jiezhang.book.keys import PrivateKey, load_private
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.office_files import read_chain
from jiezhang.book.registers import toml_bytes
from jiezhang.close.reviewing import state_of
from jiezhang.domain.approval.seals import verifies_with
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person, Street
from jiezhang.street.booking import complete_rows, post_rows, post_street, review_rows
from tests.conftest import MAKER, PEOPLE, POSTER, REVIEWER
from tests.vouchers.desk import CITY, REPAIR, SEPTEMBER, complete, load, transactions, voucher

KEY = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))


def states(folder: CompoundFolder) -> dict[str, str]:
    return {entry.narration or "": state_of(entry) for entry in transactions(folder) if "opening" not in entry.meta}


def test_a_month_step_by_step(imported: CompoundFolder) -> None:
    assert states(imported) == {"广告费": "entered", "换灯": "waiting", "结息": "entered", "手续费": "entered"}
    complete(imported, "-30.00", REPAIR)
    assert states(imported)["换灯"] == "entered"
    assert post_rows(imported, CITY, SEPTEMBER, POSTER).unreviewed == 4
    assert review_rows(imported, CITY, SEPTEMBER, REVIEWER).reviewed == 4
    assert set(states(imported).values()) == {"reviewed"}
    assert post_rows(imported, CITY, SEPTEMBER, POSTER).posted == 4
    assert set(states(imported).values()) == {"posted"}
    made = voucher(imported, "记-0002").meta
    assert (made["maker"], made["reviewer"], made["poster"], int(made["attachments"])) == ("K01", "F01", "T01", 1)


def test_who_completes_a_reviewed_row_takes_the_review_away(imported: CompoundFolder) -> None:
    complete(imported, "-30.00", REPAIR)
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    complete(imported, "-30.00", REPAIR, "换一楼的灯")
    assert states(imported)["换一楼的灯"] == "entered"
    assert post_rows(imported, CITY, SEPTEMBER, POSTER).unreviewed == 1


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda c: complete_rows(c, CITY, [], REVIEWER), "F01 街道复核员不是小区 C0007 的代理会计，不能制单"),
        (
            lambda c: review_rows(c, CITY, SEPTEMBER, MAKER),
            "K01 代理会计不是小区 C0007 的街道复核员、街道负责人，不能复核",
        ),
        (
            lambda c: post_rows(c, CITY, SEPTEMBER, REVIEWER),
            "F01 街道复核员不是小区 C0007 的代理会计、街道负责人，不能记账",
        ),
        (lambda c: post_rows(c, CITY, SEPTEMBER, "X99"), "人员 X99 没有登记在街道的人员名单里"),
    ],
    ids=["complete", "review", "post", "nobody"],
)
def test_who_may_not(
    imported: CompoundFolder, unchanged: Callable[[], bool], act: Callable[[CompoundFolder], object], said: str
) -> None:
    before = (imported.path / "2026/2026-09.beancount").read_bytes()
    with pytest.raises(Refused) as refused:
        act(imported)
    assert refused.value.message == said
    assert (imported.path / "2026/2026-09.beancount").read_bytes() == before


def test_the_head_may_not_post_what_they_reviewed(imported: CompoundFolder) -> None:
    review_rows(imported, CITY, SEPTEMBER, POSTER)
    with pytest.raises(Refused, match="T01 街道负责人既复核又记账，须由另一人记账（会计法第25条）"):
        post_rows(imported, CITY, SEPTEMBER, POSTER)
    assert post_rows(imported, CITY, SEPTEMBER, MAKER).posted == 3  # a bookkeeper may post what another reviewed


def register(street: StreetFolder, *people: Person) -> None:
    street.toml.write_bytes(toml_bytes(Street(name="长吴街道", city=CITY, people=people)))


def with_key(person: Person, key: PrivateKey) -> Person:
    return person.model_copy(update={"key": key.public})


def test_who_has_a_key_signs_each_act(street: StreetFolder, imported: CompoundFolder) -> None:
    register(street, *(with_key(one, KEY) if one.id == POSTER else one for one in PEOPLE))
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    with pytest.raises(Refused, match="登记了公钥，过账须签名"):
        post_rows(imported, CITY, SEPTEMBER, POSTER)
    other = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(31) + b"1"))
    with pytest.raises(Refused, match="私钥与 T01 街道负责人在街道登记的公钥不符"):
        post_rows(imported, CITY, SEPTEMBER, POSTER, key=other)
    post_rows(imported, CITY, SEPTEMBER, POSTER, key=KEY)
    load(imported)
    opening, *links = read_chain(imported)
    assert [bool(link.signature) for link in links] == [False, False, True]
    assert verifies_with("ed25519", KEY.public, links[-1].head, links[-1].signature)
    assert not opening.signature


def test_once_somebody_has_a_key_nobody_posts_without(street: StreetFolder, imported: CompoundFolder) -> None:
    register(street, *(with_key(one, KEY) if one.id == POSTER else one for one in PEOPLE))
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    with pytest.raises(Refused, match="街道已有人登记公钥，K01 代理会计没有公钥，不能过账"):
        post_rows(imported, CITY, SEPTEMBER, MAKER)
    with pytest.raises(Refused, match="街道已有人登记公钥，K01 代理会计没有公钥，不能过账"):
        post_street(street, [imported], SEPTEMBER, MAKER)


def test_the_key_of_who_may_not_post_binds_nobody(street: StreetFolder, imported: CompoundFolder) -> None:
    register(street, *(with_key(one, KEY) if one.id == REVIEWER else one for one in PEOPLE))
    review_rows(imported, CITY, SEPTEMBER, REVIEWER)
    assert post_rows(imported, CITY, SEPTEMBER, POSTER).posted == 3


def test_a_key_without_a_registered_half_signs_nothing(imported: CompoundFolder) -> None:
    with pytest.raises(Refused, match="私钥与 T01 街道负责人在街道登记的公钥不符"):
        post_rows(imported, CITY, SEPTEMBER, POSTER, key=KEY)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(Ed25519PrivateKey.generate(), "ed25519"), (generate_private_key(SECP256R1()), "p256")],
    ids=["ed25519", "p256"],
)
def test_a_key_from_its_file(tmp_path: Path, key: Ed25519PrivateKey, algorithm: str) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private = load_private(path)
    assert verifies_with(algorithm, private.public, "ab" * 32, private.sign("ab" * 32))
    assert not verifies_with(algorithm, private.public, "ac" * 32, private.sign("ab" * 32))


def test_what_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(b"secret")
    with pytest.raises(Refused, match="不是没有口令的 PEM 私钥文件"):
        load_private(tmp_path / "key.pem")
    with pytest.raises(Refused, match="私钥文件读不出来"):
        load_private(tmp_path / "none.pem")
