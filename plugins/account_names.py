"""Beancount plugin of the rule in `jiezhang.domain.rules.account_names`."""

from __future__ import annotations

from jiezhang.domain.rules import account_names

from ._thin import validator

__plugins__ = ("validate_account_names",)

validate_account_names = validator(account_names.find)
