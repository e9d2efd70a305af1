"""Proofs about posted vouchers, checked with the signed checkpoints and the keys alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from tests.tri_party.sealed_street import run, sealed_street

OF_VOUCHER = ("--voucher", "2026-07/记-0002")
OF_GROWTH = ("--since", "2026-07")


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    return sealed_street(tmp_path_factory.mktemp("proofs") / "street")


def made(street: StreetFolder, *what: str) -> dict[str, object]:
    ran = run(street, "attest", "proof", "2026-08", "--compound", "C0001", *what)
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.output)
    assert isinstance(found, dict)
    return found


def verified(street: StreetFolder, proof: object, place: Path) -> tuple[int, str]:
    """By somebody who has the trust file and the proof, and no street."""
    trust = place / "信任.toml"
    assert trust.exists() or run(street, "attest", "trust", "--out", str(trust)).exit_code == 0
    (place / "证明.json").write_text(json.dumps(proof, ensure_ascii=False), "utf-8")
    elsewhere = StreetFolder(place)
    ran = run(elsewhere, "verify", str(place / "证明.json"), "--trust", str(trust))
    return ran.exit_code, ran.output


@pytest.mark.parametrize(
    ("what", "said"),
    [(OF_VOUCHER, "证明成立：C0001 凭证 2026-07/记-0002"), (OF_GROWTH, "里一张不少，次序和内容不变")],
)
def test_a_proof_needs_no_books(street: StreetFolder, tmp_path: Path, what: tuple[str, str], said: str) -> None:
    code, output = verified(street, made(street, *what), tmp_path)
    assert code == 0, output
    assert said in output


@pytest.mark.parametrize(
    ("what", "field", "value", "said"),
    [
        (OF_VOUCHER, "voucher", "记-0003", "这张凭证不在各方签署的凭证之内，或内容不同"),
        (OF_VOUCHER, "digest", "0" * 64, "这张凭证不在各方签署的凭证之内，或内容不同"),
        (OF_VOUCHER, "poster", "K01", "这张凭证不在各方签署的凭证之内，或内容不同"),
        (OF_VOUCHER, "index", 3, "这张凭证不在各方签署的凭证之内，或内容不同"),
        (OF_VOUCHER, "path", [], "这张凭证不在各方签署的凭证之内，或内容不同"),
        (OF_VOUCHER, "path", "none", "不是完整的凭证证明文件，可能抄漏或被改动"),
        (OF_VOUCHER, "format", "another", "不是完整的凭证证明文件，可能抄漏或被改动"),
        (OF_GROWTH, "path", [], "后一个月的凭证没有包括前一个月的全部凭证，历史被改写过"),
    ],
)
def test_a_changed_proof_is_told_of(
    street: StreetFolder, tmp_path: Path, what: tuple[str, str], field: str, value: object, said: str
) -> None:
    code, output = verified(street, made(street, *what) | {field: value}, tmp_path)
    assert code != 0
    assert said in output


def test_a_checkpoint_nobody_signed_proves_nothing(street: StreetFolder, tmp_path: Path) -> None:
    """Its lines are cut off, or another month's stand under it."""
    proof = made(street, *OF_VOUCHER)
    text = str(proof["checkpoint"])
    head, _, lines = text.rpartition("\n\n")
    bank = next(line for line in lines.splitlines() if "/B01 " in line)
    without = text.replace(f"{bank}\n", "")
    code, output = verified(street, proof | {"checkpoint": without}, tmp_path)
    assert (code, "缺少必须的一方的签名" in output) == (1, True)
    july = str(made(street, *OF_GROWTH)["before"]).rpartition("\n\n")[2]
    code, output = verified(street, proof | {"checkpoint": f"{head}\n\n{july}"}, tmp_path)
    assert (code, "有签名与公钥不符" in output) == (1, True)
    grown = made(street, *OF_GROWTH)
    swapped = grown | {"before": grown["after"], "after": grown["before"]}
    assert verified(street, swapped, tmp_path)[0] == 1
