"""The printed voucher (记账凭证) as a value: everything that 会计基础工作规范 2019 art. 51 says a voucher must hold.

Art. 51(1): day, number, words, accounts, amounts, number of originals, and who made, reviewed and posted it, with the
chief accountant, and the cashier of what was received or paid; art. 53: so too when a machine prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from jiezhang.domain.accounts import AccountName, parse_account
from jiezhang.domain.booking import POSTED, bank_legs, is_opening
from jiezhang.domain.corrections import CORRECTION_KEY, KIND_KEY, KINDS
from jiezhang.domain.money import ZERO
from jiezhang.domain.papers import ATTACHMENTS_KEY
from jiezhang.domain.period import Month
from jiezhang.domain.register import Compound, Person, Street
from jiezhang.domain.sides import is_red, sides_of

TITLE = "记账凭证"


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One leg: account as `1002 银行存款-工行3021`; the amount in yuan in one of two columns."""

    account: str
    debit: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True, slots=True)
class PrintedVoucher:
    """One voucher. People by name; an empty name is a place to sign. `total`: of the debits, negative on a red one."""

    office: str
    compound: str
    funds: str
    number: str
    day: date
    summary: str
    payee: str
    lines: tuple[VoucherLine, ...]
    total: Decimal
    attachments: int
    chief: str
    poster: str
    reviewer: str
    cashier: str
    maker: str
    notes: tuple[str, ...]
    is_red: bool = False


def printed_vouchers(
    entries: Iterable[data.Directive], street: Street, compound: Compound, month: Month
) -> tuple[PrintedVoucher, ...]:
    """The posted vouchers of `month` by number; the opening balances have none."""
    found = [
        entry
        for entry in entries
        if isinstance(entry, data.Transaction)
        and entry.flag == POSTED
        and month.contains(entry.date)
        and not is_opening(entry)
    ]
    people = {person.id: person for person in street.people}
    chief = _chief(street.people)
    made = [_printed(entry, street.name, f"{compound.code} {compound.name}", people, chief) for entry in found]
    return tuple(sorted(made, key=lambda one: (len(one.number), one.number)))


def _chief(people: Sequence[Person]) -> str:
    """The one street head (街道负责人) signs as chief; where there are several, the place stays free."""
    heads = [person.name for person in people if "street_head" in person.roles]
    return heads[0] if len(heads) == 1 else ""


def _printed(
    entry: data.Transaction, office: str, compound: str, people: dict[str, Person], chief: str
) -> PrintedVoucher:
    names = {
        key: people[who].name if (who := str(entry.meta.get(key, ""))) in people else who
        for key in ("maker", "reviewer", "poster", "cashier")
    }
    sides = sorted(sides_of(entry), key=lambda side: not side.is_debit)  # debits first, as vouchers are written
    accounts = {side.posting.account: parse_account(side.posting.account) for side in sides}
    funds = list(dict.fromkeys(name.fund[1:] for name in accounts.values()))
    lines = tuple(
        VoucherLine(
            _account(accounts[side.posting.account], with_fund=len(funds) > 1),
            side.amount if side.is_debit else None,
            None if side.is_debit else side.amount,
        )
        for side in sides
    )
    attachments = entry.meta.get(ATTACHMENTS_KEY)
    return PrintedVoucher(
        office=office,
        compound=compound,
        funds="、".join(funds),
        number=str(entry.meta["voucher"]),
        day=entry.date,
        summary=entry.narration or "",
        payee=entry.payee or "",
        lines=lines,
        total=sum((line.debit for line in lines if line.debit is not None), ZERO),
        attachments=int(attachments) if isinstance(attachments, Decimal) else 0,
        chief=chief,
        poster=names["poster"],
        reviewer=names["reviewer"],
        cashier=names["cashier"],
        maker=names["maker"],
        notes=tuple(_notes(entry)),
        is_red=is_red(entry),
    )


def _account(name: AccountName, *, with_fund: bool) -> str:
    detail = "".join(f"-{part}" for part in (name.detail, *name.subs) if part)
    fund = f"{name.fund[1:]} " if with_fund else ""
    return f"{fund}{name.subject.code} {name.subject.name}{detail}"


def _notes(entry: data.Transaction) -> list[str]:
    """What the voucher rests on: the bank's row, the decision, invoices, what it corrects."""
    refs = [str((leg.meta or {})["bank-ref"]) for leg in bank_legs(entry)]
    said = [f"银行流水 {'、'.join(refs)}"] if refs else []
    if KIND_KEY in entry.meta:
        said.append(f"{KINDS.get(str(entry.meta[KIND_KEY]), '更正')} {entry.meta.get(CORRECTION_KEY, '')}")
    for key, word in (("resolution", "决议"), ("payment", "付款"), ("contract", "合同"), ("invoice", "发票")):
        if entry.meta.get(key):
            said.append(f"{word} {entry.meta[key]}")
    return said
