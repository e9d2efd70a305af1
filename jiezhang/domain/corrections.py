"""Corrections of posted vouchers, which themselves stay as they are.

Source: 会计基础工作规范 2019 art. 51(5): within the year a red voucher cancels the wrong one and a new one takes its
place (`red`, `new`), or, when only amounts are wrong, a voucher of the difference (`difference`); a mistake of an
earlier year takes one blue voucher (`prior-year`).

A red and a new voucher repeat what the bank did once: their legs on the bank's account cite its row as `corrected-ref`,
and are believed only as a pair that leaves that account as it was. Nothing else may book a bank leg so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from beancount.core import data

from .accounts import AccountName
from .booking import POSTED, named_legs
from .money import ZERO

CORRECTION_KEY = "correction"
"""The corrected voucher, `2026-09/记-0012`. The maintenance fund's own corrections between households have it too."""
KIND_KEY = "correction-kind"
REF_KEY = "corrected-ref"

RED, NEW, DIFFERENCE, PRIOR_YEAR = "red", "new", "difference", "prior-year"
KINDS = {RED: "红字注销", NEW: "订正", DIFFERENCE: "差额更正", PRIOR_YEAR: "以前年度更正"}
_ARTICLE = "会计基础工作规范第51条"


def voucher_name(entry: data.Transaction) -> str:
    """`2026-09/记-0012`, by which other vouchers name it."""
    return f"{entry.date.isoformat()[:7]}/{entry.meta.get('voucher', '')}"


def called(entry: data.Transaction) -> str:
    """`9月12日记-0012号凭证`, as the words of its correction name it."""
    return f"{entry.date.month}月{entry.date.day}日{entry.meta.get('voucher', '')}号凭证"


def is_correction(entry: data.Transaction) -> bool:
    """Whether `entry` is one of `KINDS`."""
    return KIND_KEY in entry.meta


def correction_faults(transactions: Iterable[data.Transaction]) -> list[tuple[data.Transaction, str]]:
    """Every correction that is none, and why, as a Chinese sentence."""
    found = list(transactions)
    groups: defaultdict[str, list[data.Transaction]] = defaultdict(list)
    for entry in found:
        if is_correction(entry):
            groups[str(entry.meta.get(CORRECTION_KEY, ""))].append(entry)
    if not groups:
        return []
    posted = {voucher_name(entry): entry for entry in found if entry.flag == POSTED and "voucher" in entry.meta}
    faults = []
    for name, group in groups.items():
        wrong = _group_fault(name, posted.get(name), group)
        faults += [(entry, wrong) for entry in group if wrong]
    return faults


def cancelled(transactions: Iterable[data.Transaction]) -> set[str]:
    """The names of the vouchers that a red one takes back."""
    return {
        str(entry.meta.get(CORRECTION_KEY, "")) for entry in transactions if entry.meta.get(KIND_KEY) == RED
    }


def _group_fault(name: str, original: data.Transaction | None, group: Sequence[data.Transaction]) -> str:
    if original is None:
        return f"更正的凭证 {name or '（没有写明）'} 不在账上，或还没有过账"
    kinds = Counter(str(entry.meta[KIND_KEY]) for entry in group)
    if any(entry.date < original.date for entry in group):
        return f"更正早于被更正的凭证 {name}"
    if any(account.fund_kind == "W" for entry in (original, *group) for account, _ in named_legs(entry)):
        return f"凭证 {name} 属于维修资金，记错户的用 fund correct 更正"
    if kinds == {RED: 1, NEW: 1}:
        red, new = sorted(group, key=lambda entry: entry.meta[KIND_KEY] == NEW)
        return _pair_fault(name, original, red, new)
    if set(kinds) == {DIFFERENCE}:
        return _difference_fault(name, original, group)
    if kinds == {PRIOR_YEAR: 1}:
        return _prior_year_fault(name, original, group[0])
    if set(kinds) <= {RED, NEW}:
        return f"更正凭证 {name} 须有且只有一张红字注销和一张订正，一张凭证只能更正一次（{_ARTICLE}）"
    return f"凭证 {name} 已经用另一种办法更正过，或更正种类写得不对（{_ARTICLE}）"


def _pair_fault(name: str, original: data.Transaction, red: data.Transaction, new: data.Transaction) -> str:
    if red.date.year != original.date.year or red.date != new.date:
        return f"更正凭证 {name} 的红字和订正须在同一年、同一天（{_ARTICLE}）"
    if red.flag != new.flag:
        return f"更正凭证 {name} 的红字和订正须一起过账"
    if _legs(red, -1) != _legs(original):
        return f"注销 {name} 的红字凭证须与原凭证逐笔相反（{_ARTICLE}）"
    banked = _statement_legs(original)
    if not banked:
        return f"凭证 {name} 没有银行流水，不能红字注销"
    if _statement_legs(red, -1) != banked or _statement_legs(new) != banked:
        return f"更正凭证 {name} 的银行分录须与原凭证相同，并注明原来的流水（{REF_KEY}）"
    if red.narration != f"注销{called(original)}" or not (new.narration or "").startswith(f"订正{called(original)}"):
        return f"更正凭证的摘要须写“注销{called(original)}”“订正{called(original)}”（{_ARTICLE}）"
    return ""


def _difference_fault(name: str, original: data.Transaction, group: Sequence[data.Transaction]) -> str:
    was, after = _other_sums(original), _other_sums(original)
    for entry in group:
        moved = _other_sums(entry)
        if entry.date.year != original.date.year:
            return f"凭证 {name} 不是本年的，用蓝字更正（{_ARTICLE}）"
        if _statement_legs(entry) or len(moved) != 2 or not set(moved) <= set(was):
            return f"差额更正只能在凭证 {name} 的两个对方科目之间，不动银行存款（{_ARTICLE}）"
        for account, number in moved.items():
            after[account] += number
    if any(after[account] * number < 0 for account, number in was.items()):
        return f"差额更正超过了凭证 {name} 原来的金额（{_ARTICLE}）"
    return ""


def _prior_year_fault(name: str, original: data.Transaction, entry: data.Transaction) -> str:
    if entry.date.year == original.date.year:
        return f"凭证 {name} 是本年的，用红字注销再订正（{_ARTICLE}）"
    legs = named_legs(entry)
    result = [account for account, _ in legs if account.root == "Equity" and account.subject.code == "3001"]
    owed = [(account, number) for account, number in legs if account.root == "Liabilities" and not account.is_suspense]
    if len(legs) != 2 or len(result) != 1 or len(owed) != 1:
        return f"以前年度更正只能在结余（3001）与往来科目之间：收支之间的更正不影响结余（{_ARTICLE}）"
    account, number = owed[0]
    funds = {(one.fund_kind, one.fund) for one, _ in named_legs(original)}
    booked = _other_sums(original).get(account.full, ZERO)
    results = sum((amount for one, amount in named_legs(original) if one.root in ("Income", "Expenses")), ZERO)
    takes_back = booked * number < 0 and abs(number) <= abs(booked)
    moves_over = results * number > 0 and abs(number) <= abs(results)
    if funds != {(account.fund_kind, account.fund)} or not (takes_back or moves_over):
        return f"以前年度更正的资金、方向或金额与凭证 {name} 不符（{_ARTICLE}）"
    return ""


def _legs(entry: data.Transaction, sign: int = 1) -> Counter[tuple[str, Decimal]]:
    return Counter((account.full, sign * number) for account, number in named_legs(entry))


def _statement_legs(entry: data.Transaction, sign: int = 1) -> Counter[tuple[str, Decimal, str]]:
    """Account, amount and bank row of every leg that a bank vouches for; a correction's own row is none."""
    own = REF_KEY if is_correction(entry) else "bank-ref"
    found: Counter[tuple[str, Decimal, str]] = Counter()
    for posting in entry.postings:
        account, number = _named(entry, posting)
        if account is not None and account.has_statement:
            meta: Mapping[str, object] = posting.meta or {}
            strange = is_correction(entry) and "bank-ref" in meta
            found[account.full, sign * number, "" if strange else str(meta.get(own, ""))] += 1
    return found


def _named(entry: data.Transaction, posting: data.Posting) -> tuple[AccountName | None, Decimal]:
    legs = named_legs(entry._replace(postings=[posting]))
    return legs[0] if legs else (None, ZERO)


def _other_sums(entry: data.Transaction) -> defaultdict[str, Decimal]:
    """The legs that no bank vouches for, by account."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for account, number in named_legs(entry):
        if not account.has_statement:
            sums[account.full] += number
    return sums
