"""Who asks, and whether they may: the session behind a request, and the table of duties before every route."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from werkzeug.wrappers import Request

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.duties.actions import RULES, Action
from jiezhang.domain.duties.may import allowed, may
from jiezhang.domain.people import by_id, role_names
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person, Street
from jiezhang.office.operation_log import BEIJING
from jiezhang.office.sessions import Session, Sessions

from .policy import Decision
from .serving import LOOPBACK

COOKIE, SECURE_COOKIE = "jiezhang", "__Host-jiezhang"
SIGN_IN = "/jiezhang/sign-in"
ENTER_ANEW = "/jiezhang/password"
VISITOR = "jiezhang.visitor"
"""The key of the WSGI environment under which a route finds who asks."""

TOKEN_HEADER, TOKEN_FIELD = "X-Jiezhang-Token", "token"

STALE_PAGE = "页面已过期，请刷新后再做"

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in: who they are in `street.toml`, and by which session."""

    person: Person
    session: Session
    address: str

    def may(self, action: Action, compound: str | None = None, day: date | None = None) -> bool:
        """As `domain.duties.may`."""
        return may(self.person, action, compound, day)

    def actions(self, compound: str | None) -> tuple[Action, ...]:
        """Everything they may do for `compound`."""
        return allowed(self.person, compound)

    @property
    def roles(self) -> str:
        """`代理会计、街道负责人`."""
        return role_names(self.person.roles)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a request goes no further: its status, one sentence, and what the asker should do instead."""

    status: int
    message: str
    kind: Literal["refused", "sign_in", "step_up", "password"] = "refused"
    action: Action | None = None
    """What they may not do, when that is why."""


class PeopleNow:
    """`street.toml` as it is now, read again when it was changed."""

    def __init__(self, street: StreetFolder) -> None:
        self._folder = street
        self._known: tuple[tuple[int, int, int], Street, Mapping[str, Person]] | None = None

    def street(self) -> Street:
        """The street's own data."""
        return self._read()[1]

    def person(self, code: str) -> Person | None:
        """Who has the id, `None` when nobody has."""
        return self._read()[2].get(code)

    def _read(self) -> tuple[tuple[int, int, int], Street, Mapping[str, Person]]:
        stat = self._folder.toml.stat()
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = self._known
        if known is None or known[0] != seen:
            street = read_street(self._folder)
            known = self._known = (seen, street, by_id(street.people))
        return known


class Gate:
    """The sessions and the table of duties, asked for every request before anything else looks at it."""

    def __init__(
        self, street: StreetFolder, sessions: Sessions, now: Now, machines: frozenset[str] = frozenset()
    ) -> None:
        self.people = PeopleNow(street)
        self._sessions = sessions
        self._now = now
        self._machines = machines

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks; `None` without a session that still counts, or once the person's part in the office is over."""
        token = request.cookies.get(cookie_name(request), "")
        session = self._sessions.find(token, self._now()) if token else None
        if session is None:
            return None
        try:
            person = self.people.person(session.person)
        except (Refused, OSError):
            return None
        if person is None or not may(person, "desk", None, self._today()):
            return None
        return Visitor(person, session, request.remote_addr or "")

    def refusal(self, request: Request, decision: Decision, compound: str | None, who: Visitor | None) -> Stop | None:
        """Why the route may not be asked for `compound`; `None` when it may."""
        if decision == "refused" or decision == "open" or decision == "machine":  # one by one, for mypy
            return self._without_session(request, decision)
        if who is None:
            return Stop(401, "还没有登录，或登录已过期，请重新登录", "sign_in")
        given = request.headers.get(TOKEN_HEADER)  # a form carries it inside, where only the route itself looks
        if request.method not in ("GET", "HEAD") and not is_form(request) and not who.session.csrf_matches(given or ""):
            return Stop(403, STALE_PAGE)
        if decision == "entering":
            return None
        if who.session.must_change:
            return Stop(401, "请先设一个只有您自己知道的密码", "password")
        if decision == "signed_in":
            return None
        rule = RULES[decision]
        if not who.may(decision, compound, self._today()):
            return Stop(403, f"{who.person.id} {who.person.name}（{who.roles}）不能{rule.title}", action=decision)
        if rule.steps_up and not who.session.is_stepped_up(self._now()):
            return Stop(401, f"{rule.title}前请再输入一次密码", "step_up")
        return None

    def _without_session(self, request: Request, decision: Literal["refused", "open", "machine"]) -> Stop | None:
        if decision == "refused":
            return Stop(403, "这里不能用这项功能：账簿只能在街账自己的页面上改动")
        if decision == "machine" and not self._watches(request):
            return Stop(403, "这里只给监控的机器看")
        return None

    def _watches(self, request: Request) -> bool:
        """Whether a machine that may watch the server asks.

        Behind a proxy that forgets to say for whom it asks, everybody seems to be on this machine: what comes from
        here must have been asked under this machine's own name too.
        """
        address = (request.remote_addr or "").removeprefix("::ffff:")
        name = host_name(request.environ.get("HTTP_HOST", ""))
        return address in self._machines or (address in LOOPBACK and name in LOOPBACK)

    def _today(self) -> date:
        return self._now().astimezone(BEIJING).date()


def cookie_name(request: Request) -> str:
    """Over TLS the name says that no other host of the domain can have set it."""
    return SECURE_COOKIE if request.scheme == "https" else COOKIE


def host_name(host: str) -> str:
    """The name in a Host header, without the port; empty for what is no name."""
    try:
        parts = urlsplit(f"//{host}")
        return "" if parts.username is not None or parts.path else parts.hostname or ""
    except ValueError:
        return ""


def is_form(request: Request) -> bool:
    """Whether the request is a form of a page without a script."""
    return request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")


def visitor_of(environ: Mapping[str, Any]) -> Visitor | None:
    """Whom the gate found behind a request."""
    found = environ.get(VISITOR)
    return found if isinstance(found, Visitor) else None


def sign_in_address(request: Request) -> str:
    """The page to sign in, from which one comes back to where one was."""
    asked = request.full_path.rstrip("?")
    return SIGN_IN if asked == "/" else f"{SIGN_IN}?next={quote(asked, safe='/')}"
