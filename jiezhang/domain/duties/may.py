"""`may(person, action, compound, day)`: the one answer to whether somebody may do something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..people import has_role, in_office, role_names
from ..problem import Refused
from ..register import Person
from .actions import RULES, Action


def may(person: Person | None, action: Action, compound: str | None, day: date | None = None) -> bool:
    """Whether `person` (`None`: nobody is signed in) may do `action` for `compound` on `day`.

    `compound` `None` asks about the street: true when the action is of the street, or when the person may do it for
    some compound.
    """
    if person is None:
        return False
    rule = RULES[action]
    if compound is None or rule.scope != "compound":
        serves_it = rule.scope != "whole" or not person.compounds
        return serves_it and in_office(person, day) and bool(set(person.roles) & set(rule.roles))
    return has_role(person, rule.roles, compound, day)


def allowed(person: Person | None, compound: str | None, day: date | None = None) -> tuple[Action, ...]:
    """Everything `person` may do for `compound`, in the table's order."""
    return tuple(action for action in RULES if may(person, action, compound, day))


def compounds_of(person: Person, action: Action, codes: Iterable[str], day: date | None = None) -> tuple[str, ...]:
    """Those of `codes` for which `person` may do `action`."""
    return tuple(code for code in codes if may(person, action, code, day))


def refuse_unless(person: Person, action: Action, compound: str | None, day: date | None = None) -> None:
    """`Refused` unless `person` may."""
    if not may(person, action, compound, day):
        rule = RULES[action]
        where = f"小区 {compound} 的" if compound is not None and rule.scope == "compound" else ""
        raise Refused(f"{person.id} {person.name}不能{rule.title}：须是{where}{role_names(rule.roles)}")
