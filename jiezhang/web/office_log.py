"""What the web tells the operation log of beside acts: comings and goings, and what was refused at the door.

Nobody may delete a row, so nobody may make as many as they like: what is refused again and again is counted, and told
in one row when its minute is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from jiezhang.domain.duties.actions import RULES, Action
from jiezhang.office.lockout import place_of
from jiezhang.office.operation_log import NOBODY, Asked, Operation, OperationLog, Who

from .gate import Visitor

SHOWN_MAX = 5
MINUTE = timedelta(minutes=1)
PLACE_ROWS_MAX, ROWS_MAX = 10, 30
"""How many rows of refused sign-ins one place, and all places together, make in a minute."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not written, for there was one like it; those who are not signed in share theirs."""

    who: Who
    action: str
    content: str


@dataclass(slots=True)
class Sparing:
    """Which refusals have a row of their own. Of a server that is started anew the counts are lost."""

    _until: dict[object, datetime] = field(default_factory=dict)
    _written: Counter[str] = field(default_factory=Counter)
    _untold: dict[Row, tuple[int, str]] = field(default_factory=dict)
    _minute: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def has_row(
        self, row: Row, detail: str, now: datetime, once: object, until: datetime, place: str | None = None
    ) -> bool:
        """Whether this refusal is to be written: one for `once` as far as `until`, and not too many of a `place`. It is
        counted as `row` otherwise; of the last one the `detail` is kept."""
        with self._lock:
            self._until = {one: end for one, end in self._until.items() if end > now}
            too_many = place is not None and (
                self._written[place] >= PLACE_ROWS_MAX or self._written.total() >= ROWS_MAX
            )
            if once in self._until or too_many:
                self._untold[row] = (self._untold.get(row, (0, ""))[0] + 1, detail)
                return False
            self._until[once] = until
            if place is not None:
                self._written[place] += 1
            return True

    def minute_over(self, now: datetime) -> dict[Row, tuple[int, str]]:
        """What was counted in a minute that is over, and of each the last one's detail."""
        with self._lock:
            if self._minute is not None and self._minute <= now < self._minute + MINUTE:
                return {}
            self._minute, told = now, self._untold
            self._written, self._untold = Counter(), {}
            return told


@dataclass(frozen=True, slots=True)
class Told:
    """Writes the rows."""

    log: OperationLog
    now: Callable[[], datetime]
    _sparing: Sparing = field(default_factory=Sparing)

    def signed_in(self, who: Visitor, how: str) -> None:
        self._tell_counted()
        self.log.append(named(who), "sign_in", f"登录（{how}）", self.now)

    def signed_out(self, who: Visitor) -> None:
        self._tell_counted()
        self.log.append(named(who), "sign_out", "退出", self.now)

    def sign_in_refused(
        self, person: str, address: str, said: str, how: str = "", locked: datetime | None = None
    ) -> None:
        """Somebody who says to be `person`; what they typed is no proof of it. A lock is told once while it lasts."""
        now, place = self._tell_counted(), place_of(address)
        content = f"以 {person[:32]} 登录" + (f"（{how}）" if how else "")
        once: object = ("locked", person[:32], place) if locked is not None else object()
        row = Row(NOBODY, "sign_in", "没有逐条记下的登录")
        if self._sparing.has_row(row, f"{content}，来自 {address}", now, once, locked or now, place):
            self.log.append(Who("", "", address), "sign_in", content, self.now, phase="refused", result=said)

    def refused(self, who: Visitor, asked: Action, compound: str | None, said: str) -> None:
        """Somebody asked for what they may not; of one session and action it is told once in a minute."""
        now, row = self._tell_counted(), Row(named(who), "refused", RULES[asked].title)
        if self._sparing.has_row(row, (compound or said)[:80], now, (who.session.short, asked), now + MINUTE):
            self.log.append(
                row.who, row.action, row.content, self.now, compound=compound or "", phase="refused", result=said
            )

    def _tell_counted(self) -> datetime:
        """Now; what was counted in a minute that is over is written first."""
        now = self.now()
        for row, (times, detail) in self._sparing.minute_over(now).items():
            told = f"一分钟内还有 {times} 次同样被拒，没有逐条记下；最后一次：{detail}"
            self.log.append(row.who, row.action, row.content, self.now, phase="refused", result=told)
        return now

    def since(self, compound: str, seen: int) -> list[Operation]:
        """What was done in a compound after row `seen`, the newest few, oldest first."""
        found = self.log.search(Asked(compound=compound), limit=4 * SHOWN_MAX)
        done = [one for one in found if one.number > seen and one.phase == "done" and one.of is not None]
        return done[:SHOWN_MAX][::-1]

    def newest(self) -> int:
        """The number of the last row; 0 in an empty log."""
        newest = self.log.newest()
        return newest.number if newest is not None else 0


def named(who: Visitor) -> Who:
    """A visitor as the log writes them."""
    return Who.of(who.person, who.address, who.session.short)
