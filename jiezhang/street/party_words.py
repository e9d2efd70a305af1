"""What a party says of a month: that all agrees, what its sheet says, or that it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from beancount.core import data

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.messages import failure
from jiezhang.book.registers import read_street
from jiezhang.book.write import lock, write_all
from jiezhang.close.attesting import Word
from jiezhang.close.party_sheets import (
    audit_side,
    bank_side_of,
    community_side,
    read_sheet,
    sheet_bytes,
    statement_files,
)
from jiezhang.close.presenting import Making
from jiezhang.domain.booking import POSTED
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Street
from jiezhang.domain.tri_party.differences import PARTY_NAMES, Difference, Party
from jiezhang.domain.tri_party.figures import AccountFigures, MonthFigures
from jiezhang.domain.tri_party.months import Presented
from jiezhang.domain.tri_party.sheet import blank_sheet, leg_differences
from jiezhang.domain.tri_party.side import Side
from jiezhang.domain.tri_party.signing import accounts_confirmed_by

from .attesting import Act, WordOf, drawn_vouchers
from .parallel import Progress, run, silent
from .presenting import making_of, presented_of


@dataclass(frozen=True, slots=True)
class Saying:
    """How a party speaks: by the sheets in `folder`, by a refusal, or, with neither, that everything agrees but for its
    `remarks`. `checked`: how many items it looked at, all of them unless it says."""

    folder: Path | None = None
    refusal: str = ""
    closes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    checked: int | None = None


def word_by(saying: Saying) -> WordOf:
    """The party's word on each compound."""
    return partial(_word, saying)


def _word(
    saying: Saying, folder: CompoundFolder, making: Making, presented: Presented, act: Act
) -> tuple[Word, bytes]:
    accounts = _accounts(presented.figures, act)
    if saying.refusal:
        return Word(refusal=saying.refusal, accounts=accounts), b""
    month, side = presented.figures.period, side_of(making, presented, act)
    if saying.folder is None:
        asked = len(blank_sheet(side, month, _kind(act.party)))
        checked = asked if saying.checked is None else saying.checked
        if checked > asked:
            raise Refused(f"要核对的一共 {asked} 项，不能写核对了 {checked} 项", folder.path.name)
        return Word(_remarks(saying, act.party, month), checked, accounts, saying.closes), b""
    path = saying.folder / sheet_name(folder.code, month, act.party)
    sheet = read_sheet(path, month)
    found = leg_differences(act.party, side, sheet, month, act.today)
    try:
        content = path.read_bytes()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None
    return Word(differences=found, checked=sheet.checked, closes=saying.closes, accounts=accounts), content


def _remarks(saying: Saying, party: Party, month: Month) -> tuple[Difference, ...]:
    return tuple(Difference(party=party, kind="exception", text=text, since=str(month)) for text in saying.remarks)


def _accounts(figures: MonthFigures, act: Act) -> tuple[str, ...]:
    """The accounts that a bank's person confirms, by the register; none: all. `Refused` when their bank has none."""
    if act.party != "bank" or not act.person.banks:
        return ()
    found = accounts_confirmed_by(act.person, figures)
    if not found:
        raise Refused(f"小区 {figures.compound} 在 {act.person.id} {act.person.name}的银行没有账户，不用签署")
    return found


def side_of(making: Making, presented: Presented, act: Act) -> Side:
    """What the party is asked about: the bank its balances; the auditor the vouchers drawn; the others payments,
    records and publications. All are asked about the balances."""
    figures = presented.figures
    accounts = accounts_of(figures)
    if act.party == "bank":
        own = _accounts(figures, act)
        return bank_side_of([one for one in accounts if not own or one.account in own])
    if act.party != "auditor":
        return community_side(figures.papers, accounts)
    drawn = set(drawn_vouchers(making, presented, act))
    vouchers = [
        entry
        for entry in making.ledger.entries
        if isinstance(entry, data.Transaction)
        and entry.flag == POSTED
        and figures.period.contains(entry.date)
        and entry.meta.get("voucher") in drawn
    ]
    files = statement_files(making.folder, making.ledger.entries, figures.period)
    return audit_side(vouchers, accounts, files)


def accounts_of(figures: MonthFigures) -> list[AccountFigures]:
    """Every dedicated account of the month."""
    return [account for fund in figures.funds for account in fund.accounts]


def _kind(party: Party) -> Literal["item", "paper"]:
    return "paper" if party in ("community", "owners") else "item"


def sheet_name(code: str, month: Month, party: Party) -> str:
    """`C0001-2026-10-专业审计回单.csv`."""
    return f"{code}-{month}-{PARTY_NAMES[party]}回单.csv"


def write_sheets(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    act: Act,
    out: Path,
    progress: Progress = silent,
) -> list[Path]:
    """An empty sheet for each of `folders`, for the acting party to fill in; `ManyRefused` when one can't be made."""
    about = read_street(street)
    made = run(partial(_sheet, street=about, month=month, act=act), folders, "编制回单", progress)
    refused = [one for one in made if isinstance(one, Refused)]
    if refused:
        raise ManyRefused(refused)
    out.mkdir(parents=True, exist_ok=True)
    contents = {
        sheet_name(folder.code, month, act.party): one
        for folder, one in zip(folders, made, strict=True)
        if isinstance(one, bytes)
    }
    there = [name for name in contents if (out / name).exists()]
    if there:
        raise Refused("文件已经存在，填好的回单不得覆盖，请换一个文件夹", str(out / there[0]))
    write_all(out, contents)
    return [out / name for name in contents]


def _sheet(folder: CompoundFolder, street: Street, month: Month, act: Act) -> bytes | Refused:
    try:
        with lock(folder.path, shared=True):
            making = making_of(folder, street, act.today)
            side = side_of(making, presented_of(making.ledger, month), act)
        return sheet_bytes(blank_sheet(side, month, _kind(act.party)))
    except Refused as refused:
        return Refused(refused.message, refused.file or folder.path.name, refused.line)
