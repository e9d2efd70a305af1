"""The rule `seals` over made-up registers of keys: each fault at its line, and the register that has none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from jiezhang.book.keys import PrivateKey
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.rules import seals
from jiezhang.domain.approval.rules.seals import register_faults
from jiezhang.domain.approval.seals import SealKey, verifies_with, vouching_digest
from jiezhang.domain.approval.view import office_view
from jiezhang.domain.people import by_id
from jiezhang.domain.register import Compound, Person

KEYS = {
    name: PrivateKey(ed25519.Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
    for number, name in enumerate(("A1", "A2", "C1", "C2"), start=1)
} | {"P1": PrivateKey(ec.derive_private_key(12345, ec.SECP256R1()))}
PEOPLE = by_id(
    Person(id=code, name="某人", roles=(role,), compounds=compounds)
    for code, role, compounds in (
        ("S01", "community", ()), ("S02", "community", ("C0007",)), ("S09", "community", ("C0009",)),
        ("Y01", "committee", ("C0007",)), ("Y02", "committee", ("C0007",)), ("K01", "bookkeeper", ()),
    )
)  # fmt: skip
COMPOUND = Compound(code="C0007", name="长吴公寓", community="SQ01", kind="commercial", start=date(2025, 1, 1))


def key(code: str, seal: str, keeper: str, starts: str, **more: Any) -> SealKey:
    public = KEYS[more.pop("of", code)].public
    algorithm = "ed25519" if len(public) == 64 else "p256"
    given = {"code": code, "seal": seal, "keeper": keeper, "public": public, "starts": starts, "algorithm": algorithm}
    return SealKey.model_validate({**given, **more})


def vouched(new: SealKey, by: str) -> SealKey:
    return new.model_copy(update={"vouched_by": by, "voucher_signature": KEYS[by].sign(vouching_digest(new))})


def found(*keys: SealKey) -> list[tuple[int, str]]:
    faults = register_faults(OfficeFiles(COMPOUND, people=PEOPLE, keys=tuple(enumerate(keys, start=2))))
    assert {one.file for one in faults} <= {"register/seals.csv"}
    return [(one.line, one.message) for one in faults]


A1 = key("A1", "assembly", "S01", "2025-02-01")
C1 = key("C1", "committee", "Y01", "2025-02-01")
LOST = {"ended": "2025-06-01", "why": "lost"}
GIVEN = {"ended": "2025-06-01", "why": "handed_over"}
A2 = key("A2", "assembly", "S02", "2025-06-01")
C2 = key("C2", "committee", "Y02", "2025-06-01")
A1_GIVEN, A1_LOST = (key("A1", "assembly", "S01", "2025-02-01", **why) for why in (GIVEN, LOST))
C1_LOST = key("C1", "committee", "Y01", "2025-02-01", **LOST)


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (A1,),
        (A1, C1),
        (A1, key("C1", "committee", "Y01", "2025-02-01", of="P1")),
        (A1_GIVEN, C1, vouched(A2, "A1")),
        (A1_LOST, C1, vouched(A2, "C1")),
        (vouched(A2, "C1"), C1, A1_LOST),
        (key("A1", "assembly", "S01", "2025-02-01", ended="2025-03-01", why="revoked"), C1, vouched(A2, "C1")),
    ],
)
def test_registers_without_a_fault(keys: tuple[SealKey, ...]) -> None:
    assert found(*keys) == []


CUSTODY, OWN_KEY, LOSS = "（杭州市物业管理条例第27条）", "（电子签名法第13条）", "（电子签名法第15条）"
TWO = "（双章制度：业主大会印章由社区保管，业主委员会印章由业委会保管）"

FAULTS: list[tuple[tuple[SealKey, ...], list[tuple[int, str]]]] = [
    ((key("A1", "assembly", "Z99", "2025-02-01"),),
     [(2, f"业主大会印章的钥匙 A1 的保管人 Z99 没有登记在 street.toml{CUSTODY}")]),
    ((key("A1", "assembly", "K01", "2025-02-01"),),
     [(2, f"业主大会印章的钥匙 A1 须由社区（居委会）保管，K01 某人不是{TWO}")]),
    ((key("A1", "assembly", "S09", "2025-02-01"),),
     [(2, f"业主大会印章的钥匙 A1 须由社区（居委会）保管，S09 某人不是{TWO}")]),
    ((key("C1", "committee", "S01", "2025-02-01"),),
     [(2, f"业主委员会印章的钥匙 C1 须由业主委员会保管，S01 某人不是{TWO}")]),
    ((A1, key("C1", "committee", "Y01", "2025-02-01", of="A1")),
     [(3, f"钥匙 C1 与钥匙 A1 的公钥相同，一把钥匙只能登记一次{OWN_KEY}")]),
    ((key("A1", "assembly", "S01", "2025-02-01", ended="2025-03-01"),),
     [(2, f"钥匙 A1 的停用日期和停用原因须一起写明{LOSS}")]),
    ((key("A1", "assembly", "S01", "2025-02-01", why="lost"),), [(2, f"钥匙 A1 的停用日期和停用原因须一起写明{LOSS}")]),
    (
        (key("A1", "assembly", "S01", "2025-02-01", ended="2025-01-01", why="lost"),),
        [(2, f"钥匙 A1 的停用日期 2025-01-01 早于启用日期 2025-02-01{LOSS}")],
    ),
    ((vouched(A1, "C1"), C1), [(2, f"业主大会印章的第一把钥匙 A1 不须担保，担保的两栏应空着{OWN_KEY}")]),
    ((A1, C1, vouched(A2, "A1")),
     [(4, f"业主大会印章的钥匙 A2 启用时，钥匙 A1 还没有停用，同一枚印章同时只能有一把钥匙{OWN_KEY}")]),
    ((A1_GIVEN, C1, A2), [(4, f"钥匙 A2 之前的钥匙 A1 已移交，须由钥匙 A1 担保，写的是“”{LOSS}")]),
    ((A1_GIVEN, C1, vouched(A2, "C1")), [(4, f"钥匙 A2 之前的钥匙 A1 已移交，须由钥匙 A1 担保，写的是“C1”{LOSS}")]),
    ((A1_LOST, C1, vouched(A2, "A1")), [(4, f"钥匙 A2 之前的钥匙 A1 已遗失，须由钥匙 C1 担保，写的是“A1”{LOSS}")]),
    ((A1_LOST, C1, A2.model_copy(update={"vouched_by": "C1"})),
     [(4, f"钥匙 A2 之前的钥匙 A1 已遗失，钥匙 C1 的担保签名不符{LOSS}")]),
    (
        (A1_LOST, C1, vouched(A2, "C1").model_copy(update={"keeper": "S01"})),
        [(4, f"钥匙 A2 之前的钥匙 A1 已遗失，钥匙 C1 的担保签名不符{LOSS}")],
    ),
    ((A1_LOST, C1_LOST, vouched(A2, "C1")),
     [(4, f"钥匙 A2 之前的钥匙 A1 已遗失，须由另一枚印章在用的钥匙担保，当天没有这样的钥匙{LOSS}")]),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "said"), FAULTS)
def test_faults(keys: tuple[SealKey, ...], said: list[tuple[int, str]]) -> None:
    assert found(*keys) == said


def test_nobody_keeps_both_seals() -> None:
    both = Person(id="S01", name="某人", roles=("community", "committee"))
    files = OfficeFiles(COMPOUND, people={"S01": both}, keys=((2, A1), (3, C1.model_copy(update={"keeper": "S01"}))))
    [one] = register_faults(files)
    assert (one.file, one.line, one.message) == (
        "register/seals.csv", 3,
        "S01 已经保管业主大会印章（钥匙 A1），不得再保管业主委员会印章（杭州市物业管理条例第27条）"
    )  # fmt: skip


def test_findings_stand_in_the_register() -> None:
    files = OfficeFiles(COMPOUND, people=PEOPLE, keys=((7, key("A1", "assembly", "Z99", "2025-02-01")),))
    [one] = seals.find(office_view("/x/C0007", [], files))
    assert (one.source["filename"], one.source["lineno"], one.rule) == ("/x/C0007/register/seals.csv", 7, "seals")


WEAK = ["00" * 32, "01" + "00" * 31, "01" + "00" * 30 + "80", "ec" + "ff" * 30 + "7f", "ee" + "ff" * 31]


@pytest.mark.parametrize("public", WEAK)
def test_a_key_whose_signature_anybody_makes(public: str) -> None:
    weak = A1.model_copy(update={"public": public})
    assert found(weak) == [(2, f"钥匙 A1 的公钥不是能用的 ed25519 公钥{OWN_KEY}")]


def test_why_such_keys_are_refused() -> None:
    """Under the neutral element the same 64 bytes sign every message."""
    forged = "01" + "00" * 63
    sign: Callable[[str], bool] = lambda digest: verifies_with("ed25519", WEAK[1], digest, forged)  # noqa: E731
    assert sign("ab" * 32)
    assert sign("cd" * 32)


def test_a_point_that_is_on_no_curve() -> None:
    bad = A1.model_copy(update={"algorithm": "p256", "public": "04" + "11" * 64})
    assert "的公钥不是能用的 p256 公钥" in found(bad)[0][1]
    mixed = A1.model_copy(update={"public": KEYS["P1"].public})
    assert "的公钥不是能用的 ed25519 公钥" in found(mixed)[0][1]


def test_faults_stand_in_the_order_of_lines() -> None:
    """Of a key by itself, of two keys, of the succession."""
    unknown = C1.model_copy(update={"keeper": "Z99", "public": A1.public})
    assert found(A2, unknown, A1) == [
        (2, f"业主大会印章的钥匙 A2 启用时，钥匙 A1 还没有停用，同一枚印章同时只能有一把钥匙{OWN_KEY}"),
        (3, f"业主委员会印章的钥匙 C1 的保管人 Z99 没有登记在 street.toml{CUSTODY}"),
        (4, f"钥匙 A1 与钥匙 C1 的公钥相同，一把钥匙只能登记一次{OWN_KEY}"),
    ]


def test_a_key_may_end_on_the_day_it_began() -> None:
    assert found(key("A1", "assembly", "S01", "2025-02-01", ended="2025-02-01", why="revoked")) == []


def test_the_first_key_has_neither_voucher_nor_signature() -> None:
    said = f"业主大会印章的第一把钥匙 A1 不须担保，担保的两栏应空着{OWN_KEY}"
    assert found(A1.model_copy(update={"vouched_by": "C1"})) == [(2, said)]
    assert found(A1.model_copy(update={"voucher_signature": "ab"})) == [(2, said)]


def test_each_key_of_a_seal_is_looked_at() -> None:
    third = key("C2", "assembly", "S01", "2025-07-01", of="C2")
    assert [line for line, _ in found(A1, A2, third)] == [3, 4]


def test_a_key_that_ended_without_a_reason() -> None:
    """Told twice: at the key itself, and at the one that follows it."""
    ended = key("A1", "assembly", "S01", "2025-02-01", ended="2025-06-01")
    assert found(ended, C1, A2) == [
        (2, f"钥匙 A1 的停用日期和停用原因须一起写明{LOSS}"),
        (4, f"钥匙 A2 之前的钥匙 A1 已停用，须由钥匙 C1 担保，写的是“”{LOSS}"),
    ]
