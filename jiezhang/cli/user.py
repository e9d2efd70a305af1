"""`jiezhang user`: sign-in accounts of the people in `street.toml`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiezhang.book.registers import read_street
from jiezhang.domain.duties.may import refuse_unless
from jiezhang.domain.people import by_id, known_person, named
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person

from .office_options import home_of, now
from .resolve_options import FILE
from .terminal import actor_of, json_option, print_json, refusals, street_of

if TYPE_CHECKING:
    from jiezhang.office.accounts import Account, Accounts
    from jiezhang.office.home import OfficeHome

_PASSWORD_FILE_MAX = 4096

_person = click.argument("person", metavar="人员编号")
_password_file = click.option(
    "--password-file", type=FILE, metavar="文件", help="密码写在文件的第一行，缺省在终端里输入，不显示。"
)
_remove = click.option("--remove", is_flag=True, help="取消。")


@click.group(name="user")
def command() -> None:
    """登录账号：谁能在网页上登录。由街道负责人办（--as）。"""


@dataclass(frozen=True, slots=True)
class _Office:
    """Whose account is at hand, and by whom."""

    home: OfficeHome
    accounts: Accounts
    actor: Person
    person: Person
    now: datetime

    @property
    def must_change(self) -> bool:
        """A password that somebody else knows is good for one sign-in."""
        return self.actor.id != self.person.id


@command.command()
@_person
@_password_file
@click.option("--no-password", is_flag=True, help="不设密码，只用单位统一登录（user link）。")
@click.pass_context
def add(context: click.Context, person: str, password_file: Path | None, no_password: bool) -> None:
    """给 street.toml 里的一个人开登录账号。别人设的密码，本人第一次登录时须换掉。"""
    with _logged(context, person, "开登录账号") as office:
        if no_password and password_file is not None:
            raise Refused("--no-password 和 --password-file 只写一个")
        if office.accounts.find(person) is not None:
            raise Refused(f"{person} 已经有登录账号")
        password = None if no_password else _new_password(office.person, password_file)
        office.accounts.add(person, password, office.now, must_change=office.must_change)
    then = "，没有密码，请再用 user link 与单位账号相连" if no_password else _to_be_changed(office)
    click.echo(f"已给 {person} {office.person.name}开登录账号{then}。")


@command.command()
@_person
@_password_file
@click.pass_context
def password(context: click.Context, person: str, password_file: Path | None) -> None:
    """重设密码，解除因输错而来的锁定；已登录的都要重新登录。"""
    with _logged(context, person, "重设密码") as office:
        _refuse_unknown(office)
        new = _new_password(office.person, password_file)
        office.accounts.set_password(person, new, office.now, must_change=office.must_change)
    click.echo(f"已重设 {person} {office.person.name}的密码{_to_be_changed(office)}。")


@command.command()
@_person
@_remove
@click.pass_context
def totp(context: click.Context, person: str, remove: bool) -> None:
    """登录加手机动态码：用手机扫方码，输入动态码，打印恢复码。"""
    from jiezhang.office import one_time

    with _logged(context, person, "取消动态码" if remove else "设动态码") as office:
        _refuse_unknown(office)
        if remove:
            office.accounts.remove_totp(person, office.now)
            codes: tuple[str, ...] = ()
        else:
            proposal = one_time.propose(person)
            _show_square(proposal.uri)
            click.echo(f"不能扫码的，在手机上输入：{proposal.secret}")
            code = click.prompt("手机上的动态码", err=True)
            codes = office.accounts.set_totp(person, proposal.secret, code, datetime.now(UTC))
    if remove:
        click.echo(f"{person} {office.person.name}登录不再要动态码。")
        return
    click.echo("恢复码，手机不在身边时每个可用一次；只显示这一回，请抄下收好：")
    for one in codes:
        click.echo(one)


@command.command()
@_person
@click.pass_context
def disable(context: click.Context, person: str) -> None:
    """停用账号：不能再登录，已登录的立即退出。"""
    _simple(context, person, "停用登录账号", lambda office: office.accounts.disable(person, office.now))


@command.command()
@_person
@click.pass_context
def enable(context: click.Context, person: str) -> None:
    """恢复停用的账号，解除因输错而来的锁定。"""
    _simple(context, person, "恢复登录账号", lambda office: office.accounts.enable(person, office.now))


@command.command()
@_person
@click.argument("sub", required=False, metavar="单位账号")
@_remove
@click.pass_context
def link(context: click.Context, person: str, sub: str | None, remove: bool) -> None:
    """与单位统一登录（OIDC）的账号相连：单位账号是统一登录里的 sub。"""
    from jiezhang.office.oidc import read_settings, subject_of

    def tie(office: _Office) -> None:
        settings = read_settings(office.home)
        if (sub is None) != remove:
            raise Refused("单位账号和 --remove 写一个，只写一个")
        if settings is None and sub is not None:
            raise Refused("没有设统一登录：先写好 oidc.toml", str(office.home.path))
        subject = subject_of(settings.issuer, sub) if settings is not None and sub is not None else None
        office.accounts.link(person, subject, office.now)

    _simple(context, person, "取消与单位账号相连" if remove else f"与单位账号 {sub} 相连", tie)


@command.command(name="list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """列出登录账号。密码和动态码不在其中，谁也看不到。"""
    from jiezhang.office.accounts import Accounts

    with refusals():
        street = street_of(context)
        _permitted(actor_of(context, street))
        people = by_id(read_street(street).people)
        found = Accounts(home_of(context, street)).all()
    if as_json:
        print_json([_data(account) for account in found])
        return
    for account in found:
        gone = "" if account.person in people else "（不在人员名单里）"
        click.echo(f"{named(people, account.person)}{gone}　{'、'.join(_marks(account))}")


@contextmanager
def _logged(context: click.Context, person: str, content: str) -> Iterator[_Office]:
    """Everything to do with one account, done or refused, leaves a line in the operation log."""
    from jiezhang.office.accounts import Accounts
    from jiezhang.office.operation_log import OperationLog, Who

    with refusals():
        street = street_of(context)
        actor = actor_of(context, street)
        whose = known_person(read_street(street), person, str(street.toml))
        home = home_of(context, street)
        log, said = OperationLog(home), f"{content}：{whose.id} {whose.name}"
        try:
            _permitted(actor)
            yield _Office(home, Accounts(home), actor, whose, now())
        except Refused as refused:
            log.append(Who.of(actor), "people", said, now, phase="refused", result=refused.message)
            raise
        log.append(Who.of(actor), "people", said, now)


def _simple(context: click.Context, person: str, content: str, do: Callable[[_Office], None]) -> None:
    with _logged(context, person, content) as office:
        do(office)
    click.echo(f"已{content}：{person} {office.person.name}。")


def _permitted(actor: Person) -> None:
    refuse_unless(actor, "people", None, datetime.now().astimezone().date())


def _refuse_unknown(office: _Office) -> None:
    if office.accounts.find(office.person.id) is None:
        raise Refused(f"{office.person.id} 没有登录账号")


def _new_password(person: Person, file: Path | None) -> str:
    from jiezhang.office.passwords import refuse_weak

    given = _of_file(file) if file is not None else _of_terminal()
    refuse_weak(given, person.id, person.name)
    return given


def _of_file(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(_PASSWORD_FILE_MAX)
    try:
        return content.decode("utf-8-sig").split("\n", 1)[0].removesuffix("\r")
    except UnicodeDecodeError:
        raise Refused("密码文件不是 UTF-8 文本", str(file)) from None


def _of_terminal() -> str:
    if not sys.stdin.isatty():
        raise Refused("不在终端里，不能输入密码：请用 --password-file")
    given: str = click.prompt("新密码（不显示）", hide_input=True, err=True)
    if click.prompt("再输入一次", hide_input=True, err=True) != given:
        raise Refused("两次输入的密码不一样")
    return given


def _show_square(uri: str) -> None:
    import segno

    segno.make(uri, micro=False).terminal(out=sys.stdout, compact=True)


def _to_be_changed(office: _Office) -> str:
    return "，第一次登录时须换掉密码" if office.must_change else ""


def _marks(account: Account) -> list[str]:
    """What is to be known of an account at a glance."""
    return [
        "已停用" if account.disabled else "在用",
        *(["有密码"] if account.has_password else []),
        *(["须换密码"] if account.must_change else []),
        *([f"动态码（恢复码余 {account.recovery_left} 个）"] if account.has_totp else []),
        *(["统一登录"] if account.subject else []),
    ]


def _data(account: Account) -> dict[str, object]:
    return {name: getattr(account, name) for name in account.__slots__}
