"""What the 三方对账单 of a month says as it is."""

from __future__ import annotations

from collections.abc import Mapping

from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.month_seal import MonthSeal
from jiezhang.domain.tri_party.months import MonthFiles
from jiezhang.domain.tri_party.signing import signed_fault
from reports.tri_party import tri_party_statement
from reports.tri_party_value import TriPartyStatement


def statement_of(months: MonthFiles, month: Month, people: Mapping[str, Person]) -> TriPartyStatement:
    """The statement of a month that is sealed, or before the parties; `Refused` when it is neither."""
    seal = months.seal_of(month)
    if seal is not None:
        return sealed_statement(seal)
    presented = months.presented.get(str(month))
    if presented is None:
        raise Refused(f"{month} 还没有报送给各方，没有三方对账单")
    figures = presented.figures
    faults = {one.attestation.person: signed_fault(one, figures, people) for one in presented.signed}
    return tri_party_statement(
        figures,
        presented.signed,
        faults={person: fault for person, fault in faults.items() if fault},
        closed=False,
        explanations=presented.explanations,
    )


def sealed_statement(seal: MonthSeal) -> TriPartyStatement:
    """The statement of a sealed month, which follows from its seal alone."""
    return tri_party_statement(seal.figures, seal.signed, closed=True, explanations=dict(seal.explanations))
