"""Beancount plugin of the rule in `jiezhang.households.rules.fund_purpose`."""

from __future__ import annotations

from jiezhang.households.rules import fund_purpose

from ._fund import fund_validator

__plugins__ = ("validate_fund_purpose",)

validate_fund_purpose = fund_validator(fund_purpose.find)
