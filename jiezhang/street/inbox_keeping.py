"""Files that are put into `inbox/`, and those that are taken out of it again: moved aside, never deleted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from jiezhang.book.layout import StreetFolder
from jiezhang.book.write import move_all, write_atomically
from jiezhang.domain.problem import Refused

from .importing import LITTER

FILES_MAX = 10_000
BYTES_MAX = 2 * 1024**3
"""What the inbox holds at most, imported files among it: two years of a street of a hundred compounds."""

_GITS_OWN = re.compile(r"git~1[ .]*(:|\\|$)", re.IGNORECASE)


def is_gits_own(name: str) -> bool:
    """Whether `name` means `.git` on the disk of a Windows computer, where git takes no file of that name."""
    return _GITS_OWN.match(name) is not None


def put(street: StreetFolder, code: str, files: Mapping[str, bytes]) -> int:
    """Keep `files` in the inbox, in the folder of the compound `code` where one is given; how many are new.

    One that is there already, by its bytes, is not kept twice. `Refused`, and none is kept, for a name that is taken,
    or when the inbox is full.
    """
    place = street.inbox / street.compound(code).path.name if code else street.inbox
    if place.exists() and not place.is_dir():
        raise Refused(f"收件夹里有一个文件占了小区文件夹的名字“{place.name}”，请先移出")
    folders = set() if code else {folder.path.name.casefold() for folder in street.compounds()}
    new = {}
    for name, content in files.items():
        target = place / name
        is_temporary = name in LITTER or name.startswith("~$") or is_gits_own(name)
        if is_temporary or name.casefold() in folders or target.is_dir():
            raise Refused(f"“{name}”是文件夹或临时文件的名字，请改名再放")
        if target.exists():
            if target.read_bytes() == content:
                continue
            raise Refused(f"收件夹里已有名为“{name}”的文件，内容不同，请改名再放")
        new[target] = content
    _refuse_full(street, new.values())
    for target, content in new.items():
        write_atomically(target, content)
    return len(new)


def _refuse_full(street: StreetFolder, more: Collection[bytes]) -> None:
    sizes = [path.stat().st_size for path in street.inbox.rglob("*") if path.is_file()]
    given = [len(content) for content in more]
    if len(sizes) + len(given) > FILES_MAX:
        raise Refused(f"收件夹里已有 {len(sizes)} 个文件，最多 {FILES_MAX} 个，请先把已经导入的移出")
    if sum(sizes) + sum(given) > BYTES_MAX:
        raise Refused(f"收件夹最多放 {BYTES_MAX // 1024**2} MB，这次放不下，请先把已经导入的移出")


def take_out(street: StreetFolder, chosen: Sequence[Path], now: datetime) -> str:
    """Move files of the inbox to a folder of this moment beside it, their folders kept; its path from the street on.

    `now` names the folder. `Refused`, and none is moved, when one is there no more.
    """
    still_there(street, chosen)
    moment = now.strftime("%Y-%m-%d-%H%M%S")
    names = [moment, *(f"{moment}-{number}" for number in range(2, 1000))]
    place = next(place for name in names if not (place := street.set_aside / name).exists())
    move_all({path: place / path.relative_to(street.inbox) for path in chosen})
    return place.relative_to(street.path).as_posix()


def still_there(street: StreetFolder, chosen: Sequence[Path]) -> Sequence[Path]:
    """`chosen`, once it is their turn; `Refused` when others moved one away meanwhile."""
    for path in chosen:
        if not path.is_file():
            name = path.relative_to(street.inbox).as_posix()
            raise Refused(f"收件夹里已经没有“{name}”，可能刚被别人移出，请刷新页面后再做")
    return chosen
