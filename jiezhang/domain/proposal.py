"""What a bank row probably was: contracts and booking rules propose its other leg, a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from beancount.core import data

from .accounts import parse_account, sibling
from .booking import bank_legs
from .chart import CHART
from .levy import asks_household
from .register import BookingRule, Contract
from .text import clean


@dataclass(frozen=True, slots=True)
class Proposal:
    """The other leg's `account`, why (`by`: code of contract or rule), the contract and narration if any."""

    account: str
    by: str
    contract: str = ""
    narration: str = ""


def propose(
    entry: data.Transaction, contracts: Sequence[Contract], rules: Sequence[BookingRule]
) -> Proposal | None:
    """The proposal for a waiting transaction, or `None` when no contract and no rule knows it.

    A contract knows a receipt from its counterparty within its term. When several do, the one with the same amount
    is meant; when that still leaves several, nothing is proposed: we do not guess in other people's money.
    """
    legs = bank_legs(entry)
    if len(legs) != 1 or legs[0].units is None or legs[0].units.number is None:
        return None
    account, number = legs[0].account, legs[0].units.number
    if number > 0:
        contract = _contract(entry, account, number, contracts)
        if contract is not None:
            return Proposal(sibling(account, contract.subject), contract.code, contract.code)
    for rule in rules:
        if _applies(rule, entry, account, number):
            return Proposal(
                sibling(account, rule.subject, rule.detail), rule.code, narration=clean(rule.narration)
            )
    return None


def _contract(
    entry: data.Transaction, account: str, number: Decimal, contracts: Sequence[Contract]
) -> Contract | None:
    if not parse_account(account).is_bank or parse_account(account).fund_kind != "G":
        return None
    known = [
        contract
        for contract in contracts
        if clean(contract.counterparty) == (entry.payee or "") and contract.start <= entry.date <= contract.end
    ]
    if len(known) > 1:
        known = [contract for contract in known if contract.amount_yuan == number]
    return known[0] if len(known) == 1 else None


def _applies(rule: BookingRule, entry: data.Transaction, account: str, number: Decimal) -> bool:
    return (
        rule.subject in CHART[parse_account(account).fund_kind]
        and not asks_household(sibling(account, rule.subject))  # a rule can't know which household of a levy it is
        and rule.account in account
        and (not rule.direction or (rule.direction == "in") == (number > 0))
        and clean(rule.counterparty) in (entry.payee or "")
        and clean(rule.words) in (entry.narration or "")
    )


def with_other_leg(entry: data.Transaction, account: str, contract: str = "") -> data.Transaction:
    """`entry` with every posting that names no statement row gathered on `account`."""
    legs = bank_legs(entry)
    units = [leg.units for leg in legs if leg.units is not None]
    total = sum((unit.number for unit in units if unit.number is not None), Decimal("0.00"))
    meta = {"contract": contract} if contract else None
    other = data.Posting(account, units[0]._replace(number=-total), None, None, None, meta)
    return entry._replace(postings=[*legs, other])


def apply_proposal(entry: data.Transaction, proposal: Proposal) -> data.Transaction:
    """`entry`, still waiting, with the proposed leg and the reason for it."""
    changed = with_other_leg(entry, proposal.account, proposal.contract)
    meta = {**changed.meta, "proposed-by": proposal.by}
    return changed._replace(meta=meta, narration=proposal.narration or changed.narration)
