"""`jiezhang user`, as the street head types it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import termios
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result

from jiezhang.book.layout import StreetFolder
from jiezhang.cli.main import main
from jiezhang.office.accounts import Accounts
from jiezhang.office.home import open_home
from jiezhang.office.operation_log import Asked, OperationLog
from jiezhang.office.sessions import Sessions

PASSWORD, OTHER = "三只燕子 落在电线杆上了", "walnut trolley umbrella 7"

Say = Callable[..., Result]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JIEZHANG_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def say(street: StreetFolder, tmp_path: Path) -> Say:
    """Type a line after `jiezhang -C street --as T01 user`; `password` goes into a file."""

    def type_in(line: str, password: str | bytes = "", actor: str = "T01", typed: str = "") -> Result:
        file = tmp_path / "password.txt"
        file.write_bytes(password.encode() if isinstance(password, str) else password)
        words = ["-C", str(street.path), "--as", actor, "user", *line.split()]
        more = ["--password-file", str(file)] if password else []
        return CliRunner().invoke(main, [*words, *more], prog_name="jiezhang", input=typed)

    return type_in


def test_from_opening_to_closing(say: Say, street: StreetFolder) -> None:
    said = [
        say("add K01", PASSWORD),
        say("add T01", PASSWORD + "\r\nsecond line\n"),
        say("password K01", b"\xef\xbb\xbf" + OTHER.encode()),
        say("disable K01"),
        say("list"),
        say("enable K01"),
        say("list"),
    ]
    assert [(result.exit_code, result.stdout) for result in said] == [
        (0, "已给 K01 代理会计开登录账号，第一次登录时须换掉密码。\n"),
        (0, "已给 T01 街道负责人开登录账号。\n"),
        (0, "已重设 K01 代理会计的密码，第一次登录时须换掉密码。\n"),
        (0, "已停用登录账号：K01 代理会计。\n"),
        (0, "K01 代理会计　已停用、有密码、须换密码\nT01 街道负责人　在用、有密码\n"),
        (0, "已恢复登录账号：K01 代理会计。\n"),
        (0, "K01 代理会计　在用、有密码、须换密码\nT01 街道负责人　在用、有密码\n"),
    ]
    accounts, now = Accounts(open_home(street)), datetime.now(UTC)
    checked = [accounts.check(*given, "", now) for given in (("K01", OTHER), ("K01", PASSWORD), ("T01", PASSWORD))]
    assert [(one.result, one.must_change) for one in checked] == [("ok", True), ("wrong", False), ("ok", False)]


@pytest.mark.parametrize(
    ("line", "password", "actor", "sentence"),
    [
        ("add K99", PASSWORD, "T01", "人员 K99 没有登记在街道的人员名单里"),
        ("add K01", PASSWORD, "K01", "K01 代理会计不能管理登录账号：须是街道负责人"),
        ("add K01", PASSWORD, "F01", "F01 街道复核员不能管理登录账号：须是街道负责人"),
        ("list", "", "K01", "K01 代理会计不能管理登录账号：须是街道负责人"),
        ("disable T01", "", "K01", "K01 代理会计不能管理登录账号：须是街道负责人"),
        ("add K01", "short", "T01", "密码至少要 12 个字符，可以是一句话"),
        ("add K01", "代理会计K01-2026", "T01", "密码太常见，容易被猜中，请换一个"),
        ("add K01", b"\xff" * 20, "T01", "密码文件不是 UTF-8 文本"),
        ("add K01", "", "T01", "不在终端里，不能输入密码：请用 --password-file"),
        ("password K01", PASSWORD, "T01", "K01 没有登录账号"),
        ("totp K01", "", "T01", "K01 没有登录账号"),
        ("totp K01 --remove", "", "T01", "K01 没有登录账号"),
        ("disable K01", "", "T01", "K01 没有登录账号"),
        ("link K01", "", "T01", "单位账号和 --remove 写一个，只写一个"),
        ("link K01 17 --remove", "", "T01", "单位账号和 --remove 写一个，只写一个"),
        ("link K01 17", "", "T01", "没有设统一登录：先写好 oidc.toml"),
        ("add K01 --no-password", PASSWORD, "T01", "--no-password 和 --password-file 只写一个"),
        ("link K01 --remove", "", "T01", "K01 没有登录账号"),
    ],
)
def test_refused(line: str, password: str | bytes, actor: str, sentence: str, say: Say, street: StreetFolder) -> None:
    result = say(line, password, actor)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip().endswith(sentence)
    assert Accounts(open_home(street)).all() == []


def test_twice(say: Say) -> None:
    say("add K01", PASSWORD)
    assert say("add K01", OTHER).stderr == "K01 已经有登录账号\n"


def test_who_is_out_of_office_manages_nothing(say: Say, street: StreetFolder) -> None:
    toml = street.toml.read_text("utf-8")
    left = re.sub(r'(id = "T01"(?:\n.+)*)', r"\1\nuntil = 2026-01-31", toml)
    assert left != toml
    street.toml.write_text(left, "utf-8")
    assert say("add K01", PASSWORD).stderr == "T01 街道负责人不能管理登录账号：须是街道负责人\n"


def test_who_is_no_longer_on_the_list_is_still_shown(say: Say, street: StreetFolder) -> None:
    Accounts(open_home(street)).add("K77", None, datetime.now(UTC))
    assert say("list").stdout == "K77（不在人员名单里）　在用\n"


def test_codes_of_the_telephone(say: Say, street: StreetFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    say("add K01", PASSWORD)
    secret = pyotp.random_base32()
    monkeypatch.setattr("pyotp.random_base32", lambda: secret)
    wrong = say("totp K01", typed="000000\n")
    assert (wrong.exit_code, wrong.stderr.splitlines()[-1]) == (2, "动态码不对，请核对手机的时间，再试一次")
    result = say("totp K01", typed=pyotp.TOTP(secret).now() + "\n")
    assert result.exit_code == 0, result.stderr
    codes = re.findall(r"^(?:[a-z2-7]{4}-){3}[a-z2-7]{4}$", result.stdout, re.MULTILINE)
    assert len(codes) == 10
    assert f"不能扫码的，在手机上输入：{secret}\n" in result.stdout
    assert "█" in result.stdout
    accounts, now = Accounts(open_home(street)), datetime.now(UTC)
    assert [accounts.check("K01", PASSWORD, code, now).result for code in ("", codes[0])] == ["needs_code", "ok"]
    assert say("list").stdout == "K01 代理会计　在用、有密码、须换密码、动态码（恢复码余 9 个）\n"
    assert say("totp K01 --remove").stdout == "K01 代理会计登录不再要动态码。\n"
    assert accounts.check("K01", PASSWORD, "", now).result == "ok"


def test_the_account_of_the_offices_own_service(say: Say, street: StreetFolder, home: Path) -> None:
    say("add K01", PASSWORD)
    settings = 'issuer = "https://id.example"\nclient_id = "j"\nclient_secret = "s"\n'
    (home / "oidc.toml").touch(mode=0o600)
    (home / "oidc.toml").write_text(settings, "utf-8")
    assert say("link K01 17").stdout == "已与单位账号 17 相连：K01 代理会计。\n"
    assert Accounts(open_home(street)).by_subject("https://id.example 17") == "K01"
    assert json.loads(say("list --json").stdout)[0]["subject"] == "https://id.example 17"
    assert say("link K01 --remove").stdout == "已取消与单位账号相连：K01 代理会计。\n"
    assert Accounts(open_home(street)).by_subject("https://id.example 17") is None


def test_an_account_without_a_password(say: Say, street: StreetFolder) -> None:
    opened = say("add K01 --no-password").stdout
    assert opened == "已给 K01 代理会计开登录账号，没有密码，请再用 user link 与单位账号相连。\n"
    assert say("list").stdout == "K01 代理会计　在用\n"
    assert Accounts(open_home(street)).check("K01", "", "", datetime.now(UTC)).result == "wrong"
    assert say("password K01", PASSWORD).exit_code == 0, "one can be set later"


def test_the_list_shows_no_secret(say: Say) -> None:
    say("add K01", PASSWORD)
    (data,) = json.loads(say("list --json").stdout)
    assert set(data) == {
        "person", "has_password", "must_change", "disabled", "has_totp", "subject", "created", "changed",
        "recovery_left",
    }  # fmt: skip


def test_disabling_signs_out(say: Say, street: StreetFolder) -> None:
    say("add K01", PASSWORD)
    sessions, now = Sessions(open_home(street)), datetime.now(UTC)
    token, _ = sessions.open("K01", now)
    say("disable K01")
    assert sessions.find(token, now) is None


def test_everything_is_in_the_operation_log_and_no_secret(say: Say, street: StreetFolder) -> None:
    say("add K01", PASSWORD)
    say("add K01", PASSWORD, actor="K01")
    say("password K01", "short")
    say("disable K01")
    home = open_home(street)
    rows = sorted(OperationLog(home).search(Asked()), key=lambda row: row.number)
    assert [(row.person, row.action, row.content, row.phase, row.result) for row in rows] == [
        ("T01", "people", "开登录账号：K01 代理会计", "done", ""),
        ("K01", "people", "开登录账号：K01 代理会计", "refused", "K01 代理会计不能管理登录账号：须是街道负责人"),
        ("T01", "people", "重设密码：K01 代理会计", "refused", "密码至少要 12 个字符，可以是一句话"),
        ("T01", "people", "停用登录账号：K01 代理会计", "done", ""),
    ]
    assert PASSWORD.encode() not in b"".join(path.read_bytes() for path in home.path.glob("office.sqlite*"))


def test_the_street_itself_stays_as_it_was(say: Say, unchanged: Callable[[], bool]) -> None:
    say("add K01", PASSWORD)
    assert unchanged()


@pytest.mark.parametrize(
    ("second", "code", "sentence"),
    [(PASSWORD, 0, "已给 K01 代理会计开登录账号"), (OTHER, 2, "两次输入的密码不一样")],
)
def test_typed_at_a_terminal_it_is_not_shown(second: str, code: int, sentence: str, street: StreetFolder) -> None:
    """A real terminal, which would echo what is typed."""
    ours, theirs = os.openpty()
    words = ["-C", str(street.path), "--as", "T01", "user", "add", "K01"]
    program = [sys.executable, "-c", "from jiezhang.cli.main import main; main()", *words]
    child = subprocess.Popen(
        program, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for asked, typed in (("新密码", PASSWORD), ("再输入一次", second)):
        while asked.encode() not in shown or not shown.endswith(b": "):
            shown += os.read(ours, 1024)
        os.write(ours, typed.encode() + b"\n")
        shown += b"\n"
    try:
        while more := os.read(ours, 1024):
            shown += more
    except OSError:
        pass  # how a terminal says that the other end is gone
    os.close(ours)
    assert child.wait(timeout=60) == code
    text = shown.decode()
    assert sentence in text
    assert PASSWORD not in text and OTHER not in text
