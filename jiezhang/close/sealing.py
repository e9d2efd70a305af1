"""Setting a seal: what its keeper's key has to sign, and which registered key that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiezhang.book.cells import from_options
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.path_seals import step_digest
from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.approval.procedure import SEAL_NAMES, SealName
from jiezhang.domain.approval.records import SealUse
from jiezhang.domain.approval.seals import SealKey, payment_digest, seal_message
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.problem import Refused

from .recording import step_for


@dataclass(frozen=True, slots=True)
class SealedPayment:
    """A payment that gets seals of its own."""

    code: str
    payee: str
    amount_yuan: Decimal


@dataclass(frozen=True, slots=True)
class ToSign:
    """The digest (hex) of what is sealed; `step` of the procedure, or the payment it is of."""

    digest: str
    step: str | None
    payment: SealedPayment | None
    title: str = ""
    """Of the step."""


def to_sign(path: Path, payment: SealedPayment | None) -> ToSign:
    """What is to be signed now on a resolution, or on one of its payments.

    `Refused` when no seal is to be set now.
    """
    if path.ended:
        raise Refused(f"决议 {path.code} {path.ended}，不能用印")
    if payment is not None:
        if path.approved is None:
            raise Refused(f"决议 {path.code} 还没有办完付款以前的步骤，不能在付款 {payment.code} 上用印")
        return ToSign(payment_digest(path.digest, payment.code, payment.payee, payment.amount_yuan), None, payment)
    assert path.procedure is not None
    code = step_for(path, "seal", None)
    step = next(step for step in path.procedure.steps if step.code == code)
    return ToSign(step_digest(path, step), code, None, step.title)


def key_of(files: OfficeFiles, seal: SealName, day: date, public: str | None) -> SealKey:
    """The registered key with the public half `public`; without one, the seal's key in use on `day`."""
    keys = [key for _, key in files.keys]
    if public is not None:
        found = next((key for key in keys if key.public == public), None)
        if found is None:
            raise Refused("这把私钥没有登记在 seals.csv，先用 seal enrol 登记它的公钥")
        return found
    found = next((key for key in keys if key.seal == seal and key.in_use_on(day)), None)
    if found is None:
        raise Refused(f"{SEAL_NAMES[seal]}在 {day} 没有在用的钥匙")
    return found


def keys_awaited(view: OfficeView, path: Path, keeper: str, day: date) -> tuple[SealKey, ...]:
    """The keys of `keeper` whose seals the next step of a resolution waits for."""
    step = path.next_step()
    if step is None or step.kind != "seal" or path.ended or path.fault is not None:
        return ()
    uses = [one.record for one in path.records if isinstance(one.record, SealUse)]
    there = {use.seal for use in uses if use.payment is None and use.step == step.code}
    return tuple(
        key
        for _, key in view.files.keys
        if key.keeper == keeper and key.seal in step.seals and key.seal not in there and key.in_use_on(day)
    )


def message_for(files: OfficeFiles, seal: SealName, key: SealKey, day: date, what: ToSign) -> str:
    """The bytes (hex) that `key` signs when it sets `seal` on `day`."""
    keys = [known for _, known in files.keys]
    return seal_message(files.compound.code, keys, seal, key.code, day, what.digest)


def seal_use(path: Path, seal: SealName, key: SealKey, what: ToSign, signature: str) -> SealUse:
    """The record of a seal set."""
    payment = what.payment
    paid = {"payment": payment.code, "payee": payment.payee, "amount_yuan": payment.amount_yuan} if payment else {}
    given = {"seal": seal, "key": key.code, "digest": what.digest, "signature": signature, "step": what.step}
    return from_options(SealUse, {"code": path.code, **given, **paid})
