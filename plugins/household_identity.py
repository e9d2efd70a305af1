"""Beancount plugin of the rule in `jiezhang.households.rules.household_identity`."""

from __future__ import annotations

from jiezhang.households.rules import household_identity

from ._fund import fund_validator

__plugins__ = ("validate_household_identity",)

validate_household_identity = fund_validator(household_identity.find)
