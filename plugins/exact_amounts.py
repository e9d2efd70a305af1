"""Beancount plugin of the rule in `jiezhang.domain.rules.exact_amounts`."""

from __future__ import annotations

from jiezhang.domain.rules import exact_amounts

from ._thin import validator

__plugins__ = ("validate_exact_amounts",)

validate_exact_amounts = validator(exact_amounts.find)
