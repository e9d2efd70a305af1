"""An auditor's part in a draw, kept in the office's home until they sign: without it the sample would be gone with the
page. It is for showing the sample again; a proof of other figures draws nothing."""

from __future__ import annotations

from pathlib import Path

from jiezhang.book.write import write_atomically
from jiezhang.domain.history.vrf import PROOF_BYTES
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person
from jiezhang.office.home import OfficeHome

FOLDER = "draws"


class Draws:
    """By compound, month and auditor."""

    def __init__(self, home: OfficeHome) -> None:
        self._folder = home.path / FOLDER

    def keep(self, code: str, month: Month, person: Person, proof: bytes) -> None:
        """In the place of what was there."""
        write_atomically(self._path(code, month, person), proof.hex().encode() + b"\n")

    def find(self, code: str, month: Month, person: Person) -> bytes | None:
        """`None` when nothing was drawn here, or what is kept is no proof."""
        try:
            proof = bytes.fromhex(self._path(code, month, person).read_text("ascii"))
        except (OSError, ValueError):
            return None
        return proof if len(proof) == PROOF_BYTES else None

    def _path(self, code: str, month: Month, person: Person) -> Path:
        return self._folder / f"{code}-{month}-{person.id}.hex"
