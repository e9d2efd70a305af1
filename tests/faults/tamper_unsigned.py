"""Tamperings with what no party signs of the newest month: who closed it, and what the office said to differences.

Both are known only after the parties have signed; the receipts that `close` hands them hold the office to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from jiezhang.book.seal_files import explanations_name
from jiezhang.domain.tri_party.month_seal import MonthSeal
from tests.faults.tamper_seals import written
from tests.faults.tamper_street import SECOND, Changes, Sealed
from tests.faults.tamper_text import Tampering


def unsigned_part(sealed: Sealed, chance: Random) -> Changes:
    """What no party signs: who closed a month, explanations, the format, a signature said twice. In the newest seal
    only a receipt tells that another of the office closed it, or that it said something else."""
    first, newest = sealed.seals
    updates: list[tuple[MonthSeal, Mapping[str, Any]]] = [
        (first, {"closed_by": "K01"}),
        (first, {"explanations": (("D2026-07-A01-01", "无"),)}),
        (newest, {"closed_by": chance.choice(["F01", "B01", "K09", ""])}),
        (newest, {"closed_by": "K01"}),
        (newest, {"explanations": ()}),
        (newest, {"explanations": tuple((name, f"{said}，经研究") for name, said in newest.explanations)}),
        (newest, {"explanations": (*newest.explanations, ("D2026-08-B01-01", "已核对"))}),
        (newest, {"format": "jiezhang-seal-2"}),
        (newest, {"signed": (*newest.signed, newest.signed[-1])}),
    ]
    seal, update = chance.choice(updates)
    return written(sealed, seal.model_copy(update=update))


def said_again(sealed: Sealed, chance: Random) -> Changes:
    """What the office said to the newest month's differences, said otherwise in the seal and in the file beside it; or
    said by another person, or in other bytes, in the file alone."""
    newest, name = sealed.seals[-1], explanations_name(SECOND)
    text, word = sealed.text(name), chance.choice(["查明", "无误", "已补"])
    if chance.random() < 0.4:
        return sealed.write(name, chance.choice([text.replace("K01", "K02"), text + "\n", text.replace("\n", "\r\n")]))
    said = tuple((code, one.replace("已核对", word)) for code, one in newest.explanations)
    new = newest.model_copy(update={"explanations": said})
    return {**written(sealed, new), **sealed.write(name, text.replace("已核对", word))}


UNSIGNED: Mapping[str, tuple[int, Tampering]] = {
    "seals: what nobody signs": (3, unsigned_part),
    "seals: explanations said otherwise": (2, said_again),
}
"""How often of each, and how."""
