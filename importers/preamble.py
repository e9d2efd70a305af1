"""What a file says about itself above and below its rows: account, holder, currency, period, totals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from jiezhang.domain.statement import Totals

from .table import Row, header_name
from .values import dates_in, identifier, yuan

_LABELS: dict[str, str] = {
    **dict.fromkeys(("账号", "账户号", "银行账号", "本方账号", "查询账号", "卡号/账号"), "account_no"),
    **dict.fromkeys(("户名", "账户名称", "账户名", "公司名称", "账号名称", "本方账户名称", "本方户名"), "holder"),
    **dict.fromkeys(("币种", "币别"), "currency"),
    **dict.fromkeys(("起止日期", "查询区间", "查询日期", "查询时间范围", "查询期间", "起止时间"), "period"),
    **dict.fromkeys(("起始日期", "开始日期"), "start"),
    **dict.fromkeys(("截止日期", "终止日期", "结束日期"), "end"),
    **dict.fromkeys(("总笔数",), "count"),
    **dict.fromkeys(("借方总笔数", "借方发生总笔数", "支出笔数", "支出总笔数"), "count_out"),
    **dict.fromkeys(("借方总金额", "借方发生总额", "支出总金额", "支出金额合计"), "sum_out"),
    **dict.fromkeys(("贷方总笔数", "贷方发生总笔数", "收入笔数", "收入总笔数"), "count_in"),
    **dict.fromkeys(("贷方总金额", "贷方发生总额", "收入总金额", "收入金额合计"), "sum_in"),
    **dict.fromkeys(("期初余额", "上期余额", "期初账户余额"), "opening"),
    **dict.fromkeys(("期末余额", "期末账户余额"), "closing"),
}
_IN_LINE = re.compile(r"([^\s:#|]+)[ \t]*:[ \t]*\[?([^\s\]]*)")
_IN_LINE_VALUE = re.compile(r":\s*\S")
_LABELLED_DATE = re.compile(r"(起始日期|开始日期|截止日期|终止日期|结束日期):\[?([^\]]*)")

_CURRENCIES = {"人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "美元": "USD", "欧元": "EUR", "港币": "HKD"}


@dataclass(slots=True)
class Facts:
    """Labels found, by the name of what they mean. Amounts and counts are still text."""

    found: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.found.get(name, "")

    def amount(self, name: str) -> Decimal | None:
        """Yuan, or `None`; `ValueError` when the file wrote something else there."""
        return yuan(self.text(name))

    def count(self, name: str) -> int | None:
        return count_of(self.text(name))

    def totals(self) -> Totals | None:
        """Counts and sums, or `None` when none is stated."""
        sum_out = self.amount("sum_out")
        stated = Totals(
            count_in=self.count("count_in"),
            sum_in=self.amount("sum_in"),
            count_out=self.count("count_out"),
            sum_out=None if sum_out is None else abs(sum_out),
            count=self.count("count"),
        )
        return None if stated == Totals() else stated

    def period(self) -> tuple[date, date] | None:
        days = dates_in(self.text("period")) or [*dates_in(self.text("start")), *dates_in(self.text("end"))]
        if len(days) < 2 or days[0] > days[1]:
            return None
        ends_at_midnight = self.text("end").endswith("00:00:00") and days[1] > days[0]
        return days[0], days[1] - timedelta(days=1) if ends_at_midnight else days[1]


def count_of(text: str) -> int | None:
    """A count, also as `20.0` or `3笔`; `None` for an empty cell, `ValueError` with a sentence for anything else."""
    found = re.fullmatch(r"(\d+)(?:\.0+)?笔?", text.strip())
    if text.strip() and not found:
        raise ValueError(f"笔数“{text}”不是整数")
    return int(found[1]) if found else None


def read_preamble(rows: Iterable[Row]) -> Facts:
    """Labelled values above a header: `账号：1` or `账号:1 户名:2` in one cell, or a label cell and a value cell."""
    facts = Facts()
    for row in rows:
        for index, cell in enumerate(row.cells):
            if cell:
                _read_cell(facts, row, index, cell)
    return facts


def _read_cell(facts: Facts, row: Row, index: int, cell: str) -> None:
    line = unicodedata.normalize("NFKC", cell).replace("\u3000", "")
    label = None if _IN_LINE_VALUE.search(line) else _LABELS.get(header_name(cell).strip(":#"))
    if label:
        at = next((i for i in range(index + 1, min(index + 4, len(row.cells))) if row.cell(i)), None)
        if at is not None and header_name(row.cell(at)).strip(":") not in _LABELS:
            value = row.cell(at)
            facts.found.setdefault(label, identifier(value, at in row.damaged) if label == "account_no" else value)
        return
    for name, value in _LABELLED_DATE.findall(line):
        facts.found.setdefault(_LABELS[name], value.strip())
    for name, value in _IN_LINE.findall(line):
        meaning = _LABELS.get(name)
        if meaning and value:
            facts.found.setdefault(meaning, _as_written(cell, value) if meaning == "holder" else value)


def _as_written(cell: str, value: str) -> str:
    """The holder's name with the brackets the bank wrote, which NFKC has changed."""
    size = len(value)
    for start in range(len(cell) - size + 1):
        if unicodedata.normalize("NFKC", cell[start : start + size]) == value:
            return cell[start : start + size]
    return value


def currency_code(text: str) -> str:
    """`CNY` for 人民币 or nothing; a code as it is."""
    bare = text.strip().upper()
    return _CURRENCIES.get(bare, bare) or "CNY"


_FOOT_TEXT = (
    ("count_in", re.compile(r"收入合?计?:?\s*(\d+)\s*笔")),
    ("count_out", re.compile(r"支出合?计?:?\s*(\d+)\s*笔")),
    ("sum_in", re.compile(r"收入合?计?:?\s*\d+\s*笔,?共?\s*([\d,]+\.\d\d)")),
    ("sum_out", re.compile(r"支出合?计?:?\s*\d+\s*笔,?共?\s*-?([\d,]+\.\d\d)")),
    ("count_in", re.compile(r"(\d+)\s*笔?收,?")),
    ("sum_in", re.compile(r"\d+\s*笔?收,?\s*([\d,]+\.\d\d)")),
    ("count_out", re.compile(r"(\d+)\s*笔?支,?")),
    ("sum_out", re.compile(r"\d+\s*笔?支,?\s*([\d,]+\.\d\d)")),
    ("count", re.compile(r"总笔数:?\s*(\d+)")),
)
FOOT_WORD = re.compile(r"合计|总计|收入\s*\d+\s*笔|\d+\s*笔?收|支出\s*\d+\s*笔")
PAGE_TOTAL = re.compile("小计|本页合计|承前页|过次页")


def read_footer(row: Row, facts: Facts, into: int | None, out: int | None) -> None:
    """Add the totals a row below the data states, in words or under the columns `into` and `out`."""
    line = unicodedata.normalize("NFKC", ",".join(cell for cell in row.cells if cell))
    for name, pattern in _FOOT_TEXT:
        found = pattern.search(line)
        if found:
            facts.found.setdefault(name, found[1])
    for name, column in (("sum_in", into), ("sum_out", out)):
        if column is not None and row.cell(column) and any(ch.isdigit() for ch in row.cell(column)):
            facts.found.setdefault(name, row.cell(column))
