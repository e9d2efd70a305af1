"""The rules of approval; one module for each, with `RULE` and `find(view)`."""

from __future__ import annotations

from ...problem import Finding
from ..view import OfficeView
from . import approvals, budgets, duties_apart, levies, sealed_months, seals, tri_party, vouchers

RULES = (vouchers, approvals, seals, budgets, duties_apart, levies, tri_party, sealed_months)

STAMP = tuple(rule.RULE for rule in RULES)

UNREADABLE = approvals.RULE
"""The rule that a register beside the books belongs to when it can't be read."""


def find(view: OfficeView) -> list[Finding]:
    """Everything any of these rules finds, in the order of `RULES`."""
    return [found for rule in RULES for found in rule.find(view)]
