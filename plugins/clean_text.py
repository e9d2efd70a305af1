"""Beancount plugin of the rule in `jiezhang.domain.rules.clean_text`."""

from __future__ import annotations

from jiezhang.domain.rules import clean_text

from ._thin import validator

__plugins__ = ("validate_clean_text",)

validate_clean_text = validator(clean_text.find)
