"""Beancount plugin of the rule in `jiezhang.households.rules.bonds`."""

from __future__ import annotations

from jiezhang.households.rules import bonds

from ._fund import fund_validator

__plugins__ = ("validate_bonds",)

validate_bonds = fund_validator(bonds.find)
