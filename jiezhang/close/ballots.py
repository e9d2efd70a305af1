"""The ballot sheet an office fills in, and the ballots that are kept of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from jiezhang.domain.approval.electorate import Ballot, Elector, electors_on, within
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.records import Resolution
from jiezhang.domain.encoding import decode
from jiezhang.domain.problem import Refused
from jiezhang.domain.scope import parse_scope

CHOICES = {"同意": "agree", "反对": "against", "弃权": "abstain"}
_SHEET = ("dwelling", "choice", "proxy", "power_sha256")
_HELP = ("building", "stair", "area_m2")
"""Columns that only help who fills it in; they are not kept."""


def electors_of(resolution: Resolution, day: date, files: OfficeFiles) -> list[Elector]:
    """Whose vote is asked on `day`; `Refused` where no dwellings are registered."""
    if files.register is None or not files.register.dwellings:
        raise Refused("没有户册，不能编表决票")
    return within(electors_on(files.register, day), parse_scope(resolution.scope))


def blank_ballots(electors: Sequence[Elector]) -> str:
    """A sheet with a line for each elector and no choice; the area in m²."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_SHEET, *_HELP))
    for one in electors:
        area_m2 = f"{one.area_dm2 // 100}.{one.area_dm2 % 100:02d}"
        writer.writerow((one.code, "", "", "", one.building, one.stair, area_m2))
    return out.getvalue()


def kept_ballots(content: bytes, file: str) -> tuple[bytes, bytes]:
    """The ballots of a filled sheet as CSV: once with an empty line for each that was not cast, so that lines are those
    of the sheet, and once without.

    A choice may be written in Chinese. `Refused` when it is no CSV, or has other columns.
    """
    try:
        rows = list(csv.reader(io.StringIO(decode(content, file), newline=""), strict=True))
    except csv.Error:
        raise Refused("表决票文件不是能读的 CSV", file) from None
    header = [name.strip() for name in rows[0]] if rows else []
    kept = [name for name in header if name not in _HELP]
    known = {"dwelling", "choice"} <= set(kept) and set(kept) <= set(Ballot.model_fields)
    if not known or len(set(header)) < len(header):
        raise Refused("表决票的表头应是 dwelling,choice,proxy,power_sha256", file, 1)
    lines: list[list[str]] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            lines.append([])
            continue
        if len(cells) != len(header):
            raise Refused("这一行的列数与表头不同", file, number)
        given = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        given["choice"] = CHOICES.get(given["choice"], given["choice"])
        lines.append([given[name] for name in kept] if given["choice"] else [])
    return _csv([kept, *lines]), _csv([kept, *(line for line in lines if line)])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
