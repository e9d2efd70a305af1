"""Bids and seals on a resolution's path. Each function adds a record to the path, or says why it can't be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ..text import same_name_key
from .files import OfficeFiles
from .path_value import Done, Path, called, hanging_until
from .procedure import SEAL_NAMES, Step
from .records import Bid, Entered, SealUse
from .seals import keys_by_code, path_digest, payment_digest, seal_fault

_Bid = TypeVar("_Bid", str, Decimal)


def take_bid(path: Path, step: Step, one: Entered, bid: Bid) -> str:
    """A sealed bid handed in, or one opened: at least so many, none after the first is opened."""
    name = called(path, step)
    if bid.sealed is not None:
        if path.prices:
            return f"{name}已经开封，不能再收“{bid.supplier}”的报价（{step.article}）"
        if bid_of(path.sealed, bid.supplier) is not None:
            return f"{name}：“{bid.supplier}”交了两次报价（{step.article}）"
        path.sealed[bid.supplier] = bid.sealed
        return ""
    if len(path.sealed) < step.bids_min:
        return f"{name}只收到 {len(path.sealed)} 家密封报价，少于 {step.bids_min} 家不得开封（{step.article}）"
    if bid_of(path.prices, bid.supplier) is not None:
        return f"{name}：“{bid.supplier}”的报价已经开过封（{step.article}）"
    if bid.price_yuan is None or bid.nonce is None:
        return f"{name}：开封须写明报价和封存码（{step.article}）"
    if bid_of(path.sealed, bid.supplier) != bid_digest(path.code, bid.supplier, bid.price_yuan, bid.nonce):
        return f"{name}：“{bid.supplier}”开封的报价与密封时交的不符（{step.article}）"
    path.prices[bid.supplier] = bid.price_yuan
    if len(path.prices) == len(path.sealed):
        path.done[step.code] = Done(one.day, (one,))
    return ""


def bid_of(bids: Mapping[str, _Bid], supplier: str) -> _Bid | None:
    """What `supplier` bid, however its name is spaced; `None` when it did not."""
    key = same_name_key(supplier)
    return next((bid for name, bid in bids.items() if same_name_key(name) == key), None)


def bid_digest(code: str, supplier: str, price_yuan: Decimal, nonce: str) -> str:
    """What a supplier hands in sealed: nobody learns the price from it, and it can't be another's afterwards."""
    return hashlib.sha256(f"{code}|{supplier}|{price_yuan:.2f}|{nonce}".encode()).hexdigest()


def take_seal(path: Path, step: Step, one: Entered, use: SealUse, files: OfficeFiles) -> str:
    """A seal on the resolution, over everything recorded before the step began."""
    name = called(path, step)
    begun = [old for old in path.records if _is_of(old, step)]
    if use.seal not in step.seals:
        return f"{name}不用{SEAL_NAMES[use.seal]}（{step.article}）"
    if any(old.record.seal == use.seal for old in begun):
        return f"{name}已经盖过{SEAL_NAMES[use.seal]}（{step.article}）"
    if use.digest != step_digest(path, step):
        return f"{name}：{SEAL_NAMES[use.seal]}盖的不是这份决议现在的内容（{step.article}）"
    said = _signature_fault(use, files, one.day)
    if said:
        return f"{name}：{said}（{step.article}）"
    if {old.record.seal for old in begun} | {use.seal} == set(step.seals):
        path.done[step.code] = Done(one.day, (*begun, one))
    return ""


def _signature_fault(use: SealUse, files: OfficeFiles, day: date) -> str:
    keys = keys_by_code(files.keys)
    return seal_fault(keys, files.compound.code, use.seal, use.key, use.digest, use.signature, day)


def _key_had_ended(use: SealUse, files: OfficeFiles, day: date) -> bool:
    key = keys_by_code(files.keys).get(use.key)
    return key is not None and key.seal == use.seal and key.ended is not None and day >= key.ended


def step_digest(path: Path, step: Step) -> str:
    """What a seal of `step` signs now: everything recorded but the seals of that step."""
    return path_digest(old for old in path.records if not _is_of(old, step))


def _is_of(one: Entered, step: Step) -> bool:
    return isinstance(one.record, SealUse) and one.record.payment is None and one.record.step == step.code


def _too_early(path: Path, one: Entered) -> str:
    step, until = path.next_step(), hanging_until(path, one.day)
    if step is not None:
        return f"{called(path, step)}还没有办，不能用印"
    if until is not None:
        return f"公开的期限到 {until} 为止，期满以后才能用印"
    objection = next(iter(path.objections), "")
    return f"业主异议 {objection} 还没有答复，不能用印" if objection else ""


def take_payment_seal(path: Path, one: Entered, use: SealUse, files: OfficeFiles) -> str:
    """A seal on one payment of an approved resolution."""
    assert path.procedure is not None and use.payment is not None
    name = f"付款 {use.payment} 的{SEAL_NAMES[use.seal]}"
    said = _too_early(path, one) or ("没有写金额" if use.amount_yuan is None else "")
    if said or use.amount_yuan is None:
        return f"{name}：{said}（{path.procedure.source}）"
    if use.digest != payment_digest(path.digest, use.payment, use.payee, use.amount_yuan):
        return f"{name}盖的不是这笔付款（收款人、金额、决议）（{path.procedure.source}）"
    said = _signature_fault(use, files, one.day)
    if said:
        said = f"付款 {use.payment}：{said}（{path.procedure.source}）"
        if not _key_had_ended(use, files, one.day):
            return said
        path.void[use.payment] = said  # found out later, and nobody's fault: it only does not count
        return ""
    others = path.payments.setdefault(use.payment, {})
    if use.seal in others:
        return f"{name}已经盖过（{path.procedure.source}）"
    if any((old.payee, old.amount_yuan) != (use.payee, use.amount_yuan) for old in others.values()):
        return f"{name}与另一枚印章盖的收款人或金额不同（{path.procedure.source}）"
    others[use.seal] = use
    return ""
