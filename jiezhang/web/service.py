"""Signing in by the office's own service (OpenID Connect), and showing by it that one is still there.

What a browser that was sent to the service has to bring back lies here in memory, under a random name that the browser
holds in a cookie: an answer is good once, for ten minutes, and in that browser only. Nobody gets an account by it.
"""

from __future__ import annotations

import secrets
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Network
from threading import Lock

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from jiezhang.domain.problem import Refused
from jiezhang.office.accounts import Accounts
from jiezhang.office.lockout import place_of
from jiezhang.office.oidc import LEEWAY_SECONDS, Named, Provider, Started
from jiezhang.office.sessions import Sessions

from .frame import Frame
from .gate import SIGN_IN, Gate, cookie_name, visitor_of
from .office_log import Told
from .serving import Serving
from .sign_in import SignIn, own_address

WAITS = timedelta(minutes=10)
WAITING_MAX, WAITING_OF_A_PLACE_MAX = 1_000, 50
_CODE_MAX = 40
_IPV6_SITE_BITS = 48
_NOT_HERE = "这次统一登录已过期，或不是在这个浏览器里开始的，请重新登录"
_UNKNOWN = "这个单位账号没有和街账的人员相连，或账号已停用，请找街道负责人"
_HOW = "统一登录"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that is not over: sent to the service, or named by it and still without the telephone's code.

    `session`: whose password is to be asked again, by the session's short name; empty for a new sign-in.
    """

    since: datetime
    place: str
    after: str
    session: str
    started: Started
    person: str = ""
    named: Named | None = None


class WaitingRoom:
    """The sign-ins that are not over, oldest first. Whoever begins many pushes out their own: when the room is full,
    the place that has most of them gives way."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[str, Waiting] = OrderedDict()

    def put(self, waiting: Waiting) -> str:
        """Keep it: the name under which it is had again."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            same = [one for one, kept in self._kept.items() if kept.place == waiting.place]
            for one in same[: max(0, len(same) + 1 - WAITING_OF_A_PLACE_MAX)]:
                del self._kept[one]
            while len(self._kept) >= WAITING_MAX:
                (busiest, _), *_ = Counter(kept.place for kept in self._kept.values()).most_common(1)
                del self._kept[next(one for one, kept in self._kept.items() if kept.place == busiest)]
            self._kept[name] = waiting
        return name

    def take(self, name: str, now: datetime) -> Waiting | None:
        """What was kept under `name`, which nobody has again."""
        with self._lock:
            found = self._kept.pop(name, None)
        return found if found is not None and now - found.since < WAITS else None

    def find(self, name: str, now: datetime) -> Waiting | None:
        """What is kept under `name`."""
        with self._lock:
            found = self._kept.get(name)
        return found if found is not None and now - found.since < WAITS else None


class ServiceSignIn:
    """The routes to the service and back."""

    def __init__(
        self, app: Flask, gate: Gate, frame: Frame, serving: Serving, told: Told, sign_in: SignIn,
        service: Provider | None,
    ) -> None:  # fmt: skip
        self._gate, self._frame, self._serving, self._told = gate, frame, serving, told
        self._sign_in, self._service = sign_in, service
        self._accounts, self._sessions = Accounts(serving.home), Sessions(serving.home)
        self._room = WaitingRoom()
        app.add_url_rule("/jiezhang/oidc/start", "oidc_start", self.start)
        app.add_url_rule("/jiezhang/oidc/back", "oidc_back", self.back)
        app.add_url_rule("/jiezhang/oidc/code", "oidc_code", self.code, methods=["GET", "POST"])
        app.add_url_rule("/jiezhang/oidc/out", "oidc_out", self.out)

    def start(self) -> AnyResponse:
        """To the service; `again`: to show there that one is still there."""
        who, after = visitor_of(request.environ), own_address(request.args.get("next", "/"))
        session = who.session.short if who is not None and "again" in request.args else ""
        try:
            started = self._asked().start(_here("oidc_back"), again=bool(session))
        except Refused as refused:
            return self._sign_in.form(self._status, refused.message, after)
        place = _network(request.remote_addr or "")
        return self._sent(Waiting(self._serving.now(), place, after, session, started), started.url)

    def back(self) -> AnyResponse:
        """From the service: a session, the code of the telephone asked, or one sentence."""
        now, address = self._serving.now(), request.remote_addr or ""
        waiting = self._room.take(request.cookies.get(_cookie(), ""), now)
        if waiting is None or waiting.named is not None:
            return self._turned_away(400, _NOT_HERE)
        person = "？"
        try:
            answer = f"{waiting.started.redirect_uri}?{request.query_string.decode('latin-1')}"
            named = self._asked().finish(waiting.started, answer, now)
            person = named.subject.partition(" ")[2]  # for the log: whom somebody may want to link
            person = self._known(named)
            if waiting.session:
                return self._stepped_up(waiting, named, person)
        except Refused as refused:
            self._told.sign_in_refused(person, address, refused.message, _HOW)
            return self._turned_away(401, refused.message, waiting.after)
        account = self._accounts.find(person)
        if account is not None and account.has_totp and not self._asked().is_second_factor(named):
            return self._sent(replace(waiting, person=person, named=named), url_for("oidc_code"))
        return self._opened(person, waiting, named)

    def code(self) -> AnyResponse:
        """The code of the telephone, where the service alone is not enough."""
        now, name = self._serving.now(), request.cookies.get(_cookie(), "")
        waiting = self._room.find(name, now)
        if waiting is None or waiting.named is None:
            return self._turned_away(400, _NOT_HERE)
        if request.method == "GET":
            return self._frame.page("code.html", message="")
        person, address = waiting.person, request.remote_addr or ""
        if not self._is_still(person, waiting.named):
            self._room.take(name, now)
            self._told.sign_in_refused(person, address, _UNKNOWN, _HOW)
            return self._turned_away(401, _UNKNOWN)
        try:
            code = request.form.get("code", "").strip()[:_CODE_MAX]
            self._accounts.check_code(person, code, now, address).or_refused(now)
        except Refused as refused:
            self._told.sign_in_refused(person, address, refused.message, _HOW)
            return self._frame.page("code.html", 401, message=refused.message)
        if self._room.take(name, now) is None:
            return self._turned_away(400, _NOT_HERE)
        return self._opened(person, waiting, waiting.named)

    def out(self) -> AnyResponse:
        """Out of the service itself, which otherwise lets in again whoever sits down here next."""
        try:
            where = self._asked().sign_out_address(_here("sign_in"))
        except Refused as refused:
            return self._sign_in.form(self._status, refused.message, "/")
        if not where:
            return self._turned_away(200, "单位的统一登录没有说在哪里退出，请到它自己的页面上退出")
        return redirect(where, 303)

    @property
    def _status(self) -> int:
        return 404 if self._service is None else 503

    def _asked(self) -> Provider:
        if self._service is None:
            raise Refused("没有设统一登录，请用密码登录")
        return self._service

    def _known(self, named: Named) -> str:
        person = self._accounts.by_subject(named.subject)
        if person is None:
            raise Refused(_UNKNOWN)
        if self._gate.people.person(person) is None:
            raise Refused(f"{person} 已不在街道的人员名单里")
        return person

    def _is_still(self, person: str, named: Named) -> bool:
        """Whether who was `named` a while ago is `person` now; the account may have been untied meanwhile."""
        try:
            return self._known(named) == person
        except Refused:
            return False

    def _stepped_up(self, waiting: Waiting, named: Named, person: str) -> AnyResponse:
        who = visitor_of(request.environ)
        if who is None or who.session.short != waiting.session or who.person.id != person:
            raise Refused("统一登录里的人不是刚才登录街账的人，请重新登录")
        if named.at is None or named.at < waiting.since - timedelta(seconds=LEEWAY_SECONDS):
            raise Refused("单位的统一登录没有再问一次密码，请在街账里输入密码")
        self._sessions.step_up(request.cookies.get(cookie_name(request), ""), self._serving.now())
        return self._onward(waiting.after)

    def _opened(self, person: str, waiting: Waiting, named: Named) -> AnyResponse:
        long_ago = self._serving.now() - timedelta(days=1)
        opened = self._sign_in.open(person, waiting.after, _HOW, named.at or long_ago)
        if opened.location is None:  # no session: the page says why
            opened.delete_cookie(_cookie(), path="/", secure=request.scheme == "https")
            return opened
        onward = self._onward(opened.location)
        for cookie in opened.headers.getlist("Set-Cookie"):
            onward.headers.add("Set-Cookie", cookie)
        return onward

    def _onward(self, after: str) -> Response:
        """A page that goes on by itself: a redirect would be of the service's site still, to which pages inside Fava
        are shut (`policy.LINKED`)."""
        answer = self._frame.page("onward.html", after=after)
        answer.delete_cookie(_cookie(), path="/", secure=request.scheme == "https")
        return answer

    def _sent(self, waiting: Waiting, where: str) -> AnyResponse:
        answer = redirect(where, 303)
        answer.set_cookie(
            _cookie(), self._room.put(waiting), path="/", httponly=True, samesite="Lax",
            secure=request.scheme == "https", max_age=WAITS,
        )  # fmt: skip
        return answer

    def _turned_away(self, status: int, message: str, after: str = "/") -> Response:
        answer = self._sign_in.form(status, message, after)
        answer.delete_cookie(_cookie(), path="/", secure=request.scheme == "https")
        return answer


def _network(address: str) -> str:
    """The place an address belongs to, of IPv6 the /48: one customer may have all the 65,536 networks of it."""
    place = place_of(address)
    return str(IPv6Network(place).supernet(new_prefix=_IPV6_SITE_BITS)) if place.endswith("/64") else place


def _cookie() -> str:
    return f"{cookie_name(request)}-oidc"


def _here(endpoint: str) -> str:
    """Our own address as the browser knows it; the guard has seen to it that the name is ours."""
    path = SIGN_IN if endpoint == "sign_in" else url_for(endpoint)
    return f"{request.scheme}://{request.host}{path}"
