"""Sessions, kept at the server: a browser holds a random token, the database only its hash."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from jiezhang.domain.problem import Refused

from .clock import moment_of, seconds
from .database import reading, writing
from .home import OfficeHome

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
SEEN_SECONDS = 60
"""`seen` is written once in so many seconds at most, or every page would write to the disk; an idle session may end by
so much too early, never too late."""
STEP_UP = timedelta(minutes=10)
"""How long ago the password may have been given for what `steps_up` (`domain.duties.actions`)."""

_TOKEN_BYTES = 32
_ADDRESS_MAX, _AGENT_MAX, _SHORT = 64, 200, 8
_ALIVE = "seen > :now - :idle AND opened > :now - :longest"
_MUST_CHANGE = "(SELECT must_change FROM accounts WHERE accounts.person = sessions.person)"
_COLUMNS = "token_hash, person, csrf, opened, seen, stepped_up, address, agent"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. `short` names the session in the log, and opens nothing."""

    short: str
    person: str
    csrf: str
    opened: datetime
    seen: datetime
    stepped_up: datetime
    address: str
    agent: str
    must_change: bool = False
    """Whether the person has to set a password of their own before anything else."""

    def is_stepped_up(self, now: datetime) -> bool:
        """Whether the password was given a short while ago."""
        return now - self.stepped_up < STEP_UP

    def csrf_matches(self, given: str) -> bool:
        """Whether a form that came with `given` was this session's own."""
        return hmac.compare_digest(self.csrf.encode(), given.encode("utf-8", "surrogatepass"))


class Sessions:
    """The sessions of one office."""

    def __init__(self, home: OfficeHome) -> None:
        self.home = home

    def open(
        self, person: str, now: datetime, address: str = "", agent: str = "", shown: datetime | None = None
    ) -> tuple[str, Session]:
        """A new session and its token, of which only the hash is kept. `Refused` without an account that is open.

        `shown`: when the person showed who they are, if that was not just now.
        """
        token, csrf = secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_urlsafe(_TOKEN_BYTES)
        at = seconds(now)
        row = (
            _hash(token), person, csrf, at, at, seconds(shown or now), _storable(address, _ADDRESS_MAX),
            _storable(agent, _AGENT_MAX),
        )  # fmt: skip
        with writing(self.home) as connection:
            connection.execute(f"DELETE FROM sessions WHERE NOT ({_ALIVE})", _moment(now))  # noqa: S608
            account = connection.execute("SELECT 1 FROM accounts WHERE person = ? AND NOT disabled", (person,))
            if account.fetchone() is None:
                raise Refused(f"{person} 没有登录账号，或账号已停用")
            connection.execute(f"INSERT INTO sessions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        return token, _session(row)

    def find(self, token: str, now: datetime) -> Session | None:
        """The session of `token`, which is in use now; `None` when there is none, or it has ended."""
        asked = {"token": _hash(token), **_moment(now)}
        found = f"SELECT {_COLUMNS}, {_MUST_CHANGE} FROM sessions WHERE token_hash = :token AND {_ALIVE}"  # noqa: S608
        with reading(self.home) as connection:
            row = connection.execute(found, asked).fetchone()
        if row is None:
            return None
        session = replace(_session(row[:-1]), must_change=bool(row[-1]))
        if seconds(now) - seconds(session.seen) >= SEEN_SECONDS:
            with writing(self.home) as connection:
                connection.execute("UPDATE sessions SET seen = max(seen, :now) WHERE token_hash = :token", asked)
        return session

    def step_up(self, token: str, now: datetime) -> None:
        """The password was given again (`Accounts.check`)."""
        with writing(self.home) as connection:
            connection.execute("UPDATE sessions SET stepped_up = ? WHERE token_hash = ?", (seconds(now), _hash(token)))

    def count(self, now: datetime) -> int:
        """How many are open."""
        with reading(self.home) as connection:
            found = connection.execute(f"SELECT count(*) FROM sessions WHERE {_ALIVE}", _moment(now))  # noqa: S608
            count: int = found.fetchone()[0]
        return count

    def close(self, token: str) -> None:
        """Sign out."""
        with writing(self.home) as connection:
            connection.execute("DELETE FROM sessions WHERE token_hash = ?", (_hash(token),))

    def close_all(self, person: str) -> int:
        """Sign `person` out everywhere: how many sessions that were."""
        with writing(self.home) as connection:
            return connection.execute("DELETE FROM sessions WHERE person = ?", (person,)).rowcount


def _moment(now: datetime) -> dict[str, int]:
    return {"now": seconds(now), "idle": IDLE_SECONDS, "longest": LONGEST_SECONDS}


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _storable(text: str, longest: int) -> str:
    """What a browser says of itself may hold anything."""
    return text.encode("utf-8", "replace").decode()[:longest]


def _session(row: tuple[str, str, str, int, int, int, str, str]) -> Session:
    token_hash, person, csrf, opened, seen, stepped_up, address, agent = row
    times = moment_of(opened), moment_of(seen), moment_of(stepped_up)
    return Session(token_hash[:_SHORT], person, csrf, *times, address, agent)
