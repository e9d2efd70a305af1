"""Who is locked where: guesses of an outsider, of many outsiders at once, and of somebody at the same office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from jiezhang.office import accounts_schema, database
from jiezhang.office.accounts import Accounts
from jiezhang.office.database import reading, writing
from jiezhang.office.lockout import KNOWN_SECONDS, place_of
from tests.office.signing_in import CHEAP, NOW, OTHER, PASSWORD, later, make_accounts, make_home

HOME, DESK, OUTSIDER = "203.0.113.7", "10.8.0.2", "198.51.100.1"
MANY = [f"198.51.100.{host}" for host in range(1, 21)]


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return make_accounts(tmp_path)


def guess(accounts: Accounts, places: Sequence[str], person: str = "K01", at: datetime = NOW) -> list[str]:
    return [accounts.check(person, OTHER, "", at, place).result for place in places]


def enters(accounts: Accounts, place: str, at: datetime = NOW) -> bool:
    return accounts.check("K01", PASSWORD, "", at, place).result == "ok"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:0:0:0:9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_the_place_of_an_address(address: str, place: str) -> None:
    assert place_of(address) == place


def test_an_outsider_locks_nobody_but_themselves(accounts: Accounts) -> None:
    assert guess(accounts, [OUTSIDER] * 7) == ["wrong"] * 5 + ["locked"] * 2
    assert not enters(accounts, OUTSIDER), "the right one is not looked at there"
    assert enters(accounts, HOME), "where K01 never was before"


def test_of_ipv6_a_whole_network_is_one_place(accounts: Accounts) -> None:
    network = [f"2001:db8::{host:x}" for host in range(1, 8)]
    assert guess(accounts, network) == ["wrong"] * 5 + ["locked"] * 2


def test_many_places_have_no_more_guesses_than_one_person_may_have(accounts: Accounts) -> None:
    """Twenty guesses from twenty places; from then on one for each lock, wherever from."""
    assert guess(accounts, MANY) == ["wrong"] * 20
    assert guess(accounts, [f"192.0.2.{host}" for host in range(100)]) == ["locked"] * 100
    at, waits = NOW, []
    for host in range(8):
        checked = accounts.check("K01", OTHER, "", at, f"192.0.2.{host}")
        assert checked.until is not None
        waits.append((checked.until - at).total_seconds())
        at = checked.until
        assert guess(accounts, [f"192.0.2.{host}"], at=at) == ["wrong"]
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_where_somebody_got_in_before_the_guesses_of_others_hold_nobody(accounts: Accounts) -> None:
    assert enters(accounts, DESK)
    guess(accounts, MANY)
    assert not enters(accounts, HOME), "not known"
    assert enters(accounts, DESK)
    assert not enters(accounts, HOME), "getting in there gives nobody elsewhere new guesses"
    assert guess(accounts, [DESK] * 6) == ["wrong"] * 5 + ["locked"], "a known place has its own count"


def test_a_place_is_known_for_its_own_person_and_for_a_while(accounts: Accounts) -> None:
    accounts.add("K02", PASSWORD, NOW)
    assert enters(accounts, DESK)
    guess(accounts, MANY, "K02")
    assert accounts.check("K02", PASSWORD, "", NOW, DESK).result == "locked"
    at = NOW + timedelta(seconds=KNOWN_SECONDS + 1)
    guess(accounts, MANY, at=at)
    assert not enters(accounts, DESK, at)


def test_the_password_again_is_not_for_others_to_prevent(accounts: Accounts) -> None:
    assert enters(accounts, DESK)
    guess(accounts, MANY)
    assert accounts.check("K01", PASSWORD, "", later(minutes=1), DESK, with_code=False).result == "ok"


@pytest.mark.parametrize("lift", ["password", "enable"])
def test_the_office_lifts_every_lock_of_a_person(lift: str, accounts: Accounts) -> None:
    guess(accounts, [HOME] * 5)
    guess(accounts, MANY)
    accounts.set_password("K01", PASSWORD, NOW) if lift == "password" else accounts.enable("K01", NOW)
    assert enters(accounts, HOME)


def test_guesses_at_a_code_count_like_guesses_at_a_password(accounts: Accounts) -> None:
    results = [accounts.check_code("F01", "000000", NOW, HOME).result for _ in range(6)]
    assert results == ["wrong"] * 5 + ["locked"]
    assert accounts.check_code("K01", "", NOW, HOME).result == "ok", "who has no telephone set"
    accounts.disable("K01", NOW)
    assert accounts.check_code("K01", "", NOW, HOME).result == "wrong"


OLD = """
CREATE TABLE failures (
  kind TEXT NOT NULL CHECK (kind IN ('person', 'address')), name TEXT NOT NULL, count INTEGER NOT NULL,
  last INTEGER NOT NULL, locked_until INTEGER NOT NULL, PRIMARY KEY (kind, name)
) STRICT
"""


def test_an_older_database_keeps_its_accounts_and_counts_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(tmp_path)
    with monkeypatch.context() as old:
        before = [one for one in database.SCHEMAS if one not in accounts_schema.GUESSING]
        old.setattr(database, "SCHEMAS", (*before, OLD))
        old.setattr(database, "VERSION", 1)
        with writing(home) as connection:
            connection.execute("INSERT INTO failures VALUES ('person', 'K01', 9, 1, 1)")
        Accounts(home, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)).add("K01", PASSWORD, NOW)
    with reading(home) as connection:
        found = connection.execute("PRAGMA user_version").fetchone()
        assert found == (database.VERSION,)
        assert connection.execute("SELECT count(*) FROM failures").fetchone() == (0,)
    assert enters(Accounts(home, CHEAP), HOME)
