"""What decisions of the sample go by: the procedures that ship with the program, and the city's rule packs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from jiezhang.book.layout import StreetFolder
from jiezhang.book.office_files import read_procedures
from jiezhang.book.rulepacks import read_packs
from jiezhang.domain.approval.procedure import Procedure
from jiezhang.domain.rulepack import RulePack

CITY_PACK: Final = "hangzhou"


@lru_cache(maxsize=1)
def procedures() -> Mapping[str, Procedure]:
    """Every procedure by its code; the sample's street has none of its own."""
    return read_procedures(StreetFolder(Path("/nowhere")))


@lru_cache(maxsize=1)
def packs() -> tuple[RulePack, ...]:
    """The nation's pack and the city's."""
    return tuple(read_packs(CITY_PACK))


def procedure_for(wanted: str, matter: str) -> Procedure:
    """The procedure `wanted`, or the first that may decide about `matter` where that one may not."""
    known = procedures()
    able = [one for one in known.values() if matter in one.matters]
    return next((one for one in able if one.code == wanted), able[0])
