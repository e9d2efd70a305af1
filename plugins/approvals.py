"""Beancount plugin of the rule in `jiezhang.domain.approval.rules.approvals`."""

from __future__ import annotations

from jiezhang.domain.approval.rules import approvals

from ._office import office_validator

__plugins__ = ("validate_approvals",)

validate_approvals = office_validator(approvals.find)
