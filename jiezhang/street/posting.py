"""That a month's public statement hangs on the board, recorded on the disk under the folder's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

PHOTO_BYTES_MAX = 10 * 1024 * 1024
PHOTOS_MAX, RECORDS_MAX = 6, 50
"""Of one month: they stay in the books for good."""

PHOTO_KINDS: Mapping[str, bytes] = {
    ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF-",
}  # fmt: skip
"""The endings a photo may have, each with the bytes that such a file begins with."""


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
        of_month = [one for one in before if one.of == month]
        if len(of_month) >= RECORDS_MAX:
            raise Refused(f"{month} 的公示表已登记 {len(of_month)} 处张贴，最多 {RECORDS_MAX} 处")
        if photo is not None and sum(1 for one in of_month if one.photo) >= PHOTOS_MAX:
            raise Refused(f"{month} 的公示表已有 {PHOTOS_MAX} 张照片，不能再附，只登记即可")
        content = _photo(photo) if photo is not None else b""
        name = PurePosixPath(document_name(photo.name, content)).name if photo is not None else ""
        made = _record(month, day, place, person.id, name)
        if any((one.month, one.day, one.place) == (made.month, made.day, made.place) for one in before):
            raise Refused(f"{month} 的公示表 {day} 张贴在{made.place}，已经登记过")
        photos = {f"{PHOTOS}/{name}": content} if name else {}
        write_all(folder.path, {**photos, POSTINGS_FILE: table_bytes([*before, made], PostingRecord)})
    return made


def _photo(photo: Path) -> bytes:
    """Its content; `Refused` for what is no picture, whatever it is called."""
    content, begins = read_document(photo), PHOTO_KINDS.get(photo.suffix.lower())
    if begins is None or not content.startswith(begins):
        raise Refused("照片须是 JPEG、PNG 或 PDF 文件", photo.name)
    if len(content) > PHOTO_BYTES_MAX:
        raise Refused(f"照片超过 {PHOTO_BYTES_MAX // 1024**2} MB，请缩小再附", photo.name)
    return content


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
