"""What our pages in Fava share: the month asked for, who acts, and how a button's request is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from fava.ext import FavaExtensionBase
from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import BadRequest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.duties.actions import Action
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from jiezhang.office.operation_log import Operation

from .gate import Visitor
from .inbox_waiting import InboxSaid, inbox_said
from .month_view import newest_month
from .office import office, visitor

if TYPE_CHECKING:
    from .ledger import GatedLedger

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Response])
_Body = TypeVar("_Body", bound="Asked")

STALE = "账簿在打开本页之后有了改动，这次操作没有执行，请刷新页面后再做"
MALFORMED = "请求写法有误，请刷新页面后再做"


class StaleError(Refused):
    """The books changed since the page was built; the sentence says what was done meanwhile, and by whom."""


class Asked(BaseModel):
    """What every button sends: the month, the state of the books the page was built from, and the last row of the
    operation log there was then. Who acts is who is signed in."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    month: str = Field(max_length=7)
    version: str = Field(max_length=64)
    seen: int = Field(default=0, ge=0)


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

    def slug(self) -> str:
        """The compound as addresses name it."""
        return self.ledger.folder.code.lower()

    def base(self) -> str:
        """Where the page's own endpoints are."""
        return f"/{self.slug()}/extension/{self.name}/"

    def visitor(self) -> Visitor:
        """Who is signed in."""
        return visitor()

    def may(self, action: Action) -> bool:
        """Whether who is signed in may do `action` here."""
        return visitor().may(action, self.ledger.folder.code)

    def inbox(self, month: Month) -> InboxSaid:
        """What waits in the inbox for the month."""
        return inbox_said(self.ledger.folder, month)

    def seen(self) -> int:
        """The last row of the operation log."""
        return office().told.newest()

    def carry_out(
        self, body: type[_Body], action: Action, content: Callable[[_Body], str], do: Callable[[_Body, Month], str]
    ) -> Response:
        """Read the request as `body` and do what it asks as an act: `content` says what that is, `do` does it and says
        what came of it. Nothing is done when the books changed since the page was built."""
        read = self.read(body)
        if read is None:
            return answer(400, MALFORMED)
        asked, month = read

        def act() -> str:
            self.refuse_stale(asked)
            return do(asked, month)

        try:
            return answer(200, office().carry_out(action, self.ledger.folder.code, content(asked), act))
        except StaleError as stale:
            return answer(409, stale.message)
        except Refused as refused:
            return answer(422, refused.message)

    def read(self, body: type[_Body]) -> tuple[_Body, Month] | None:
        """What was asked, and of which month; `None` when it is written wrongly."""
        try:
            asked = body.model_validate_json(request.get_data())
            return asked, Month.parse(asked.month)
        except ValueError:
            return None

    def refuse_stale(self, asked: Asked) -> None:
        """`StaleError` when the books changed since the page was built."""
        self.ledger.changed()
        if asked.version != self.ledger.version:
            said = meanwhile(office().told.since(self.ledger.folder.code, asked.seen))
            if said:
                raise StaleError(f"{STALE}（{said}）")
            raise StaleError(STALE)


def meanwhile(done: Sequence[Operation]) -> str:
    """What others did since a page was built, and when: `09:31 K01 代理会计1号 补录 2026-10 流水 3 笔`."""
    return "；".join(f"{one.beijing[11:16]} {one.person or '别处'} {one.name} {one.content}".strip() for one in done)


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
