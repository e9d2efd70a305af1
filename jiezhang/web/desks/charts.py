"""Charts as values: whole numbers on a small canvas, drawn by the template as SVG. Solid and hollow bars, so that they
read in black and white; narrow, so that they read on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jiezhang.domain.money import yuan
from jiezhang.domain.period import Month

WIDTH, HEIGHT = 360, 170
_LEFT, _TOP, _BOTTOM = 44, 14, 150
_STEP = 26
_BAR = 9

Amounts = Mapping[Month, tuple[int, int]]
"""Income and expense in fen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; `title` is what a mouse over it, or a reader of screens, is told."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word on the canvas: beside a line across it, or below a month."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Income and expense by month, with the figures themselves."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    lines: tuple[Mark, ...]
    months: tuple[Mark, ...]
    figures: tuple[tuple[str, str, str], ...]
    """Month, income, expense."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole."""

    kind: Literal["good", "wait", "over", "bad"]
    name: str
    count: int
    x: int
    width: int


def month_chart(title: str, months: Sequence[Month], amounts: Amounts) -> MonthChart:
    """The chart of at most twelve `months`; a month that is not in `amounts` has no bar."""
    values = [fen for month in months for fen in amounts.get(month, ())] or [0]
    high, low = _ceiling(max(*values, 0)), -_ceiling(-min(*values, 0))
    if high == low:
        high = 100_00
    in_wan = max(high, -low) >= 10_000_00
    bars: list[Bar] = []
    for number, month in enumerate(months):
        for offset, kind, name, fen in zip(
            (3, 4 + _BAR), ("in", "out"), ("收入", "支出"), amounts.get(month, ()), strict=False
        ):
            top, bottom = _y(max(fen, 0), high, low), _y(min(fen, 0), high, low)
            x = _LEFT + number * _STEP + offset
            bars.append(Bar(x, top, _BAR, bottom - top, kind, f"{month} {name} {yuan(fen)} 元"))
    return MonthChart(
        title=title,
        unit="万元" if in_wan else "元",
        bars=tuple(bars),
        lines=tuple(Mark(_y(fen, high, low), _label(fen, in_wan)) for fen in sorted({low, 0, high // 2, high})),
        months=tuple(
            Mark(_LEFT + number * _STEP + 3 + _BAR, f"{month.number}月") for number, month in enumerate(months)
        ),
        figures=tuple((str(month), *map(yuan, amounts[month])) for month in months if month in amounts),  # type: ignore[misc]
    )


def shares(parts: Sequence[tuple[Literal["good", "wait", "over", "bad"], str, int]], width: int) -> tuple[Share, ...]:
    """A bar `width` wide in parts as large as their counts; what is nothing is left out."""
    total, found, before = sum(count for _, _, count in parts), [], 0
    for kind, name, count in parts:
        if count:
            start, end = width * before // total, width * (before + count) // total
            found.append(Share(kind, name, count, start, end - start))
            before += count
    return tuple(found)


def _y(fen: int, high: int, low: int) -> int:
    return _TOP + (high - fen) * (_BOTTOM - _TOP) // (high - low)


def _ceiling(fen: int) -> int:
    """The next of 1, 2, 5, 10, … yuan."""
    if fen <= 0:
        return 0
    size = 100
    while True:
        for times in (1, 2, 5):
            if size * times >= fen:
                return size * times
        size *= 10


def _label(fen: int, in_wan: bool) -> str:
    """Yuan, or ten thousands of them, without zeros at the end."""
    whole, rest = divmod(abs(fen), 10_000_00 if in_wan else 100)
    digits = f"{rest:0{6 if in_wan else 2}d}".rstrip("0")
    return f"{'-' if fen < 0 else ''}{whole:,}{'.' + digits if digits else ''}"
