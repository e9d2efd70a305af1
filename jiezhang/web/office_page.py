"""What our pages in Fava share: the month asked for, who acts, and how a button's request is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from fava.ext import FavaExtensionBase
from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import BadRequest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.people import has_role
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street

from .month_view import newest_month

if TYPE_CHECKING:
    from .ledger import GatedLedger

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Response])
_Body = TypeVar("_Body", bound="Asked")

STALE = "账簿在打开本页之后有了改动，这次操作没有执行，请刷新页面后再做"
MALFORMED = "请求写法有误，请刷新页面后再做"
NOBODY = "没有选择由谁办理，请先在页面上选人"


class Asked(BaseModel):
    """What every button sends: the month, the state of the books the page was built from, and who acts.

    Identity is claimed, not proven: there is no sign-in yet. What a person may do is checked where it is done.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    month: str = Field(max_length=7)
    version: str = Field(max_length=64)
    actor: str = Field(max_length=32)


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody who may act on a page; `signs` when what they post has to be signed with their own key."""

    id: str
    label: str
    signs: bool


def endpoint(name: str, method: str) -> Callable[[_Endpoint], _Endpoint]:
    """Fava's `extension_endpoint`, typed."""

    def mark(function: _Endpoint) -> _Endpoint:
        setattr(function, "endpoint_key", (name, [method]))  # noqa: B010
        return function

    return mark


class OfficePage(FavaExtensionBase):
    """A page of ours beside Fava's."""

    ledger: GatedLedger

    def month(self) -> Month:
        """The month that `?month=2026-10` names, or the newest."""
        text = request.args.get("month", "")
        book = self.ledger.book
        return month_asked(text) if text else newest_month(book.entries, book.compound.start)

    def street(self) -> Street:
        """The street's own data, with everybody in the office."""
        return read_street(StreetFolder(self.ledger.folder.path.parent))

    def choices_of(self, roles: Iterable[str]) -> tuple[PersonChoice, ...]:
        """Who has one of `roles` for this compound."""
        asked, code = tuple(roles), self.ledger.folder.code
        return tuple(
            PersonChoice(person.id, f"{person.id} {person.name}", bool(person.key))
            for person in self.street().people
            if has_role(person, asked, code)
        )

    def carry_out(self, body: type[_Body], action: Callable[[_Body, Month], str]) -> Response:
        """Read the request as `body` and do `action`, whose sentence is the answer; nothing is done when the books
        changed since the page was built."""
        try:
            asked = body.model_validate_json(request.get_data())
            month = Month.parse(asked.month)
        except ValueError:
            return answer(400, MALFORMED)
        if asked.version != self.ledger.version:
            return answer(409, STALE)
        try:
            if not asked.actor:
                raise Refused(NOBODY)
            return answer(200, action(asked, month))
        except Refused as refused:
            return answer(422, refused.message)


def month_asked(text: str) -> Month:
    """The month in a part of the address; a page that says so when it is none."""
    try:
        return Month.parse(text)
    except ValueError as wrong:
        raise BadRequest(str(wrong)) from None


def answer(status: int, message: str) -> Response:
    """What a button is told: whether it was done, and one sentence."""
    response: Any = jsonify(ok=status == 200, message=message)
    response.status_code = status
    assert isinstance(response, Response)
    return response
