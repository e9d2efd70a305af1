"""Beancount plugin of the rule in `jiezhang.domain.rules.bank_provenance`."""

from __future__ import annotations

from jiezhang.domain.rules import bank_provenance

from ._thin import validator

__plugins__ = ("validate_bank_provenance",)

validate_bank_provenance = validator(bank_provenance.find)
