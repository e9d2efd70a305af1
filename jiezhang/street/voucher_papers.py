"""Vouchers of a street: printed for the binder, and listed with who is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from beancount.core import data

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger
from jiezhang.book.registers import read_street
from jiezhang.book.write import write_all
from jiezhang.close.reviewing import State, kept_apart, state_of
from jiezhang.domain.booking import bank_legs, is_opening, row_key
from jiezhang.domain.corrections import CORRECTION_KEY
from jiezhang.domain.money import ZERO
from jiezhang.domain.people import MAKERS, POSTERS, REVIEWERS, has_role, named
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person, Street
from jiezhang.domain.sides import sides_of
from reports.render.voucher_pdf import render_pdf
from reports.voucher_print import printed_vouchers

from .checking import faults_of
from .parallel import Progress, run, silent

_NEXT: dict[State, Sequence[str]] = {"waiting": MAKERS, "entered": REVIEWERS, "reviewed": POSTERS, "posted": ()}


@dataclass(frozen=True, slots=True)
class Listed:
    """A voucher, or a row that is to become one. `waits_for`: everybody who may take the next step."""

    compound: str
    day: date
    number: str
    ref: str
    narration: str
    amount: str
    state: State
    maker: str
    reviewer: str
    poster: str
    waits_for: tuple[str, ...]


def list_vouchers(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, progress: Progress = silent
) -> list[Listed]:
    """Every voucher and row of `month`, by compound, posted ones first by number."""
    known = read_street(street)
    found = run(partial(_listed, known=known, month=month), folders, "读账簿", progress)
    return [one for listed in found for one in listed]


def _listed(folder: CompoundFolder, known: Street, month: Month) -> list[Listed]:
    entries = [
        entry
        for entry in load_ledger(folder, known.city).entries
        if isinstance(entry, data.Transaction) and month.contains(entry.date) and not is_opening(entry)
    ]
    found = [_one(entry, folder.code, known.people) for entry in entries]
    return sorted(found, key=lambda one: (one.number == "", len(one.number), one.number, one.day))


def _one(entry: data.Transaction, code: str, people: Sequence[Person]) -> Listed:
    state = state_of(entry)
    done = kept_apart(entry, state)
    able = [person.id for person in people if has_role(person, _NEXT[state], code) and person.id not in done]
    rows = [row_key(leg)[1] for leg in bank_legs(entry)]
    debits = sum((side.amount for side in sides_of(entry) if side.is_debit), ZERO)
    known = {person.id: person for person in people}
    names = {
        key: named(known, str(entry.meta[key])) if key in entry.meta else "" for key in ("maker", "reviewer", "poster")
    }
    return Listed(
        compound=code,
        day=entry.date,
        number=str(entry.meta.get("voucher", "")),
        ref=rows[0] if rows else str(entry.meta.get(CORRECTION_KEY, "")),
        narration=entry.narration or "",
        amount=f"{debits:.2f}",
        state=state,
        maker=names["maker"],
        reviewer=names["reviewer"],
        poster=names["poster"],
        waits_for=tuple(able),
    )


def print_vouchers(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, out: Path, progress: Progress = silent
) -> list[Path]:
    """The posted vouchers of `month`, one PDF for each compound that has any; the files written.

    `Refused` when books have errors: what is printed is bound, and kept for thirty years.
    """
    known = read_street(street)
    made = run(partial(_printed, known=known, month=month), folders, "排印凭证", progress)
    files = {f"{code}/{month}-记账凭证.pdf": content for code, content in made if content}
    write_all(out, files)
    return [out / name for name in files]


def _printed(folder: CompoundFolder, known: Street, month: Month) -> tuple[str, bytes]:
    return folder.code, voucher_file(load_ledger(folder, known.city), known, month)


def voucher_file(ledger: Ledger, known: Street, month: Month) -> bytes:
    """The PDF of a loaded ledger's posted vouchers of `month`, empty where it has none.

    `Refused` when the books have errors.
    """
    faults = faults_of(ledger)
    if faults:
        said = f"账簿有 {len(faults)} 处错误，改正以后才能排印凭证：{faults[0].message}"
        raise Refused(said, faults[0].file, faults[0].line)
    vouchers = printed_vouchers(ledger.entries, known, ledger.compound, month)
    return render_pdf(vouchers) if vouchers else b""
