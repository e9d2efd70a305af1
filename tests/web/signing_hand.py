"""Pressing a button whose act is signed, and signing as the person's browser does."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jiezhang.book.keys import Key
from jiezhang.office.operation_log import Asked, Operation
from tests.signed_in import ORIGIN, office_of, sign_in

ROUNDS_MAX = 4
_OUTSIDE = "/c0001/extension/PartiesPage/", "/jiezhang/c0001/parties/"
"""Not every party may see the books, in which the page stands otherwise."""


def signatures(wanted: list[dict[str, str]], key: Key) -> dict[str, str]:
    """What `jiezhang/web/sign.js` makes of an answer of kind `sign`."""
    made = {}
    for one in wanted:
        message = bytes.fromhex(one["message"])
        found = key.prove(message) if one["kind"] == "vrf" else key.sign_bytes(message)
        made[f"{one['kind']}:{one['message']}"] = found.hex()
    return made


def version(client: FlaskClient, page: str) -> str:
    """The state of the books that `page` was built from."""
    return client.get(page.replace(*_OUTSIDE)).text.partition('data-version="')[2].partition('"')[0]


def press(client: FlaskClient, page: str, button: str, actor: str, **more: Any) -> TestResponse:
    """One request."""
    sign_in(client, actor)
    body = {"version": version(client, page), **more}
    return client.post(page + button, json=body, headers=ORIGIN)


def press_and_sign(
    client: FlaskClient, page: str, button: str, actor: str, key: Key, **more: Any
) -> tuple[TestResponse, list[str]]:
    """Requests until nothing is left to sign: the last answer, and the kinds of what was signed."""
    kinds: list[str] = []
    given: dict[str, Any] = {}
    for _ in range(ROUNDS_MAX + 1):
        found = press(client, page, button, actor, **more, **given)
        told = found.json
        assert told is not None
        if found.status_code != 202:
            return found, kinds
        assert (told["ok"], told["kind"], told["public"]) == (False, "sign", key.public)
        kinds += [one["kind"] for one in told["wanted"]]
        made = signatures(told["wanted"], key)
        given = {"signatures": {**given.get("signatures", {}), **made}, "at": told["at"]}
    raise AssertionError("no end of signatures")


def rows_of(app: Flask) -> list[Operation]:
    """What the log says was begun in the office, the newest first."""
    found = office_of(app).acts.log.search(Asked(), None)
    return [row for row in found if row.phase == "begin" and row.action != "outside"]
