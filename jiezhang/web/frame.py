"""Our own pages outside Fava: one frame with who is signed in, and where they can go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from jiezhang.domain.duties.actions import Action
from jiezhang.office.accounts import Accounts

from .gate import Gate, Visitor, visitor_of
from .pages import environment


@dataclass(frozen=True, slots=True)
class Link:
    """A page in the bar on top, shown to those who may `action`."""

    address: str
    label: str
    action: Action | None


LINKS = (
    Link("/jiezhang/desk", "我的工作台", "desk"),
    Link("/", "小区账簿", None),
    Link("/jiezhang/board", "全街道一览", "street_board"),
    Link("/jiezhang/inbox", "收件夹", "inbox"),
    Link("/jiezhang/log", "操作日志", "log"),
)


class Frame:
    """Renders templates inside the frame. `demo`: who can be played in a demonstration."""

    def __init__(self, gate: Gate, demo: Sequence[object], accounts: Accounts) -> None:
        self._gate, self._demo, self._accounts = gate, demo, accounts

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The page `template` with `values`."""
        who = visitor_of(request.environ)
        text = environment.get_template(template).render(
            street=self._gate.people.street().name,
            visitor=who,
            can_change=self._has_password(who),
            links=links_of(who),
            here=request.path,
            demo=self._demo,
            **values,
        )
        return Response(text, status, mimetype="text/html")

    def bar(self) -> str:
        """What stands on top of Fava's own pages: who is signed in, how to leave, in a demonstration whom to play."""
        who = visitor_of(request.environ)
        if who is None:
            return ""
        street = self._gate.people.street().name
        return environment.get_template("_bar.html").render(
            street=street, visitor=who, demo=self._demo, can_change=self._has_password(who)
        )  # fmt: skip

    def _has_password(self, who: Visitor | None) -> bool:
        """Whether there is a password of theirs to be changed."""
        account = self._accounts.find(who.person.id) if who is not None and not self._demo else None
        return account is not None and account.has_password

    def sentence(self, status: int, title: str, message: str) -> Response:
        """A page that says one sentence."""
        return self.page("said.html", status, title=title, message=message)

    @staticmethod
    def json(status: int, message: str, **more: Any) -> Response:
        """What a script is told."""
        body = json.dumps({"ok": status == 200, "message": message, **more}, ensure_ascii=False)
        return Response(body, status, mimetype="application/json")


def links_of(who: Visitor | None) -> tuple[Link, ...]:
    """The pages that `who` may open."""
    return tuple(link for link in LINKS if who is not None and (link.action is None or who.may(link.action)))
