"""The months' tables in BQL: `SELECT … FROM #reconciliations`, `#seals`, `#differences`.

Sealed months and those before the parties, whatever entries a page has filtered. Importing this module adds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from beanquery.sources.beancount import GetItemColumn, Table

from jiezhang.domain.approval.view import OFFICE_KEY, OfficeView
from jiezhang.domain.canonical import canonical_digest
from jiezhang.domain.money import from_fen
from jiezhang.domain.tri_party.attestation import Signed
from jiezhang.domain.tri_party.differences import LEGS
from jiezhang.domain.tri_party.figures import MonthFigures
from jiezhang.domain.tri_party.month_seal import seal_digest
from jiezhang.domain.tri_party.signing import signed_fault

from .query_tables import columns_of
from .render.tri_party_words import beijing
from .tri_party_items import differences_of
from .tri_party_opinions import words_of

MISSING, VOID = "missing", "void"
"""Verdicts beside the parties' own: nobody signed; what was signed does not count."""

_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Month:
    """A month's figures, what was signed of them, why some of it does not count (by person), the office's words."""

    figures: MonthFigures
    signed: tuple[Signed, ...]
    faults: Mapping[str, str]
    explanations: Mapping[str, str]


class _OfMonths:
    """Rows from the seals that the ledger's options carry; none when the registers can't be read.

    No table itself: beanquery would take every subclass of its `Table` for one.
    """

    options: Mapping[str, Any]

    def __iter__(self) -> Iterator[_Row]:
        view = self.options.get(OFFICE_KEY)
        if isinstance(view, OfficeView):
            yield from self.rows(view)

    def rows(self, view: OfficeView) -> Iterator[_Row]:
        """The table's rows, each in the order of its columns."""
        raise NotImplementedError


class ReconciliationsTable(_OfMonths, Table):  # type: ignore[misc]
    """What each party said of each month; a party that said nothing has a row too. `time` is Beijing's, `digest` that
    of the figures it is about."""

    name = "reconciliations"
    columns: ClassVar[Mapping[str, GetItemColumn]] = columns_of(
        month=str, compound=str, party=str, verdict=str, person=str, time=str, differences=int, digest=str
    )

    def rows(self, view: OfficeView) -> Iterator[_Row]:
        for month in _months(view):
            figures = month.figures
            for party in LEGS:
                said = [one.attestation for one in month.signed if one.attestation.party == party]
                if not said:
                    digest = canonical_digest(figures)
                    yield (figures.month, figures.compound, party, MISSING, "", "", 0, digest)
                for one in sorted(said, key=lambda one: (one.time, one.person)):
                    verdict = VOID if month.faults[one.person] else one.verdict
                    when, count = beijing(one.time), len(one.differences)
                    yield (figures.month, figures.compound, party, verdict, one.person, when, count, one.figures)


class SealsTable(_OfMonths, Table):  # type: ignore[misc]
    """The seals, oldest first; `total` is what all households hold, in yuan, `missing` who has not signed."""

    name = "seals"
    columns: ClassVar[Mapping[str, GetItemColumn]] = columns_of(
        month=str, digest=str, tree_size=int, tree_root=str, households=int, total=Decimal, closed_by=str, missing=str,
        previous=str,
    )  # fmt: skip

    def rows(self, view: OfficeView) -> Iterator[_Row]:
        for seal in view.files.months.seals:
            figures = seal.figures
            homes, total = figures.households.count, from_fen(figures.households.total_fen)
            yield (
                figures.month, seal_digest(seal), figures.vouchers.tree_size, figures.vouchers.tree_root, homes, total,
                seal.closed_by, " ".join(seal.missing), figures.previous,
            )  # fmt: skip


class DifferencesTable(_OfMonths, Table):  # type: ignore[misc]
    """Every difference in every month's list; `amount` (yuan) is what the party has more than the book, `age` counts
    the months it has stood in, `closed` says how it ended and is empty while it is open."""

    name = "differences"
    columns: ClassVar[Mapping[str, GetItemColumn]] = columns_of(
        id=str, month=str, party=str, kind=str, fund=str, account=str, day=date, amount=Decimal, since=str, age=int,
        explanation=str, closed=str,
    )  # fmt: skip

    def rows(self, view: OfficeView) -> Iterator[_Row]:
        for month in _months(view):
            figures = month.figures
            still, ended = differences_of(figures, words_of(figures, month.signed, month.faults))
            for one, how in (*((one, "") for one in still), *ended):
                said = month.explanations.get(one.id, one.explanation) if one.id else one.explanation
                yield (
                    one.id, figures.month, one.party, one.kind, one.fund, one.account, one.day,
                    from_fen(one.amount_fen), one.since, one.age_months(figures.period), said, how,
                )  # fmt: skip


def _months(view: OfficeView) -> Iterator[_Month]:
    """Sealed ones first, oldest first, then those before the parties."""
    months, people = view.files.months, view.files.people
    found = [
        (seal.figures, seal.signed, dict(seal.explanations)) for seal in months.seals
    ] + [
        (one.figures, one.signed, dict(one.explanations)) for _, one in sorted(months.presented.items())
    ]  # fmt: skip
    for figures, signed, explanations in found:
        faults = {one.attestation.person: signed_fault(one, figures, people) for one in signed}
        yield _Month(figures, signed, faults, explanations)
