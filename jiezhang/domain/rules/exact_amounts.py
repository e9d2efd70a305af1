"""金额精确: to the fen, nothing tolerated, nothing filled in (会计基础工作规范 2019 art. 52: amounts to the fen)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount

from ..money import CURRENCY
from ..problem import Finding, finding

RULE = "exact_amounts"
_TOO_MUCH = Decimal(10) ** 12
"""Yuan; amounts have at most 14 digits, as `jiezhang.domain.register.Yuan` has."""


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """A tolerance, an amount not CNY with two places or too large, a filled-in amount, a price or cost, a `pad`."""
    found: list[Finding] = []
    if options["tolerance_multiplier"] != 0 and entries:
        found.append(finding(RULE, "账簿的容差不为零：主文件缺少 option “tolerance_multiplier” “0”", entries[0]))
    for entry in entries:
        if isinstance(entry, data.Transaction):
            for posting in entry.postings:
                # The usual posting passes at once; only a suspicious one is looked at closely.
                wrong = _posting(posting)
                if wrong:
                    found.append(finding(RULE, wrong, entry, posting.meta))
        elif isinstance(entry, data.Balance):
            wrong = _amount(entry.amount) or ("余额核对不得带容差" if entry.tolerance else "")
            if wrong:
                found.append(finding(RULE, wrong, entry))
        elif isinstance(entry, data.Pad):
            found.append(finding(RULE, "不得使用 pad：它会悄悄补平余额，差额须查明后用凭证入账", entry))
    return found


def _posting(posting: data.Posting) -> str:
    if not isinstance(posting.units, Amount):
        return "分录缺少金额"
    if posting.meta is not None and "__automatic__" in posting.meta:
        return "分录的金额须写明，不得由程序补足"
    if posting.cost is not None or posting.price is not None:
        return "分录不得带成本或单价"
    return _amount(posting.units)


def _amount(units: Amount) -> str:
    if units.currency != CURRENCY:
        return f"币种须为 {CURRENCY}，写的是 {units.currency}"
    if units.number is None or units.number.as_tuple().exponent != -2:
        return f"金额 {units.number} 须写到分（两位小数）"
    return f"金额 {units.number} 超过 14 位数字" if abs(units.number) >= _TOO_MUCH else ""
