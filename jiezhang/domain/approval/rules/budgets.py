"""预算和限额: what is paid stays within a resolution's budget, or a standing rule's count and sums, in whatever parts.

Sources: `..spent`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...problem import Finding, finding
from ..spending import accepted_on, all_payments, twice_paid
from ..spent import Spent, limit_fault
from ..view import OfficeView

RULE = "budgets"


def find(view: OfficeView) -> list[Finding]:
    """Payments beyond a limit, and two that use one sealed payment."""
    payments = list(all_payments(view.entries))
    twice = (
        finding(RULE, f"付款 {later.entry.meta['payment']} 已于 {first.day} 支付，不能再付", later.entry)
        for first, later in twice_paid(payments)
    )
    return [*_beyond(view), *twice]


def _beyond(view: OfficeView) -> Iterator[Finding]:
    spent = Spent()
    for payment in all_payments(view.entries):
        path = view.paths.get(payment.resolution)
        if path is None or path.fault is not None:
            continue  # approvals says why
        rules = view.files.rules_on(payment.day)
        said = limit_fault(payment, path, spent, rules, accepted_on(payment, view.files.register))
        spent.add(payment)
        if said:
            yield finding(RULE, said, payment.entry)
