"""The fund's papers of a street: what hangs on the board, and what goes to one household or one repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.write import write_all
from jiezhang.close.fund_desk import as_if_posted, payments_for, proposed_count
from jiezhang.close.reconciling import bank_balances, reconcile
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.households.rules.fund_purpose import Payment, budget_limit, payment_fault, payment_of
from reports.apportionment import ApportionmentList, apportionment_of, proposed_apportionment, repair_voucher
from reports.balance_certificate import balance_certificate
from reports.fund_paper import fund_accounts
from reports.fund_publication import fund_publication
from reports.fund_statements import fund_statements
from reports.household_statement import household_statements
from reports.render import (
    apportionment_pdf,
    apportionment_xlsx,
    balance_certificate_pdf,
    fund_publication_pdf,
    fund_publication_xlsx,
    fund_statements_pdf,
    fund_statements_xlsx,
    household_statement_pdf,
    household_statement_xlsx,
    top_up_list_pdf,
    top_up_list_xlsx,
    top_up_notice_pdf,
)
from reports.top_up import TopUpList, top_up_list, top_up_notices

from .fund_view import FundOffice, keeps_households, line_percent, open_fund
from .known_months import refuse_month
from .owner_papers import codes_for
from .parallel import Progress, run, silent


@dataclass(frozen=True, slots=True)
class Paper:
    """The files written for one compound. `holds`: the identity and the bank agree, and nothing is missing."""

    code: str
    files: tuple[Path, ...]
    holds: bool = True


def publish_street(
    street: StreetFolder,
    folders: Sequence[CompoundFolder],
    month: Month,
    since: Month | None,
    out: Path,
    *,
    draft: bool = False,
    progress: Progress = silent,
) -> list[Paper]:
    """公示表 (165号令 2008 art. 30) from the first of `since` to the end of `month`, and the forms 会住维 of `month`.

    `since` is January by default. Compounds without a register of households are passed over. `ManyRefused`, and
    nothing written, when books have errors or rows still wait; `draft` allows the latter and the sheet says so.
    """
    kept = [folder for folder in folders if keeps_households(folder)]
    job = partial(_published, street=street, month=month, since=since or Month(month.year, 1), draft=draft)
    results = run(job, kept, "编制维修资金公示表", progress)
    refused = [result for result in results if isinstance(result, Refused)]
    if refused:
        raise ManyRefused(refused)
    papers = []
    for folder, result in zip(kept, results, strict=True):
        assert not isinstance(result, Refused)
        papers.append(_write(folder.code, out, result[0], result[1]))
    return papers


def _published(
    folder: CompoundFolder, street: StreetFolder, month: Month, since: Month, draft: bool
) -> tuple[dict[str, bytes], bool] | Refused:
    try:
        office = open_fund(street, folder)
        ledger, compound = office.ledger, office.ledger.compound
        refuse_month(ledger, month)
        banks = bank_balances(reconcile(ledger.folder, ledger.entries, month))
        replay = office.replay(month.last_day)
        value = fund_publication(
            office.files,
            ledger.entries,
            street=office.street,
            compound=compound,
            first=max(since.first_day, compound.start),
            last=month.last_day,
            bank_balances=banks,
            replay=replay,
        )
        left = value.waiting + proposed_count(ledger.entries, month.last_day)
        if left and not draft:
            said = f"{month} 还有 {left} 笔维修资金的流水没有过账，不能公示；先看样稿请加 --draft"
            return Refused(said, folder.path.name)
        forms = fund_statements(
            ledger.entries,
            street=office.street,
            compound=compound,
            month=month,
            dwellings=office.files.register.dwellings,
            bank_balances=banks,
            replay=replay,
            projects=[project for _, project in office.files.register.projects],
        )
        stem = f"{compound.component}-{month}"
        return {
            f"{stem}-维修资金公示表.pdf": fund_publication_pdf.render_pdf(value),
            f"{stem}-维修资金公示表.xlsx": fund_publication_xlsx.render_xlsx(value),
            f"{stem}-维修资金会计报表.pdf": fund_statements_pdf.render_pdf(forms),
            f"{stem}-维修资金会计报表.xlsx": fund_statements_xlsx.render_xlsx(forms),
        }, value.holds and value.bank_check == "agreed"
    except Refused as refused:
        return refused


def write_statements(
    street: StreetFolder,
    folder: CompoundFolder,
    month: Month,
    since: Month | None,
    codes: Sequence[str],
    out: Path,
    progress: Progress = silent,
) -> Paper:
    """分户对账单 of the households `codes`, all when none is named, in one PDF, and as a table."""
    office = open_fund(street, folder)
    compound, last = office.ledger.compound, month.last_day
    first = max((since or Month(month.year, 1)).first_day, compound.start)
    proofs = codes_for(office.ledger, month, codes or office.replay(last).state.roll.codes.tolist(),
                       office.street.check_url)  # fmt: skip
    values = household_statements(
        office.files,
        office.ledger.entries,
        street=office.street,
        compound=compound,
        first=first,
        last=last,
        codes=codes or None,
        line_percent=line_percent(office.rules(last)),
        proofs=proofs,
    )
    stem = f"{compound.component}-{month}-分户对账单" + (f"-{codes[0].replace('/', '-')}" if len(codes) == 1 else "")
    with progress("排印分户对账单", len(values)) as step:
        pdf = household_statement_pdf.render_pdf(values, lambda *_: step())
    contents = {f"{stem}.pdf": pdf, f"{stem}.xlsx": household_statement_xlsx.render_xlsx(values)}
    return _write(compound.code, out, contents)


def write_certificate(
    street: StreetFolder, folder: CompoundFolder, code: str, day: date, out: Path
) -> Paper:
    """余额证明 of one dwelling, for its sale."""
    office = open_fund(street, folder)
    compound = office.ledger.compound
    value = balance_certificate(
        office.files,
        office.ledger.entries,
        street=office.street,
        compound=compound,
        code=code,
        day=day,
        line_percent=line_percent(office.rules(day)),
    )
    name = f"{compound.component}-{day}-余额证明-{code}.pdf"
    return _write(compound.code, out, {name: balance_certificate_pdf.render_pdf(value)})


def write_booked_shares(
    street: StreetFolder, folder: CompoundFolder, month: Month, voucher: str, out: Path
) -> tuple[Paper, ApportionmentList]:
    """分摊清册 of a repair voucher."""
    office = open_fund(street, folder)
    replay = office.replay()
    booked = repair_voucher(replay, month, voucher)
    compound = office.ledger.compound
    value = apportionment_of(office.files, replay, booked, street=office.street, compound=compound)
    return _shares(office, value, f"{month}-{voucher}-分摊清册", out), value


def write_proposed_shares(
    street: StreetFolder,
    folder: CompoundFolder,
    project: str,
    total_fen: int,
    day: date,
    covered: Mapping[str, str],
    out: Path,
) -> tuple[Paper, ApportionmentList, str]:
    """分摊清册 of a repair before it is approved: who would bear what, who lacks it, and who covers that.

    With it why the rules would refuse to pay it that day, or nothing.
    """
    office = open_fund(street, folder)
    known = {one.code: one for _, one in office.files.register.projects}
    if project not in known:
        raise Refused(f"维修项目 {project} 没有登记在 projects.csv")
    value = proposed_apportionment(
        office.replay(day).state,
        known[project],
        total_fen,
        covered,
        street=office.street,
        compound=office.ledger.compound,
    )
    entries = as_if_posted(office.ledger.entries)
    paid = sum(payment_of(one).cost_fen for one in payments_for(project, day, entries))
    wrong = payment_fault(known[project], Payment(day, total_fen), paid, budget_limit(entries))
    return _shares(office, value, f"{day}-{project}-分摊清册（拟）", out), value, wrong


def _shares(office: FundOffice, value: ApportionmentList, name: str, out: Path) -> Paper:
    stem = f"{office.ledger.compound.component}-{name}"
    contents = {
        f"{stem}.pdf": apportionment_pdf.render_pdf(value),
        f"{stem}.xlsx": apportionment_xlsx.render_xlsx(value),
    }
    return _write(office.ledger.compound.code, out, contents, not value.uncovered)


def write_notices(
    street: StreetFolder,
    folder: CompoundFolder,
    on: date,
    as_of: date | None,
    to_percent: Decimal | None,
    standard_yuan: Decimal | None,
    pay_by: date | None,
    out: Path,
) -> tuple[Paper, TopUpList]:
    """续交通知 of the day `on`, one page for each household below the line, and the list with arrears at `as_of`."""
    office = open_fund(street, folder)
    compound = office.ledger.compound
    notices = top_up_notices(
        office.replay(on).state,
        office.files.register,
        office.rules(on),
        on,
        street=office.street,
        compound=compound,
        accounts=fund_accounts(office.ledger.entries, compound.code, on),
        to_percent=to_percent,
        standard_yuan=standard_yuan,
        pay_by=pay_by,
    )
    until = as_of or on
    if until < on or (pay_by is not None and pay_by < on):
        raise Refused(f"名册的日期和交款期限不能早于通知的日期 {on}")
    listed = top_up_list(notices, office.replay(until), until)
    stem = f"{compound.component}-{on}"
    contents = {
        f"{stem}-续交名册.pdf": top_up_list_pdf.render_pdf(listed),
        f"{stem}-续交名册.xlsx": top_up_list_xlsx.render_xlsx(listed),
    }
    if notices.notices:
        contents = {f"{stem}-续交通知.pdf": top_up_notice_pdf.render_pdf(notices), **contents}
    return _write(compound.code, out, contents), listed


def _write(code: str, out: Path, contents: dict[str, bytes], holds: bool = True) -> Paper:
    out.mkdir(parents=True, exist_ok=True)
    write_all(out, contents)
    return Paper(code, tuple(out / name for name in contents), holds)
