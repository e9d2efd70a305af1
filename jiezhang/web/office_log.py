"""What the web tells the operation log of beside acts: comings and goings, and what was refused at the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jiezhang.domain.duties.actions import RULES, Action
from jiezhang.office.operation_log import Asked, Operation, OperationLog, Who

from .gate import Visitor

SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class Told:
    """Writes the rows."""

    log: OperationLog
    now: Callable[[], datetime]

    def signed_in(self, who: Visitor, how: str) -> None:
        self.log.append(named(who), "sign_in", f"登录（{how}）", self.now)

    def signed_out(self, who: Visitor) -> None:
        self.log.append(named(who), "sign_out", "退出", self.now)

    def sign_in_refused(self, person: str, address: str, said: str, how: str = "") -> None:
        """Somebody who says to be `person`; what they typed is no proof of it."""
        content = f"以 {person[:32]} 登录" + (f"（{how}）" if how else "")
        self.log.append(Who("", "", address), "sign_in", content, self.now, phase="refused", result=said)

    def refused(self, who: Visitor, asked: Action, compound: str | None, said: str) -> None:
        """Somebody asked for what they may not."""
        title = RULES[asked].title
        self.log.append(named(who), "refused", title, self.now, compound=compound or "", phase="refused", result=said)

    def since(self, compound: str, seen: int) -> list[Operation]:
        """What was done in a compound after row `seen`, the newest few, oldest first."""
        found = self.log.search(Asked(compound=compound), limit=4 * SHOWN_MAX)
        done = [one for one in found if one.number > seen and one.phase == "done" and one.of is not None]
        return done[:SHOWN_MAX][::-1]

    def newest(self) -> int:
        """The number of the last row; 0 in an empty log."""
        found = self.log.search(Asked(), limit=1)
        return found[0].number if found else 0


def named(who: Visitor) -> Who:
    """A visitor as the log writes them."""
    return Who.of(who.person, who.address, who.session.short)
