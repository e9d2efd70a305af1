"""Who may ask which route: every role against every rule of the application's own map.

`python -m tests.web.route_matrix` prints the table anew.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street, toml_bytes
from jiezhang.domain.people import ROLES
from jiezhang.domain.register import Person
from jiezhang.web import policy
from jiezhang.web.app import SCRIPTS
from tests.signed_in import ORIGIN, client_as, open_app

Answered = Literal["open", "sign in", "refused"]

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
OWN, OTHER = "c0001", "c0002"
_WHOLE = "ALL-"
"""Before the id of who serves the whole street."""

EVERYBODY = tuple(role.upper().replace("_", "-") for role in ROLES)
"""One person for each role, named for C0001 only."""

FORMS = {("POST", f"/jiezhang/{name}") for name in ("sign-in", "sign-out", "step-up", "password")}
"""They count what is tried, or end the session: no matter of roles, and tried in `test_sign_in`."""

_PARTS: dict[str, tuple[str, ...]] = {
    "name": ("Assets",),
    "report_name": (*policy.REPORTS, "editor", "import", "options", "nothing"),
    "extension_name": (*policy.EXTENSIONS, "Other"),
    "result_format": ("csv",),
    "page_slug": ("features",),
    "aggregation_key": ("account",),
    "filename": ("app.css",),
    "code": ("R2026-01",),
    "script": tuple(SCRIPTS),
}


def roles_street(path: Path) -> StreetFolder:
    """The little street with a person for each role, who serves C0001 only."""
    from little_street import make_street

    street = make_street(path, "C0001", "C0002")
    about = read_street(street)
    people = tuple(
        Person(id=code, name=ROLES[role], roles=(role,), compounds=("C0001",))
        for code, role in zip(EVERYBODY, ROLES, strict=True)
    ) + tuple(
        Person(id=_WHOLE + code, name=ROLES[role], roles=(role,))
        for code, role in zip(EVERYBODY, ROLES, strict=True)
    )
    street.toml.write_bytes(toml_bytes(about.model_copy(update={"people": (*about.people, *people)})))
    return street


def routes(app: Flask, compound: str = OWN) -> list[tuple[str, str]]:
    """Method and address of everything that is served, each part of an address by an example."""
    return list(dict.fromkeys(found for rule in app.url_map.iter_rules() for found in _addresses(rule, compound)))


def _addresses(rule: Rule, compound: str) -> Iterator[tuple[str, str]]:
    built: list[dict[str, str]] = [{}]
    for part in sorted(rule.arguments - set(rule.defaults or {}) - {"endpoint"}):
        values = (compound,) if part == "bfile" else _PARTS[part]
        built = [{**one, part: value} for one in built for value in values]
    for values in built:
        for endpoint in _endpoints(values) if "endpoint" in rule.arguments else ({},):
            made = rule.build({**values, **endpoint})
            assert made is not None, rule
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, str(made[1])


def _endpoints(values: dict[str, str]) -> list[dict[str, str]]:
    _, endpoints = policy.EXTENSIONS.get(values["extension_name"], ("refused", {}))
    return [{"endpoint": name} for name in (*(name for name, _ in endpoints), "nothing")]


def judge(browser: FlaskClient, method: str, address: str) -> Answered:
    """How the door answers, to JSON or to a form with the session's token, whichever gets in; what comes behind it (a
    body that is no request of ours) is another matter."""
    if method != "POST":
        return _answered(browser, method, address)
    token = browser.environ_base.get("HTTP_X_JIEZHANG_TOKEN", "")
    asked = _answered(browser, method, address, json={})
    return asked if asked != "refused" else _answered(browser, method, address, data={"token": token})


def _answered(browser: FlaskClient, method: str, address: str, **body: object) -> Answered:
    with browser.open(address, method=method, headers=ORIGIN, **body) as answer:  # type: ignore[arg-type]
        if answer.status_code == 401 or (answer.status_code == 303 and "sign-in" in answer.location):
            return "sign in"
        return "refused" if answer.status_code in (403, 405, 415) else "open"


def cells(app: Flask) -> dict[tuple[str, str, str], tuple[Answered, Answered]]:
    """By method, address and person: what C0001 answers, and what C0002 does; of what is of no compound, what those are
    answered who serve the whole street."""
    found: dict[tuple[str, str, str], tuple[Answered, Answered]] = {}
    for person in EVERYBODY:
        for (method, own), (_, other) in zip(routes(app), routes(app, OTHER), strict=True):
            if (method, own) not in FORMS:
                browser = client_as(app, person)
                elsewhere = browser if OWN in own else client_as(app, _WHOLE + person)
                found[method, own, person] = judge(browser, method, own), judge(elsewhere, method, other)
    return found


def table(found: dict[tuple[str, str, str], tuple[Answered, Answered]]) -> str:
    """One line for each route: who may, then whether for a compound that is not theirs as well."""
    lines = []
    for method, address in dict.fromkeys((method, address) for method, address, _ in found):
        own = [who for who in EVERYBODY if found[method, address, who][0] == "open"]
        other = [who for who in EVERYBODY if found[method, address, who][1] == "open"]
        said = "everybody" if len(own) == len(EVERYBODY) else "nobody" if not own else " ".join(own).lower()
        beyond = f" | elsewhere too: {' '.join(other).lower()}" if other and OWN in address else ""
        if OWN not in address and other != own:
            beyond = f" | of those who serve the whole street: {' '.join(other).lower()}"
        lines.append(f"{method:6} {address} : {said}{beyond}\n")
    return "".join(lines)


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    with tempfile.TemporaryDirectory() as scratch:
        sys.stdout.write(table(cells(open_app(roles_street(Path(scratch) / "street")))))


if __name__ == "__main__":
    main()
