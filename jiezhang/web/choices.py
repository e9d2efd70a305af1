"""What the other leg of a waiting row may be: the accounts a person can choose from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from beancount.core import data

from jiezhang.domain.accounts import AccountName
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.rules.separate_funds import TRANSFERS

from .wording import parsed, subject_of

ROOT_NAMES = {"Income": "收入", "Expenses": "支出", "Assets": "资产", "Liabilities": "负债", "Equity": "净资产"}

NEVER_CHOSEN = {
    ("G", "3001"),
    *((kind.from_fund, kind.from_subject) for kind in TRANSFERS.values()),
    *((kind.to_fund, kind.to_subject) for kind in TRANSFERS.values()),
}
"""No single row belongs there: the owners' balance follows from the others, and a transfer takes two rows."""

_FUND_CODE = re.compile(r"[GWJ][0-9]*")
"""How a resolution names a fund: by the letter, a levy with its number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An account the other leg of a row may go to, or a contract it may name."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The accounts under one root, as a person reads it."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ChoiceSet:
    """The accounts of one fund for one direction, listed once and named by `key` in every row."""

    key: str
    groups: tuple[ChoiceGroup, ...]


def choice_key(account: str, *, is_receipt: bool) -> str:
    """`G公共收益-in`; a fund and a direction have one set of choices."""
    name = parsed(account)
    return f"{name.fund}-{'in' if is_receipt else 'out'}" if name else ""


def choice_sets(entries: Sequence[data.Directive]) -> tuple[ChoiceSet, ...]:
    """Each fund's accounts that a single row can belong to, the likelier side first."""
    found: defaultdict[str, defaultdict[str, list[Choice]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        name = parsed(entry.account) if isinstance(entry, data.Open) else None
        if name is not None and _is_choice(name):
            found[name.fund][name.root].append(Choice(name.full, subject_of(name.full)))
    likelier = {"in": ("Income", "Expenses"), "out": ("Expenses", "Income")}
    return tuple(
        ChoiceSet(
            f"{fund}-{direction}",
            tuple(
                ChoiceGroup(ROOT_NAMES[root], tuple(sorted(roots[root], key=lambda choice: choice.label)))
                for root in (*first, "Assets", "Liabilities", "Equity")
                if roots[root]
            ),
        )
        for fund, roots in sorted(found.items())
        for direction, first in likelier.items()
    )


def resolutions_key(account: str) -> str:
    """`resolutions-J01`; the resolutions of a fund are one set of choices."""
    name = parsed(account)
    code = _FUND_CODE.match(name.fund) if name else None
    return f"resolutions-{code[0]}" if code else ""


def resolution_sets(office: OfficeView | None) -> tuple[ChoiceSet, ...]:
    """Each fund's resolutions that money may be paid under, standing rules after those on one matter."""
    found: defaultdict[str, defaultdict[str, list[Choice]]] = defaultdict(lambda: defaultdict(list))
    for code, path in sorted(office.paths.items()) if office is not None else ():
        if path.approved is not None:
            group = "议事规则授权" if path.resolution.matter == "standing" else "决议"
            found[path.resolution.fund][group].append(Choice(code, f"{code} {path.resolution.title}"))
    return tuple(
        ChoiceSet(
            f"resolutions-{fund}",
            tuple(ChoiceGroup(name, tuple(groups[name])) for name in ("决议", "议事规则授权") if groups[name]),
        )
        for fund, groups in sorted(found.items())
    )


def _is_choice(name: AccountName) -> bool:
    chosen = (name.fund_kind, name.subject.code) not in NEVER_CHOSEN
    # The fund's legs by building are computed, so nobody chooses a building.
    return chosen and not name.has_statement and not name.is_suspense and not name.subs
