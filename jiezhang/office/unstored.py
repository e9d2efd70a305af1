"""Files of the street that git cannot keep: nobody can read them, or it takes their content but not their name. The
office goes on without them, and says so wherever it is asked for its health."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from jiezhang.book.write import write_atomically

from .home import OfficeHome

UNSTORED = "unstored.json"
"""A file of the home with their names, relative to the street; not there when there are none."""
_BLOCK = 1 << 20


def unstored(home: OfficeHome) -> tuple[str, ...]:
    """Their names, as of when somebody last looked."""
    try:
        said = json.loads((home.path / UNSTORED).read_text("ascii"))
    except FileNotFoundError:
        return ()
    return tuple(str(name) for name in said)


def note_unstored(home: OfficeHome, paths: Sequence[str], found: Collection[str]) -> tuple[str, ...]:
    """Note which they are below `paths`; gives those that were not noted before. One at a time may call this."""
    known = unstored(home)
    elsewhere = [name for name in known if not any(below(name, path) for path in paths)]
    if names := sorted({*elsewhere, *found}):
        write_atomically(home.path / UNSTORED, json.dumps(names).encode("ascii"))
    elif known:
        (home.path / UNSTORED).unlink()
    return tuple(sorted(set(found) - set(known)))


def below(name: str, path: str) -> bool:
    """Whether the file `name` is `path` or in it; everything is in `.`."""
    return path == "." or name == path or name.startswith(f"{path}/")


def is_readable(file: Path) -> bool:
    """Whether all of a file can be read, as git must to keep it."""
    try:
        with file.open("rb") as content:
            while content.read(_BLOCK):
                pass
    except OSError:
        return False
    return True


def shown(names: Sequence[str]) -> str:
    """Names for a person to read."""
    return "、".join(name.encode(errors="surrogateescape").decode(errors="replace") for name in names)
