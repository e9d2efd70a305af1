"""Beancount plugin of the rule in `jiezhang.households.rules.dwelling_known`."""

from __future__ import annotations

from jiezhang.households.rules import dwelling_known

from ._fund import fund_validator

__plugins__ = ("validate_dwelling_known",)

validate_dwelling_known = fund_validator(dwelling_known.find)
