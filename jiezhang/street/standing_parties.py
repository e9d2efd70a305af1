"""What the parties did with a presented month, and what of it counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from jiezhang.close.attesting import bank_word
from jiezhang.domain.people import has_role
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.attestation import ROLES, VERDICT_NAMES, Signed
from jiezhang.domain.tri_party.differences import LEGS, Party
from jiezhang.domain.tri_party.months import MonthFiles, Presented
from jiezhang.domain.tri_party.signing import banks_named, scope_fault, signed_fault, unconfirmed

from .standing_value import PartyWord


def party_words(presented: Presented, people: Mapping[str, Person]) -> tuple[PartyWord, ...]:
    """Each party's word, in the order in which a statement shows them; what does not hold was not said."""
    counting, named = _counting(presented, people), banks_named(people, presented.figures.compound)
    return tuple(_word(party, counting, presented, named) for party in LEGS)


def awaits(word: PartyWord, person: Person, compound: str, today: date) -> bool:
    """Whether `person` is one of the party, and has something to say of the month that nobody has said."""
    is_theirs = has_role(person, ROLES[word.party], compound, today)
    if word.party == "bank" and person.banks:
        is_theirs = is_theirs and bool(set(person.banks) & set(word.banks))
    return is_theirs and not word.is_in and person.id not in word.persons


def _waits(party: Party, presented: Presented, counting: Sequence[Signed]) -> str:
    """Why a party can't agree to `presented` yet; empty when it can. The auditor's sample needs the bank's word."""
    if party != "auditor":
        return ""
    try:
        bank_word(replace(presented, signed=tuple(counting)))
    except Refused as refused:
        return refused.message
    return ""


def open_differences(months: MonthFiles, month: Month, people: Mapping[str, Person]) -> int:
    """How many differences of `month` are open: what its seal left, or what is listed and stated so far."""
    seal, presented = months.seal_of(month), months.presented.get(str(month))
    if seal is not None:
        return len(seal.open_after())
    if presented is None:
        return 0
    stated = [one for signed in _counting(presented, people) for one in signed.attestation.differences]
    return sum(not one.closed for one in (*presented.figures.differences, *stated))


def _counting(presented: Presented, people: Mapping[str, Person]) -> list[Signed]:
    figures = presented.figures
    return [
        one for one in presented.signed if not (signed_fault(one, figures, people) or scope_fault(one, figures, people))
    ]


def _word(party: Party, counting: Sequence[Signed], presented: Presented, named: Collection[str]) -> PartyWord:
    """`named`: the banks that somebody of the compound is registered for."""
    said = [one.attestation for one in counting if one.attestation.party == party]
    agreed = [one for one in said if one.verdict != "refused"]
    banks = _banks_awaited(counting, presented, named) if party == "bank" else ()
    words = dict.fromkeys(VERDICT_NAMES[one.verdict] for one in said)
    return PartyWord(
        party=party,
        word="、".join(words) or "未签",
        persons=tuple(one.person for one in said),
        banks=banks,
        is_in=bool(agreed) and not banks,
        is_required=party in presented.figures.required,
        has_refused=len(agreed) < len(said),
        waits=_waits(party, presented, counting),
    )


def _banks_awaited(counting: Sequence[Signed], presented: Presented, named: Collection[str]) -> tuple[str, ...]:
    """The banks that have not spoken of an account of theirs: all of them, before any has."""
    figures = presented.figures
    accounts = [one for fund in figures.funds for one in fund.accounts]
    spoken = any(one.attestation.party == "bank" and one.attestation.verdict != "refused" for one in counting)
    left = unconfirmed(figures, counting, named) if spoken else {one.account for one in accounts}
    return tuple(sorted({one.bank for one in accounts if one.account in left}))
