"""Sessions: who holds the token is signed in, until they sign out, go away, or stay too long."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.problem import Refused
from jiezhang.office.accounts import Accounts
from jiezhang.office.database import reading
from jiezhang.office.home import OfficeHome
from jiezhang.office.sessions import Sessions
from tests.office.signing_in import NOW, OTHER, SECRET, code_at, later, make_accounts


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return make_accounts(tmp_path)


@pytest.fixture
def sessions(accounts: Accounts) -> Sessions:
    return Sessions(accounts.home)


def test_a_session_is_found_by_its_token_alone(sessions: Sessions) -> None:
    token, opened = sessions.open("K01", NOW, "203.0.113.7", "Firefox")
    found = sessions.find(token, NOW)
    assert found == opened
    assert (found.person, found.address, found.agent) == ("K01", "203.0.113.7", "Firefox")
    assert found.opened == found.seen == found.stepped_up == NOW
    for wrong in ("", token[:-1], token + "x", token.swapcase(), found.csrf, found.short, "\udc80"):
        assert sessions.find(wrong, NOW) is None


def test_tokens_are_long_chance_and_never_stored(sessions: Sessions) -> None:
    opened = [sessions.open("K01", NOW) for _ in range(20)]
    secrets = {token for token, _ in opened} | {session.csrf for _, session in opened}
    assert len(secrets) == 40
    assert all(len(secret) == 43 for secret in secrets), "256 bits"
    with reading(sessions.home) as connection:
        dump = "\n".join(connection.iterdump())
    assert not any(token in dump for token, _ in opened)
    assert len({session.short for _, session in opened}) == 20


def test_csrf(sessions: Sessions) -> None:
    token, _ = sessions.open("K01", NOW)
    session = sessions.find(token, NOW)
    assert session is not None
    assert session.csrf_matches(session.csrf)
    other = sessions.open("K01", NOW)[1].csrf
    assert not any(session.csrf_matches(wrong) for wrong in ("", token, other, session.csrf + "=", "页面", "\udc80"))


@pytest.mark.parametrize(
    ("visits", "alive"),
    [
        ([29], True),
        ([30], False),
        ([29, 29, 29], True),
        ([29, 30], False),
        ([29] * 24, True),  # 696 minutes
        ([29] * 24 + [23], True),
        ([29] * 24 + [24], False),  # twelve hours
    ],
)
def test_idle_for_half_an_hour_or_open_for_twelve(visits: list[int], alive: bool, sessions: Sessions) -> None:
    token, _ = sessions.open("K01", NOW)
    at, found = NOW, None
    for minutes in visits:
        at += timedelta(minutes=minutes)
        found = sessions.find(token, at)
    assert (found is not None) == alive


@given(st.lists(st.integers(0, 2400), max_size=40))
def test_never_longer_than_allowed_nor_a_minute_shorter(waits: list[int]) -> None:
    with TemporaryDirectory() as folder:
        sessions = Sessions(make_accounts(Path(folder)).home)
        token, _ = sessions.open("K01", NOW)
        at = last = NOW
        for wait in waits:
            at += timedelta(seconds=wait)
            found = sessions.find(token, at)
            idle, age = (at - last).total_seconds(), (at - NOW).total_seconds()
            if found is None:
                assert idle > 30 * 60 - 60 or age >= 12 * 3600
                assert sessions.find(token, at) is None
                return
            assert idle < 30 * 60 and age < 12 * 3600
            last = at


def test_step_up_lasts_ten_minutes_and_is_this_sessions_own(sessions: Sessions) -> None:
    token, _ = sessions.open("K01", NOW)
    other, _ = sessions.open("K01", NOW)
    at = later(minutes=20)
    for one in (token, other):
        sessions.find(one, at)
    sessions.step_up(token, at)

    def fresh(one: str, moment: datetime) -> bool:
        found = sessions.find(one, moment)
        assert found is not None
        return found.is_stepped_up(moment)

    assert [fresh(token, at), fresh(token, later(minutes=29, seconds=59)), fresh(token, later(minutes=30))] == [
        True, True, False,
    ]  # fmt: skip
    assert not fresh(other, at)
    sessions.step_up("no token", at)


def test_signing_out(sessions: Sessions) -> None:
    mine, again, other = (sessions.open(person, NOW)[0] for person in ("K01", "K01", "F01"))
    sessions.close(mine)
    assert [sessions.find(token, NOW) is not None for token in (mine, again, other)] == [False, True, True]
    sessions.open("K01", NOW)
    assert sessions.close_all("K01") == 2
    assert [sessions.find(token, NOW) is not None for token in (again, other)] == [False, True]


@pytest.mark.parametrize("change", ["password", "disable", "link", "remove_totp"])
def test_what_closes_all_sessions_of_a_person(change: str, accounts: Accounts, sessions: Sessions) -> None:
    accounts.set_totp("K01", SECRET, code_at(NOW), NOW)
    mine, other = sessions.open("K01", NOW)[0], sessions.open("F01", NOW)[0]
    {
        "password": lambda: accounts.set_password("K01", OTHER, NOW),
        "disable": lambda: accounts.disable("K01", NOW),
        "link": lambda: accounts.link("K01", "https://id.example 1", NOW),
        "remove_totp": lambda: accounts.remove_totp("K01", NOW),
    }[change]()
    assert sessions.find(mine, NOW) is None
    assert sessions.find(other, NOW) is not None


@pytest.mark.parametrize("person", ["K99", "F01"])
def test_no_session_without_an_open_account(person: str, accounts: Accounts, sessions: Sessions) -> None:
    accounts.disable("F01", NOW)
    with pytest.raises(Refused, match=f"{person} 没有登录账号，或账号已停用"):
        sessions.open(person, NOW)


def test_ended_sessions_are_swept_and_odd_browsers_stored(sessions: Sessions) -> None:
    for _ in range(3):
        sessions.open("K01", NOW)
    token, _ = sessions.open("F01", later(minutes=31), "x" * 500, "浏览器\udc80" + "y" * 500)
    found = sessions.find(token, later(minutes=31))
    assert found is not None
    assert (len(found.address), len(found.agent), found.agent[:4]) == (64, 200, "浏览器?")
    with reading(sessions.home) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


def come_and_go(home: OfficeHome, times: int) -> int:
    """How many of one's own sessions are found while others come and go."""
    sessions, found = Sessions(home), 0
    for _ in range(times):
        token, _ = sessions.open("K01", NOW)
        found += sessions.find(token, later(minutes=2)) is not None
        sessions.step_up(token, later(minutes=2))
        sessions.close(token)
        found -= sessions.find(token, NOW) is not None
    return found


def test_two_processes_at_once(sessions: Sessions) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        done = [pool.submit(come_and_go, sessions.home, 20) for _ in range(2)]
        assert [one.result() for one in done] == [20, 20]
    with reading(sessions.home) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
