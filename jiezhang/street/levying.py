"""专项集资 of a street: registering a levy with its fund and account, listing levies, and the sheet for the board."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from beancount.core import data

from jiezhang.book.cells import from_options
from jiezhang.book.commit import commit, exclusive
from jiezhang.book.edit import apply
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_ledger, load_unlocked, read_opens
from jiezhang.book.messages import failure
from jiezhang.book.registers import read_street, table_bytes
from jiezhang.book.render import render_levy
from jiezhang.book.write import write_all
from jiezhang.close.directory import known_accounts, taken
from jiezhang.close.levy_legs import corrected_household
from jiezhang.close.making import made_by
from jiezhang.close.reconciling import bank_balances, reconcile
from jiezhang.close.voucher_corrections import original_of
from jiezhang.domain.accounts import account_name
from jiezhang.domain.approval.rules.levies import levy_fault, strangers
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.levy import LEVIES_FILE, Levy, dues_digest, dues_name, parse_dues
from jiezhang.domain.money import yuan
from jiezhang.domain.people import MAKERS, POSTERS, refuse_without
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import DedicatedAccount, Person
from jiezhang.domain.rules.dedicated_accounts import bare_number
from reports.levy import LevyReport, levy_report
from reports.render.levy_pdf import render_pdf
from reports.render.levy_text import as_data, render_text

from .checking import faults_of
from .resolving import readable_office

ACCOUNTS = "accounts.beancount"


@dataclass(frozen=True, slots=True)
class LevyAccount:
    """The levy's dedicated account as the office gives it; `name` is short, e.g. 工行."""

    bank: str
    name: str
    number: str
    holder: str
    holder_kind: str
    opened: date


def new_levy(
    street: StreetFolder, folder: CompoundFolder, actor: Person, fields: dict[str, Any], dues: Path, given: LevyAccount
) -> tuple[Levy, int]:
    """Register a levy, open its fund and its account; returns it with how many households owe.

    `fields` are those of `Levy` but for its digest and who registers it; a term that is not given is the resolution's.
    `Refused`, and nothing written, when the owners did not decide it so, the list of dues is no such list, or the
    account is somebody's already.
    """
    refuse_without(actor, POSTERS, folder.code, "登记集资")
    content = _read(dues)
    owed = parse_dues(content, str(dues))
    _refuse_taken(street, folder, given.number)
    city = read_street(street).city
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        view = readable_office(ledger)
        levy = _levy(view, fields, content, actor)
        _refuse_levy(view, levy, owed)
        dedicated = _dedicated(ledger, levy, given)
        register = [*(row for _, row in view.files.levies), levy]
        before = (folder.path / ACCOUNTS).read_text("utf-8")
        opened = before.rstrip("\n") + "\n\n" + render_levy(given.opened, levy.fund, dedicated)
        # The accounts come last: what was registered but not opened yet may be registered again.
        changes = {
            dues_name(levy.code): content,
            LEVIES_FILE: table_bytes(list(dict.fromkeys(register)), Levy),
            ACCOUNTS: opened.encode(),
        }
        commit(ledger, city, changes)
    return levy, len(owed)


def correct_household(
    street: StreetFolder, folder: CompoundFolder, actor: Person, voucher: str, household: str, day: date
) -> Sequence[data.Transaction]:
    """Propose to book a levy's receipt or refund on another household: a red and a new voucher of `day`, to be
    reviewed and posted. `Refused` as ever."""
    refuse_without(actor, MAKERS, folder.code, "制单")
    city = read_street(street).city
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        pair = corrected_household(original_of(ledger.entries, voucher), day, household)
        vouchers = [made_by(one, actor.id) for one in pair]
        commit(ledger, city, apply(ledger.folder, (), vouchers))
    return vouchers


def _levy(view: OfficeView, fields: dict[str, Any], content: bytes, actor: Person) -> Levy:
    path = view.paths.get(str(fields["resolution"]))
    if path is None:
        raise Refused(f"没有决议 {fields['resolution']}，集资须先由业主共同决定（民法典第278条第1款第6项）")
    terms = {"starts": path.resolution.starts, "ends": path.resolution.ends, "scope": path.resolution.scope}
    chosen = {name: value for name, value in fields.items() if value is not None}
    code = {"code": path.resolution.fund}
    return from_options(Levy, {**code, **terms, **chosen, "dues_sha256": dues_digest(content), "by": actor.id})


def _refuse_levy(view: OfficeView, levy: Levy, owed: dict[str, int]) -> None:
    for _, known in view.files.levies:
        if known.code == levy.code and (known != levy or _is_open(view, levy)):
            raise Refused(f"集资 {levy.code} 已经登记，名册和条件不能再改")
    path = view.paths[levy.resolution]
    if path.approved is None:
        raise Refused(f"决议 {path.code} 还没有办完，不能登记集资（民法典第278条第1款第6项）")
    said = levy_fault(levy, owed, path)
    if said:
        raise Refused(said)
    unknown = strangers(view, levy, owed)
    if unknown:
        raise Refused(f"应交名册里的户 {unknown[0]} 不在户册里，或不在集资范围 {levy.scope} 内")


def _is_open(view: OfficeView, levy: Levy) -> bool:
    return any(isinstance(entry, data.Open) and f":{levy.fund}:" in entry.account for entry in view.entries)


def _dedicated(ledger: Ledger, levy: Levy, given: LevyAccount) -> DedicatedAccount:
    account = account_name(ledger.compound.component, levy.fund, "1002", given.name + given.number[-4:])
    fields = {"bank": given.bank, "number": given.number, "holder": given.holder, "holder_kind": given.holder_kind}
    return from_options(DedicatedAccount, {"account": account, **fields})


def _refuse_taken(street: StreetFolder, own: CompoundFolder, number: str) -> None:
    """An account of another compound; what this compound has already, the rule of dedicated accounts says."""
    for folder in street.compounds():
        if folder.code != own.code:
            for account in known_accounts(folder.code, read_opens(folder)):
                if bare_number(account.number) == bare_number(number):
                    raise taken(account)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None


def levy_reports(
    street: StreetFolder, folders: Sequence[CompoundFolder], month: Month | None = None
) -> list[LevyReport]:
    """Every levy of `folders` as of the end of `month`, the last month of its vouchers by default."""
    return [report for folder in folders for report in _reports(street, folder, month)]


def _reports(street: StreetFolder, folder: CompoundFolder, month: Month | None, code: str = "") -> list[LevyReport]:
    about = read_street(street)
    ledger = load_ledger(folder, about.city)
    faults = faults_of(ledger)
    if faults:
        said = f"账簿有 {len(faults)} 处错误，改正以后才能编制：{faults[0].message}"
        raise Refused(said, faults[0].file, faults[0].line)
    view = readable_office(ledger)
    found = []
    for _, levy in view.files.levies:
        if code in ("", levy.code):
            chosen = month or _last_month(ledger.entries, levy)
            banks = bank_balances(reconcile(ledger.folder, ledger.entries, chosen))
            found.append(levy_report(view, levy, street=about, month=chosen, bank_balances=banks))
    return found


def _last_month(entries: Sequence[data.Directive], levy: Levy) -> Month:
    """The last month in which anything moved, waiting rows too; the levy's first where nothing has."""
    days = [
        entry.date
        for entry in entries
        if isinstance(entry, data.Transaction) and any(f":{levy.fund}:" in leg.account for leg in entry.postings)
    ]
    return Month.of(max(days, default=levy.starts))


def publish_levy(
    street: StreetFolder, folder: CompoundFolder, code: str, month: Month | None, out: Path, *, draft: bool = False
) -> tuple[LevyReport, list[Path]]:
    """Write the sheet of one levy as PDF, text and JSON; houses are shown, owners never.

    `Refused` when there is no such levy, when the books have errors, or rows wait, unless it is a `draft`.
    """
    reports = _reports(street, folder, month, code)
    if not reports:
        raise Refused(f"小区 {folder.code} 没有集资 {code}")
    report = reports[0]
    if report.waiting and not draft:
        said = f"{report.month} 还有 {report.waiting} 笔集资的流水没有过账，不能公示；先看样稿请加 --draft"
        raise Refused(said, folder.path.name)
    stem = f"{report.issuer.compound}{report.issuer.compound_name}-{report.month}-{report.code}集资公示表"
    contents = {
        f"{stem}.pdf": render_pdf(report),
        f"{stem}.txt": render_text(report).encode(),
        f"{stem}.json": (json.dumps(as_data(report), ensure_ascii=False, indent=2) + "\n").encode(),
    }
    out.mkdir(parents=True, exist_ok=True)
    write_all(out, contents)
    return report, [out / name for name in contents]


def line_of(report: LevyReport) -> str:
    """A levy in one line of a list."""
    issuer, done = report.issuer, f"{report.paid_up} / {len(report.households)} 户交清"
    figures = f"应交 {yuan(report.due_fen)}　已交 {yuan(report.paid_fen)}　支出 {yuan(report.spent_fen)}"
    left = f"退还 {yuan(report.refunded_fen)}　结余 {yuan(report.balance_fen)}"
    return f"{issuer.compound}　{report.code} {report.name}　{done}　{figures}　{left}"
