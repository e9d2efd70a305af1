"""What makes a rule of approval a Beancount plugin: people, procedures, keys and votes beside the books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from beancount.core.data import Directive

from jiezhang.book.fund_files import read_fund_register
from jiezhang.book.layout import CompoundFolder
from jiezhang.book.office_files import read_office_files
from jiezhang.domain.approval.rules import UNREADABLE
from jiezhang.domain.approval.view import OfficeView, office_view
from jiezhang.domain.fund_register import FundRegister
from jiezhang.domain.problem import Finding, Refused

from ._thin import Plugin

OfficeRule = Callable[[OfficeView], list[Finding]]


def look_at_office(
    entries: list[Directive], options_map: Mapping[str, Any], register: FundRegister | None = None
) -> tuple[OfficeView | None, list[Finding]]:
    """The view of a loaded ledger; or `None`, and why the files beside it can't be read.

    `register` spares reading the tables of dwellings again.
    """
    folder = CompoundFolder(Path(options_map["filename"]).parent)
    try:
        known = register or read_fund_register(folder)
        return office_view(str(folder.path), entries, read_office_files(folder, known)), []
    except Refused as refused:
        place = {"filename": str(folder.path / refused.file), "lineno": refused.line}
        return None, [Finding(place, refused.message, None, UNREADABLE)]


def office_validator(rule: OfficeRule) -> Plugin:
    """A plugin that returns the entries it got and the rule's findings."""

    def validate(
        entries: list[Directive], options_map: dict[str, Any], config: str = ""
    ) -> tuple[list[Directive], list[Finding]]:
        del config
        view, unreadable = look_at_office(entries, options_map)
        return entries, unreadable if view is None else rule(view)

    return validate
