"""Closing a month: when everything is in, figures, signatures and tree heads become its seal, for ever.

Source: 财会〔2024〕12号 art. 21(3) (posted is for ever; periods are closed); 会计法 2024 art. 17, 36 (books agree with
money and papers). The three signatures are the mission's own (东湖: 社区、银行、专业审计三方).
"""

from __future__ import annotations

from collections.abc import Mapping

from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.attestation import Signed
from jiezhang.domain.tri_party.differences import PARTY_NAMES
from jiezhang.domain.tri_party.figures import MonthFigures
from jiezhang.domain.tri_party.month_seal import MonthSeal
from jiezhang.domain.tri_party.months import Presented
from jiezhang.domain.tri_party.signing import (
    banks_named,
    missing_parties,
    note_of,
    office_fault,
    scope_fault,
    short_accounts,
    signed_fault,
    twice_signed,
    unconfirmed,
)

from .presenting import figure_faults, mistakes, parties_named, unexplained


def plan_seal(
    presented: Presented, now: MonthFigures, people: Mapping[str, Person], closed_by: str, file: str
) -> MonthSeal:
    """The seal of a presented month. `now` are its figures made anew; `file` is for messages.

    `Refused` with the first reason why it can't be closed.
    """
    figures = presented.figures
    said = not_closable(presented, now, people)
    if said:
        more = f"（另有 {len(said) - 1} 项）" if len(said) > 1 else ""
        raise Refused(f"{figures.month} 不能封月：{said[0]}{more}", file)
    signed = in_order(presented.signed)
    office = SignedCheckpoint.parse(presented.checkpoint, file)
    stated = [found for one in signed for found in one.attestation.differences]
    known = {one.id for one in (*figures.differences, *stated)}
    return MonthSeal(
        figures=figures,
        checkpoint=note_of(office, signed).text(),
        signed=signed,
        closed_by=closed_by,
        explanations=tuple(sorted((name, text) for name, text in presented.explanations.items() if name in known)),
    )


def not_closable(presented: Presented, now: MonthFigures, people: Mapping[str, Person]) -> list[str]:
    """Everything that keeps a presented month from being closed, one sentence each."""
    figures = presented.figures
    said = figure_faults(now)
    if now != figures:
        said.append("报送以后账簿或登记资料变了，须重新报送，各方重新签署")
    wrong = office_fault(figures, presented.checkpoint, people)
    if wrong:
        said.append(f"{wrong}，须重新报送")
    said += [fault for one in presented.signed for fault in [signed_fault(one, figures, people)] if fault]
    said += [fault for one in presented.signed for fault in [scope_fault(one, figures, people)] if fault]
    if twice_signed(presented.signed):
        said.append(twice_signed(presented.signed))
    refused = [one.attestation for one in presented.signed if one.attestation.verdict == "refused"]
    said += [f"{PARTY_NAMES[one.party]} {one.person} 拒绝签署：{one.reason}" for one in refused]
    left = unconfirmed(figures, presented.signed, banks_named(people, figures.compound))
    if left and "bank" in figures.required:
        said.append(f"账户 {short_accounts(left)} 还没有银行核对签署")
    missing = missing_parties(presented.signed, figures.required)
    if missing:
        said.append(f"{parties_named(missing)}还没有签署")
    said += unexplained(figures.differences, presented.explanations)
    stated = [found for one in presented.signed for found in one.attestation.differences]
    return [*said, *mistakes(stated), *unexplained(stated, presented.explanations)]


def in_order(signed: tuple[Signed, ...]) -> tuple[Signed, ...]:
    """Signatures by person, so that sealing twice gives the same bytes."""
    return tuple(sorted(signed, key=lambda one: (one.attestation.party, one.attestation.person)))
