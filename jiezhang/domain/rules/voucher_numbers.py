"""凭证编号: posted vouchers are numbered by type and month from 1, without gap and without re-use.

Sources: 会计基础工作规范 2019 art. 51(2); 财会〔2024〕12号 art. 21(3). Makers, reviewers, corrections: a later rule.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from beancount.core import data

from ..accounts import is_suspense
from ..booking import POSTED, WAITING, is_opening
from ..problem import Finding, finding

RULE = "voucher_numbers"
_NUMBER = re.compile(r"(记)-([0-9]{4,6})")


def parse_voucher(text: str) -> tuple[str, int]:
    """`记-0012` as (type, number); `ValueError` for anything else."""
    found = _NUMBER.fullmatch(text)
    if not found or int(found[2]) == 0:
        raise ValueError(f"凭证号“{text}”应写成 记-0001 的样子")
    return found[1], int(found[2])


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Posted vouchers without, with a wrong, or with a used number; gaps; numbers on waiting rows; other flags."""
    del options
    found: list[Finding] = []
    numbered: defaultdict[tuple[str, str], dict[int, data.Transaction]] = defaultdict(dict)
    for entry in entries:
        if not isinstance(entry, data.Transaction) or is_opening(entry):
            continue
        wrong = _one(entry, numbered)
        if wrong:
            found.append(finding(RULE, wrong, entry))
    return found + _gaps(numbered)


def _one(entry: data.Transaction, numbered: dict[tuple[str, str], dict[int, data.Transaction]]) -> str:
    if entry.flag == WAITING:
        return "待处理的流水不得有凭证号" if "voucher" in entry.meta else ""
    if entry.flag != POSTED:
        return f"凭证标记“{entry.flag}”无效，只能是 *（已过账）或 !（待处理）"
    if "voucher" not in entry.meta:
        return "已过账的凭证没有凭证号"
    try:
        kind, number = parse_voucher(str(entry.meta["voucher"]))
    except ValueError as wrong:
        return str(wrong)
    month = entry.date.isoformat()[:7]
    used = numbered[month, kind]
    if number in used:
        return f"凭证号 {kind}-{number:04d} 在 {month} 重复"
    used[number] = entry
    if any(is_suspense(posting.account) for posting in entry.postings):
        return "已过账的凭证仍有“待查款项”，须先查明再过账"
    return ""


def _gaps(numbered: Mapping[tuple[str, str], Mapping[int, data.Transaction]]) -> list[Finding]:
    found = []
    for (month, kind), used in numbered.items():
        missing = sorted(set(range(1, max(used, default=0) + 1)) - set(used))
        if missing:
            after = used[min(number for number in used if number > missing[0])]
            found.append(finding(RULE, f"{month} 的凭证号断号：缺 {kind}-{missing[0]:04d}", after))
    return found
