"""What the server counts of itself since it started, in Prometheus' text format."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from jiezhang.domain.problem import ManyRefused, Refused

BUCKETS_MS = (10, 50, 100, 250, 500, 1_000, 2_500, 10_000)

Ended = Literal["done", "refused", "failed"]
_ENDS: tuple[Ended, ...] = ("done", "refused", "failed")
_MS = 1_000_000


@dataclass(slots=True)
class _Timed:
    """How long the answers of one route took."""

    within: list[int] = field(default_factory=lambda: [0] * len(BUCKETS_MS))
    count: int = 0
    total_ns: int = 0

    def add(self, ns: int) -> None:
        self.count += 1
        self.total_ns += ns
        for at, limit in enumerate(BUCKETS_MS):
            self.within[at] += ns <= limit * _MS


class Metrics:
    """Counters, of any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._timed: defaultdict[str, _Timed] = defaultdict(_Timed)
        self._acts: Counter[Ended] = Counter()

    def answered(self, route: str, status: int, ns: int) -> None:
        """A request to `route` (the rule, never the address) was answered after so many nanoseconds."""
        with self._lock:
            self._requests[route, status] += 1
            self._timed[route].add(ns)

    @contextmanager
    def act(self) -> Iterator[None]:
        """Count how the act within ends."""
        ended: Ended = "failed"
        try:
            yield
            ended = "done"
        except (Refused, ManyRefused):
            ended = "refused"
            raise
        finally:
            with self._lock:
                self._acts[ended] += 1

    def text(self, gauges: Mapping[str, tuple[str, int]]) -> str:
        """Everything counted, then `gauges`: by name what each is, and how much now."""
        with self._lock:
            lines = [*self._of_requests(), *self._of_times(), *self._of_acts()]
        for name, (said, value) in gauges.items():
            lines += [*_head(name, "gauge", said), f"jiezhang_{name} {value}"]
        return "\n".join(lines) + "\n"

    def _of_requests(self) -> Iterator[str]:
        yield from _head("requests_total", "counter", "Requests answered, by route and status.")
        for (route, status), count in sorted(self._requests.items()):
            yield f'jiezhang_requests_total{{route="{_quoted(route)}",status="{status}"}} {count}'

    def _of_times(self) -> Iterator[str]:
        name = "jiezhang_request_seconds"
        yield from _head("request_seconds", "histogram", "Seconds until the answer was sent, by route.")
        for route, timed in sorted(self._timed.items()):
            label = f'route="{_quoted(route)}"'
            for limit, count in zip(BUCKETS_MS, timed.within, strict=True):
                yield f'{name}_bucket{{{label},le="{limit / 1000:g}"}} {count}'
            yield f'{name}_bucket{{{label},le="+Inf"}} {timed.count}'
            yield f"{name}_sum{{{label}}} {timed.total_ns / 1_000_000_000:.6f}"
            yield f"{name}_count{{{label}}} {timed.count}"

    def _of_acts(self) -> Iterator[str]:
        yield from _head("acts_total", "counter", "Acts asked for on the web, by how they ended.")
        for ended in _ENDS:
            yield f'jiezhang_acts_total{{ended="{ended}"}} {self._acts[ended]}'


def _head(name: str, kind: str, said: str) -> tuple[str, str]:
    return f"# HELP jiezhang_{name} {said}", f"# TYPE jiezhang_{name} {kind}"


def _quoted(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
