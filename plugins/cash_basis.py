"""Beancount plugin of the rule in `jiezhang.domain.rules.cash_basis`."""

from __future__ import annotations

from jiezhang.domain.rules import cash_basis

from ._thin import validator

__plugins__ = ("validate_cash_basis",)

validate_cash_basis = validator(cash_basis.find)
