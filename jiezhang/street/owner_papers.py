"""What an owner checks with: the code of a household, the page that reads it, and the notice of the keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, office_of
from jiezhang.book.registers import read_compound, read_street
from jiezhang.book.seal_files import read_salt
from jiezhang.book.write import write_atomically
from jiezhang.close.household_proofs import SealedHouseholds, sealed_households
from jiezhang.domain.history.trust import Trust
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from reports.owner_check import render_page
from reports.render.trust_notice_pdf import render_pdf
from reports.trust_notice import trust_notice


def codes_for(ledger: Ledger, month: Month, households: Iterable[str], address: str) -> dict[str, str]:
    """What to print on the statements of `households` to the end of `month`; nothing where it is not sealed."""
    found = _sealed(ledger, month)
    return found.texts(households, address) if found is not None else {}


def code_of(street: StreetFolder, folder: CompoundFolder, month: Month, household: str) -> str:
    """One household's code; `Refused` when the month is not sealed or it has no account."""
    ledger = load_ledger(folder, read_street(street).city)
    found = _sealed(ledger, month)
    if found is None:
        raise Refused(f"{month} 还没有封月，封月以后才有凭码", folder.path.name)
    return found.code(household)


def _sealed(ledger: Ledger, month: Month) -> SealedHouseholds | None:
    office = office_of(ledger)
    seal = office.files.months.seal_of(month) if office is not None else None
    salt = read_salt(ledger.folder)
    if seal is None or salt is None:
        return None
    return sealed_households(ledger, seal, salt)


def write_page(street: StreetFolder, trust: Trust, out: Path) -> None:
    """The page that checks codes, one file that works offline; it believes the keys of `trust`."""
    names = {folder.code: read_compound(folder).name for folder in street.compounds()}
    write_atomically(out, render_page(trust, names))


def notice_bytes(street: StreetFolder, trust: Trust, day: date) -> bytes:
    """The notice of `trust`'s keys for the notice board, as a PDF."""
    return render_pdf(trust_notice(read_street(street), trust, day))
