"""All rules together, and the stamp that says they ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beancount.core.data import Directive

from ..problem import Finding
from . import (
    account_names,
    bank_provenance,
    cash_basis,
    clean_text,
    dedicated_accounts,
    exact_amounts,
    month_files,
    separate_funds,
    voucher_numbers,
)

RULES = (
    account_names,
    dedicated_accounts,
    exact_amounts,
    separate_funds,
    bank_provenance,
    cash_basis,
    clean_text,
    month_files,
    voucher_numbers,
)

STAMP_KEY = "jiezhang_rules"
STAMP = tuple(rule.RULE for rule in RULES)
"""What `options_map[STAMP_KEY]` holds after the rules ran: a control that did not run never looks like one that did."""


def find(entries: Sequence[Directive], options: Mapping[str, Any]) -> list[Finding]:
    """Everything any rule finds, in the order of `RULES`."""
    return [found for rule in RULES for found in rule.find(entries, options)]
