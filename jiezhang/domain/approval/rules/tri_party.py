"""三方对账: what bank, auditor and community signed of a month, and what they hold to differ.

A signature that is not of these figures, or not by a party's own key, is an error; a month that nobody signed yet is
not. Everything signed, missing and different stands in the loaded ledger as entries (`add`), so that Fava, bean-check
and queries see what the statement prints. Source: 东湖双章三审 (news, 待核实); 会计法 2024 art. 17.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from beancount.core import data
from beancount.parser.grammar import ValueType

from ...money import from_fen
from ...period import Month
from ...problem import Finding, Refused
from ...tri_party.attestation import Signed
from ...tri_party.differences import KIND_NAMES, LEGS, PARTY_NAMES, Difference
from ...tri_party.figures import MonthFigures
from ...tri_party.month_seal import MonthSeal, seal_digest
from ...tri_party.signing import signed_fault, twice_signed
from ..view import OfficeView
from .sealed_months import seal_file

RULE = "tri_party"

RECONCILIATION, DIFFERENCE, SEAL = "jiezhang-reconciliation", "jiezhang-difference", "jiezhang-seal"
"""Types of the entries that `add` makes; no ledger file may hold one (the gate refuses `jiezhang-…`)."""


def find(view: OfficeView) -> list[Finding]:
    """Signatures that don't count, in sealed months and in those before the parties."""
    months = view.files.months
    found = [
        fault
        for seal in months.seals
        for fault in _faults(view, seal.figures, seal.signed, seal_file(seal.figures.month))
    ]
    for month, presented in sorted(months.presented.items()):
        found += _faults(view, presented.figures, presented.signed, f"seals/{month}-figures.json")
    return found


def _faults(view: OfficeView, figures: MonthFigures, signed: Sequence[Signed], file: str) -> Iterator[Finding]:
    said = [signed_fault(one, figures, view.files.people) for one in signed]
    for fault in (*said, twice_signed(signed)):
        if fault:
            yield view.refusal(RULE, Refused(f"{figures.month} {fault}", file))


def add(view: OfficeView) -> list[data.Directive]:
    """One entry for each leg of each month that is sealed or before the parties, each difference, and each seal."""
    made: list[data.Directive] = []
    for seal in view.files.months.seals:
        made += _month(view, seal.figures, seal.signed, seal)
        values = [str(seal.month), seal_digest(seal), seal.closed_by, "、".join(PARTY_NAMES[p] for p in seal.missing)]
        made.append(_entry(view, seal.figures.period.last_day, SEAL, values, seal_file(seal.month)))
    for _, presented in sorted(view.files.months.presented.items()):
        made += _month(view, presented.figures, presented.signed, None)
    return made


def _month(
    view: OfficeView, figures: MonthFigures, signed: Sequence[Signed], seal: MonthSeal | None
) -> Iterator[data.Directive]:
    day = figures.period.last_day
    file = seal_file(figures.month) if seal else f"seals/{figures.month}-figures.json"
    refused_last = sorted(signed, key=lambda one: one.attestation.verdict == "refused")
    by_party = {one.attestation.party: one.attestation for one in refused_last}
    for party in LEGS:
        said = by_party.get(party)
        verdict, person = (said.verdict, said.person) if said else ("missing", "")
        yield _entry(view, day, RECONCILIATION, [figures.month, party, verdict, person], file)
    stated = [found for one in signed for found in one.attestation.differences]
    for one in (*figures.differences, *stated):
        yield _difference(view, figures.period, one, file)


def _difference(view: OfficeView, month: Month, one: Difference, file: str) -> data.Custom:
    values = [str(month), one.id, one.party, KIND_NAMES[one.kind], one.closed]
    entry = _entry(view, month.last_day, DIFFERENCE, values, file)
    entry.meta["amount"] = from_fen(one.amount_fen)
    entry.meta["text"] = one.text
    return entry


def _entry(view: OfficeView, day: date, kind: str, values: Sequence[str], file: str) -> data.Custom:
    meta = data.new_metadata(f"{view.folder}/{file}", 1)
    return data.Custom(meta, day, kind, [ValueType(value, str) for value in values])
