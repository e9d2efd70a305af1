"""A bar chart of twelve months, two series: solid and hollow, so that it reads in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..disclosure_value import MonthFigures
from .canvas import Boxes, Page

HEIGHT = 166.0
_PLOT, _LABELS, _ROW = 92.0, 34.0, 13.0
_WAN = Decimal(10000)
_MARKS_APART = 10.0
_IN_YUAN_BELOW = Decimal(1000000)


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    form: str
    size: Decimal
    step: Decimal

    def show(self, amount: Decimal | None) -> str:
        """`amount` rounded half up, as people round."""
        return "—" if amount is None else self.form.format((amount / self.size).quantize(self.step, ROUND_HALF_UP))


def bars(page: Page, x: float, top: float, width: float, history: Sequence[MonthFigures]) -> None:
    """Draw the chart with its upper left corner at (`x`, `top`), `HEIGHT` points high.

    The figures stand under the bars, in whole 元 or, from a million on, in 万元 with two places; a month before the
    books began has a dash and no bar.
    """
    left, zero_top = x + _LABELS, top - 20
    values = [v for m in history for v in (m.income, m.spent) if v is not None] or [Decimal(0)]
    small = max(abs(v) for v in values) < _IN_YUAN_BELOW
    unit = _Unit("元", "{:,}", Decimal(1), Decimal(1)) if small else _Unit("万元", "{:,}", _WAN, Decimal("0.01"))
    _legend(page, x, top, unit.name)
    highest, lowest = _ceiling(max(*values, Decimal(0))), -_ceiling(max(*(-v for v in values), Decimal(0)))
    if highest == lowest:
        highest = Decimal(10000)
    scale = Decimal(str(_PLOT)) / (highest - lowest)
    zero = zero_top - float(highest * scale)
    size = page.fit([unit.show(m) for m in (highest, lowest)], 8, _LABELS - 4)
    for mark in sorted({highest, highest / 2, Decimal(0), lowest}):
        height = float(mark * scale)
        if mark and abs(height) < _MARKS_APART:
            continue  # its figure would lie over the zero's
        page.rule(left, zero + height, x + width, 0.3 if mark else 0.8, 0.7 if mark else 0.0)
        page.write(left - 4, zero + height - 3, unit.show(mark), size, align="right", grey=0.25)
    step = (x + width - left) / len(history)
    solid, hollow = [], []
    for number, figures in enumerate(history):
        middle = left + (number + 0.5) * step
        bar = step * 0.3
        if figures.income is not None and figures.spent is not None:
            solid.append(_bar(middle - bar, zero, bar, float(figures.income * scale)))
            hollow.append(_bar(middle, zero, bar, float(figures.spent * scale)))
    page.shapes.append(Boxes(tuple(solid), fill=0.15, line=0.0))
    page.shapes.append(Boxes(tuple(hollow), fill=1.0, line=0.0))
    _figures(page, x, left, step, zero_top - _PLOT - 16, history, unit)


def _legend(page: Page, x: float, top: float, unit: str) -> None:
    page.write(x, top - 11, "近十二个月收入和支出", 12, bold=True)
    page.write(x + 128, top - 11, f"单位：{unit}", 9.5, grey=0.25)
    page.shapes.append(Boxes(((x + 188, top - 11, 9, 9),), fill=0.15, line=0.0))
    page.write(x + 201, top - 11, "收入", 9.5)
    page.shapes.append(Boxes(((x + 232, top - 11, 9, 9),), fill=1.0, line=0.0))
    page.write(x + 245, top - 11, "支出（含成本、转入维修资金和分配）", 9.5)


def _bar(x: float, zero: float, width: float, height: float) -> tuple[float, float, float, float]:
    return (x, zero, width, height) if height >= 0 else (x, zero + height, width, -height)


def _figures(
    page: Page, x: float, left: float, step: float, y: float, history: Sequence[MonthFigures], unit: _Unit
) -> None:
    income = [unit.show(m.income) for m in history]
    spent = [unit.show(m.spent) for m in history]
    size = page.fit(income + spent, 8.5, step - 3)
    for row, title in enumerate(("月份", "收入", "支出")):
        page.write(x, y - row * _ROW, title, 8.5, grey=0.25)
    for number, figures in enumerate(history):
        middle = left + (number + 0.5) * step
        name = f"{figures.month.number}月" if figures.month.number > 1 and number else f"{figures.month}"
        page.write(middle, y, name, 8.5, align="middle")
        page.write(middle, y - _ROW, income[number], size, align="middle")
        page.write(middle, y - 2 * _ROW, spent[number], size, align="middle")


def _ceiling(highest: Decimal) -> Decimal:
    """The next of 1, 2, 5 times a power of ten; zero stays zero."""
    if highest <= 0:
        return Decimal(0)
    power = Decimal(1).scaleb(highest.adjusted())
    return next(power * m for m in (1, 2, 4, 5, 8, 10) if power * m >= highest)
