"""`jiezhang verify` of one proof: what it proves, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .terminal import BOOKS_WRONG

if TYPE_CHECKING:
    from jiezhang.domain.history.checkpoint import Signer
    from jiezhang.domain.history.trust import Trust

_WHY = {
    "malformed": "不是完整的凭码，可能抄漏或被改动",
    "not_in_total": "这个余额不在公布的合计之内",
    "not_in_tree": "这张凭证不在各方签署的凭证之内，或内容不同",
    "not_grown": "后一个月的凭证没有包括前一个月的全部凭证，历史被改写过",
    "untrusted": "有签名不是信任的公钥签的",
    "signature": "有签名与公钥不符，内容在签署以后被改动过",
    "missing": "缺少必须的一方的签名",
}


def say(text: str, file: str, trust: Trust) -> int:
    """Say what `text`, a household's code or a proof about vouchers, proves; the exit code."""
    bare = text.strip()
    if bare.startswith("{"):
        return _vouchers(bare, file, trust)
    return _household(bare.rpartition("#")[2], trust)


def _fails(why: str, what: str) -> int:
    click.echo(f"{what}不成立：{_WHY[why]}")
    return BOOKS_WRONG


def _household(code: str, trust: Trust) -> int:
    from jiezhang.domain.history.household_proof import verify
    from jiezhang.domain.money import yuan

    verdict = verify(code, trust)
    facts = verdict.facts
    if facts is None:
        return _fails(verdict.result, "凭码")
    compound = facts.origin.rpartition("/")[2]
    click.echo(f"凭码成立：{compound} 户 {facts.household} 在 {facts.month} 月底的余额 {yuan(facts.balance_fen)} 元，")
    click.echo(f"已计入各方签署、公布的全小区 {facts.count} 户合计 {yuan(facts.total_fen)} 元之内。")
    _signers(facts.signers)
    click.echo("这证明余额没有被漏掉、也没有在签署以后改过；余额本身对不对，请与分户对账单逐笔核对。")
    return 0


def _vouchers(text: str, file: str, trust: Trust) -> int:
    from jiezhang.domain.history.tree_proofs import VoucherProof, check_growth, check_voucher
    from jiezhang.street.tree_proofs import read_proof

    proof = read_proof(text, file)
    if isinstance(proof, VoucherProof):
        found = check_voucher(proof, trust)
        if isinstance(found, str):
            return _fails(found, "证明")
        note, signers = found
        one = note.checkpoint
        click.echo(
            f"证明成立：{one.compound} 凭证 {proof.month}/{proof.voucher}"
            f"（指纹 {proof.digest[:16]}，{proof.poster} 过账）"
            f"是 {one.month} 封月时 {one.size} 张凭证中的第 {proof.index + 1} 张。"
        )
        _signers(signers)
        return 0
    grown = check_growth(proof, trust)
    if isinstance(grown, str):
        return _fails(grown, "证明")
    before, after = (note.checkpoint for note in grown)
    click.echo(
        f"证明成立：{after.compound} 在 {before.month} 封月的 {before.size} 张凭证，"
        f"到 {after.month} 封月的 {after.size} 张里一张不少，次序和内容不变。"
    )
    return 0


def _signers(signers: tuple[Signer, ...]) -> None:
    from jiezhang.domain.tri_party.differences import PARTY_NAMES
    from jiezhang.street.verifying import shown_time

    names = {str(party): name for party, name in PARTY_NAMES.items()}
    for signer in signers:
        when = f"，{shown_time(signer.time)}" if signer.time is not None else ""
        click.echo(f"  {names.get(signer.party, '街道')} {signer.name} 签名相符{when}")
