"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.duties_apart`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import duties_apart

from ._office import office_validator

__plugins__ = ("validate_duties_apart",)

validate_duties_apart = office_validator(duties_apart.find)
