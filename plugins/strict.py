"""Every rule of the books in one plugin, the only one a main file names; it stamps the options so that readers know."""

from __future__ import annotations

from typing import Any

from beancount.core.data import Directive

from jiezhang.domain.problem import Finding
from jiezhang.domain.rules import strict

__plugins__ = ("validate_strict",)


def validate_strict(
    entries: list[Directive], options_map: dict[str, Any], config: str = ""
) -> tuple[list[Directive], list[Finding]]:
    """The entries as they came, what the rules found, and `options_map` stamped with the rules that ran."""
    del config
    found = strict.find(entries, options_map)
    options_map[strict.STAMP_KEY] = strict.STAMP
    return entries, found
