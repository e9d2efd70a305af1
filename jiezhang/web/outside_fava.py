"""The pages 决议 and 三方 in our own frame, for who may see them and not the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from fava.context import g
from flask import Flask, Response

from .frame import Frame

if TYPE_CHECKING:
    from .ledger import GatedLedger
    from .office_page import OfficePage

PAGES = {"decisions": "DecisionsPage", "parties": "PartiesPage"}


def install(app: Flask, frame: Frame) -> None:
    """The routes; what is asked for stands in `policy`."""
    for name, page in PAGES.items():
        app.add_url_rule(f"/jiezhang/<bfile>/{name}/", f"{name}_outside", _route(frame, page))


def _route(frame: Frame, page: str) -> Callable[[], Response]:
    def show() -> Response:
        ledger = cast("GatedLedger", g.ledger)
        ledger.changed()
        extension = cast("OfficePage", ledger.extensions.get_extension(page))
        content = extension.jinja_env.get_template(f"{page}.html").render(ledger=ledger, extension=extension)
        script = f"/{extension.slug()}/extension_js_module/{page}.js" if extension.has_js_module else ""
        return frame.page("outside.html", name=extension.report_title, content=content, script=script)

    return show
