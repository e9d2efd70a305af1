"""The rules of the maintenance fund that need the register beside the ledger; one module for each, with `RULE` and
`find(view)`."""

from __future__ import annotations

from jiezhang.domain.approval import rules as approval_rules
from jiezhang.domain.problem import Finding
from jiezhang.domain.rules import strict

from . import bonds, dwelling_known, fund_purpose, household_identity
from .view import FundView

RULES = (dwelling_known, household_identity, fund_purpose, bonds)

STAMP = (*strict.STAMP, *(rule.RULE for rule in RULES), *approval_rules.STAMP)
"""What a ledger's options hold after every rule ran: those of the ledger alone, these, and those of approval."""


def find(view: FundView) -> list[Finding]:
    """Everything any of these rules finds, in the order of `RULES`."""
    return [found for rule in RULES for found in rule.find(view)]
