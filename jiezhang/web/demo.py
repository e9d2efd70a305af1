"""A demonstration: everybody of a sample street can be played without a password, on this machine only."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, abort, send_file

from jiezhang.book.keys import load_private
from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.office.accounts import Accounts
from jiezhang.office.home import OfficeHome

from .office import visitor
from .serving import Serving

KEYS = "example-keys"
"""Where a sample street keeps its made-up people's keys. A street without it is a real one."""
KEY_ADDRESS = "/jiezhang/demo-key"


def open_demo(street: StreetFolder, home: OfficeHome) -> Serving:
    """How a sample street is shown; `Refused` for a real one, or where real accounts were opened."""
    people = read_street(street).people
    if not _is_sample(street, people):
        raise Refused("只有样例街道能演示：真的街道须开账号登录", str(street.path))
    accounts, now = Accounts(home), Serving(home).now()
    if any(account.has_password for account in accounts.all()):
        raise Refused("这里开过真的登录账号，不能演示", str(home.path))
    known = {account.person for account in accounts.all()}
    for person in people:
        if person.id not in known:
            accounts.add(person.id, None, now)
    first = next((one.id for one in people if "bookkeeper" in one.roles), people[0].id)
    return Serving(home, demo=first)


def _is_sample(street: StreetFolder, people: Sequence[Person]) -> bool:
    """Whether the keys by which the street's people sign are the sample's own, which everybody has."""
    files = {person.key: street.path / KEYS / f"{person.id}.pem" for person in people if person.key}
    return bool(files) and all(file.is_file() and load_private(file).public == key for key, file in files.items())


def serve_key(app: Flask, street: StreetFolder) -> None:
    """Let who is played sign with the sample's key of them, instead of one they would have to choose from a file."""

    def demo_key() -> Response:
        path = street.path.resolve() / KEYS / f"{visitor().person.id}.pem"
        if not path.is_file():
            abort(404)
        return send_file(path, "application/x-pem-file")

    app.add_url_rule(KEY_ADDRESS, "demo_key", demo_key)
