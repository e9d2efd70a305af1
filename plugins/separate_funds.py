"""Beancount plugin of the rule in `jiezhang.domain.rules.separate_funds`."""

from __future__ import annotations

from jiezhang.domain.rules import separate_funds

from ._thin import validator

__plugins__ = ("validate_separate_funds",)

validate_separate_funds = validator(separate_funds.find)
