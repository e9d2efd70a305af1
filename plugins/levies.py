"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.levies`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import levies

from ._office import office_validator

__plugins__ = ("validate_levies",)

validate_levies = office_validator(levies.find)
