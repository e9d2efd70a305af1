"""Every rule of the books in one plugin, the only one a main file names; it stamps the options so that readers know."""

from __future__ import annotations

from typing import Any

from beancount.core.data import Directive, entry_sortkey

from jiezhang.domain.approval import rules as approval_rules
from jiezhang.domain.approval.rules import tri_party
from jiezhang.domain.approval.view import OFFICE_KEY
from jiezhang.domain.problem import Finding
from jiezhang.domain.rules import strict
from jiezhang.households import rules as fund_rules
from jiezhang.households.rules.view import VIEW_KEY

from ._fund import look
from ._office import look_at_office

__plugins__ = ("validate_strict",)


def validate_strict(
    entries: list[Directive], options_map: dict[str, Any], config: str = ""
) -> tuple[list[Directive], list[Finding]]:
    """The entries as they came, and what the parties signed of the months; what the rules found, and `options_map`
    stamped with the rules that ran.

    It also carries the replay of the fund and the paths of resolutions, so that queries and papers need no second one.
    """
    del config
    found = strict.find(entries, options_map)
    view, unreadable = look(entries, options_map)
    found += unreadable if view is None else fund_rules.find(view)
    office, unreadable = look_at_office(entries, options_map, view.files.register if view is not None else None)
    found += unreadable if office is None else approval_rules.find(office)
    entries = entries if office is None else _sorted([*entries, *tri_party.add(office)], len(entries))
    options_map[VIEW_KEY] = view
    options_map[OFFICE_KEY] = office
    options_map[strict.STAMP_KEY] = fund_rules.STAMP
    return entries, found


def _sorted(entries: list[Directive], before: int) -> list[Directive]:
    """In Beancount's order again, where any were added to the first `before`."""
    return entries if len(entries) == before else sorted(entries, key=entry_sortkey)
