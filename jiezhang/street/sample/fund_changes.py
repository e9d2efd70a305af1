"""What becomes of dwellings: sold on, sold for the first time, split, merged, renumbered, lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.fund_register import Change, ChangeKind
from jiezhang.domain.register import Dwelling

_NOTES: Final = {
    "sale": "二手房转移登记",
    "split": "不动产分割登记",
    "merge": "两户合并登记",
    "renumber": "门牌号重新编排",
    "loss": "底层临街，道路拓宽拆除",
}


class Picks:
    """Dwellings to tell something of, each once: sold commodity housing in an order drawn once, at most a third."""

    def __init__(self, rng: Random, dwellings: Sequence[Dwelling]) -> None:
        self._rng = rng
        sold = [one for one in dwellings if one.status == "sold"]
        self._free = [one for one in sold if one.nature == "commercial"]
        rng.shuffle(self._free)
        del self._free[len(sold) // 3 :]
        self._all = dwellings
        self._taken: set[str] = set()

    @property
    def taken(self) -> frozenset[str]:
        return frozenset(self._taken)

    def one(self) -> Dwelling | None:
        """The next dwelling; `None` when there are none left."""
        return self._take(self._free[:1])

    def on_the_ground(self) -> Dwelling | None:
        """The next on the ground floor."""
        return self._take([one for one in self._free if one.room[:-2] == "1"][:1])

    def unsold(self) -> Dwelling | None:
        """One that the developer has not sold yet."""
        return self._take([one for one in self._all if one.status == "unsold" and one.code not in self._taken][:1])

    def neighbours(self) -> tuple[Dwelling, Dwelling] | None:
        """Two on one floor."""
        for one in self._free:
            for other in self._all:
                alike = one.building, one.stair, one.room[:-2], one.nature, one.status
                same = alike == (other.building, other.stair, other.room[:-2], other.nature, other.status)
                if same and one.code < other.code and other.code not in self._taken:
                    self._take([one])
                    self._take([other])
                    return one, other
        return None

    def owner(self) -> str:
        """A pseudonym for whoever comes anew."""
        return f"Y9{self._rng.randrange(1000):03d}{self._rng.choice('ACDEFGHJKLMNPQRTUVWXY')}"

    def _take(self, found: list[Dwelling]) -> Dwelling | None:
        for one in found:
            self._taken.add(one.code)
            self._free = [other for other in self._free if other is not one]
            return one
        return None


def change(kind: ChangeKind, day: date, picks: Picks) -> Change | None:
    """A change of `kind` on `day`; `None` when no dwelling is fit for it."""
    if kind == "merge":
        pair = picks.neighbours()
        if pair is None:
            return None
        merged = f"{pair[0].code}H={pair[0].area_m2 + pair[1].area_m2}"
        return _change(kind, day, dwellings=f"{pair[0].code},{pair[1].code}", into=merged)
    one = picks.on_the_ground() if kind == "loss" else picks.one()
    if one is None:
        return None
    code, area = one.code, one.area_m2
    if kind == "split":
        part = (area * 60 / 100).quantize(Decimal("0.01"))
        return _change(kind, day, dwellings=code, into=f"{code}A={part},{code}B={area - part}")
    if kind == "renumber":
        return _change(kind, day, dwellings=code, into=f"{code}A={area}")
    return _change(kind, day, dwellings=code, owner=picks.owner() if kind == "sale" else "")


def first_sale(day: date, dwelling: Dwelling, picks: Picks) -> Change:
    """An unsold dwelling gets its first owner."""
    return _change("sale", day, dwellings=dwelling.code, owner=picks.owner(), note="新房首次转移登记")


def _change(kind: ChangeKind, day: date, **row: str) -> Change:
    given = {"code": "BG", "date": day, "kind": kind, "note": _NOTES[kind], **row}
    return Change.model_validate(given)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """By day and numbered, as a register is kept."""
    return tuple(
        one.model_copy(update={"code": f"BG-{number:03d}"})
        for number, one in enumerate(sorted(changes, key=lambda one: one.date), start=1)
    )
