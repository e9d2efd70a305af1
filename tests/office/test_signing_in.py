"""Sign-in: who gets in, who is locked, and that nothing tells an unknown person from a wrong password."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.problem import Refused
from jiezhang.office import lockout, one_time
from jiezhang.office.accounts import Accounts
from jiezhang.office.database import reading
from jiezhang.office.home import OfficeHome
from jiezhang.office.passwords import Passwords
from tests.office.signing_in import CHEAP, NOW, OTHER, PASSWORD, SECRET, code_at, later, make_accounts

WRONG = "编号、密码或动态码不对"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return make_accounts(tmp_path)


def said(accounts: Accounts, person: str, password: str, code: str = "", at: datetime = NOW) -> str:
    """`ok`, or the sentence the page shows."""
    try:
        return accounts.check(person, password, code, at).or_refused(at).result
    except Refused as refused:
        return refused.message


@pytest.mark.parametrize(
    ("person", "password", "code", "expected"),
    [
        ("K01", PASSWORD, "", "ok"),
        ("K01", PASSWORD, "123456", "ok"),
        ("K01", PASSWORD + " ", "", WRONG),
        ("K01", "", "", WRONG),
        ("K99", PASSWORD, "", WRONG),
        ("", "", "", WRONG),
        ("k01", PASSWORD, "", WRONG),
        ("K\udc80", PASSWORD + "\udc80", "\udc80", WRONG),
        ("F01", PASSWORD, "", "还要输入手机上的动态码"),
        ("F01", PASSWORD, " - ", "还要输入手机上的动态码"),
        ("F01", PASSWORD, code_at(NOW), "ok"),
        ("F01", PASSWORD, f"{code_at(NOW)[:3]} {code_at(NOW)[3:]}", "ok"),
        ("F01", PASSWORD, code_at(later(seconds=-30)), "ok"),
        ("F01", PASSWORD, code_at(later(seconds=30)), "ok"),
        ("F01", PASSWORD, code_at(later(seconds=-60)), WRONG),
        ("F01", PASSWORD, code_at(later(seconds=60)), WRONG),
        ("F01", PASSWORD, code_at(NOW)[:5], WRONG),
        ("F01", PASSWORD, "１２３４５６", WRONG),
        ("F01", OTHER, code_at(NOW), WRONG),
    ],
)
def test_who_gets_in(person: str, password: str, code: str, expected: str, accounts: Accounts) -> None:
    assert said(accounts, person, password, code) == expected


def test_the_same_letters_however_typed(accounts: Accounts) -> None:
    accounts.set_password("K01", "caf\u00e9 au lait a la gare", NOW)
    assert said(accounts, "K01", "cafe\u0301 au lait a la gare") == "ok"


def test_disabled_reads_like_wrong_and_enabled_gets_in(accounts: Accounts) -> None:
    accounts.disable("K01", NOW)
    assert said(accounts, "K01", PASSWORD) == WRONG
    accounts.enable("K01", NOW)
    assert said(accounts, "K01", PASSWORD) == "ok"


def test_a_new_password_replaces_the_old(accounts: Accounts) -> None:
    accounts.set_password("K01", OTHER, NOW, must_change=True)
    assert said(accounts, "K01", PASSWORD) == WRONG
    assert accounts.check("K01", OTHER, "", NOW).must_change
    accounts.set_password("K01", PASSWORD, NOW)
    assert not accounts.check("K01", PASSWORD, "", NOW).must_change


def test_without_a_password_nobody_gets_in_by_one(accounts: Accounts) -> None:
    accounts.add("S01", None, NOW)
    assert [said(accounts, "S01", password) for password in ("", PASSWORD)] == [WRONG, WRONG]
    found = accounts.find("S01")
    assert found is not None and not found.has_password and not found.must_change


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        (lambda accounts: accounts.add("K01", OTHER, NOW), "K01 已经有登录账号"),
        (lambda accounts: accounts.set_password("K99", OTHER, NOW), "K99 没有登录账号"),
        (lambda accounts: accounts.disable("K99", NOW), "K99 没有登录账号"),
        (lambda accounts: accounts.enable("K99", NOW), "K99 没有登录账号"),
        (lambda accounts: accounts.remove_totp("K99", NOW), "K99 没有登录账号"),
        (lambda accounts: accounts.set_totp("K99", SECRET, code_at(NOW), NOW), "K99 没有登录账号"),
        (lambda accounts: accounts.set_totp("K01", SECRET, "000000", NOW), "动态码不对，请核对手机的时间，再试一次"),
        (lambda accounts: accounts.set_totp("K01", SECRET, "", NOW), "动态码不对，请核对手机的时间，再试一次"),
        (lambda accounts: accounts.link("K99", "https://id.example S", NOW), "K99 没有登录账号"),
    ],
)
def test_what_is_refused(do: Callable[[Accounts], None], expected: str, accounts: Accounts) -> None:
    before = accounts.all()
    with pytest.raises(Refused, match=expected):
        do(accounts)
    assert accounts.all() == before


def test_who_somebody_is_at_the_offices_own_service(accounts: Accounts) -> None:
    accounts.link("K01", "https://id.example 17", NOW)
    with pytest.raises(Refused, match="这个单位账号已经是 K01 的"):
        accounts.link("F01", "https://id.example 17", NOW)
    assert [accounts.by_subject(f"https://id.example {sub}") for sub in ("17", "18", "")] == ["K01", None, None]
    accounts.disable("K01", NOW)
    assert accounts.by_subject("https://id.example 17") is None
    accounts.link("K01", None, NOW)
    accounts.link("F01", "https://id.example 17", NOW)
    assert accounts.by_subject("https://id.example 17") == "F01"


# Codes


def test_a_code_is_used_once(accounts: Accounts) -> None:
    code = code_at(NOW)
    assert [said(accounts, "F01", PASSWORD, code) for _ in range(2)] == ["ok", WRONG]
    assert said(accounts, "F01", PASSWORD, code_at(later(seconds=-30))) == WRONG, "nor one before it"
    assert said(accounts, "F01", PASSWORD, code_at(later(seconds=30)), later(seconds=30)) == "ok"


def test_the_code_that_set_it_up_is_used_too(accounts: Accounts) -> None:
    accounts.set_totp("K01", SECRET, code_at(NOW), NOW)
    assert said(accounts, "K01", PASSWORD, code_at(NOW)) == WRONG


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(-90, 90)), max_size=12))
def test_no_code_counts_twice_nor_out_of_its_time(tries: list[tuple[int, int]]) -> None:
    """Whatever is tried when: each step counts once, in order, and only within a step of the clock."""
    used, clock, accepted = 0, int(NOW.timestamp()), []
    for wait, off in tries:
        clock += wait
        code = code_at(datetime.fromtimestamp(clock + off, NOW.tzinfo))
        step = one_time.step_of(SECRET, code, clock, used)
        if step is not None:
            assert abs(step - clock // 30) <= 1
            accepted.append(step)
            used = step
    assert accepted == sorted(set(accepted))


def test_recovery_codes_are_good_once_each(accounts: Accounts) -> None:
    codes = accounts.set_totp("K01", SECRET, code_at(NOW), NOW)
    assert len(set(codes)) == 10
    typed = [codes[0].upper(), codes[0], codes[1].replace("-", " "), codes[2][:-1]]
    assert [said(accounts, "K01", PASSWORD, code) for code in typed] == ["ok", WRONG, "ok", WRONG]
    found = accounts.find("K01")
    assert found is not None and found.recovery_left == 8
    assert said(accounts, "F01", PASSWORD, codes[5]) == WRONG, "another's"
    accounts.set_totp("K01", SECRET, code_at(later(minutes=5)), later(minutes=5))
    assert said(accounts, "K01", PASSWORD, codes[5]) == WRONG, "new ones replace them"
    accounts.remove_totp("K01", NOW)
    assert said(accounts, "K01", PASSWORD) == "ok"


def test_the_password_alone_steps_up_and_uses_no_code(accounts: Accounts) -> None:
    assert accounts.check("F01", PASSWORD, "", NOW, with_code=False).result == "ok"
    assert accounts.check("F01", OTHER, "", NOW, with_code=False).result == "wrong"
    assert said(accounts, "F01", PASSWORD, code_at(NOW)) == "ok"


# Locks


def test_five_failures_lock_and_each_more_doubles(accounts: Accounts) -> None:
    at, waits = NOW, []
    for _ in range(13):
        assert accounts.check("K01", OTHER, "", at).result == "wrong"
        checked = accounts.check("K01", PASSWORD, "", at)
        if checked.result == "locked":
            assert checked.until is not None
            waits.append((checked.until - at).total_seconds())
            almost = checked.until - timedelta(seconds=1)
            assert accounts.check("K01", PASSWORD, "", almost).result == "locked", "the right one is not looked at"
            at = checked.until
        else:
            assert checked.result == "ok"
            assert not waits
            for _ in range(4):
                accounts.check("K01", OTHER, "", at)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900, 900, 900, 900, 900]
    assert said(accounts, "K01", PASSWORD, at=at) == "ok"
    assert accounts.check("K01", OTHER, "", at).result == "wrong", "who got in begins at nothing"


def test_the_lock_says_how_long_and_is_the_same_for_nobody(accounts: Accounts) -> None:
    for person in ("K01", "K99"):
        for _ in range(5):
            accounts.check(person, OTHER, "", NOW)
        assert said(accounts, person, PASSWORD) == "失败次数太多，请 30 秒后再试"
    assert said(accounts, "F01", PASSWORD, code_at(NOW)) == "ok", "others are not locked"


def test_a_known_password_lets_nobody_guess_codes(accounts: Accounts) -> None:
    """Asking for the code neither counts nor washes away the codes guessed before."""
    for _ in range(5):
        assert accounts.check("F01", PASSWORD, "", NOW).result == "needs_code"
        assert accounts.check("F01", PASSWORD, "000000", NOW).result == "wrong"
    assert accounts.check("F01", PASSWORD, code_at(NOW), NOW).result == "locked"
    free = later(seconds=30)
    assert accounts.check("F01", PASSWORD, "", free).result == "needs_code"
    assert accounts.check("F01", PASSWORD, code_at(free), free).result == "ok", "the question locked nobody"


def test_an_address_is_locked_whoever_it_tries(accounts: Accounts) -> None:
    results = [accounts.check(f"X{at}", OTHER, "", NOW, "203.0.113.7").result for at in range(21)]
    assert results == ["wrong"] * 20 + ["locked"]
    assert accounts.check("K01", PASSWORD, "", NOW, "203.0.113.7").result == "locked"
    assert accounts.check("K01", PASSWORD, "", NOW, "203.0.113.8").result == "ok"
    free = later(seconds=30)
    assert accounts.check("K01", PASSWORD, "", free, "203.0.113.7").result == "ok"
    assert accounts.check("X", OTHER, "", free, "203.0.113.7").result == "wrong"
    assert accounts.check("K01", PASSWORD, "", free, "203.0.113.7").result == "locked", "one good one is no wash"


@pytest.mark.parametrize("lift", ["password", "enable"])
def test_the_office_lifts_a_lock(lift: str, accounts: Accounts) -> None:
    for _ in range(5):
        accounts.check("K01", OTHER, "", NOW)
    accounts.set_password("K01", PASSWORD, NOW) if lift == "password" else accounts.enable("K01", NOW)
    assert said(accounts, "K01", PASSWORD) == "ok"


def test_failures_are_forgotten_and_do_not_fill_the_disk(accounts: Accounts) -> None:
    for at in range(19):
        accounts.check(f"nobody {at}" + "x" * 500, OTHER, "", NOW, "203.0.113.7")
    with reading(accounts.home) as connection:
        assert connection.execute("SELECT count(*), max(length(person)) FROM failures").fetchone() == (39, 64)
    accounts.check("K99", OTHER, "", later(hours=25), "203.0.113.8")
    with reading(accounts.home) as connection:
        assert connection.execute("SELECT count(*) FROM failures").fetchone() == (3,)


Steps = list[tuple[str, int]]


@given(st.lists(st.tuples(st.sampled_from(["good", "bad", "no code"]), st.integers(0, 400)), max_size=25))
def test_the_lock_is_what_a_simple_count_says(steps: Steps) -> None:
    """Against a second, simpler model: failures in a row, and until when the last of them locks."""
    with TemporaryDirectory() as folder:
        accounts = make_accounts(Path(folder))
        failures, free, at, last_code = 0, NOW, NOW, 0
        for what, wait in steps:
            at += timedelta(seconds=wait)
            step = int(at.timestamp()) // 30
            code = {"good": code_at(at), "bad": "", "no code": ""}[what]
            result = accounts.check("F01", OTHER if what == "bad" else PASSWORD, code, at).result
            if at < free:
                assert result == "locked"
                continue
            if what == "no code":
                assert result == "needs_code"
            elif what == "good" and step > last_code:
                assert result == "ok"
                failures, last_code = 0, step
            else:
                assert result == "wrong"
                failures += 1
                free = at + timedelta(seconds=lockout.lock_seconds("here", failures))


# Several at once


def guess(home: OfficeHome, tries: int) -> list[str]:
    accounts = Accounts(home, CHEAP)
    return [accounts.check("K01", OTHER, "", NOW).result for _ in range(tries)]


def sign_in(home: OfficeHome, code: str) -> str:
    return Accounts(home, CHEAP).check("F01", PASSWORD, code, NOW).result


def test_processes_together_have_no_more_guesses_than_one(accounts: Accounts) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        tries = [done.result() for done in [pool.submit(guess, accounts.home, 10) for _ in range(3)]]
        results = sorted(result for some in tries for result in some)
        assert results == ["locked"] * 25 + ["wrong"] * 5
        codes = [pool.submit(sign_in, accounts.home, code_at(NOW)) for _ in range(3)]
        assert sorted(done.result() for done in codes) == ["ok", "wrong", "wrong"]


def test_guesses_at_the_same_moment_count_before_they_are_looked_at(accounts: Accounts) -> None:
    """Ten that all arrive while the first is still being hashed: five are looked at, as if they came in turn."""
    arrived = threading.Barrier(5)
    looked_at: list[str] = []

    class Slow(Passwords):
        def matches(self, stored: str, password: str) -> bool:
            looked_at.append(password)
            arrived.wait(timeout=30)
            return super().matches(stored, password)

    accounts.passwords = Slow(CHEAP)
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(accounts.check("K01", OTHER, "", NOW).result)) for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["locked"] * 5 + ["wrong"] * 5
    assert len(looked_at) == 5


def test_who_is_disabled_while_the_password_is_looked_at_stays_out(accounts: Accounts) -> None:
    class Meanwhile(Passwords):
        def matches(self, stored: str, password: str) -> bool:
            accounts.disable("K01", NOW)
            return super().matches(stored, password)

    accounts.passwords = Meanwhile(CHEAP)
    assert accounts.check("K01", PASSWORD, "", NOW).result == "wrong"


# How passwords are kept


def test_the_default_is_the_second_choice_of_rfc_9106(accounts: Accounts) -> None:
    strong = Accounts(accounts.home)
    strong.set_password("K01", PASSWORD, NOW)
    found = extract_parameters(stored(strong, "K01"))
    assert (found.type, found.time_cost, found.memory_cost, found.parallelism) == (Type.ID, 3, 65536, 4)
    assert (found.salt_len, found.hash_len) == (16, 32)
    assert said(strong, "K01", PASSWORD) == "ok"


def test_other_parameters_are_taken_over_when_somebody_gets_in(accounts: Accounts) -> None:
    before = stored(accounts, "K01")
    dearer = Accounts(accounts.home, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert said(dearer, "K01", OTHER) == WRONG
    assert stored(accounts, "K01") == before
    assert said(dearer, "K01", PASSWORD) == "ok"
    assert extract_parameters(stored(accounts, "K01")).memory_cost == 16
    after = stored(accounts, "K01")
    assert said(dearer, "K01", PASSWORD) == "ok"
    assert stored(accounts, "K01") == after, "once"


def test_an_unknown_person_costs_a_hash_of_the_same_size(accounts: Accounts) -> None:
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            verified.append(str(hash))
            return super().verify(hash, password)  # type: ignore[return-value]

    counting = Accounts(accounts.home, Counting(time_cost=1, memory_cost=8, parallelism=1))
    counting.add("S01", None, NOW)
    counting.disable("F01", NOW)
    for person in ("K01", "K99", "F01", "S01"):
        counting.check(person, OTHER, "", NOW)
    assert len(verified) == 4
    assert len({repr(extract_parameters(one)) for one in verified}) == 1


def test_no_password_is_that_of_nobody() -> None:
    passwords = Passwords(CHEAP)
    passwords._nobody = passwords.hash(PASSWORD)
    assert not passwords.matches("", PASSWORD)
    assert passwords.matches(passwords._nobody, PASSWORD)


def test_no_secret_lies_open_in_the_database(accounts: Accounts) -> None:
    codes = accounts.set_totp("K01", SECRET, code_at(NOW), NOW)
    with reading(accounts.home) as connection:
        dump = "\n".join(connection.iterdump())
    assert "$argon2id$" in dump
    for secret in (PASSWORD, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in dump


def stored(accounts: Accounts, person: str) -> str:
    with reading(accounts.home) as connection:
        return str(connection.execute("SELECT password FROM accounts WHERE person = ?", (person,)).fetchone()[0])
