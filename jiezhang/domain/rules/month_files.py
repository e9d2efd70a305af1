"""按月成册: a voucher stands in the ledger file of its own month. Ours: the file is what gets printed and sealed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from beancount.core import data

from ..problem import Finding, finding

RULE = "month_files"
_MONTH_FILE = re.compile(r"(?:.*/)?([0-9]{4}-[0-9]{2})\.beancount")
_OTHER_FILE = re.compile(r"(?:.*/)?(?:main|accounts|resolutions)\.beancount")


def find(entries: Sequence[data.Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Transactions in another month's file, or in a file that is no month's."""
    del options
    found = []
    for entry in entries:
        if isinstance(entry, data.Transaction):
            wrong = _misplaced(entry)
            if wrong:
                found.append(finding(RULE, wrong, entry))
    return found


def _misplaced(entry: data.Transaction) -> str:
    file = str(entry.meta.get("filename", ""))
    month = _MONTH_FILE.fullmatch(file)
    if month and month[1] != entry.date.isoformat()[:7]:
        return f"日期 {entry.date} 不在这个账簿文件的月份 {month[1]} 之内"
    return "凭证只能写在月份账簿文件里" if _OTHER_FILE.fullmatch(file) else ""
