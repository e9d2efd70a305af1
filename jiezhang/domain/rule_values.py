"""What the value of a rule can be: how it is written in a pack, what it becomes, how it is said in Chinese.

Each form has `read` (raises `ValueError` with a Chinese sentence) and `show`. Percentages and money are `Decimal`,
parts of a whole are `Fraction`; nothing is ever a binary float.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from .money import exact, is_exact, show

_SHARE = re.compile(r"(?P<sign>≥|>)(?P<top>\d{1,4})(?:/(?P<bottom>[1-9]\d{0,3})|%)")


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a whole that must be reached (`≥`, 以上 includes the number) or exceeded (`>`, 过半数)."""

    part: Fraction
    exceeded: bool

    def met(self, part: Decimal | int, whole: Decimal | int) -> bool:
        """Whether `part` of `whole`, both in the same unit, is enough."""
        needed = self.part * Fraction(whole)
        return Fraction(part) > needed if self.exceeded else Fraction(part) >= needed

    def least_fen(self, whole_fen: int) -> int:
        """The smallest number of fen that is enough of `whole_fen`, e.g. 51 of 100 for `>50%`."""
        top, bottom = self.part.numerator * whole_fen, self.part.denominator
        return top // bottom + 1 if self.exceeded else -(-top // bottom)


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high` percent, both included."""

    low: Decimal
    high: Decimal

    def holds(self, percent: Decimal) -> bool:
        """Whether `percent` lies within."""
        return self.low <= percent <= self.high


Value = bool | int | Decimal | str | Share | Span | tuple[str, ...]


class Form(Protocol):
    """One kind of value."""

    def read(self, given: object) -> Value:
        """The value written as `given` in TOML."""
        ...

    def show(self, value: Value) -> str:
        """The value as an office reads it."""
        ...


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage as a `Decimal`; `of` says of what."""

    of: str = ""
    low: int = 0
    high: int = 100

    def read(self, given: object) -> Value:
        number = _number(given)
        if number is None or not self.low <= number <= self.high:
            raise ValueError(f"应是 {self.low} 到 {self.high} 之间的百分数")
        return number

    def show(self, value: Value) -> str:
        return f"{self.of}的 {value}%" if self.of else f"{value}%"


@dataclass(frozen=True, slots=True)
class PercentSpan:
    """A `Span`, written `[5, 8]`."""

    of: str = ""

    def read(self, given: object) -> Value:
        ends = [_number(end) for end in given] if isinstance(given, list | tuple) else []
        if len(ends) != 2 or ends[0] is None or ends[1] is None or not 0 <= ends[0] <= ends[1] <= 100:
            raise ValueError("应写成两个百分数，先小后大")
        return Span(ends[0], ends[1])

    def show(self, value: Value) -> str:
        assert isinstance(value, Span)
        return f"{self.of}的 {value.low}%–{value.high}%" if self.of else f"{value.low}%–{value.high}%"


@dataclass(frozen=True, slots=True)
class Yuan:
    """Money, in yuan with two places."""

    def read(self, given: object) -> Value:
        amount = _number(given)
        if amount is None or not 0 <= amount < 10**12 or not is_exact(amount):
            raise ValueError("应是不为负的金额（元），最多两位小数")
        return exact(amount)

    def show(self, value: Value) -> str:
        assert isinstance(value, Decimal)
        return f"{show(value)} 元"


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days."""

    high: int = 366

    def read(self, given: object) -> Value:
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= self.high:
            raise ValueError(f"应是 1 到 {self.high} 的整数（日）")
        return given

    def show(self, value: Value) -> str:
        return f"{value} 日"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of what `unit` says, e.g. `家`, `个工作日`."""

    unit: str
    high: int = 366

    def read(self, given: object) -> Value:
        if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= self.high:
            raise ValueError(f"应是 1 到 {self.high} 的整数（{self.unit}）")
        return given

    def show(self, value: Value) -> str:
        return f"{value} {self.unit}"


@dataclass(frozen=True, slots=True)
class PartOf:
    """A `Share`, written `≥2/3`, `>1/2`, `≥50%`."""

    of: str = ""
    percent: bool = False

    def read(self, given: object) -> Value:
        found = _SHARE.fullmatch(given) if isinstance(given, str) else None
        part = Fraction(int(found["top"]), int(found["bottom"] or 100)) if found else Fraction(2)
        if found is None or part > 1 or self.percent == bool(found["bottom"]):
            raise ValueError(f"应写成“{'≥50%' if self.percent else '≥2/3'}”的样子，≥ 是以上，> 是超过")
        return Share(part, found["sign"] == ">")

    def show(self, value: Value) -> str:
        assert isinstance(value, Share)
        part = f"{value.part * 100}%" if self.percent else str(value.part)
        return f"{self.of}{'超过' if value.exceeded else '不低于'} {part}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the words in `names`: code → Chinese."""

    names: Mapping[str, str]

    def read(self, given: object) -> Value:
        if not isinstance(given, str) or given not in self.names:
            raise ValueError(f"只能是 {'、'.join(self.names)}")
        return given

    def show(self, value: Value) -> str:
        return self.names[str(value)]


@dataclass(frozen=True, slots=True)
class SomeOf:
    """At least one of the words in `names`, each once, in the order written."""

    names: Mapping[str, str]

    def read(self, given: object) -> Value:
        words = [word for word in given if isinstance(word, str)] if isinstance(given, list | tuple) else []
        if not isinstance(given, list | tuple) or not words or len(words) < len(given):
            raise ValueError("应是一串文字，至少一个")
        if len(set(words)) < len(words) or not set(words) <= set(self.names):
            raise ValueError(f"每个只能写一次，只能是 {'、'.join(self.names)}")
        return tuple(words)

    def show(self, value: Value) -> str:
        assert isinstance(value, tuple)
        return "；".join(self.names[word] for word in value)


@dataclass(frozen=True, slots=True)
class Flag:
    """Whether it is so."""

    yes: str = "是"
    no: str = "否"

    def read(self, given: object) -> Value:
        if not isinstance(given, bool):
            raise ValueError("只能写 true 或 false")
        return given

    def show(self, value: Value) -> str:
        return self.yes if value else self.no


def _number(given: object) -> Decimal | None:
    """A finite number of the pack as `Decimal`; a float is none: packs are read with `parse_float=Decimal`."""
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        return None
    number = Decimal(given)
    return number if number.is_finite() else None
