"""That a month's public statement hangs on the board, recorded on the disk under the folder's lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from jiezhang.book.commit import exclusive
from jiezhang.book.documents import read_document
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import Ledger, load_unlocked
from jiezhang.book.registers import read_numbered, read_street, table_bytes
from jiezhang.book.write import write_all
from jiezhang.close.attaching import document_name
from jiezhang.close.completing import waiting
from jiezhang.domain.duties.may import refuse_unless
from jiezhang.domain.people import known_person
from jiezhang.domain.period import Month
from jiezhang.domain.postings import PHOTOS, POSTINGS_FILE, PostingRecord
from jiezhang.domain.problem import Refused
from jiezhang.domain.text import clean


def read_postings(folder: CompoundFolder) -> list[PostingRecord]:
    """Every record, in order; `Refused` with file and line at the first wrong one."""
    path = folder.path / POSTINGS_FILE
    return [record for _, record in read_numbered(path, PostingRecord)] if path.exists() or path.is_symlink() else []


def photo_of(folder: CompoundFolder, record: PostingRecord) -> Path | None:
    """Where the photo lies; `None` when there is none."""
    path = folder.path / PHOTOS / record.photo
    return path if record.photo and path.is_file() and not path.is_symlink() else None


def post_up(
    street: StreetFolder, folder: CompoundFolder, actor: str, month: Month, day: date, place: str,
    photo: Path | None, today: date,
) -> PostingRecord:  # fmt: skip
    """Record that the statement of `month` hangs at `place` since `day`; `Refused` leaves everything as it was."""
    known = read_street(street)
    person = known_person(known, actor, str(street.toml))
    with exclusive(folder):
        refuse_unless(person, "publish", folder.code, today)
        before = read_postings(folder)
        _refuse_early(load_unlocked(folder, known.city), month, day, today)
        content = read_document(photo) if photo is not None else b""
        name = PurePosixPath(document_name(photo.name, content)).name if photo is not None else ""
        made = _record(month, day, place, person.id, name)
        if any((one.month, one.day, one.place) == (made.month, made.day, made.place) for one in before):
            raise Refused(f"{month} 的公示表 {day} 张贴在{made.place}，已经登记过")
        photos = {f"{PHOTOS}/{name}": content} if name else {}
        write_all(folder.path, {**photos, POSTINGS_FILE: table_bytes([*before, made], PostingRecord)})
    return made


def _refuse_early(ledger: Ledger, month: Month, day: date, today: date) -> None:
    if not Month.of(ledger.compound.start) <= month or today <= month.last_day:
        raise Refused(f"小区 {ledger.folder.code} 还没有 {month} 的公示表")
    if not month.last_day < day <= today:
        raise Refused(f"张贴的日期须在 {month} 月末以后，不能晚于今天")
    left = sum(1 for entry in waiting(ledger.entries) if month.contains(entry.date))
    if left:
        raise Refused(f"{month} 还有 {left} 笔没有过账，公示表还是样稿，全部过账以后再张贴")


def _record(month: Month, day: date, place: str, person: str, photo: str) -> PostingRecord:
    try:
        return PostingRecord(month=str(month), day=day, place=clean(place), person=person, photo=photo)
    except ValidationError:
        raise Refused("张贴在哪里没有写，或写得太长，或有不能使用的字符") from None


def posted_months(records: Sequence[PostingRecord]) -> tuple[Month, ...]:
    """The months whose statement was posted."""
    return tuple(sorted({one.of for one in records}))
