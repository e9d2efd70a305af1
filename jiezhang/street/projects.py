"""One key project of a compound: read through the gate, written as text, PDF or data."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.book.write import write_all
from jiezhang.domain.problem import Refused
from reports.project import ProjectReport, project_report
from reports.render.project_pdf import render_pdf
from reports.render.project_text import as_data, render_text

from .checking import faults_of
from .resolving import readable_office


def read_project(street: StreetFolder, folder: CompoundFolder, code: str, day: date) -> ProjectReport:
    """The project of resolution, levy or project `code`; `Refused` when there is none, or the books have errors."""
    about = read_street(street)
    ledger = load_ledger(folder, about.city)
    faults = faults_of(ledger)
    if faults:
        said = f"账簿有 {len(faults)} 处错误，改正以后才能编制：{faults[0].message}"
        raise Refused(said, faults[0].file, faults[0].line)
    return project_report(readable_office(ledger), code, street=about, day=day)


def write_project(report: ProjectReport, out: Path) -> list[Path]:
    """Write the view as PDF, text and JSON into `out`."""
    stem = f"{report.issuer.compound}{report.issuer.compound_name}-{report.day}-{report.code}重点项目"
    contents = {
        f"{stem}.pdf": render_pdf(report),
        f"{stem}.txt": render_text(report).encode(),
        f"{stem}.json": (json.dumps(as_data(report), ensure_ascii=False, indent=2) + "\n").encode(),
    }
    out.mkdir(parents=True, exist_ok=True)
    write_all(out, contents)
    return [out / name for name in contents]
