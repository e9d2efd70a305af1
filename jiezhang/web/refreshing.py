"""Keeping the read model fresh beside the server: in a process of its own, for threads must not be forked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.problem import Refused
from jiezhang.street.read_model import ReadModel

PAUSE_SECONDS = 2
LIMIT_SECONDS = 60


class Refresher(Thread):
    """Looks every few seconds whether a compound changed, and has its standing made anew."""

    def __init__(self, street: StreetFolder, kept: Path, model: ReadModel) -> None:
        super().__init__(name="refresher", daemon=True)
        self._command = [sys.executable, "-m", __name__, str(street.path), str(kept)]
        self._model, self._stopped = model, Event()

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                stale = any(one.is_stale for one in self._model.standings().values())
            except (Refused, OSError):
                stale = False  # the pages say what is wrong with the street
            if stale:
                subprocess.run(self._command, check=False)  # noqa: S603 - our own module
                self._model.look_again()
            self._stopped.wait(PAUSE_SECONDS)

    def stop(self) -> None:
        """End after what is going on."""
        self._stopped.set()


def main() -> None:
    """Make anew what is stale: STREET KEPT."""
    street, kept = map(Path, sys.argv[1:])
    try:
        ReadModel(StreetFolder(street), kept).refresh(LIMIT_SECONDS)
    except Refused:
        sys.exit(2)


if __name__ == "__main__":
    main()
