"""Sign-in accounts. Who somebody is and what they may do stands in `street.toml`; an account holds the secrets only."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from argon2 import PasswordHasher

from jiezhang.domain.problem import Refused

from . import lockout, one_time
from .clock import moment_of, seconds
from .database import reading, writing
from .home import OfficeHome
from .passwords import Passwords

Result = Literal["ok", "wrong", "needs_code", "locked"]

_ACCOUNTS = """
SELECT person, password != '', must_change, disabled, totp_secret != '', subject, created, changed,
  (SELECT count(*) FROM recovery_codes WHERE recovery_codes.person = accounts.person)
FROM accounts
"""


@dataclass(frozen=True, slots=True)
class Account:
    """What may be shown of an account. `subject`: who the person is at the office's own sign-in service (OIDC)."""

    person: str
    has_password: bool
    must_change: bool
    disabled: bool
    has_totp: bool
    subject: str
    created: datetime
    changed: datetime
    recovery_left: int


@dataclass(frozen=True, slots=True)
class Checked:
    """How a sign-in came out. `until`: locked until then. `must_change`: a new password has to be set first."""

    result: Result
    until: datetime | None = None
    must_change: bool = False

    def or_refused(self, now: datetime) -> Checked:
        """Itself when the sign-in is good; `Refused` with the sentence to show otherwise.

        Unknown, disabled and mistaken read alike.
        """
        if self.result == "needs_code":
            raise Refused("还要输入手机上的动态码")
        if self.result == "wrong":
            raise Refused("编号、密码或动态码不对")
        if self.until is not None:
            left = seconds(self.until) - seconds(now)
            wait = f"{left} 秒" if left < 60 else f"{-(-left // 60)} 分钟"
            raise Refused(f"失败次数太多，请 {wait}后再试")
        return self


class Accounts:
    """The accounts of one office. `hasher`: another than the strong one, for tests."""

    def __init__(self, home: OfficeHome, hasher: PasswordHasher | None = None) -> None:
        self.home = home
        self.passwords = Passwords(hasher)

    def all(self) -> list[Account]:
        """Every account, by person."""
        with reading(self.home) as connection:
            return [_account(row) for row in connection.execute(_ACCOUNTS + "ORDER BY person")]

    def find(self, person: str) -> Account | None:
        """The account of `person`."""
        with reading(self.home) as connection:
            row = connection.execute(_ACCOUNTS + "WHERE person = ?", (person,)).fetchone()
        return _account(row) if row else None

    def by_subject(self, subject: str) -> str | None:
        """Who signs in as `subject` at the office's own service; `None` when nobody does, or they are disabled."""
        with reading(self.home) as connection:
            row = connection.execute("SELECT person FROM accounts WHERE subject = ? AND NOT disabled", (subject,))
            found = row.fetchone()
        return str(found[0]) if found else None

    def add(self, person: str, password: str | None, now: datetime, *, must_change: bool = True) -> None:
        """A new account; without a password nobody gets in by one."""
        stored = self.passwords.hash(password) if password is not None else ""
        with writing(self.home) as connection:
            if connection.execute("SELECT 1 FROM accounts WHERE person = ?", (person,)).fetchone():
                raise Refused(f"{person} 已经有登录账号")
            connection.execute(
                "INSERT INTO accounts (person, password, must_change, created, changed) VALUES (?, ?, ?, ?, ?)",
                (person, stored, bool(stored) and must_change, seconds(now), seconds(now)),
            )

    def set_password(self, person: str, password: str, now: datetime, *, must_change: bool = False) -> None:
        """Another password; all sessions of the person are closed, and the lock of wrong guesses is lifted."""
        stored = self.passwords.hash(password)
        with writing(self.home) as connection:
            _change(connection, person, now, "password = ?, must_change = ?", stored, must_change)
            _close_sessions(connection, person)
            lockout.forget(connection, person)

    def disable(self, person: str, now: datetime) -> None:
        """Nobody gets in as `person` any more; all their sessions are closed."""
        with writing(self.home) as connection:
            _change(connection, person, now, "disabled = 1")
            _close_sessions(connection, person)

    def enable(self, person: str, now: datetime) -> None:
        """The account is open again, and the lock of wrong guesses is lifted."""
        with writing(self.home) as connection:
            _change(connection, person, now, "disabled = 0")
            lockout.forget(connection, person)

    def link(self, person: str, subject: str | None, now: datetime) -> None:
        """Tie the account to `subject` (as `oidc.subject_of` writes it); `None` unties it. All sessions are closed."""
        with writing(self.home) as connection:
            row = connection.execute("SELECT person FROM accounts WHERE subject = ?", (subject,)).fetchone()
            if row and row[0] != person:
                raise Refused(f"这个单位账号已经是 {row[0]} 的")
            _change(connection, person, now, "subject = ?", subject)
            _close_sessions(connection, person)

    def set_totp(self, person: str, secret: str, code: str, now: datetime) -> tuple[str, ...]:
        """From now on sign-in asks for codes of `secret` (`one_time.propose`); `code` shows that the telephone has it.

        The new recovery codes, which are shown this once. `Refused` when the code is wrong.
        """
        step = one_time.step_of(secret, code, seconds(now), used=0)
        if step is None:
            raise Refused("动态码不对，请核对手机的时间，再试一次")
        codes = one_time.new_recovery_codes()
        with writing(self.home) as connection:
            _change(connection, person, now, "totp_secret = ?, totp_step = ?", secret, step)
            connection.execute("DELETE FROM recovery_codes WHERE person = ?", (person,))
            connection.executemany(
                "INSERT INTO recovery_codes (person, hash) VALUES (?, ?)",
                [(person, one_time.recovery_hash(recovery)) for recovery in codes],
            )
        return codes

    def remove_totp(self, person: str, now: datetime) -> None:
        """Sign-in asks for no code any more; all sessions are closed."""
        with writing(self.home) as connection:
            _change(connection, person, now, "totp_secret = '', totp_step = 0")
            connection.execute("DELETE FROM recovery_codes WHERE person = ?", (person,))
            _close_sessions(connection, person)

    def check(
        self, person: str, password: str, code: str, now: datetime, address: str = "", *, with_code: bool = True
    ) -> Checked:
        """Whether this is `person`. `code`: of the telephone, or a recovery code.

        `with_code=False` asks for the password alone, by which somebody who is signed in shows to be still there.
        Unknown and disabled persons take as long as known ones, and are locked as they are.
        """
        at, who = seconds(now), lockout.tried(person, address)
        counted = self._count(who, at)
        if isinstance(counted, Checked):
            return counted
        attempts, stored = counted
        matches = self.passwords.matches(stored, password)
        anew = self.passwords.hash(password) if matches and self.passwords.is_outdated(stored) else stored
        if not matches:
            return Checked("wrong")
        with writing(self.home) as connection:
            checked = _judge(connection, who.person, stored, code if with_code else None, at)
            _conclude(connection, who, checked, attempts, at)
            if checked.result == "ok":
                connection.execute("UPDATE accounts SET password = ? WHERE person = ?", (anew, who.person))
        return checked

    def check_code(self, person: str, code: str, now: datetime, address: str) -> Checked:
        """Whether `code` is of the telephone of `person`, whom the office's own service has just named."""
        at, who = seconds(now), lockout.tried(person, address)
        counted = self._count(who, at)
        if isinstance(counted, Checked):
            return counted
        attempts, stored = counted
        with writing(self.home) as connection:
            checked = _judge(connection, who.person, stored, code, at)
            _conclude(connection, who, checked, attempts, at)
        return checked

    def _count(self, who: lockout.Tried, at: int) -> Checked | tuple[tuple[lockout.Attempt, ...], str]:
        """That they are locked; or the try, counted as a failure until it is known to be none, and what is stored."""
        with writing(self.home) as connection:
            until = lockout.locked_until(connection, who, at)
            if until:
                return Checked("locked", moment_of(until))
            attempts = lockout.count_failure(connection, who, at)
            row = connection.execute("SELECT password FROM accounts WHERE person = ?", (who.person,)).fetchone()
        return attempts, str(row[0]) if row else ""


def _conclude(
    connection: sqlite3.Connection, who: lockout.Tried, checked: Checked, attempts: tuple[lockout.Attempt, ...], at: int
) -> None:
    """Take the count back when the try was no failure."""
    if checked.result != "wrong":
        lockout.forgive(connection, attempts)
    if checked.result == "ok":
        lockout.got_in(connection, who, at)


def _judge(connection: sqlite3.Connection, person: str, stored: str, code: str | None, now: int) -> Checked:
    """The rest, once the password is right: the account may have been changed since it was read."""
    row = connection.execute(
        "SELECT must_change, totp_secret, totp_step FROM accounts WHERE person = ? AND password = ? AND NOT disabled",
        (person, stored),
    ).fetchone()
    if row is None:
        return Checked("wrong")
    must_change, secret, used = row
    good = Checked("ok", must_change=bool(must_change))
    if not secret or code is None:
        return good
    if not one_time.tidy(code):
        return Checked("needs_code")
    step = one_time.step_of(secret, code, now, used)
    if step is not None:
        connection.execute("UPDATE accounts SET totp_step = ? WHERE person = ?", (step, person))
        return good
    spent = connection.execute(
        "DELETE FROM recovery_codes WHERE person = ? AND hash = ?", (person, one_time.recovery_hash(code))
    )
    return good if spent.rowcount else Checked("wrong")


def _change(connection: sqlite3.Connection, person: str, now: datetime, what: str, *values: object) -> None:
    done = connection.execute(
        f"UPDATE accounts SET {what}, changed = ? WHERE person = ?",  # noqa: S608 - `what` is one of the texts above
        (*values, seconds(now), person),
    )
    if not done.rowcount:
        raise Refused(f"{person} 没有登录账号")


def _close_sessions(connection: sqlite3.Connection, person: str) -> None:
    connection.execute("DELETE FROM sessions WHERE person = ?", (person,))


def _account(row: tuple[str, int, int, int, int, str | None, int, int, int]) -> Account:
    person, has_password, must_change, disabled, has_totp, subject, created, changed, left = row
    flags = bool(has_password), bool(must_change), bool(disabled), bool(has_totp)
    return Account(person, *flags, subject or "", moment_of(created), moment_of(changed), left)
