"""What makes a rule a Beancount plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from beancount.core.data import Directive

from jiezhang.domain.problem import Finding

Rule = Callable[[Sequence[Directive], Mapping[str, Any]], list[Finding]]
Plugin = Callable[[list[Directive], dict[str, Any], str], tuple[list[Directive], list[Finding]]]


def validator(rule: Rule) -> Plugin:
    """A plugin that returns the entries it got and the rule's findings."""

    def validate(
        entries: list[Directive], options_map: dict[str, Any], config: str = ""
    ) -> tuple[list[Directive], list[Finding]]:
        del config
        return entries, rule(entries, options_map)

    return validate
