"""Reading the rule packs that ship with the program."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from jiezhang.domain.problem import Refused
from jiezhang.domain.rulepack import Clash, RulePack

_TOML_PLACE = re.compile(r"at line (\d+)")


def shipped() -> Path:
    """The folder of the packs that come with the program."""
    return Path(str(resources.files("rules")))


def stamp(path: Path) -> tuple[int, int]:
    """When a file was last written (ns), and its size: what a cache of it is kept under."""
    known = path.stat()
    return known.st_mtime_ns, known.st_size


def read_packs(city: str) -> tuple[RulePack, ...]:
    """The nation's pack and the city's, in that order; `Refused` when the program has none of that city.

    A file is read once, and again when it was changed: an approved change must not wait for a restart.
    """
    folder = shipped()
    city_file = folder / f"{city}.toml"
    if not city_file.is_file():
        raise Refused(f"没有“{city}”的规则包，现有：{'、'.join(pack_names())}", "street.toml")
    files = [folder / "national.toml"] + ([city_file] if city != "national" else [])
    return tuple(_read(file, stamp(file)) for file in files)


@lru_cache(maxsize=64)
def _read(file: Path, _stamp: tuple[int, int]) -> RulePack:
    return parse_pack(file.read_text("utf-8"), f"rules/{file.name}")


def pack_names() -> list[str]:
    """The packs there are, as `street.toml` names them."""
    return sorted(path.stem for path in shipped().glob("*.toml"))


def parse_pack(text: str, file: str) -> RulePack:
    """A rule pack from TOML `text`; `Refused` naming `file` and the line of the first thing wrong."""
    try:
        fields = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as wrong:
        place = _TOML_PLACE.search(str(wrong))
        raise Refused("TOML 写法有误", file, int(place[1]) if place else text.count("\n") + 1) from None
    try:
        return RulePack.model_validate(fields)
    except ValidationError as wrong:
        raise _refused(wrong.errors()[0], text, file) from None


def _refused(wrong: ErrorDetails, text: str, file: str) -> Refused:
    cause, loc = wrong.get("ctx", {}).get("error"), wrong["loc"]
    line = _line(text, (*loc, cause.index) if isinstance(cause, Clash) else loc)
    field = next((part for part in reversed(loc) if isinstance(part, str)), "")
    match wrong["type"]:
        case "value_error":
            return Refused(str(cause), file, line)
        case "missing":
            return Refused(f"规则包的“{field}”没有填写", file, line)
        case "extra_forbidden":
            return Refused(f"规则包里没有“{field}”这一项", file, line)
        case _:
            return Refused(f"规则包的“{field}”写法不对", file, line)


def _line(text: str, where: Sequence[str | int]) -> int:
    """The line of `rules`, 3, `value`: the field's, or of the fourth `[[rules]]` when it is not written."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines, 1) if line.strip() == f"[[{where[0]}]]"]
    if len(where) < 2 or not isinstance(where[1], int) or where[1] >= len(heads):
        top = re.compile(rf"\s*{re.escape(str(where[0]))}\s*=")
        return next((number for number, line in enumerate(lines, 1) if top.match(line)), (heads or [1])[0])
    head = heads[where[1]]
    field = re.compile(rf"\s*{re.escape(str(where[2]))}\s*=") if len(where) > 2 else None
    for number, line in enumerate(lines[head:], head + 1):
        if field is None or line.startswith("[["):
            break
        if field.match(line):
            return number
    return head
