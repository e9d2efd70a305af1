"""Our own pages beside Fava's: the list of compounds, and a sentence when something can't be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Response
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"

environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True, slots=True)
class StartRow:
    """One compound in the list; `waiting` counts rows not posted, `wrong` says why the compound can't be read."""

    slug: str
    code: str
    name: str
    community: str
    waiting: int
    wrong: str


def start_page(street: str, rows: Sequence[StartRow]) -> str:
    return environment.get_template("start.html").render(street=street, rows=rows)


def sentence_page(title: str, message: str, place: str = "", back: str = "/", link: str = "返回") -> str:
    """A page that says one sentence; `place` is a file and line, `back` where the only link leads."""
    return environment.get_template("sentence.html").render(
        title=title, message=message, place=place, back=back, link=link
    )


def sentence_response(status: int, title: str, message: str, place: str = "", back: str = "/") -> Response:
    return Response(sentence_page(title, message, place, back), status, mimetype="text/html")
