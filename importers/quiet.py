"""Nothing on standard error while a foreign library works that prints its own crashes there."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STANDARD_ERROR = 2
_alone = threading.Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """calamine reports damaged bytes by a Rust panic, twenty lines of English that no bookkeeper should read.

    The whole process is quiet meanwhile; threads take turns. Without a standard error there is nothing to do.
    """
    with _alone:
        try:
            saved = os.dup(_STANDARD_ERROR)
        except OSError:
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, _STANDARD_ERROR)
            yield
        finally:
            os.dup2(saved, _STANDARD_ERROR)
            os.close(nowhere)
            os.close(saved)
