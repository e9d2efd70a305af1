"""Reading the rule packs that ship with the program."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from jiezhang.domain.problem import Refused
from jiezhang.domain.rulepack import RulePack


@cache
def read_packs(city: str) -> tuple[RulePack, ...]:
    """The nation's pack and the city's, in that order; `Refused` when the program has none of that city."""
    folder = resources.files("rules")
    city_file = folder / f"{city}.toml"
    if not city_file.is_file():
        known = sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml"))
        raise Refused(f"没有“{city}”的规则包，现有：{'、'.join(known)}", "street.toml")
    files = [folder / "national.toml"] + ([city_file] if city != "national" else [])
    return tuple(RulePack.model_validate(tomllib.loads(file.read_text("utf-8"))) for file in files)
