"""三方对账单 for a street: written out, and sealed by the parties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jiezhang.book.commit import exclusive
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import read_months, statement_name
from jiezhang.book.write import write_all
from jiezhang.close.party_paper import statement_of
from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Person, Street
from jiezhang.domain.tri_party.differences import PARTY_NAMES
from reports.render.tri_party_pdf import render_pdf
from reports.render.tri_party_xlsx import render_xlsx
from reports.tri_party_value import statement_json

from .attesting import party_of
from .parallel import Progress, run, silent

if TYPE_CHECKING:
    from reports.signing.credentials import Credentials


def write_papers(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, out: Path, progress: Progress = silent
) -> list[Path]:
    """PDF, XLSX and JSON of every compound's statement in `out`, and the sealed PDF where there is one.

    `ManyRefused`, and nothing written, when a month was not presented.
    """
    made = run(partial(_render, street=read_street(street), month=month), folders, "排印三方对账单", progress)
    refused = [one for one in made if isinstance(one, Refused)]
    if refused:
        raise ManyRefused(refused)
    out.mkdir(parents=True, exist_ok=True)
    contents = {name: content for one in made if isinstance(one, dict) for name, content in one.items()}
    write_all(out, contents)
    return [out / name for name in contents]


def _render(folder: CompoundFolder, street: Street, month: Month) -> dict[str, bytes] | Refused:
    try:
        months = read_months(folder)
        value = statement_of(months, month, by_id(street.people))
    except Refused as refused:
        return Refused(refused.message, refused.file or folder.path.name, refused.line)
    draft = "" if value.closed else "（样稿）"
    stem = f"{value.compound}{value.name}-{month}-三方对账单{draft}"
    sealed = folder.path / statement_name(month)
    return {
        f"{stem}.pdf": sealed.read_bytes() if sealed.is_file() and value.closed else render_pdf(value),
        f"{stem}.xlsx": render_xlsx(value),
        f"{stem}.json": statement_json(value),
    }


def seal_papers(
    folders: Sequence[CompoundFolder],
    month: Month,
    person: Person,
    credentials: Credentials,
    at: datetime,
) -> list[str]:
    """Set the visible seal of `person`'s party on each compound's paper; the codes of those sealed now.

    `Refused` for a month that is not closed, or a paper that the party has sealed; nothing is written then.
    """
    from jiezhang.close.sealed_paper import with_seal  # what seals PDFs takes a while to load

    with exclusive(*folders):
        made = {}
        for folder in folders:
            party, seal = party_of(person, folder.code), read_months(folder).seal_of(month)
            if seal is None:
                raise Refused(f"{month} 还没有封月，封月以后才能在对账单上盖章", folder.path.name)
            path = folder.path / statement_name(month)
            try:
                before = path.read_bytes() if path.is_file() else None
                made[folder.code] = with_seal(seal, before, party, credentials, at)
            except Refused as refused:
                said = f"{PARTY_NAMES[party]}的印章盖不上：{refused.message}"
                raise Refused(said, f"{folder.path.name}/{statement_name(month)}") from None
        for folder in folders:
            write_all(folder.path, {statement_name(month): made[folder.code]})
        return sorted(made)
