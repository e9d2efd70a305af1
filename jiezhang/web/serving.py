"""How the office is served: by which names, with whose sessions, and the server itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from jiezhang.office.home import OfficeHome
from jiezhang.office.operation_log import BEIJING

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Serving:
    """`hosts`: the names by which browsers may ask. `demo`: the id of the person a demonstration begins with; empty:
    this is an office, and people sign in. `now` gives the time. `machines`: addresses that may ask
    for the metrics, beside this machine's own."""

    home: OfficeHome
    hosts: frozenset[str] = LOOPBACK
    demo: str = ""
    now: Callable[[], datetime] = field(default=utc_now)

    def today(self) -> date:
        """The office's own day."""
        return self.now().astimezone(BEIJING).date()
    machines: frozenset[str] = frozenset()
