"""Completing a row of a levy (专项集资): which household paid, or is paid back, and by which list of dues."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from beancount.core import data

from jiezhang.domain.accounts import parse_account, sibling
from jiezhang.domain.corrections import voucher_name
from jiezhang.domain.levy import (
    BATCH_DIGEST_KEY,
    BATCH_KEY,
    DUES_KEY,
    HOUSEHOLD_KEY,
    KEYS,
    OTHER_INCOME,
    SPENT,
    asks_household,
    dues_digest,
    dues_name,
    levy_code,
    parse_dues,
    parse_payers,
)
from jiezhang.domain.money import yuan
from jiezhang.domain.problem import Refused
from jiezhang.domain.proposal import with_other_leg
from jiezhang.domain.register import Completion

from .fund_desk import FundDesk, bank_fen
from .voucher_corrections import red_and_new

_NEVER = ("deposit", "paid_outside", "covered", "bond")


def with_levy_legs(entry: data.Transaction, completion: Completion, desk: FundDesk) -> data.Transaction:
    """`entry` with its other leg, and the household and list of dues where the subject asks for them.

    `Refused` when the completion does not say enough or too much, or its households are not on the list.
    """
    name = parse_account(completion.other_account)
    allowed = {"household", "batch"} if asks_household(completion.other_account) else set()
    allowed |= {"project"} if name.subject.code == SPENT else set()
    for field in (*_NEVER, "household", "batch", "project"):
        if getattr(completion, field) and field not in allowed:
            raise Refused(f"专项集资科目 {name.subject.code} 的流水不填 {field}")
    kept = {key: value for key, value in entry.meta.items() if key not in (*KEYS, "project")}
    said = _whose(entry, completion, desk) if "household" in allowed else {}
    if completion.project:
        said["project"] = completion.project
    return with_other_leg(entry._replace(meta={**kept, **said}), completion.other_account)


def corrected_household(original: data.Transaction, day: date, household: str) -> list[data.Transaction]:
    """A red voucher that cancels a levy's receipt or refund, and a new one of `household`, on the same accounts.

    `Refused` when the voucher is not of one household, or of this one already.
    """
    was = str(original.meta.get(HOUSEHOLD_KEY, ""))
    asking = [leg.account for leg in original.postings if asks_household(leg.account)]
    if not was or len(asking) != 1:
        raise Refused(f"凭证 {voucher_name(original)} 不是集资一户的收款或退款")
    if was == household:
        raise Refused(f"凭证 {voucher_name(original)} 记的就是户 {household}")
    elsewhere = sibling(asking[0], OTHER_INCOME)
    red, new = red_and_new(original, day, elsewhere)
    legs = [leg._replace(account=asking[0]) if leg.account == elsewhere else leg for leg in new.postings]
    return [red, new._replace(meta={**new.meta, HOUSEHOLD_KEY: household}, postings=legs)]


def _whose(entry: data.Transaction, completion: Completion, desk: FundDesk) -> dict[str, Any]:
    batches = desk.batches
    levy = levy_code(parse_account(completion.other_account).fund)
    content = batches.get(dues_name(levy))
    if content is None:
        raise Refused(f"集资 {levy} 没有应交名册，先用 levy new 登记")
    known = parse_dues(content, dues_name(levy))
    said, codes = _named(entry, completion, desk.handed_in)
    for code in codes:
        if code not in known:
            raise Refused(f"户 {code} 不在集资 {levy} 的应交名册上")
    return {**said, DUES_KEY: dues_digest(content)}


def _named(
    entry: data.Transaction, completion: Completion, handed_in: Mapping[str, bytes]
) -> tuple[dict[str, Any], list[str]]:
    if bool(completion.household) == bool(completion.batch):
        raise Refused("集资的收款和退款须写明是哪一户，许多户的用批量明细，只填一种")
    if completion.household:
        return {HOUSEHOLD_KEY: completion.household}, [completion.household]
    content = handed_in.get(completion.batch)
    if content is None:
        raise Refused(f"找不到批量明细文件“{completion.batch}”")
    name = f"batches/{completion.batch}"
    payers = parse_payers(content, completion.batch)
    whole, total = abs(bank_fen(entry)), sum(fen for _, fen in payers)
    if total != whole:
        raise Refused(f"批量明细合计 {yuan(total)} 元，银行流水 {yuan(whole)} 元，两者应相等")
    return {BATCH_KEY: name, BATCH_DIGEST_KEY: hashlib.sha256(content).hexdigest()}, [code for code, _ in payers]
