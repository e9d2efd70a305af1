"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.tri_party`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import tri_party

from ._office import office_validator

__plugins__ = ("validate_tri_party",)

validate_tri_party = office_validator(tri_party.find)
