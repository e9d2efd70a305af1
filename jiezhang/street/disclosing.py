"""The month's public statements of a street: one value for each compound, rendered to files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_contracts, read_street
from jiezhang.book.write import write_all
from jiezhang.close.reconciling import bank_balances, reconcile
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from reports.disclosure import Disclosure, build_disclosure, canonical_bytes
from reports.render.disclosure_pdf import render_pdf
from reports.render.disclosure_xlsx import render_xlsx

from .board import POSTING_DAY
from .checking import faults_of
from .known_months import refuse_month
from .parallel import Progress, run, silent


@dataclass(frozen=True, slots=True)
class Written:
    """The files of one compound's statement, and whether its bank agrees (printed on the sheet either way)."""

    code: str
    pdf: Path
    xlsx: Path
    figures: Path
    agreed: bool


def disclose_compound(
    folder: CompoundFolder, street: StreetFolder, month: Month, posted_from: date | None = None
) -> Disclosure:
    """The statement of one compound; `Refused` when its books have errors, or nothing about that month."""
    about = read_street(street)
    ledger = load_ledger(folder, about.city)
    faults = faults_of(ledger)
    if faults:
        raise Refused(f"账簿有 {len(faults)} 处错误，不能公示：{faults[0].message}", faults[0].file, faults[0].line)
    reconciliations = reconcile(ledger.folder, ledger.entries, month)
    refuse_month(ledger, month)
    return build_disclosure(
        ledger.entries,
        street=about,
        compound=ledger.compound,
        contracts=read_contracts(ledger.folder),
        month=month,
        bank_balances=bank_balances(reconciliations),
        differing={item.account for item in reconciliations if item.verdict == "different"},
        posted_from=posted_from or first_posting_day(month),
    )


def first_posting_day(month: Month) -> date:
    """The day of the next month on which the statement of `month` goes up, when nobody says another."""
    return month.next.first_day.replace(day=POSTING_DAY)


def disclose_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    out: Path,
    *,
    posted_from: date | None = None,
    draft: bool = False,
    progress: Progress = silent,
) -> list[Written]:
    """Write PDF, XLSX and the figures (canonical JSON, whose SHA-256 the code carries) of every compound into `out`.

    `ManyRefused`, and nothing written, when a compound's books have errors or rows still wait; `draft` allows the
    latter and the sheet says so.
    """
    job = partial(_render, street=street, month=month, posted_from=posted_from, draft=draft)
    results = run(job, folders, "编制公示表", progress)
    refused = [result for result in results if isinstance(result, Refused)]
    if refused:
        raise ManyRefused(refused)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for folder, files in zip(folders, results, strict=True):
        assert not isinstance(files, Refused)
        contents, agreed = files
        write_all(out, contents)
        pdf, xlsx, figures = (out / name for name in contents)
        written.append(Written(folder.code, pdf, xlsx, figures, agreed))
    return written


def _render(
    folder: CompoundFolder, street: StreetFolder, month: Month, posted_from: date | None, draft: bool
) -> tuple[dict[str, bytes], bool] | Refused:
    try:
        value = disclose_compound(folder, street, month, posted_from)
        if value.waiting and not draft:
            said = f"{month} 还有 {value.waiting} 笔流水没有过账，不能公示；先看样稿请加 --draft"
            return Refused(said, folder.path.name)
        stem = f"{value.compound}{value.compound_name}-{month}-公共收益收支公示表"
        files = {
            f"{stem}.pdf": render_pdf(value),
            f"{stem}.xlsx": render_xlsx(value),
            f"{stem}.json": canonical_bytes(value),
        }
        return files, value.proof == "agreed"
    except Refused as refused:
        return refused
