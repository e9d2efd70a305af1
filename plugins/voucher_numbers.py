"""Beancount plugin of the rule in `jiezhang.domain.rules.voucher_numbers`."""

from __future__ import annotations

from jiezhang.domain.rules import voucher_numbers

from ._thin import validator

__plugins__ = ("validate_voucher_numbers",)

validate_voucher_numbers = validator(voucher_numbers.find)
