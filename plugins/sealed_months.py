"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.sealed_months`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import sealed_months

from ._office import office_validator

__plugins__ = ("validate_sealed_months",)

validate_sealed_months = office_validator(sealed_months.find)
