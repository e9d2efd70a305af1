"""Beancount plugin of the rule in `jiezhang.domain.rules.month_files`."""

from __future__ import annotations

from jiezhang.domain.rules import month_files

from ._thin import validator

__plugins__ = ("validate_month_files",)

validate_month_files = validator(month_files.find)
