"""Signing in and out, and saying the password again before what cannot be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from jiezhang.domain.people import POSTERS, meant_by, role_names
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person
from jiezhang.office.accounts import Accounts
from jiezhang.office.oidc import Provider
from jiezhang.office.passwords import refuse_weak
from jiezhang.office.sessions import Sessions

from .frame import Frame
from .gate import ENTER_ANEW, SIGN_IN, STALE_PAGE, TOKEN_FIELD, Gate, Visitor, cookie_name, visitor_of
from .office_log import Told
from .serving import Serving

_CHARS_MAX = 300
_STATUS = {"locked": 429}
_NO_PAGES = ("/jiezhang/sign-", "/jiezhang/oidc/")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demonstration, by the part they play."""

    id: str
    name: str
    role: str
    part: str


class SignIn:
    """The routes under which a person comes and goes."""

    def __init__(
        self, app: Flask, gate: Gate, frame: Frame, serving: Serving, told: Told, service: Provider | None = None
    ) -> None:
        self._gate, self._frame, self._serving, self._told, self._service = gate, frame, serving, told, service
        self._accounts, self._sessions = Accounts(serving.home), Sessions(serving.home)
        app.add_url_rule(SIGN_IN, "sign_in", self.sign_in, methods=["GET", "POST"])
        app.add_url_rule("/jiezhang/sign-out", "sign_out", self.sign_out, methods=["POST"])
        app.add_url_rule("/jiezhang/step-up", "step_up", self.step_up, methods=["GET", "POST"])
        app.add_url_rule(ENTER_ANEW, "password", self.password, methods=["GET", "POST"])
        if serving.demo:
            app.add_url_rule("/jiezhang/demo", "demo", self.demo, methods=["POST"])

    def sign_in(self) -> AnyResponse:
        """The form; sent, a session or one sentence."""
        after = own_address(request.values.get("next", "/"))
        if request.method == "GET":
            if self._serving.demo and visitor_of(request.environ) is None and "out" not in request.args:
                return self.open(self._serving.demo, after, "演示")
            return self.form(200, "", after)
        person, code, address = self._meant(), _typed("code").strip(), request.remote_addr or ""
        checked = self._accounts.check(person, _typed("password"), code, self._serving.now(), address)
        try:
            checked.or_refused(self._serving.now())
            if self._gate.people.person(person) is None:
                raise Refused(f"{person} 已不在街道的人员名单里")
        except Refused as refused:
            self._told.sign_in_refused(person, address, refused.message, locked=checked.until)
            return self.form(_STATUS.get(checked.result, 401), refused.message, after, person)
        return self.open(person, ENTER_ANEW if checked.must_change else after, "密码")

    def password(self) -> AnyResponse:
        """Set another password, knowing the one there is. Who is signed in gave their code a moment ago."""
        who = visitor_of(request.environ)
        if request.method == "GET":
            return self._frame.page("password.html", person=who.person.id if who else "", message="")
        if who is not None and not who.session.csrf_matches(_typed(TOKEN_FIELD)):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        person = who.person.id if who else self._meant()
        now, address = self._serving.now(), request.remote_addr or ""
        try:
            self._change(person, _typed("code").strip(), who is None, address)
        except Refused as refused:
            self._told.sign_in_refused(person, address, refused.message)
            return self._frame.page("password.html", 422, person=person, message=refused.message)
        self._accounts.set_password(person, _typed("new"), now)
        return self.open(person, "/", "改密码")

    def _meant(self) -> str:
        return meant_by(self._gate.people.street().people, _typed("person"))

    def _change(self, person: str, code: str, with_code: bool, address: str) -> None:
        """`Refused` unless the old password is right and the new one will do, which costs no code."""
        known, now = self._gate.people.person(person), self._serving.now()
        if _typed("new") != _typed("again"):
            raise Refused("两次输入的新密码不一样")
        if _typed("new") == _typed("password"):
            raise Refused("新密码和旧密码一样")
        refuse_weak(_typed("new"), person, known.name if known else "")
        self._accounts.check(person, _typed("password"), code, now, address, with_code=with_code).or_refused(now)
        if known is None:
            raise Refused(f"{person} 已不在街道的人员名单里")

    def sign_out(self) -> AnyResponse:
        """End the session."""
        who = _visitor()
        if not who.session.csrf_matches(_typed(TOKEN_FIELD)):
            return self._frame.sentence(403, "不能退出", STALE_PAGE)
        self._sessions.close(request.cookies.get(cookie_name(request), ""))
        self._told.signed_out(who)
        answer = redirect(f"{SIGN_IN}?out=1", 303)
        answer.delete_cookie(cookie_name(request), path="/", secure=request.scheme == "https")
        return answer

    def step_up(self) -> AnyResponse:
        """Say the password again, on the page or, from a script, in JSON."""
        who, after = _visitor(), own_address(request.values.get("next", "/"))
        if request.method == "GET":
            return self._again_page(200, after, "", who)
        if not request.is_json and not who.session.csrf_matches(_typed(TOKEN_FIELD)):
            return self._frame.sentence(403, "没有完成", STALE_PAGE)
        try:
            self._again(who)
        except Refused as refused:
            self._told.sign_in_refused(who.person.id, who.address, refused.message)
            if request.is_json:
                return self._frame.json(401, refused.message)
            return self._again_page(401, after, refused.message, who)
        self._sessions.step_up(request.cookies.get(cookie_name(request), ""), self._serving.now())
        return self._frame.json(200, "已确认") if request.is_json else redirect(after, 303)

    def _again_page(self, status: int, after: str, message: str, who: Visitor) -> Response:
        account = self._accounts.find(who.person.id)
        linked = self._service is not None and account is not None and bool(account.subject)
        return self._frame.page(
            "step_up.html", status, next=after, message=message, by_password=account is None or account.has_password,
            oidc=self._service.name if self._service and linked else "",
        )  # fmt: skip

    def demo(self) -> AnyResponse:
        """Go on as somebody else of the demonstration."""
        person = _typed("person")
        if person not in {one.id for one in demo_people(self._gate.people.street().people)}:
            return self._frame.sentence(403, "不能换人", "演示里没有这个人")
        return self.open(person, "/", "演示")

    def _again(self, who: Visitor) -> None:
        """`Refused` unless the password, in a form or in JSON, is right. A demonstration has none."""
        asked = request.get_json(silent=True) if request.is_json else request.form
        given = asked if isinstance(asked, Mapping) else {}
        password, code = (str(given.get(name, ""))[:_CHARS_MAX] for name in ("password", "code"))
        if not self._serving.demo:
            now = self._serving.now()
            self._accounts.check(who.person.id, password, code, now, who.address, with_code=bool(code)).or_refused(now)

    def open(self, person: str, after: str, how: str, shown: datetime | None = None) -> AnyResponse:
        """A session for `person`, who `shown` ago, or just now, showed who they are; and on to `after`. The page to
        sign in again when they were put off the list, or lost their account, meanwhile."""
        now, address = self._serving.now(), request.remote_addr or ""
        before = request.cookies.get(cookie_name(request), "")
        if before:  # whoever was signed in here is no more
            self._sessions.close(before)
        try:
            known = self._gate.people.person(person)
            if known is None:
                raise Refused(f"{person} 已不在街道的人员名单里")
            token, session = self._sessions.open(person, now, address, request.user_agent.string, shown)
        except Refused as refused:
            self._told.sign_in_refused(person, address, refused.message)
            return self.form(401, refused.message, after, person)
        self._told.signed_in(Visitor(known, session, address), how)
        answer = redirect("/jiezhang/desk" if after == "/" else after, 303)
        answer.set_cookie(
            cookie_name(request), token, path="/", httponly=True, samesite="Lax", secure=request.scheme == "https"
        )
        return answer

    def form(self, status: int, message: str, after: str, person: str = "") -> Response:
        """The page to sign in."""
        left = "out" in request.args
        return self._frame.page(
            "sign_in.html", status, message=message, next=after, person=person, left=left,
            oidc=self._service.name if self._service else "",
        )  # fmt: skip


def demo_people(people: tuple[Person, ...]) -> tuple[DemoPerson, ...]:
    """One person for each part in the office, the first that has it; and whoever else posts, for nobody posts what they
    entered."""
    found: dict[str, DemoPerson] = {}
    for person in people:
        for role in person.roles:
            if role in POSTERS or role not in {one.role for one in found.values()}:
                found.setdefault(person.id, DemoPerson(person.id, person.name, role, _part(person, role)))
    return tuple(found.values())


def _part(person: Person, role: str) -> str:
    return person.name if role in POSTERS else role_names([role])


def own_address(asked: str) -> str:
    """`asked` when it leads to a page of ours, and `/` otherwise: nobody is led elsewhere by a link to signing in."""
    if not asked.startswith("/") or asked.startswith(("//", "/\\")) or any(ord(sign) < 32 for sign in asked):
        return "/"
    parts = urlsplit(asked)
    return "/" if parts.scheme or parts.netloc or _page(parts.path).startswith(_NO_PAGES) else asked


def _page(path: str) -> str:
    """The page that a browser and our routes take `path` for: dots, slashes and signs in % make no other."""
    return normpath("/" + unquote(path).replace("\\", "/").lstrip("/"))


def _typed(name: str) -> str:
    return request.form.get(name, "")[:_CHARS_MAX]


def _visitor() -> Visitor:
    who = visitor_of(request.environ)
    assert who is not None, "the guard lets nobody else here"
    return who
