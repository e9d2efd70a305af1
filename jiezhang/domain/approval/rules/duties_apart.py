"""职责分离: who makes a voucher does not review it, who reviews does not post, who has the money does neither; and who
decided on a payment, or keeps a seal on it, does not keep its books.

Sources: 会计法 2024 art. 25(1), 35; 财会〔2024〕11号 art. 16.
"""

from __future__ import annotations

from collections.abc import Mapping

from beancount.core import data

from ...people import named
from ...problem import Finding
from ..view import OfficeView

RULE = "duties_apart"
_PARTS = {"maker": "制单", "reviewer": "复核", "poster": "记账"}


def find(view: OfficeView) -> list[Finding]:
    """Vouchers on which one person has two parts that the law keeps apart."""
    deciders = {code: _deciders(view, code) for code in view.paths}
    found = []
    for entry in view.transactions():
        said = _own_parts(entry, view) or _decided(entry, deciders, view)
        if said:
            number = entry.meta.get("voucher")
            shown = f"{entry.date.isoformat()[:7]} {number}" if number else "待处理的凭证"
            found.append(view.at(RULE, f"{shown}：{said}", entry))
    return found


def _own_parts(entry: data.Transaction, view: OfficeView) -> str:
    meta, people = entry.meta, view.files.people
    if "maker" not in meta:
        return ""
    reviewer = meta.get("reviewer")
    if reviewer is not None and reviewer == meta["maker"]:
        return f"{named(people, str(reviewer))}既制单又复核，须由另一人复核（会计法第25条）"
    if reviewer is not None and reviewer == meta.get("poster"):
        return f"{named(people, str(reviewer))}既复核又记账，须由另一人记账（会计法第25条）"
    cashier = meta.get("cashier")
    for key, name in _PARTS.items():
        if cashier is not None and meta.get(key) == cashier:
            return f"{named(people, str(cashier))}是出纳，不得{name}（会计法第35条）"
    return ""


def _decided(entry: data.Transaction, deciders: Mapping[str, Mapping[str, str]], view: OfficeView) -> str:
    resolution = str(entry.meta.get("resolution", ""))
    if not resolution:
        return ""
    known = deciders.get(resolution, {})
    for key, name in _PARTS.items():
        person = str(entry.meta.get(key, ""))
        if person in known:
            said = f"{named(view.files.people, person)}{known[person]}，不得再为它的付款{name}"
            return f"{said}（会计法第25条、财会〔2024〕11号第16条）"
    return ""


def _deciders(view: OfficeView, code: str) -> dict[str, str]:
    """Who signed a step of a resolution, or keeps a seal that is on it."""
    path = view.paths[code]
    keepers = {key.code: key.keeper for _, key in view.files.keys}
    used = [one.record.key for one in path.records if one.kind == "seal"]
    found = {keepers[key]: f"保管决议 {code} 所用的印章" for key in used if key in keepers}
    return found | dict.fromkeys(path.hats, f"参与了决议 {code} 的审批")
