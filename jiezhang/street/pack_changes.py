"""A change of a rule pack, proposed by one person and approved by another, written to the street's log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from jiezhang.book.cells import first_fault
from jiezhang.book.layout import StreetFolder
from jiezhang.book.office_files import read_procedures
from jiezhang.book.pack_log import LOG, digests, log_bytes, read_log
from jiezhang.book.registers import read_street
from jiezhang.book.rulepacks import read_packs
from jiezhang.book.write import lock, write_atomically
from jiezhang.domain.pack_log import PackAdoption, adopted, approve, propose, waiting
from jiezhang.domain.people import known_person
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person


@dataclass(frozen=True, slots=True)
class PackState:
    """A pack in use: its digest now, by which row it was adopted, and which proposal of it waits."""

    pack: str
    sha256: str
    adoption: PackAdoption | None
    proposal: PackAdoption | None

    @property
    def is_adopted(self) -> bool:
        """Whether the street may work by it as it is now."""
        return self.adoption is not None and self.adoption.sha256 == self.sha256


def pack_states(street: StreetFolder) -> list[PackState]:
    """Every pack in use, the nation's and the city's first."""
    street.compounds()  # says so where this is no street
    known = read_street(street)
    log = [row for _, row in read_log(street, known)]
    agreed, asked = adopted(log), waiting(log)
    found = digests(street, known.city)
    return [PackState(pack, digest, agreed.get(pack), asked.get(pack)) for pack, digest in found.items()]


def propose_pack(street: StreetFolder, pack: str, by: str, reason: str, document: str, day: date) -> PackAdoption:
    """Write down that person `by` proposes to work by `pack` as it is now; `Refused` when that changes nothing."""
    return _add(street, pack, by, lambda log, now, person: propose(log, pack, now, person, day, reason, document))


def approve_pack(street: StreetFolder, pack: str, by: str, day: date) -> PackAdoption:
    """Write down that person `by` approves what was proposed for `pack`; `Refused` for the proposer's own."""
    return _add(street, pack, by, lambda log, now, person: approve(log, pack, now, person, day))


def _add(
    street: StreetFolder, pack: str, by: str, act: Callable[[Sequence[PackAdoption], str, Person], PackAdoption]
) -> PackAdoption:
    street.compounds()  # says so where this is no street
    with lock(street.path):
        known = read_street(street)
        person = known_person(known, by, str(street.toml))
        found = digests(street, known.city)
        if pack not in found:
            raise Refused(f"街道没有用规则包 {pack}，在用的有：{'、'.join(found)}")
        log = [row for _, row in read_log(street, known)]
        read_packs(known.city)
        read_procedures(street)  # what could not be worked by is not agreed to
        try:
            row = act(log, found[pack], person)
        except ValidationError as wrong:
            fault = first_fault(PackAdoption, wrong)
            raise Refused(f"“{'.'.join(map(str, fault.where))}”{fault.said}") from None
        write_atomically(street.path / LOG, log_bytes([*log, row]))
    return row
