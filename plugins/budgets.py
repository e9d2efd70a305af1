"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.budgets`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import budgets

from ._office import office_validator

__plugins__ = ("validate_budgets",)

validate_budgets = office_validator(budgets.find)
