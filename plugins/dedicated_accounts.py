"""Beancount plugin of the rule in `jiezhang.domain.rules.dedicated_accounts`."""

from __future__ import annotations

from jiezhang.domain.rules import dedicated_accounts

from ._thin import validator

__plugins__ = ("validate_dedicated_accounts",)

validate_dedicated_accounts = validator(dedicated_accounts.find)
