"""What machines ask: whether the office is well (anybody may), and what the server counts (who watches it)."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from time import monotonic

from flask import Flask, Response

from jiezhang.domain.problem import Refused
from jiezhang.office.health import ailments
from jiezhang.office.sessions import Sessions

from .ledgers import Ledgers
from .office import Office

HEALTH, METRICS = "/jiezhang/health", "/jiezhang/metrics"
LOOK_SECONDS = 1
"""How long an answer holds: anybody may ask, and asking costs the disk something."""

_MEMORY = Path("/proc/self/statm")


class MachineRoutes:
    """`/jiezhang/health` and `/jiezhang/metrics`."""

    def __init__(self, app: Flask, office: Office, ledgers: Ledgers) -> None:
        self._office, self._ledgers = office, ledgers
        self._looking = Lock()
        self._seen: tuple[int | float, tuple[str, ...]] | None = None
        app.add_url_rule(HEALTH, "health", self._health)
        app.add_url_rule(METRICS, "metrics", self._metrics)

    def _health(self) -> Response:
        with self._looking:
            if self._seen is None or monotonic() - self._seen[0] >= LOOK_SECONDS:
                serving = self._office.serving
                self._seen = monotonic(), ailments(self._office.street, serving.home, serving.now())
            wrong = self._seen[1]
        return Response("\n".join(wrong or ("ok",)) + "\n", 503 if wrong else 200, mimetype="text/plain")

    def _metrics(self) -> Response:
        serving = self._office.serving
        gauges = {
            "sessions_open": ("Sessions that count now.", Sessions(serving.home).count(serving.now())),
            "ledgers_loaded": ("Ledgers in memory.", len(self._ledgers.loaded)),
            "standings_stale": ("Compounds whose standing is to be made anew.", self._stale()),
            "resident_bytes": ("Memory of the server's process.", _resident_bytes()),
        }
        text = self._office.metrics.text(gauges)
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    def _stale(self) -> int:
        try:
            return sum(one.is_stale for one in self._office.model.standings().values())
        except (Refused, OSError):
            return -1  # the street can't be read, which the health says


def _resident_bytes() -> int:
    return int(_MEMORY.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
