"""Acts that a person signs: the key stays in their browser, which is asked for one signature after another.

A request is tried first, writing nothing. Where a signature is missing, the answer says what is to be signed, and the
browser sends the request again with it. Only what has every signature becomes an act, in the books and in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from flask import Response, jsonify, make_response
from pydantic import Field, StringConstraints

from jiezhang.book.keys import AwaitedKey, SignatureAwaited
from jiezhang.book.write import WouldWriteError, trying
from jiezhang.domain.duties.actions import Action
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.signing import beijing_day

from .demo import KEY_ADDRESS
from .office import office
from .office_page import MALFORMED, Asked, OfficePage, StaleError, answer

SECONDS_MAX = 600
"""How long after the first answer the last signature may come: the time that is signed was that of the first."""
_SIGNATURES_MAX = 8
_SIGNING = 202

_Name = Annotated[str, StringConstraints(pattern=r"^(ed25519|p256|vrf):([0-9a-f]{2})*$", max_length=20_000)]
_Hex = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$", max_length=400)]


class SignedAsked(Asked):
    """What a button sends whose act is signed: the signatures so far, and the time that the first answer gave."""

    signatures: dict[_Name, _Hex] = Field(default={}, max_length=_SIGNATURES_MAX)
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Pen:
    """What an act is signed with, and when: POSIX seconds."""

    answers: Mapping[str, str]
    at: int

    @property
    def day(self) -> date:
        """The day it is signed, in Beijing."""
        return beijing_day(self.at)

    def key(self, public: str) -> AwaitedKey:
        """The key with this public half, wherever it is."""
        return AwaitedKey(public, self.answers)

    def key_of(self, person: Person) -> AwaitedKey | None:
        """The person's own, `None` when they have none."""
        return self.key(person.key) if person.key else None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: one sentence, and a file for the person to keep, where there is one."""

    message: str
    file: str = ""
    text: str = ""


_Body = TypeVar("_Body", bound=SignedAsked)


def carry_out_signed(
    page: OfficePage, body: type[_Body], action: Action, content: Callable[[_Body], str],
    do: Callable[[_Body, Month, Pen], Done], says: Callable[[_Body], str] | None = None,
) -> Response:  # fmt: skip
    """As `OfficePage.carry_out`, for what is signed; `says` tells the person what, where `content` is too short."""
    read = page.read(body)
    if read is None:
        return answer(400, MALFORMED)
    asked, month = read

    def act() -> Done:
        page.refuse_stale(asked)
        return do(asked, month, pen)

    def act_signed() -> Done:
        try:
            return act()
        except SignatureAwaited:
            raise Refused("签名以后账簿又有了变动，没有办完，请再办一次") from None

    try:
        pen = _pen(asked)
        awaited = _tried(act)
        if awaited is not None:
            return _ask(awaited, pen, (says or content)(asked))
        code = page.ledger.folder.code
        done = office().carry_out(action, code, content(asked), act_signed, told=lambda done: done.message)
    except StaleError as stale:
        return answer(409, stale.message)
    except Refused as refused:
        return answer(422, refused.message)
    except ManyRefused as several:
        return answer(422, "；".join(one.message for one in several.refusals))
    return make_response(jsonify(ok=True, message=done.message, file=done.file, text=done.text))


def _pen(asked: SignedAsked) -> Pen:
    now = int(office().serving.now().timestamp())
    at = now if asked.at is None else asked.at
    if not now - SECONDS_MAX <= at <= now:
        raise Refused("从要签名到签好超过了 10 分钟，没有办理，请再办一次")
    return Pen(asked.signatures, at)


def _tried(act: Callable[[], Done]) -> SignatureAwaited | None:
    """What still has to be signed. What is refused is refused again when it is carried out, and logged then."""
    try:
        with trying():
            act()
    except SignatureAwaited as awaited:
        return awaited
    except (WouldWriteError, Refused, ManyRefused):
        pass
    return None


def _ask(awaited: SignatureAwaited, pen: Pen, says: str) -> Response:
    wanted = [{"kind": awaited.kind, "message": awaited.message.hex(), "says": says}]
    told: dict[str, Any] = {"kind": "sign", "public": awaited.public, "wanted": wanted, "at": pen.at}
    if office().serving.demo:
        told["key"] = KEY_ADDRESS
    return make_response(jsonify(ok=False, message=says, **told), _SIGNING)
