"""Running one function over many compounds or files on all cores, with progress."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Step = Callable[[], None]
Progress = Callable[[str, int], AbstractContextManager[Step]]
"""Called with a label and a count; gives a function to call after each item."""

SERIAL_BELOW = 4
CHUNK = 4
_WATCH_SECONDS = 1


def silent(label: str, total: int) -> AbstractContextManager[Step]:
    """No progress at all, for callers that are not a person."""
    del label, total
    return nullcontext(lambda: None)


def run(
    function: Callable[[Item], Result], items: Sequence[Item], label: str = "", progress: Progress = silent
) -> list[Result]:
    """`function` of every item, in the items' order; an exception of the first failing item is raised."""
    results: list[Result] = []
    with progress(label, len(items)) as step:
        if len(items) < SERIAL_BELOW or (os.cpu_count() or 1) == 1:
            for item in items:
                results.append(function(item))
                step()
            return results
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(
            os.cpu_count(), mp_context=context, initializer=_end_with, initargs=(os.getpid(),)
        ) as pool:
            for result in pool.map(function, items, chunksize=max(1, min(CHUNK, len(items) // 4))):
                results.append(result)
                step()
    return results


def _end_with(parent: int) -> None:
    """Let a worker end when its parent is gone; one whose parent was killed would wait for work for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
