"""`jiezhang` in a process of its own that dies of SIGKILL at the n-th step it takes on the disk.

A step is a rename, a flush, the making or the removal of a file or a folder: between two of them the disk looks the
same, so dying at every step is dying at every moment that matters.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from jiezhang.cli.main import main

STEPS = ("replace", "rename", "fsync", "mkdir", "rmdir", "unlink")

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["jiezhang.street.booking", "jiezhang.street.importing", "tests.faults.crash"])


def die_at(step: int, command: Sequence[str]) -> bool:
    """Run `jiezhang COMMAND` until just before its `step`-th step; whether it came so far."""
    process = _server.Process(target=_doomed, args=(step, command))
    process.start()
    process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def _doomed(at: int, command: Sequence[str]) -> None:
    taken = 0

    def deadly(step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*args: Any, **kwargs: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*args, **kwargs)

        return take

    with open(os.devnull, "w") as silence:  # noqa: PTH123
        os.dup2(silence.fileno(), 1)
        os.dup2(silence.fileno(), 2)
    for name in STEPS:
        setattr(os, name, deadly(getattr(os, name)))
    main(command)
