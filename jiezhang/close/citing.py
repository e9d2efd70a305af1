"""Which resolution a payment rests on: the one a person names, the one its project or bond was decided by, or the first
standing rule (议事规则) that allows it. What nothing allows is not completed, so that it can't be posted either."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from beancount.core import data

from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.approval.spending import (
    PAYMENT_KEY,
    RESOLUTION_KEY,
    Payment,
    accepted_on,
    all_payments,
    citing_fault,
    payments_of,
    registered_fault,
)
from jiezhang.domain.approval.spent import Spent, limit_fault
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import named_legs
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Completion

KEYS = (RESOLUTION_KEY, PAYMENT_KEY, "invoice", "accepted", "contract")
"""Metadata of a voucher that pays; completing it again takes them away first."""


class Citing:
    """The resolutions of a ledger, and what has been paid under each so far."""

    def __init__(self, view: OfficeView | None, entries: Iterable[data.Directive]) -> None:
        self._view = view
        self._spent = Spent()
        for payment in all_payments(entries):
            self._spent.add(payment)

    def cited(self, entry: data.Transaction, said: Completion) -> data.Transaction:
        """`entry` with what `said` and the registers say it rests on; `Refused` with the rule it breaks.

        A voucher that pays nothing comes back as it was, unless it takes back (退汇) what the decision it names paid.
        """
        bare = entry._replace(meta={key: value for key, value in entry.meta.items() if key not in KEYS})
        if not payments_of(bare):
            back = bare._replace(meta={**bare.meta, RESOLUTION_KEY: said.resolution})
            return self._tried(back) if said.resolution and payments_of(back) else bare
        given: dict[str, Any] = {
            "invoice": said.invoice, "accepted": said.accepted, "contract": said.contract, PAYMENT_KEY: said.payment,
        }  # fmt: skip
        meta = {**bare.meta, **{key: value for key, value in given.items() if value}}
        code = said.resolution or self._registered(bare)
        if code:
            return self._tried(bare._replace(meta={**meta, RESOLUTION_KEY: code}))
        whole = bare._replace(meta=meta)
        found = self._standing(whole)
        if found is not None:
            return found
        return self._tried(self._but_for_papers(whole) or whole)

    def proposed(self, entry: data.Transaction) -> data.Transaction | None:
        """`entry`, whose legs a rule proposed, with the standing rule that allows it; `None` when none does."""
        return self._standing(entry) if payments_of(entry) else entry

    def fault(self, entry: data.Transaction) -> str:
        """Why what `entry` pays may not be paid; empty when it may."""
        paths = self._view.paths if self._view is not None else {}
        for payment in payments_of(entry):
            said = citing_fault(payment, paths) or self._limit(payment, paths[payment.resolution])
            if not said and self._view is not None:
                said = registered_fault(payment, self._view.files.register)
            if said:
                return said
        return ""

    def _limit(self, payment: Payment, path: Path) -> str:
        assert self._view is not None
        files = self._view.files
        accepted: date | None = accepted_on(payment, files.register)
        return limit_fault(payment, path, self._spent, files.rules_on(payment.day), accepted)

    def _tried(self, entry: data.Transaction) -> data.Transaction:
        said = self.fault(entry)
        if said:
            raise Refused(said)
        return self._made(entry)

    def _made(self, entry: data.Transaction) -> data.Transaction:
        for payment in payments_of(entry):
            self._spent.add(payment)
        return entry

    def _standing(self, entry: data.Transaction) -> data.Transaction | None:
        for code in self._standing_codes():
            tried = entry._replace(meta={**entry.meta, RESOLUTION_KEY: code})
            if not self.fault(tried):
                return self._made(tried)
        return None

    def _standing_codes(self) -> list[str]:
        paths = self._view.paths if self._view is not None else {}
        return [code for code in sorted(paths) if paths[code].resolution.matter == "standing"]

    def _but_for_papers(self, entry: data.Transaction) -> data.Transaction | None:
        """`entry` under the standing rule that would allow it with all its papers: what is missing then is a paper, and
        no decision."""
        papers = {"invoice": "0", "contract": "0", "accepted": entry.date}
        for code in self._standing_codes():
            cited = {**entry.meta, RESOLUTION_KEY: code}
            if not self.fault(entry._replace(meta={**cited, **papers})):
                return entry._replace(meta=cited)
        return None

    def _registered(self, entry: data.Transaction) -> str:
        """The decision that the project, the bond or the levy of a voucher was registered with."""
        if self._view is None:
            return ""
        funds = {name.fund for name, _ in named_legs(entry)}
        for _, levy in self._view.files.levies:
            if levy.fund in funds:
                return levy.resolution
        register = self._view.files.register
        if register is None:
            return ""
        for key, rows in (("project", register.projects), ("bond", register.bonds)):
            code = entry.meta.get(key)
            for _, row in rows:
                if code and row.code == code:
                    return row.decision
        return ""
