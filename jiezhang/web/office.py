"""What every route of a running office shares: who acts, the acts themselves, and the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from flask import current_app, request

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.duties.actions import Action
from jiezhang.domain.duties.may import refuse_unless
from jiezhang.domain.people import by_id
from jiezhang.domain.problem import Refused
from jiezhang.office.acts import Acts
from jiezhang.office.operation_log import OperationLog
from jiezhang.office.repository import open_repository
from jiezhang.street.read_model import ReadModel

from .draws import Draws
from .gate import Visitor, visitor_of
from .metrics import Metrics
from .office_log import Told
from .serving import Serving

KEPT = "standings"
"""Where in the office's home the read model is kept; it may be deleted at any time."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Office:
    """An office at work."""

    street: StreetFolder
    serving: Serving
    acts: Acts
    told: Told
    model: ReadModel
    draws: Draws
    metrics: Metrics = field(default_factory=Metrics)

    def carry_out(
        self, action: Action, compound: str | None, content: str, do: Callable[[], Result],
        told: Callable[[Result], str] = str,
    ) -> Result:  # fmt: skip
        """Do what the visitor asks, as an act: in the books, in the log and in the repository."""
        who = visitor()

        def still() -> Result:
            """Whoever waited for others may have lost their part meanwhile."""
            person = by_id(read_street(self.street).people).get(who.person.id)
            if person is None:
                raise Refused(f"{who.person.id} 已不在街道的人员名单里")
            refuse_unless(person, action, compound, self.serving.today())
            return do()

        with self.metrics.act():
            return self.acts.carry_out(
                who.person, action, compound, content, still, self.serving.now, address=who.address,
                session=who.session.short, told=told,
            )  # fmt: skip


def open_office(street: StreetFolder, serving: Serving) -> Office:
    """Open the repository and the log; what a killed server left open is settled first."""
    log = OperationLog(serving.home)
    repository = open_repository(street, serving.now(), serving.home)
    acts = Acts(serving.home, street, log, repository)
    acts.settle(serving.now)
    model = ReadModel(street, serving.home.path / KEPT)
    return Office(street, serving, acts, Told(log, serving.now), model, Draws(serving.home))


def office() -> Office:
    """The office that serves this request."""
    found = current_app.config["OFFICE"]
    assert isinstance(found, Office)
    return found


def visitor() -> Visitor:
    """Who asks; the guard lets nobody unknown to a route that calls this."""
    who = visitor_of(request.environ)
    assert who is not None, "the guard lets nobody else here"
    return who


def today() -> date:
    """The office's own day."""
    return office().serving.today()
