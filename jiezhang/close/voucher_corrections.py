"""Correcting a posted voucher: what is proposed, for review and posting like any other voucher.

Source: 会计基础工作规范 2019 art. 51(5), 61. What a correction may be is said in `jiezhang.domain.corrections`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from beancount.core import amount, data

from jiezhang.domain.accounts import parse_account, sibling
from jiezhang.domain.booking import WAITING, named_legs
from jiezhang.domain.chain import PROCESS_KEYS
from jiezhang.domain.corrections import (
    CORRECTION_KEY,
    DIFFERENCE,
    KIND_KEY,
    NEW,
    PRIOR_YEAR,
    RED,
    REF_KEY,
    called,
    voucher_name,
)
from jiezhang.domain.money import CURRENCY
from jiezhang.domain.papers import ATTACHMENTS_KEY, PAPERS_KEY
from jiezhang.domain.problem import Refused
from jiezhang.domain.text import clean
from jiezhang.households.corrections import voucher_named

_OWN = PROCESS_KEYS | {"maker", "cashier", "time", "proposed-by", ATTACHMENTS_KEY, PAPERS_KEY, CORRECTION_KEY, KIND_KEY}
"""Metadata that a correction does not take over from the voucher it corrects."""


def original_of(entries: Sequence[data.Directive], text: str) -> data.Transaction:
    """The posted voucher that `text` names, `2026-09/记-0012`; `Refused` when there is none, or `fund correct` is for
    it."""
    name = voucher_named(entries, text)
    found = next(
        entry
        for entry in entries
        if isinstance(entry, data.Transaction) and "voucher" in entry.meta and voucher_name(entry) == name
    )
    if any(account.fund_kind == "W" for account, _ in named_legs(found)):
        raise Refused(f"凭证 {name} 属于维修资金，记错户的用 jiezhang fund correct 更正")
    if any(isinstance(one, data.Transaction) and one.meta.get(CORRECTION_KEY) == name for one in entries):
        raise Refused(f"凭证 {name} 已经更正过，请更正后来的那一张")
    return found


def red_and_new(
    original: data.Transaction, day: date, to: str, wrong: str = "", narration: str = ""
) -> list[data.Transaction]:
    """Within the year: the red voucher that cancels `original`, and the new one with its other leg on account `to`.

    `wrong` names the account that was wrong, when the original has several beside the bank's.
    """
    if day.year != original.date.year:
        raise Refused(f"凭证 {voucher_name(original)} 不是 {day.year} 年的，用 --prior-year 更正")
    _refuse_early(original, day)
    target = _wrong_account(original, wrong)
    if to == target:
        raise Refused(f"更正后的科目“{to}”与原来的相同")
    said = clean(narration) or original.narration or ""
    red = [_leg(leg, -1) for leg in original.postings]
    new = [_leg(leg, 1, to if leg.account == target else "") for leg in original.postings]
    return [
        _voucher(original, day, RED, f"注销{called(original)}", red),
        _voucher(original, day, NEW, f"订正{called(original)}：{said}", new),
    ]


def difference(original: data.Transaction, day: date, wrong: str, to: str, moved: Decimal) -> data.Transaction:
    """差额更正: `moved` yuan of what `original` booked on account `wrong` belonged on `to`, another of its accounts."""
    _refuse_early(original, day)
    booked = sum((n for account, n in named_legs(original) if account.full == wrong), Decimal("0.00"))
    signed = moved if booked > 0 else -moved
    legs = [_posting(wrong, -signed), _posting(to, signed)]
    return _voucher(original, day, DIFFERENCE, f"更正{called(original)}的金额", legs)


def prior_year(original: data.Transaction, day: date, wrong: str, to: str, moved: Decimal | None) -> data.Transaction:
    """以前年度更正: one blue voucher; what was a result of that year now stands in 3001 结余."""
    _refuse_early(original, day)
    target = _wrong_account(original, wrong)
    booked = sum((n for account, n in named_legs(original) if account.full == target), Decimal("0.00"))
    total = booked if moved is None else moved.copy_sign(booked)
    legs = [_posting(_kept_in(target), -total), _posting(_kept_in(to), total)]
    if legs[0].account == legs[1].account:
        raise Refused("两个科目都是那一年的收支，已经结入结余，更正不影响今年的账")
    return _voucher(original, day, PRIOR_YEAR, f"更正{original.date.year}年{called(original)}", legs)


def _kept_in(account: str) -> str:
    """Where a balance of an earlier year stands now."""
    name = parse_account(account)
    return sibling(account, "3001") if name.root in ("Income", "Expenses") else account


def _refuse_early(original: data.Transaction, day: date) -> None:
    if day < original.date:
        raise Refused(f"更正的日期 {day} 早于凭证 {voucher_name(original)} 的日期 {original.date}")


def _wrong_account(original: data.Transaction, wrong: str) -> str:
    """The account to put right; `Refused` when it must be named, or the voucher has not got it."""
    others = list(dict.fromkeys(account.full for account, _ in named_legs(original) if not account.has_statement))
    if wrong and wrong not in others:
        raise Refused(f"凭证 {voucher_name(original)} 没有对方科目“{wrong}”")
    if not wrong and len(others) != 1:
        raise Refused(f"凭证 {voucher_name(original)} 有几个对方科目，用 --from 写明哪一个记错了")
    return wrong or others[0]


def _voucher(
    original: data.Transaction, day: date, kind: str, narration: str, legs: Sequence[data.Posting]
) -> data.Transaction:
    kept = {key: value for key, value in original.meta.items() if _is_kept(key)}
    meta = data.new_metadata("<更正>", 0, {**kept, CORRECTION_KEY: voucher_name(original), KIND_KEY: kind})
    return data.Transaction(
        meta, day, WAITING, original.payee, narration, frozenset(), frozenset(), list(legs)
    )


def _is_kept(key: str) -> bool:
    return key not in _OWN and key not in ("filename", "lineno") and not key.startswith(("document-", "__"))


def _leg(leg: data.Posting, sign: int, account: str = "") -> data.Posting:
    """A leg of the original, on `account` when that is given; a bank's row is cited as corrected."""
    assert leg.units is not None and leg.units.number is not None
    meta = leg.meta or {}
    row = meta.get("bank-ref", meta.get(REF_KEY))
    cited = {REF_KEY: row} if row is not None else {}
    kept = {"contract": meta["contract"]} if "contract" in meta and not account else {}
    return _posting(account or leg.account, sign * leg.units.number, {**kept, **cited})


def _posting(account: str, number: Decimal, meta: dict[str, object] | None = None) -> data.Posting:
    return data.Posting(account, amount.Amount(number, CURRENCY), None, None, None, dict(meta) if meta else None)
