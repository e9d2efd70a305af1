"""The month's figures: everything that bank, auditor and community sign, from the books and the files beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from beancount.core import data

from jiezhang.book.load import Ledger, office_of
from jiezhang.domain.approval.records import KIND_NAMES, Resolution, said_of
from jiezhang.domain.approval.rules.sealed_months import dated_until
from jiezhang.domain.approval.seals import digest_of
from jiezhang.domain.approval.spending import BANK_CHARGE_MAX_FEN, Payment, all_payments
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import POSTED, named_legs
from jiezhang.domain.chain import Link
from jiezhang.domain.corrections import CORRECTION_KEY, KIND_KEY, is_correction, voucher_name
from jiezhang.domain.history.sum_tree import SumTree
from jiezhang.domain.levy import levy_code
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.roll import LOST
from jiezhang.domain.tri_party.figures import (
    AccountFigures,
    FundFigures,
    HouseholdFigures,
    LateCorrection,
    Paper,
    VoucherFigures,
)
from jiezhang.domain.tri_party.funds import HouseholdSums, book_accounts, fund_figures, posted_legs
from jiezhang.domain.tri_party.history_figures import household_figures, household_tree, voucher_figures
from jiezhang.households.fund import replay_fund
from jiezhang.households.identity import identity
from jiezhang.households.rules.view import VIEW_KEY, FundView


@dataclass(frozen=True, slots=True, eq=False)
class HouseholdsAt:
    """The household ledger at a month's end: `balances` in fen by household, and their tree; `sums` is `None` where no
    register is kept."""

    balances: Mapping[str, int]
    tree: SumTree
    sums: HouseholdSums | None


@dataclass(frozen=True, slots=True)
class BookFigures:
    """What follows from the books alone, so that anybody who has them can make it again."""

    funds: tuple[FundFigures, ...]
    vouchers: VoucherFigures
    households: HouseholdFigures
    records: int
    records_sha256: str
    directives: int
    directives_sha256: str
    changes: int
    late: tuple[LateCorrection, ...]
    papers: tuple[Paper, ...]


def households_at(ledger: Ledger, month: Month, salt: bytes) -> HouseholdsAt:
    """Every account that is open at the end of `month`, and closed ones that still hold something."""
    view = ledger.options[VIEW_KEY]
    code = ledger.compound.code
    if not isinstance(view, FundView) or not view.files.register.dwellings:
        return HouseholdsAt({}, household_tree(salt, code, month, {}), None)
    state = replay_fund(view.files, ledger.entries, month.last_day).state
    fen, status = state.balance_fen.tolist(), state.status.tolist()
    balances = {
        name: held
        for name, held, now in zip(state.roll.codes.tolist(), fen, status, strict=True)
        if held or now < LOST
    }
    whole = identity(state)
    sums = HouseholdSums(whole.buildings_fen, whole.households_fen, whole.undistributed_fen, len(balances))
    return HouseholdsAt(balances, household_tree(salt, code, month, balances), sums)


def book_figures(
    ledger: Ledger, month: Month, accounts: Sequence[AccountFigures], salt: bytes, chain: Sequence[Link]
) -> BookFigures:
    """The figures of `month`. `accounts` bring the bank's side; `chain` is as long as it was when they are of."""
    office = office_of(ledger)
    assert office is not None, "a register that can't be read is an error of the books"
    legs = posted_legs(ledger.entries, month.last_day)
    at = households_at(ledger, month, salt)
    said = [said_of(one) for one in office.records if one.day <= month.last_day]
    register, dated = office.files.register, dated_until(office.entries, month.last_day)
    return BookFigures(
        funds=fund_figures(legs, book_accounts(legs, accounts, month), month, at.sums),
        vouchers=voucher_figures(chain, month),
        households=household_figures(at.tree),
        records=len(said),
        records_sha256=digest_of([dict(one) for one in said]),
        directives=len(dated),
        directives_sha256=digest_of(dated),
        changes=sum(one.date <= month.last_day for _, one in register.changes) if register is not None else 0,
        late=tuple(_late(ledger.entries, month)),
        papers=tuple(papers_of(office, month)),
    )


def _late(entries: Sequence[data.Directive], month: Month) -> list[LateCorrection]:
    """Corrections posted in `month` of vouchers of months before."""
    return [
        LateCorrection(
            voucher=voucher_name(entry),
            corrects=str(entry.meta[CORRECTION_KEY]),
            kind=str(entry.meta[KIND_KEY]),
            text=entry.narration or "",
        )
        for entry in entries
        if isinstance(entry, data.Transaction)
        and entry.flag == POSTED
        and month.contains(entry.date)
        and is_correction(entry)
        and str(entry.meta.get(CORRECTION_KEY, ""))[:7] < str(month)
    ]


def papers_of(office: OfficeView, month: Month) -> list[Paper]:
    """What the community is asked to have seen: the month's payments and the records of resolutions."""
    titles = {one.record.code: one.record.title for one in office.records if isinstance(one.record, Resolution)}
    paid = [
        Paper(
            ref=voucher_name(payment.entry),
            kind="payment",
            day=payment.entry.date,
            amount_fen=payment.total_fen,
            text=" ".join(
                filter(None, (payment.payee or payment.entry.narration, _titled(payment.resolution, titles)))
            ),
            fund=_fund_paid(payment),
        )
        for payment in all_payments(office.entries)
        if payment.entry.flag == POSTED and month.contains(payment.entry.date)
    ]
    recorded = [
        Paper(
            ref=f"{one.record.code}/{number:02d}",
            kind="publication" if one.kind == "publication" else "resolution",
            day=one.day,
            text=f"{KIND_NAMES[one.kind]}：{titles.get(one.record.code, one.record.code)}",
        )
        for number, one in enumerate((one for one in office.records if month.contains(one.day)), start=1)
    ]
    known = {paper.ref for paper in paid}
    return [*paid, *(one for one in _outflows(office, month) if one.ref not in known), *recorded]


def _titled(code: str, titles: Mapping[str, str]) -> str:
    """`R2026-03“3幢屋面防水维修”`."""
    return f"{code}“{titles[code]}”" if code in titles else code


def _fund_paid(payment: Payment) -> str:
    """`J01加装电梯集资` of a payment of `J01`, as everywhere else in the figures."""
    names = (name for name, _ in named_legs(payment.entry))
    return next(name.fund for name in names if payment.fund in (levy_code(name.fund), name.fund_kind))


def _outflows(office: OfficeView, month: Month) -> Iterator[Paper]:
    """Money that left a dedicated account for somebody else and needed no decision: what the law itself orders to be
    paid back. A bank's small charges are left out."""
    for entry in office.entries:
        if not isinstance(entry, data.Transaction) or entry.flag != POSTED or not month.contains(entry.date):
            continue
        held: defaultdict[str, int] = defaultdict(int)
        for name, number in named_legs(entry):
            if name.is_kept_elsewhere:
                held[name.fund] += to_fen(number)
        for fund, fen in held.items():
            if fen < -BANK_CHARGE_MAX_FEN and sum(held.values()) < 0:
                text = " ".join(filter(None, (entry.payee, entry.narration)))
                yield Paper(
                    ref=voucher_name(entry), kind="payment", day=entry.date, amount_fen=-fen, text=text, fund=fund
                )
