"""What is owed after the money was paid: acceptance, audit, publication (杭州市物业管理条例 2021 art. 72, 73).

Nothing of it stops the books: it is shown until it is done, and once it is overdue no more is paid (`spent`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from beancount.core import data

from .path_value import Path
from .procedure import Step
from .spending import all_payments
from .view import OfficeView


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty not done yet: of which resolution, which step, and by when, where the procedure says so."""

    path: Path
    step: Step
    due: date | None


def duties_owed(view: OfficeView, entries: Iterable[data.Directive]) -> list[Owed]:
    """The duties of every resolution that something was paid under."""
    paid = {payment.resolution for payment in all_payments(entries) if payment.total_fen > 0}
    return [
        Owed(path, step, _due(path, step))
        for path in view.paths.values()
        if path.code in paid
        for step in path.after_payment()
        if step.code not in path.done
    ]


def _due(path: Path, step: Step) -> date | None:
    approved = path.approved
    return approved + timedelta(days=step.within_days) if step.within_days is not None and approved else None
