"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.seals`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import seals

from ._office import office_validator

__plugins__ = ("validate_seals",)

validate_seals = office_validator(seals.find)
