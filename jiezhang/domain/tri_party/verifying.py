"""Whether sealed months are what they were when they were signed: by their own bytes, and by what others have kept.

Everything here is pure; what stands on the disk is read by `jiezhang.close.verifying`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..approval.seals import SealKey
from ..chain import Link
from ..history.checkpoint import SignedCheckpoint, check_signatures
from ..history.receipt import SignedReceipt
from ..history.trust import Trust
from ..people import POSTERS, serves
from ..period import Month
from ..problem import Refused
from ..register import Person
from .attestation import ROLES
from .figures import NOTHING_BEFORE, MonthFigures
from .history_figures import voucher_tree
from .month_seal import FORMAT, MonthSeal, seal_digest
from .months import MonthFiles
from .signing import (
    checkpoint_of,
    missing_parties,
    note_of,
    short_accounts,
    signed_fault,
    twice_signed,
    unconfirmed,
)

_DISTRUST = {
    "untrusted": "存证上有不认识的公钥的签名",
    "signature": "存证上有签名与公钥不符",
    "missing": "存证缺少必须的一方的签名",
}


def people_of(trust: Trust) -> dict[str, Person]:
    """The parties' people as a verifier knows them: by the keys it trusts."""
    roles = {str(party): words[:1] for party, words in ROLES.items()}
    return {
        key.name: Person(id=key.name, name=key.name, roles=roles[key.party], key=key.public)
        for key in trust.keys
        if key.party in roles
    }


def chain_faults(seals: Sequence[MonthSeal], compound: str) -> Iterator[tuple[str, str]]:
    """Seals that don't follow from one another: month, and a Chinese sentence."""
    before, expected = NOTHING_BEFORE, seals[0].month if seals else None
    for seal in seals:
        month = seal.figures.month
        if seal.figures.compound != compound:
            yield month, f"是小区 {seal.figures.compound} 的封月文件"
        if expected is not None and seal.month != expected:
            yield month, f"缺少 {expected} 的封月文件：不得删除"
        elif seal.figures.previous != before:
            yield month, "与上一个月的封月文件接不上：其中一个被换过或改动过"
        before, expected = seal_digest(seal), seal.month.next


def seal_faults(seal: MonthSeal, trust: Trust) -> Iterator[str]:
    """What is wrong with one seal by itself: its checkpoint is not of its figures, its signatures are not believed."""
    try:
        note = SignedCheckpoint.parse(seal.checkpoint)
    except Refused as refused:
        yield refused.message
        return
    if note.checkpoint.body() != checkpoint_of(seal.figures).body():
        yield "存证与封月的数字不符"
        return
    found = check_signatures(note, trust)
    if isinstance(found, str):
        yield _DISTRUST[found]
        return
    people = people_of(trust)
    yield from (fault for one in seal.signed for fault in [signed_fault(one, seal.figures, people)] if fault)
    office = SignedCheckpoint(note.checkpoint, tuple(one for one in note.signatures if one.time is None))
    if note_of(office, seal.signed).text() != seal.checkpoint:
        yield "存证上的签名与各方的签署不一致"
    if missing_parties(seal.signed, (*trust.required, *seal.figures.required)):
        yield "缺少必须的一方的签署"
    left = unconfirmed(seal.figures, seal.signed)
    if left and "bank" in (*trust.required, *seal.figures.required):
        yield f"账户 {short_accounts(left)} 没有银行的签署"
    yield from _unsigned_faults(seal)


def _unsigned_faults(seal: MonthSeal) -> Iterator[str]:
    """What nobody signed, and can be only one way: format, order, who may close a month, what can be explained."""
    who = [(one.attestation.party, one.attestation.person) for one in seal.signed]
    if seal.format != FORMAT or who != sorted(who) or twice_signed(seal.signed):
        yield "封月文件的写法被改动过：格式或各方签署的次序不对"
    if not any(one.id == seal.closed_by and set(one.roles) & set(POSTERS) for one in seal.figures.people):
        yield f"封月人 {seal.closed_by} 当时不是记账人员，被改动过"
    found, said = (*seal.figures.differences, *seal.stated), dict(seal.explanations)
    known = {one.id for one in found}
    in_order = [name for name, _ in seal.explanations] == sorted(said)
    unexplained = any(not one.closed and not said.get(one.id, one.explanation) for one in found)
    if not in_order or not known.issuperset(said) or unexplained:
        yield "差异的说明被改动过：有差异没有说明，或说明的不是这个月的差异"


def tree_faults(seals: Sequence[MonthSeal], chain: Sequence[Link]) -> Iterator[tuple[str, str]]:
    """Seals whose tree of vouchers the chain does not lead to: month, and a Chinese sentence."""
    tree = voucher_tree(chain)
    for seal in seals:
        said = seal.figures.vouchers
        if said.tree_size > tree.size:
            yield seal.figures.month, f"凭证链只有 {tree.size} 张，封月时有 {said.tree_size} 张"
        elif tree.root(said.tree_size).hex() != said.tree_root:
            yield seal.figures.month, "凭证链与封月时不同：有凭证被改动、换过次序、插入或删除"


def kept_faults(months: MonthFiles, kept: Sequence[SignedCheckpoint], trust: Trust) -> Iterator[tuple[str, str]]:
    """What a party has kept and the street's folder does not say any more: month, and a Chinese sentence.

    Who signed first keeps a checkpoint that the others had not signed yet: the office's signature is enough to hold the
    office to it.
    """
    sealed = {seal.figures.month: seal for seal in months.seals}
    for note in kept:
        month = note.checkpoint.month
        found = check_signatures(note, trust.model_copy(update={"required": ()}))
        if isinstance(found, str):
            yield month, f"留存的{_DISTRUST[found]}，不能作为依据"
            continue
        seal, presented = sealed.get(month), months.presented.get(month)
        figures = seal.figures if seal else presented.figures if presented else None
        if figures is None:
            yield month, "各方留存了这个月的存证，街道却没有这个月的封月文件"
        elif checkpoint_of(figures).body() != note.checkpoint.body():
            yield month, "与各方留存的存证不同：这个月的数字、凭证或各户余额在签署以后被换过"
        elif seal is None and {*trust.required} <= {signer.party for signer in found}:
            yield month, "各方都已签署，街道却没有这个月的封月文件：还没有封月，或封月文件被删去"
        elif seal is not None and not _signed_alike(note, seal):
            yield month, "封月文件上的签名与各方留存的存证不同：有签名被换过或删去"


def receipt_faults(
    months: MonthFiles, receipts: Sequence[SignedReceipt], explained: Mapping[str, bytes], trust: Trust
) -> Iterator[tuple[str, str]]:
    """What a kept receipt says of a seal and the street's folder does not say any more: month, and a Chinese sentence.

    `explained`: digest of each sealed month's explanations, as they lie there now.
    """
    sealed = {seal.figures.month: seal for seal in months.seals}
    for one in receipts:
        seal = sealed.get(one.month)
        if not one.is_believed(trust):
            yield one.month, "留存的封月回执没有街道的签名，或签名与公钥不符，不能作为依据"
        elif seal is None:
            yield one.month, "各方留存了这个月的封月回执，街道却没有这个月的封月文件"
        elif seal_digest(seal) != one.receipt.seal.hex():
            yield one.month, "封月文件与各方留存的封月回执不同：封月人、差异的说明或签署在封月以后被换过"
        elif explained[one.month] != one.receipt.explanations:
            yield one.month, "差异的说明与各方留存的封月回执不同：说明文件在封月以后被改动或删去"


def _signed_alike(note: SignedCheckpoint, seal: MonthSeal) -> bool:
    """Whether the seal has the office's signature that was kept, and everybody's who had signed: the very one, or a
    later one, for a party may have signed the same figures once more; never an earlier one put back."""
    try:
        there = SignedCheckpoint.parse(seal.checkpoint).signatures
    except Refused:
        return False
    office = [one for one in note.signatures if one.time is None]
    by_name = {(one.name, one.key_id): one for one in there}
    for kept in note.signatures:
        found = by_name.get((kept.name, kept.key_id))
        if found is None or (found != kept and (found.time or 0) <= (kept.time or 0)):
            return False
    return set(office) <= set(there)


def known_faults(figures: MonthFigures, people: Mapping[str, Person], keys: Sequence[SealKey]) -> Iterator[str]:
    """People and keys that were there when the month was sealed, and are not now as they were; keys are only added
    after those that were there."""
    for one in figures.people:
        now = people.get(one.id)
        same = now is not None and (now.name, now.roles) == (one.name, one.roles) and one.key in ("", now.key)
        if now is None or not same or not serves(now, figures.compound):
            yield f"人员 {one.id} {one.name}的姓名、职责或公钥与封月时不同，或已被删去"
    for place, known in enumerate(figures.keys):
        key = keys[place] if place < len(keys) else None
        same = key is not None and (key.code, key.seal, key.keeper, key.public, key.starts) == (
            known.code, known.seal, known.keeper, known.public, known.starts,
        )  # fmt: skip
        if not same or key is None or not _ended_alike(known.ended is not None, known.ended == key.ended, key, figures):
            yield f"印章钥匙 {known.code} 与封月时不同，或已被删去"


def _ended_alike(had_ended: bool, same: bool, key: SealKey, figures: MonthFigures) -> bool:
    """An end stays; a key still in use may have ended since, but not within the sealed month."""
    return same or (not had_ended and key.ended is not None and key.ended > Month.parse(figures.month).last_day)
