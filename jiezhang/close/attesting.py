"""A party signs a month: what it says, under the figures that were laid before it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jiezhang.domain.canonical import canonical_digest
from jiezhang.domain.chain import OPENING, Link
from jiezhang.domain.history import vrf
from jiezhang.domain.history.note import sign
from jiezhang.domain.history.sampling import draw, sample_seed
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.attestation import Attestation, Signed, Verdict, attestation_digest
from jiezhang.domain.tri_party.differences import PARTY_NAMES, Difference, Party
from jiezhang.domain.tri_party.figures import MonthFigures, SealedFile
from jiezhang.domain.tri_party.months import Presented
from jiezhang.domain.tri_party.signing import DRAWERS, checkpoint_of, sample_alpha, short_accounts, unconfirmed

SAMPLE_LEAST = 10
SAMPLE_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Hand:
    """What a party's key can do: sign bytes, and be put to the VRF. The key itself stays with its owner."""

    public: bytes
    sign: Callable[[bytes], bytes]
    prove: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Word:
    """What a party says. `accounts`: those it speaks of, none: all."""

    differences: tuple[Difference, ...] = ()
    checked: int = 0
    accounts: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    evidence: tuple[SealedFile, ...] = ()
    refusal: str = ""


def verdict_of(word: Word) -> Verdict:
    """Refused, confirmed, or confirmed with what it holds to differ."""
    if word.refusal:
        return "refused"
    return "excepted" if word.differences else "confirmed"


def attest(presented: Presented, party: Party, person: Person, word: Word, hand: Hand, time: int) -> Signed:
    """The party's signed word on what was presented, of `time` (POSIX seconds)."""
    figures = presented.figures
    body = checkpoint_of(figures).body()
    verdict = verdict_of(word)
    said = Attestation(
        compound=figures.compound,
        month=figures.month,
        party=party,
        person=person.id,
        name=person.name,
        figures=canonical_digest(figures),
        verdict=verdict,
        time=time,
        accounts=word.accounts,
        checked=word.checked,
        differences=numbered(word.differences, party, person.id, figures),
        closes=word.closes,
        evidence=word.evidence,
        draw=hand.prove(sample_alpha(body)).hex() if party in DRAWERS and verdict != "refused" else "",
        reason=word.refusal,
    )
    line = ""
    if verdict != "refused":
        line = sign(body, f"{figures.street}/{person.id}", hand.public, hand.sign, time).line()
    signature = hand.sign(bytes.fromhex(attestation_digest(said))).hex()
    return Signed(attestation=said, signature=signature, cosignature=line)


def numbered(
    differences: Sequence[Difference], party: Party, person: str, figures: MonthFigures
) -> tuple[Difference, ...]:
    """`differences` with ids of their own: `D2026-10-A01-01`."""
    return tuple(
        one.model_copy(
            update={
                "id": f"D{figures.month}-{person}-{number:02d}", "party": party, "since": figures.month, "stated": True
            }
        )
        for number, one in enumerate(differences, start=1)
    )


def sample_size(vouchers: int) -> int:
    """How many of a month's vouchers the auditor looks at: a tenth, ten at least, all where there are fewer.

    Ours: no rule of law gives a number for compounds (待核实); 中国注册会计师审计准则第1314号 leaves it to judgement.
    """
    return min(vouchers, max(SAMPLE_LEAST, -(-vouchers * SAMPLE_PERCENT // 100)))


def draw_sample(figures: MonthFigures, chain: Sequence[Link], betas: Sequence[bytes]) -> tuple[Link, ...]:
    """The month's vouchers that the auditor looks at, drawn from the tree under the checkpoint by `betas`, the VRF
    outputs of bank and auditor."""
    sealed = chain[: figures.vouchers.tree_size]
    month = [link for link in sealed if link.month == figures.month and link.voucher != OPENING]
    seed = sample_seed(checkpoint_of(figures).body().encode(), betas)
    return tuple(month[at] for at in draw(seed, len(month), sample_size(len(month))))


def beta_of(public: bytes, figures: MonthFigures, proof: bytes) -> bytes:
    """The VRF output that `proof` stands for; `Refused` when it is none of this key and month."""
    beta = vrf.verify(public, sample_alpha(checkpoint_of(figures).body()), proof)
    if beta is None:
        raise Refused("抽样随机数与登记的公钥不符")
    return beta


def bank_word(presented: Presented) -> Signed:
    """The bank's signature, without which nothing can be drawn; `Refused` when it is not there, or another bank's is
    still to come: with it the sample would be another."""
    found = [one for one in presented.signed if one.attestation.party == "bank" and one.attestation.draw]
    if not found:
        raise Refused(f"{PARTY_NAMES['bank']}还没有签署，样本要由银行和审计两方的随机数抽取")
    left = unconfirmed(presented.figures, presented.signed)
    if left:
        raise Refused(f"账户 {short_accounts(left)} 还没有银行核对签署，各家银行签齐以后才能抽取样本")
    return found[0]


def evidence_of(name: str, content: bytes) -> SealedFile:
    """A sheet that a party filled in, as its attestation names it."""
    return SealedFile(path=name, mode="whole", bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
