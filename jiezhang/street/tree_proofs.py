"""Proofs about a compound's posted vouchers, made from its chain and its seals; and any proof read from a file."""

from __future__ import annotations

import json

from pydantic import ValidationError

from jiezhang.book.layout import CompoundFolder
from jiezhang.book.office_files import read_chain
from jiezhang.book.seal_files import read_months
from jiezhang.domain.history.tree_proofs import GrowthProof, VoucherProof
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.tri_party.history_figures import voucher_tree
from jiezhang.domain.tri_party.month_seal import MonthSeal


def voucher_proof(folder: CompoundFolder, month: Month, voucher: str) -> VoucherProof:
    """That `voucher` (`2026-09/记-0012`, or `记-0012` of `month`) is under the checkpoint of `month`.

    `Refused` when the month is not sealed or the voucher not under its seal.
    """
    seal = _seal(folder, month)
    of_month, _, number = voucher.rpartition("/")
    chain = read_chain(folder)[: seal.figures.vouchers.tree_size]
    wanted = (of_month or str(month), number)
    index = next((at for at, link in enumerate(chain) if (link.month, link.voucher) == wanted), None)
    if index is None:
        raise Refused(f"{month} 封月的凭证里没有 {wanted[0]}/{number}", folder.path.name)
    link, tree = chain[index], voucher_tree(chain)
    return VoucherProof(
        checkpoint=seal.checkpoint,
        month=link.month,
        voucher=link.voucher,
        digest=link.digest,
        poster=link.poster,
        index=index,
        path=tuple(one.hex() for one in tree.inclusion(index)),
    )


def growth_proof(folder: CompoundFolder, since: Month, month: Month) -> GrowthProof:
    """That the vouchers of `month` hold all of those of `since`; `Refused` when one of them is not sealed."""
    before, after = _seal(folder, since), _seal(folder, month)
    if since >= month:
        raise Refused(f"--since 的月份 {since} 须早于 {month}")
    tree = voucher_tree(read_chain(folder)[: after.figures.vouchers.tree_size])
    path = tuple(one.hex() for one in tree.consistency(before.figures.vouchers.tree_size))
    return GrowthProof(before=before.checkpoint, after=after.checkpoint, path=path)


def _seal(folder: CompoundFolder, month: Month) -> MonthSeal:
    seal = read_months(folder).seal_of(month)
    if seal is None:
        raise Refused(f"{month} 还没有封月", folder.path.name)
    return seal


def read_proof(text: str, file: str) -> VoucherProof | GrowthProof:
    """A proof as `proof_text` wrote it; `Refused` for anything else."""
    models: dict[object, type[VoucherProof | GrowthProof]] = {
        "jiezhang-voucher-proof-1": VoucherProof, "jiezhang-growth-proof-1": GrowthProof,
    }  # fmt: skip
    try:
        given = json.loads(text)
        model = models[given["format"]]
        return model.model_validate(given)
    except (ValueError, KeyError, TypeError, ValidationError):
        raise Refused("不是完整的凭证证明文件，可能抄漏或被改动", file) from None


def proof_text(proof: VoucherProof | GrowthProof) -> str:
    """The proof as a file."""
    return json.dumps(proof.model_dump(mode="json"), ensure_ascii=False, indent=1)
