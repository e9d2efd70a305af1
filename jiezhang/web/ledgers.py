"""All compounds' ledgers, each loaded when somebody opens it: what Fava asks of `app.config["LEDGERS"]`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, RLock

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.registers import read_compound, read_street
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound

from .ledger import GatedLedger

LOADED_MAX = 32


@dataclass(frozen=True, slots=True)
class Listed:
    """A compound in a list, not loaded: `options` is all the menu reads. `compound`: `None` if unreadable."""

    slug: str
    folder: CompoundFolder
    compound: Compound | None

    @property
    def options(self) -> dict[str, str]:
        return {"title": self.compound.component if self.compound else self.folder.path.name}


class Ledgers:
    """Ledgers by slug (`c0007`). At most `loaded_max` stay in memory; one that can't be loaded hurts no other."""

    def __init__(self, street: StreetFolder, loaded_max: int = LOADED_MAX) -> None:
        self.street = street
        self._loaded_max = loaded_max
        self._loaded: OrderedDict[str, GatedLedger] = OrderedDict()
        self._guard = Lock()
        self._locks: dict[str, RLock] = {}
        self._folders: dict[str, CompoundFolder] = {}
        self._compounds: dict[CompoundFolder, tuple[int, Compound]] = {}

    def lock(self, slug: str) -> RLock:
        """The lock that every request for `slug` holds: Fava mixes up the answers of concurrent queries."""
        with self._guard:
            return self._locks.setdefault(slug, RLock())

    def folder(self, slug: str) -> CompoundFolder:
        """`KeyError` when there is no such compound."""
        known = self._folders.get(slug)
        if known is None or not known.path.is_dir():  # looking through 255 folders takes longer than most pages
            self._folders = {slug_of(folder): folder for folder in self.street.compounds()}
            known = self._folders[slug]
        return known

    def __getitem__(self, slug: str) -> GatedLedger:
        """The loaded ledger; `KeyError` for an unknown slug, `Refused` when the gate does not let it load."""
        folder = self.folder(slug)
        with self.lock(slug):
            with self._guard:
                ledger = self._loaded.pop(slug, None)
                if ledger is not None and not ledger.is_stale:
                    self._loaded[slug] = ledger
                    return ledger
            ledger = _load(lambda: GatedLedger(folder, read_street(self.street).city))
            with self._guard:
                self._loaded[slug] = ledger
                while len(self._loaded) > self._loaded_max:
                    self._loaded.popitem(last=False)
            return ledger

    @property
    def loaded(self) -> tuple[str, ...]:
        """The slugs in memory, least recently used first."""
        with self._guard:
            return tuple(self._loaded)

    def items(self) -> list[tuple[str, Listed]]:
        """None for Fava's menu, which would be in every page: our own pages list the compounds one may look into."""
        return []

    def listed(self) -> list[Listed]:
        return [Listed(slug_of(folder), folder, self._compound(folder)) for folder in self.street.compounds()]

    def first_slug(self) -> str:
        return self.listed()[0].slug

    def _compound(self, folder: CompoundFolder) -> Compound | None:
        try:
            changed = (folder.register / "compound.toml").stat().st_mtime_ns
            known = self._compounds.get(folder)
            if known is None or known[0] != changed:
                known = self._compounds[folder] = (changed, read_compound(folder))
        except (Refused, OSError):
            return None
        return known[1]


def slug_of(folder: CompoundFolder) -> str:
    return folder.code.lower()


def _load(load: Callable[[], GatedLedger]) -> GatedLedger:
    """Fava takes any `KeyError` for an unknown slug, and would call every compound lost."""
    try:
        return load()
    except KeyError as wrong:
        raise RuntimeError("a ledger could not be loaded") from wrong
