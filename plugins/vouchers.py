"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.vouchers`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import vouchers

from ._office import office_validator

__plugins__ = ("validate_vouchers",)

validate_vouchers = office_validator(vouchers.find)
