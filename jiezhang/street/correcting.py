"""Corrections of posted vouchers, on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from beancount.core import data

from jiezhang.book.commit import commit, exclusive
from jiezhang.book.edit import Change, apply
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked
from jiezhang.book.registers import read_street
from jiezhang.close.completing import waiting
from jiezhang.close.making import made_by
from jiezhang.close.voucher_corrections import difference, original_of, prior_year, red_and_new
from jiezhang.domain.accounts import account_name
from jiezhang.domain.booking import named_legs
from jiezhang.domain.corrections import is_correction
from jiezhang.domain.people import MAKERS, known_person, refuse_without
from jiezhang.domain.problem import Refused


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wrong with a voucher and what is right. Accounts in full, or as `5101维修养护` in the voucher's own fund.

    `amount_yuan`: of a difference, what moves from `wrong` to `to`; of an earlier year, the whole when not given.
    """

    voucher: str
    to: str
    wrong: str = ""
    narration: str = ""
    how: Literal["red", "difference", "prior-year"] = "red"
    amount_yuan: Decimal | None = None


def correct_voucher(
    street: StreetFolder, folder: CompoundFolder, actor: str, day: date, wish: Wish
) -> Sequence[data.Transaction]:
    """Propose a correction of `day`; the vouchers wait until they are reviewed and posted. `Refused` as ever."""
    known = read_street(street)
    refuse_without(known_person(known, actor, str(street.toml)), MAKERS, folder.code, "制单")
    with exclusive(folder):
        ledger = load_unlocked(folder, known.city)
        opened = {entry.account for entry in ledger.entries if isinstance(entry, data.Open)}
        original = original_of(ledger.entries, wish.voucher)
        to, wrong = _in_full(wish.to, original, opened), _in_full(wish.wrong, original, opened)
        vouchers = [made_by(made, actor) for made in _made(original, day, wish, to, wrong)]
        commit(ledger, known.city, apply(ledger.folder, (), vouchers))
    return vouchers


def _made(original: data.Transaction, day: date, wish: Wish, to: str, wrong: str) -> list[data.Transaction]:
    if wish.how == "red":
        return red_and_new(original, day, to, wrong, wish.narration)
    if wish.how == "prior-year":
        return [prior_year(original, day, wrong, to, wish.amount_yuan)]
    if not wrong or wish.amount_yuan is None:
        raise Refused("差额更正须用 --from 写明从哪个科目转出，用 --difference 写明金额")
    return [difference(original, day, wrong, to, wish.amount_yuan)]


def _in_full(short: str, original: data.Transaction, opened: set[str]) -> str:
    """`5101维修养护` as the whole name of that account in the voucher's fund; `Refused` when it is not open."""
    if not short:
        return ""
    full = short
    if ":" not in short:
        own = named_legs(original)[0][0]
        try:
            full = account_name(own.compound + own.compound_name, own.fund, short[:4], short.partition("-")[2])
        except KeyError:
            raise Refused(f"科目“{short}”不在{own.fund}的科目表中") from None
    if full not in opened:
        raise Refused(f"账簿没有开设账户“{full}”")
    return full


def withdraw_corrections(street: StreetFolder, folder: CompoundFolder, actor: str) -> Sequence[data.Transaction]:
    """Take back every correction that is not posted; which they were."""
    known = read_street(street)
    refuse_without(known_person(known, actor, str(street.toml)), MAKERS, folder.code, "撤回凭证")
    with exclusive(folder):
        ledger = load_unlocked(folder, known.city)
        found = [entry for entry in waiting(ledger.entries) if is_correction(entry)]
        commit(ledger, known.city, apply(ledger.folder, [Change(entry, None) for entry in found], ()))
    return found
