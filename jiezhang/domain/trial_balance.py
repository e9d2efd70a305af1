"""A trial balance (科目余额表) as Kingdee and Yonyou export it: the balances that a compound's books open with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .chart import CHART, IN_TRANSIT, STATEMENT_SUBJECTS
from .money import ZERO, parse_yuan, show
from .problem import Refused

Cells = tuple[int, tuple[str, ...]]
"""Line number in the file and the row's cells."""

_CODE_NAMES = {"科目编码", "科目代码", "科目编号"}
_NAME_NAMES = {"科目名称", "科目"}
_TOTAL = re.compile(r"合\s*计|总\s*计")
_CODE = re.compile(r"(\d{4})([.\-]?\d+)*")


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One leaf row. Amounts in yuan as the closing columns have them; either may be zero."""

    line: int
    code: str
    name: str
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        """Signed as the ledger signs it: debit positive."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class _Columns:
    code: int
    name: int
    debit: int
    credit: int
    first_row: int


def parse_trial_balance(rows: Sequence[Cells], file: str) -> list[TrialRow]:
    """The leaf rows of a trial balance, by its 期末余额 columns (or 期初余额 when there are no others).

    `Refused` when debits and credits differ, when a parent is not the sum of its children, when there is no 合计 row,
    or when it does not agree with the rows: the control totals must hold.
    """
    columns = _columns(rows, file)
    found: list[TrialRow] = []
    stated: TrialRow | None = None
    for line, cells in rows[columns.first_row :]:
        row = _row(line, cells, columns, file)
        if row is None:
            continue
        if _TOTAL.search(row.code + row.name):
            stated = row
        elif not _CODE.fullmatch(row.code):
            raise Refused(f"科目编码“{row.code}”写法不对", file, line)
        else:
            found.append(row)
    leaves = _leaves(found, file)
    _check_totals(leaves, stated, file)
    return leaves


def _columns(rows: Sequence[Cells], file: str) -> _Columns:
    for index, (_, cells) in enumerate(rows):
        names = [re.sub(r"\s", "", cell) for cell in cells]
        code = next((i for i, name in enumerate(names) if name in _CODE_NAMES), None)
        if code is None:
            continue
        below = [re.sub(r"\s", "", cell) for cell in rows[index + 1][1]] if index + 1 < len(rows) else []
        title = next((i for i, name in enumerate(names) if name in _NAME_NAMES), code + 1)
        for period in ("期末", "期初"):
            one = _pair(names, period)
            if one:
                return _Columns(code, title, *one, index + 1)
            two = _pair(_spread(names, below), period)
            if two:
                return _Columns(code, title, *two, index + 2)
    raise Refused("找不到“科目编码”和“期末余额”借方、贷方各列", file)


def _spread(names: Sequence[str], below: Sequence[str]) -> list[str]:
    """A header of two rows as one: each name carried over the empty cells to its right, joined with the row below."""
    joined, above = [], ""
    for index in range(max(len(names), len(below))):
        above = names[index] if index < len(names) and names[index] else above
        joined.append(above + (below[index] if index < len(below) else ""))
    return joined


def _pair(names: Sequence[str], period: str) -> tuple[int, int] | None:
    debit = [i for i, name in enumerate(names) if name.startswith(period) and "借" in name]
    credit = [i for i, name in enumerate(names) if name.startswith(period) and "贷" in name]
    return (debit[0], credit[0]) if debit and credit else None


def _row(line: int, cells: Sequence[str], columns: _Columns, file: str) -> TrialRow | None:
    def cell(index: int) -> str:
        return cells[index].strip() if index < len(cells) else ""

    if not cell(columns.code) and not _TOTAL.search(cell(columns.name)):
        return None
    try:
        debit, credit = parse_yuan(cell(columns.debit)), parse_yuan(cell(columns.credit))
    except ValueError as wrong:
        raise Refused(str(wrong), file, line) from None
    return TrialRow(line, cell(columns.code), cell(columns.name), debit or ZERO, credit or ZERO)


def _leaves(rows: Sequence[TrialRow], file: str) -> list[TrialRow]:
    leaves = []
    seen: dict[str, int] = {}
    for row in rows:
        if seen.setdefault(row.code, row.line) != row.line:
            raise Refused(f"科目编码 {row.code} 与第 {seen[row.code]} 行重复", file, row.line)
        below = [other for other in rows if other.code != row.code and other.code.startswith(row.code)]
        nearest = [other for other in below if not any(_is_above(mid, other) for mid in below if mid is not other)]
        if not below:
            leaves.append(row)
        elif sum((child.balance for child in nearest), ZERO) != row.balance:
            raise Refused(f"科目 {row.code}{row.name} 不等于其明细之和", file, row.line)
    return leaves


def _is_above(parent: TrialRow, child: TrialRow) -> bool:
    return child.code != parent.code and child.code.startswith(parent.code)


def _check_totals(leaves: Sequence[TrialRow], stated: TrialRow | None, file: str) -> None:
    debit = sum((max(row.balance, ZERO) for row in leaves), ZERO)
    credit = sum((max(-row.balance, ZERO) for row in leaves), ZERO)
    if stated is None:
        raise Refused("科目余额表没有“合计”行，无法核对控制总数", file)
    if debit != credit:
        raise Refused(f"科目余额表借方合计 {show(debit)}，贷方合计 {show(credit)}，借贷不平", file)
    if (stated.debit, stated.credit) != (debit, credit):
        said = f"合计行写借 {show(stated.debit)}、贷 {show(stated.credit)}，逐行相加为 {show(debit)}、{show(credit)}"
        raise Refused(said, file, stated.line)


def opening_balances(
    rows: Sequence[TrialRow], compound: str, fund: str, accounts: Sequence[str], file: str
) -> list[tuple[str, Decimal]]:
    """Ledger accounts with their signed opening balances.

    `compound` and `fund` are the account name's parts, `accounts` the registered dedicated accounts of this fund. A
    row of a bank's subject goes to the only such account, or to the one whose detail its name holds; what is in transit
    (在途) from a platform has no registered account and stands by itself.
    """
    found: dict[str, Decimal] = {}
    for row in rows:
        if not row.balance:
            continue
        subject = CHART[fund[0]].get(row.code[:4])
        if subject is None:
            raise Refused(f"科目 {row.code}{row.name} 不在{fund[1:]}科目表中，请先按科目表调整", file, row.line)
        account = f"{subject.root}:{compound}:{fund}:{subject.component}"
        if (fund[0], subject.code) in STATEMENT_SUBJECTS:
            account = _dedicated(row, account, accounts, file)
        found[account] = found.get(account, ZERO) + row.balance
    return list(found.items())


def _dedicated(row: TrialRow, prefix: str, accounts: Sequence[str], file: str) -> str:
    component, _, detail = IN_TRANSIT.partition("-")
    if prefix.endswith(component) and detail in row.name:
        return f"{prefix}-{detail}"
    below = [account for account in accounts if account.startswith(prefix)]
    named = [account for account in below if account.rpartition("-")[2] and account.rpartition("-")[2] in row.name]
    chosen = named or below
    if len(chosen) != 1:
        raise Refused(f"科目 {row.code}{row.name} 对应哪个专户不明，名称里请写明专户（如“工行3021”）", file, row.line)
    return chosen[0]
