"""Whom a cost concerns (列支范围): the compound, a building, a stair, or dwellings by name.

Written in a ledger's metadata as `compound`, `building:B01`, `stair:B01/2`, `dwellings:B01-1-101,B01-1-102`. A
building is called what the register calls it, and its control accounts end in that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .problem import Refused

ScopeKind = Literal["compound", "building", "stair", "dwellings"]

_CODE = r"[A-Z0-9][A-Za-z0-9-]*"
_BUILDING = re.compile(rf"building:({_CODE})")
_STAIR = re.compile(rf"stair:({_CODE})/({_CODE})")
_DWELLINGS = re.compile(rf"dwellings:({_CODE}(?:,{_CODE})*)")


@dataclass(frozen=True, slots=True)
class Scope:
    """`building` is empty for the compound and for listed dwellings; `dwellings` is in order of code, none twice."""

    kind: ScopeKind
    building: str = ""
    stair: str = ""
    dwellings: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = {
            "compound": "",
            "building": f":{self.building}",
            "stair": f":{self.building}/{self.stair}",
            "dwellings": f":{','.join(self.dwellings)}",
        }
        return self.kind + place[self.kind]


COMPOUND = Scope("compound")


_SAID = {"全小区": "compound", "幢": "building", "单元": "stair", "户": "dwellings"}


def in_code(text: str) -> str:
    """The scope as ledgers have it, of what a form says (`全小区`, `幢:01`, `单元:01/2`, `户:01-1-101,01-1-102`);
    anything else as it is."""
    kind, colon, place = text.replace("：", ":").partition(":")
    return _SAID.get(kind.strip(), kind.strip()) + colon + place.replace("，", ",").replace("、", ",").strip()


def parse_scope(text: str) -> Scope:
    """The scope written as `text`; `Refused` when it is none, or names a dwelling twice."""
    if text == "compound":
        return COMPOUND
    if found := _BUILDING.fullmatch(text):
        return Scope("building", found[1])
    if found := _STAIR.fullmatch(text):
        return Scope("stair", found[1], found[2])
    if found := _DWELLINGS.fullmatch(text):
        codes = found[1].split(",")
        if len(set(codes)) == len(codes):
            return Scope("dwellings", dwellings=tuple(sorted(codes)))
        raise Refused(f"分摊范围“{text}”里有重复的户")
    raise Refused(f"分摊范围“{text}”应写成 compound、building:幢、stair:幢/单元 或 dwellings:户,户")
