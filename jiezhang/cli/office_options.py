"""What the commands about the office itself share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .terminal import actor_of

if TYPE_CHECKING:
    from jiezhang.book.layout import StreetFolder
    from jiezhang.office.acts import Acts
    from jiezhang.office.home import OfficeHome
    from jiezhang.office.operation_log import Who


def now() -> datetime:
    """The moment on the machine's clock."""
    return datetime.now(tz=UTC)


def who_acts(context: click.Context, street: StreetFolder) -> Who:
    """Whom `--as` names; nobody, for what a timer runs, when nobody is named."""
    from jiezhang.office.operation_log import NOBODY, Who

    return Who.of(actor_of(context, street)) if context.find_root().params.get("actor") else NOBODY


def home_of(context: click.Context, street: StreetFolder) -> OfficeHome:
    """The office's home: the same for every command, whichever way it is named (`jiezhang --home`)."""
    from jiezhang.office.home import open_home

    given = context.find_root().params.get("home")
    return open_home(street, Path(given) if given else None)


def acts_of(context: click.Context, street: StreetFolder) -> Acts:
    """The office of a street: its log, its repository, and what carries out acts."""
    from jiezhang.office.acts import Acts
    from jiezhang.office.operation_log import OperationLog
    from jiezhang.office.repository import open_repository

    street.compounds()  # which says so when this is no street
    home = home_of(context, street)
    return Acts(home, street, OperationLog(home), open_repository(street, now(), home))
