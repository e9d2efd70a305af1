"""What makes a rule of the maintenance fund a Beancount plugin: the register and batches beside the main file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from beancount.core.data import Directive

from jiezhang.book.fund_files import read_fund_files
from jiezhang.book.layout import CompoundFolder
from jiezhang.domain.problem import Finding, Refused
from jiezhang.households.fund import KNOWN
from jiezhang.households.rules.view import FundView, view_of

from ._thin import Plugin

FundRule = Callable[[FundView], list[Finding]]


def look(entries: list[Directive], options_map: Mapping[str, Any]) -> tuple[FundView | None, list[Finding]]:
    """The view of a loaded ledger; or `None`, and why the files beside it can't be read."""
    folder = CompoundFolder(Path(options_map["filename"]).parent)
    try:
        return view_of(str(folder.path), entries, read_fund_files(folder)), []
    except Refused as refused:
        place = {"filename": str(folder.path / refused.file), "lineno": refused.line}
        return None, [Finding(place, refused.message, None, KNOWN)]


def fund_validator(rule: FundRule) -> Plugin:
    """A plugin that returns the entries it got and the rule's findings."""

    def validate(
        entries: list[Directive], options_map: dict[str, Any], config: str = ""
    ) -> tuple[list[Directive], list[Finding]]:
        del config
        view, unreadable = look(entries, options_map)
        return entries, unreadable if view is None else rule(view)

    return validate
