"""Small books for the legs: one compound, two accounts that moved in September and October 2026, files on the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from beancount.core import data

from jiezhang.book.create import create_compound, create_street
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.period import Month
from jiezhang.domain.register import Street
from jiezhang.street.importing import import_files
from tests.conftest import G_BANK, MAKER, PEOPLE, new_compound
from tests.decisions import allow_small_payments

SEPTEMBER = Month.parse("2026-09")
TODAY = date(2026, 11, 20)
G_NUMBER, W_NUMBER = "1202000000000013021", "3300000000000004417"
HEAD = "日期,摘要,对方户名,对方账号,借方发生额,贷方发生额,余额\n"
G_SEPTEMBER = f"""账号:{G_NUMBER}
{HEAD}2026-09-05,水费,示例水务,6,100.00,,9900.00
2026-09-12,租金,示例超市,7,,300.00,10200.00
2026-09-28,租金,示例快递,8,,40.00,10240.00
"""
G_OCTOBER = f"""账号:{G_NUMBER}
{HEAD}2026-10-01,保洁,示例保洁,9,50.00,,10190.00
2026-10-15,租金,示例超市,7,,300.00,10490.00
"""
W_SEPTEMBER = f"""账号:{W_NUMBER}
{HEAD}2026-09-15,交存,示例业主,5,,700.00,500700.00
"""
FILES = {"工行9月.csv": G_SEPTEMBER, "工行10月.csv": G_OCTOBER, "建行9月.csv": W_SEPTEMBER}
WATER, RENT, PARCEL, DEPOSIT, CLEANING = "示例水务", "示例超市", "示例快递", "示例业主", "示例保洁"


def make_street(path: Path) -> StreetFolder:
    """The street with the three files imported; nothing is posted yet, which is no matter to a comparison."""
    street = create_street(path, Street(name="长吴街道", city="hangzhou", people=PEOPLE))
    new = new_compound()
    accounts = [one.model_copy(update={"bank": "icbc"}) if one.bank == "ccb" else one for one in new.accounts]
    allow_small_payments(create_compound(street, replace(new, accounts=accounts)))
    street.inbox.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (street.inbox / name).write_text(text, "utf-8")
    import_files(street, [street.inbox], MAKER)
    return street


@dataclass(slots=True)
class LegBooks:
    """One compound's folder and its entries, to be tampered with."""

    folder: CompoundFolder
    entries: list[data.Directive]

    @classmethod
    def load(cls, street: Path) -> LegBooks:
        folder = StreetFolder(street).compound("C0007")
        ledger = load_ledger(folder, "hangzhou")
        return cls(ledger.folder, list(ledger.entries))

    def file(self, name: str) -> Path:
        return next(path for path in self.folder.kept_files() if path.name == name)

    def row(self, payee: str, month: str = "2026-09") -> data.Transaction:
        """The voucher with this payee in this month."""
        return next(
            entry
            for entry in self.entries
            if isinstance(entry, data.Transaction) and entry.payee == payee and str(entry.date).startswith(month)
        )

    def change(self, old: data.Transaction, *new: data.Transaction) -> None:
        place = next(number for number, entry in enumerate(self.entries) if entry is old)
        self.entries[place : place + 1] = new

    def rewrite(self, name: str, old: str, new: str) -> None:
        path = self.file(name)
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        path.write_text(text.replace(old, new), "utf-8")


def with_leg(entry: data.Transaction, change: Callable[[data.Posting], data.Posting]) -> data.Transaction:
    """The voucher with its bank leg changed."""
    (leg,) = bank_legs(entry)
    return entry._replace(postings=[change(one) if one is leg else one for one in entry.postings])


def amount(fen: int) -> Callable[[data.Posting], data.Posting]:
    return lambda leg: leg._replace(units=data.Amount(Decimal(fen).scaleb(-2), "CNY"))


def on_account(account: str) -> Callable[[data.Posting], data.Posting]:
    return lambda leg: leg._replace(account=account)


def by_hand(day: date, fen: int) -> data.Transaction:
    """A voucher that no bank's file stands behind."""
    units = data.Amount(Decimal(fen).scaleb(-2), "CNY")
    legs = [data.Posting(G_BANK, units, None, None, None, None)]
    meta = data.new_metadata("2026-09.beancount", 99, {"voucher": "记-0099"})
    return data.Transaction(meta, day, "*", "手工", "补记", frozenset(), frozenset(), legs)


def bare(entry: data.Transaction) -> data.Transaction:
    """The voucher without its bank's row."""
    return with_leg(entry, lambda leg: leg._replace(meta=None))


def numbered(entries: Sequence[data.Directive], month: Month) -> list[data.Transaction]:
    """The month's vouchers, numbered as posting would."""
    found = [
        entry
        for entry in entries
        if isinstance(entry, data.Transaction) and month.contains(entry.date) and not entry.meta.get("opening")
    ]
    return [
        entry._replace(meta={**entry.meta, "voucher": f"记-{number:04d}"}) for number, entry in enumerate(found, 1)
    ]
