"""Whose word counts, and for what: attestations read as a statement shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiezhang.domain.canonical import canonical_digest
from jiezhang.domain.text import clean
from jiezhang.domain.tri_party.attestation import Signed
from jiezhang.domain.tri_party.differences import LEGS, Difference, Party
from jiezhang.domain.tri_party.figures import AccountFigures, MonthFigures

from .tri_party_value import KEY_SHOWN, Opinion, PartyPart, Signing, State

SHORT = 16
"""How many hex digits stand for a digest or a signature on paper."""


@dataclass(frozen=True, slots=True)
class Word:
    """An attestation, whether a later one of the same person replaces it, and why it does not hold."""

    signed: Signed
    current: bool
    fault: str

    @property
    def counts(self) -> bool:
        return self.current and not self.fault

    @property
    def party(self) -> Party:
        return self.signed.attestation.party


def words_of(figures: MonthFigures, signed: Sequence[Signed], faults: Mapping[str, str]) -> tuple[Word, ...]:
    """Every attestation by time. One of other figures, compound or month than these holds for nothing."""
    digest = canonical_digest(figures)
    ordered = sorted(signed, key=lambda one: one.attestation.time)
    last = {(one.attestation.party, one.attestation.person): number for number, one in enumerate(ordered)}
    return tuple(
        Word(
            one,
            last[one.attestation.party, one.attestation.person] == number,
            clean(faults.get(one.attestation.person, "")) or _fault(figures, digest, one),
        )
        for number, one in enumerate(ordered)
    )


def _fault(figures: MonthFigures, digest: str, one: Signed) -> str:
    said = one.attestation
    if (said.compound, said.month) != (figures.compound, figures.month):
        return "签的是别的小区或别的月份"
    return "" if said.figures == digest else f"签的是另一份数据（摘要 {said.figures[:SHORT]}）"


def opinion(
    words: Sequence[Word], party: Party, account: AccountFigures, fund: str, items: Sequence[Difference]
) -> Opinion:
    """What `party` says of `account`; `items` are all open differences. A figure counts as confirmed only when nobody
    of the party refused it, and no open item of the party touches it. The bank's figures stand beside the book's
    anyway: of its word only what it stated itself takes something away."""
    own = [word for word in words if word.current and word.party == party and _covers(word, account.account)]
    good = [word for word in own if not word.fault]
    if any(word.signed.attestation.verdict == "refused" for word in good):
        return Opinion(state="refused")
    if not good:
        return Opinion(state="faulty" if own else "unsigned")
    stated = items if party != "bank" else [one for word in good for one in word.signed.attestation.differences]
    touching = [one for one in stated if one.party == party and _touches(one, account.account, fund)]
    vague = any(w.signed.attestation.verdict == "excepted" and not w.signed.attestation.differences for w in good)
    amounts = tuple(one.amount_fen for one in touching)
    return Opinion(state="excepted" if touching or vague else "confirmed", exceptions_fen=amounts)


def _covers(word: Word, account: str) -> bool:
    return not word.signed.attestation.accounts or account in word.signed.attestation.accounts


def _touches(one: Difference, account: str, fund: str) -> bool:
    """An item that names no account touches all of its fund; one that names no fund either, all."""
    return one.account == account if one.account else one.fund in ("", fund)


def party_parts(
    figures: MonthFigures, words: Sequence[Word], bank: Mapping[str, Opinion], names: Mapping[str, str]
) -> tuple[PartyPart, ...]:
    """The parties in the statement's order. `bank` is the bank's word by account, `names` how accounts are printed."""
    keys = {person.id: person.key for person in figures.people}
    parts = []
    for party in LEGS:
        own = [word for word in words if word.party == party]
        open_ones = () if party != "bank" else tuple(a for a, said in bank.items() if said.state == "unsigned")
        state = _state(own)
        parts.append(
            PartyPart(
                party=party,
                required=party in figures.required,
                state="partial" if open_ones and state in ("confirmed", "excepted") else state,
                signings=tuple(_signing(word, names, keys) for word in own),
                unsigned=tuple(names.get(account, account) for account in open_ones),
            )
        )
    return tuple(parts)


def _state(words: Sequence[Word]) -> State:
    """The gravest word that counts."""
    verdicts = {word.signed.attestation.verdict for word in words if word.counts}
    for verdict in ("refused", "excepted", "confirmed"):
        if verdict in verdicts:
            return verdict
    return "faulty" if any(word.fault for word in words) else "unsigned"


def _signing(word: Word, names: Mapping[str, str], keys: Mapping[str, str]) -> Signing:
    said = word.signed.attestation
    return Signing(
        person=clean(said.person),
        name=clean(said.name),
        state="faulty" if word.fault else said.verdict,
        time=said.time,
        current=word.current,
        accounts=tuple(names.get(account, clean(account)) for account in said.accounts),
        checked=said.checked,
        exceptions=len(said.differences),
        reason=clean(said.reason),
        fault=word.fault,
        key=keys.get(said.person, "")[:KEY_SHOWN],
        signature=word.signed.signature[:SHORT],
    )
