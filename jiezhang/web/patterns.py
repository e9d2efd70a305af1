"""Patterns that visitors write, matched for a few seconds at most.

Queries (`narration ~ "…"`) and Fava's filters match with Python's `re`, which nothing can interrupt and which holds the
interpreter: one pattern like `(\\w+\\s?)+#` would stop the office for everybody. The same patterns are matched here by
`regex`, which gives up when the request's time is over and lets others work meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextvars import ContextVar
from math import prod
from time import monotonic
from typing import Any, TypeVar

import regex
from beanquery import query_compile, query_env
from fava.core import filters
from fava.helpers import FavaAPIError

SECONDS = 5
TEXT_MAX = 100_000
"""How long a text may grow by replacing in it."""

TEXTS_MAX = 5_000_000
"""How long all texts together, that a request makes by replacing, may be."""

TIMES_MAX = 999
_REPEATS = re.compile(r"\{([\d,\s]*)\}")
"""A repeat of a thousand times and more, for which `regex` would take all memory before it looks at the time."""

_until: ContextVar[float | None] = ContextVar("until", default=None)
_texts: ContextVar[int] = ContextVar("texts", default=0)

_Entry = TypeVar("_Entry")


class TooSlowError(FavaAPIError):
    """The request's time is over."""

    def __init__(self) -> None:
        super().__init__(f"查询或筛选超过 {SECONDS} 秒，已停止，请改写")


def begin() -> None:
    """From now on this request has `SECONDS` for its patterns, and has made no text yet."""
    _until.set(monotonic() + SECONDS)
    _texts.set(0)


def end(wrong: BaseException | None = None) -> None:
    """The request is over, however it ended."""
    del wrong
    _until.set(None)
    _texts.set(0)


def left() -> float:
    """How many seconds the request has; `TooSlowError` when its time is over."""
    until = _until.get()
    seconds = SECONDS if until is None else until - monotonic()
    if seconds <= 0:
        raise TooSlowError
    return seconds


class Timed(list[_Entry]):
    """Entries of a ledger; whoever goes through them when the time is over is stopped."""

    def __iter__(self) -> Iterator[_Entry]:
        for entry in super().__iter__():
            left()
            yield entry


def _times(pattern: str) -> int:
    """How often its repeats may repeat when each stands in another: compiling unfolds them, and nothing stops it."""
    found = ("".join(inside.split()).split(",") for inside in _REPEATS.findall(pattern))
    return prod(max((int(times[:6]) for times in numbers if times), default=1) or 1 for numbers in found)


class _Pattern:
    """A compiled pattern, as far as Fava and beanquery use one."""

    def __init__(self, pattern: str, flags: int) -> None:
        if _times(pattern) > TIMES_MAX:
            raise FavaAPIError("正则表达式里的重复次数最多写 999")
        self._compiled = regex.compile(pattern, flags)

    def search(self, text: str) -> Any:
        return self._bounded(self._compiled.search, text)

    def match(self, text: str) -> Any:
        return self._bounded(self._compiled.match, text)

    def sub(self, put: str, text: str) -> str:
        grown = 0

        def replaced(match: Any) -> str:
            """Stopped while it grows, not when it has taken the memory."""
            nonlocal grown
            _refuse_long(grown + put.count("\\") * max(map(len, (match[0], *match.groups("")))))
            part: str = match.expand(put)
            grown += len(part)
            _refuse_long(grown)
            return part

        made: str = self._bounded(self._compiled.sub, replaced, text)
        _refuse_long(len(made))
        _texts.set(_texts.get() + len(made))
        if _texts.get() > TEXTS_MAX:
            raise FavaAPIError(f"这次查询替换出来的文字合起来超过 {TEXTS_MAX} 个字，已停止，请改写")
        return made

    @staticmethod
    def _bounded(do: Any, *words: Any) -> Any:
        try:
            return do(*words, timeout=left(), concurrent=True)
        except TimeoutError:
            raise TooSlowError from None


def _refuse_long(length: int) -> None:
    if length > TEXT_MAX:
        raise FavaAPIError(f"替换出来的文字超过 {TEXT_MAX} 个字，已停止，请改写")


class Patterns:
    """Stands for the module `re` where visitors' patterns are matched."""

    IGNORECASE = regex.IGNORECASE
    error = regex.error

    @staticmethod
    def compile(pattern: str, flags: int = 0) -> _Pattern:
        return _Pattern(pattern, flags)

    @staticmethod
    def search(pattern: str, text: str, flags: int = 0) -> Any:
        return _Pattern(pattern, flags).search(text)

    @staticmethod
    def match(pattern: str, text: str, flags: int = 0) -> Any:
        return _Pattern(pattern, flags).match(text)

    @staticmethod
    def sub(pattern: str, put: str, text: str) -> str:
        return _Pattern(pattern, 0).sub(put, text)


class Accounts:
    """Stands for `beancount.core.account` in Fava's filters, which there makes a pattern of what a visitor wrote."""

    @staticmethod
    def has_component(name: str, value: str) -> bool:
        """Whether `value` is one part of the account's name, or several that follow each other."""
        return f":{value}:" in f":{name}:"


def install() -> None:
    """Put our patterns where theirs are used."""
    for module, name, ours in (
        (query_compile, "re", Patterns), (query_env, "re", Patterns), (filters, "re", Patterns),
        (filters, "account", Accounts),
    ):  # fmt: skip
        assert hasattr(module, name), f"another {module.__name__}: look at what it matches with"
        setattr(module, name, ours)
