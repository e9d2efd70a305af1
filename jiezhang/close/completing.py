"""Step 2, complete: a person says what a bank row was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from beancount.core import data

from jiezhang.book.edit import Change
from jiezhang.domain.accounts import account_name, parse_account, sibling
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import WAITING, bank_legs, row_key
from jiezhang.domain.levy import is_levy
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.proposal import with_other_leg
from jiezhang.domain.register import Completion
from jiezhang.domain.rules.separate_funds import TRANSFERS, transfer_fault
from jiezhang.domain.text import clean

from .citing import Citing
from .fund_desk import FundDesk, is_complete, is_of_households
from .fund_legs import with_fund_legs
from .levy_legs import with_levy_legs

_Changed = dict[int, tuple[data.Transaction, data.Transaction | None]]
"""By identity of a waiting transaction: itself, and what became of it (`None`: it went into another)."""

NO_FUND = FundDesk()
_OF_FUND = ("household", "deposit", "batch", "project", "paid_outside", "covered", "bond")


def waiting(entries: Sequence[data.Directive]) -> list[data.Transaction]:
    """All transactions not yet posted, in the ledger's order."""
    return [entry for entry in entries if isinstance(entry, data.Transaction) and entry.flag == WAITING]


def blank_completions(entries: Sequence[data.Directive], month: Month) -> list[Completion]:
    """A line for each row of `month` that nobody knows yet, with what helps to know it."""
    return [
        Completion(
            account=leg.account,
            bank_ref=row_key(leg)[1],
            narration=entry.narration or "",
            date=str(entry.date),
            amount=str(leg.units.number if leg.units is not None else ""),
            counterparty=entry.payee or "",
        )
        for entry in waiting(entries)
        if month.contains(entry.date) and not is_complete(entry)
        for leg in bank_legs(entry)
    ]


def plan_completions(
    entries: Sequence[data.Directive],
    completions: Sequence[tuple[int, Completion]],
    file: str,
    contracts: Collection[str],
    desk: FundDesk = NO_FUND,
    office: OfficeView | None = None,
) -> list[Change]:
    """The changes that `completions` (with their lines in the sheet `file`) make to waiting transactions, day by day.

    `contracts` are the codes in the register, `desk` what the maintenance fund has beside the ledger, `office` the
    resolutions on which payments rest. A row completed
    before, but not posted, may be completed again. `Refused` (with `file` and the sheet's line) for a row that is not
    waiting, an account that is not open, a contract nobody registered, or two rows that are no transfer of one day.
    """
    rows = {row_key(leg): entry for entry in waiting(entries) for leg in bank_legs(entry)}
    posted = {
        row_key(leg)
        for entry in entries
        if isinstance(entry, data.Transaction) and entry.flag != WAITING
        for leg in bank_legs(entry)
    }
    opened = {entry.account for entry in entries if isinstance(entry, data.Open)}
    changed: _Changed = {}
    again = {id(rows[key]) for _, said in completions if (key := (said.account, said.bank_ref)) in rows}
    citing = Citing(office, (entry for entry in entries if id(entry) not in again))
    for line, given in _by_day(completions, rows):
        completion = _in_full(given)
        key = (completion.account, completion.bank_ref)
        if key not in rows:
            said = "已经过账，不能再改" if key in posted else "不在待处理之列"
            raise Refused(f"流水 {completion.bank_ref} {said}", file, line)
        wrong = _unknown(completion, opened, contracts) or _misplaced(completion)
        if wrong:
            raise Refused(wrong, file, line)
        entry = rows[key]
        current = changed.get(id(entry), (entry, entry))[1] or entry
        new = _complete(current, completion, replace(desk, entries=_so_far(entries, changed)), file, line)
        if completion.join_ref:
            other = rows.get((completion.join_account, completion.join_ref))
            if other is None or other.date != entry.date:
                raise Refused(f"划转的另一笔流水 {completion.join_ref} 不在同日的待处理流水中", file, line)
            new = _join(new, changed.get(id(other), (other, other))[1] or other, file, line)
            changed[id(other)] = (other, None)
        if changed.get(id(entry), (entry, entry))[1] is not None:
            changed[id(entry)] = (entry, _cited(citing, new, completion, file, line))
    return [Change(old, new) for old, new in changed.values()]


def _cited(citing: Citing, new: data.Transaction, completion: Completion, file: str, line: int) -> data.Transaction:
    try:
        return citing.cited(new, completion)
    except Refused as refused:
        raise Refused(refused.message, file, line) from None


def _in_full(completion: Completion) -> Completion:
    """`4001交存` as the whole name of that account in the row's own fund."""
    short = completion.other_account
    if ":" in short or not short:
        return completion
    try:
        own = parse_account(completion.account)
        full = account_name(own.compound + own.compound_name, own.fund, short[:4], short.partition("-")[2])
    except (KeyError, ValueError):
        return completion
    return completion.model_copy(update={"other_account": full})


def _by_day(
    completions: Sequence[tuple[int, Completion]], rows: Mapping[tuple[str, str], data.Transaction]
) -> list[tuple[int, Completion]]:
    """In the order of their rows' days, for a repair is shared by what was paid in before; unknown rows first."""

    def day(numbered: tuple[int, Completion]) -> date:
        entry = rows.get((numbered[1].account, numbered[1].bank_ref))
        return entry.date if entry is not None else date.min

    return sorted(completions, key=day)


def _so_far(entries: Sequence[data.Directive], changed: _Changed) -> list[data.Directive]:
    """The ledger as the sheet's lines before have left it."""
    after = (changed[id(entry)][1] if id(entry) in changed else entry for entry in entries)
    return [entry for entry in after if entry is not None]


def _unknown(completion: Completion, opened: Collection[str], contracts: Collection[str]) -> str:
    """Why the other leg names something that is not registered."""
    if completion.other_account not in opened:
        return f"账簿没有开设账户“{completion.other_account}”"
    pays = completion.other_account.startswith("Expenses:")  # the register of contracts is of those that earn
    if completion.contract and completion.contract not in contracts and not pays:
        return f"合同登记簿里没有 {completion.contract}"
    return ""


def _misplaced(completion: Completion) -> str:
    """Why the other leg can't be in that account, known before the ledger is tried."""
    try:
        own, other = parse_account(completion.account), parse_account(completion.other_account)
    except ValueError as wrong:
        return str(wrong)
    if other.fund != own.fund:
        return f"流水属于“{own.fund}”，对方科目属于“{other.fund}”：每笔凭证须在所涉每项资金内各自平衡"
    if other.has_statement:
        return f"对方科目“{completion.other_account}”是专户，专户的分录须由导入产生"
    return ""


def _complete(
    entry: data.Transaction, completion: Completion, desk: FundDesk, file: str, line: int
) -> data.Transaction:
    try:
        new = _with_legs(entry, completion, desk)
    except Refused as refused:
        raise type(refused)(refused.message, file, line) from None
    meta = {key: value for key, value in new.meta.items() if key != "proposed-by"}
    return new._replace(meta=meta, narration=clean(completion.narration) or new.narration)


def _with_legs(entry: data.Transaction, completion: Completion, desk: FundDesk) -> data.Transaction:
    if is_levy(completion.other_account):
        return with_levy_legs(entry, completion, desk)
    given = {field: getattr(completion, field) for field in _OF_FUND}
    if is_of_households(completion.other_account):
        return with_fund_legs(entry, completion, desk)
    if any(given.values()):
        named = next(field for field, value in given.items() if value)
        raise Refused(f"只有维修资金涉及户的科目才填 {named}")
    earns = not completion.other_account.startswith("Expenses:")  # what pays says so for the voucher as a whole
    return with_other_leg(entry, completion.other_account, completion.contract if earns else "")


def _join(giving: data.Transaction, taking: data.Transaction, file: str, line: int) -> data.Transaction:
    """One voucher of both sides of a registered transfer."""
    funds = tuple(parse_account(bank_legs(entry)[0].account).fund_kind for entry in (giving, taking))
    code = "-".join(funds)
    if code not in TRANSFERS:
        raise Refused(f"{code} 不是已登记的划转种类（{'、'.join(TRANSFERS)}）", file, line)
    taken = with_other_leg(taking, sibling(bank_legs(taking)[0].account, TRANSFERS[code].to_subject))
    joined = giving._replace(
        meta={**giving.meta, "transfer": code}, postings=[*giving.postings, *taken.postings]
    )
    wrong = transfer_fault(joined)
    if wrong:
        raise Refused(wrong, file, line)
    return joined

