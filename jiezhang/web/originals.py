"""The originals behind a voucher: the bank's row and file, the papers kept here, what the payment rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from beancount.core import data
from fava.context import g
from flask import Flask, Response, request, send_file

from jiezhang.book.layout import CompoundFolder
from jiezhang.domain.booking import bank_legs
from jiezhang.domain.papers import PAPERS_KEY, documents_of
from jiezhang.domain.period import Month
from jiezhang.street.importing import digest_of

from .wording import where_of

if TYPE_CHECKING:
    from .ledger import GatedLedger

SHOWN = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".txt"})
"""What a browser shows by itself; anything else is kept by who opens it."""


@dataclass(frozen=True, slots=True)
class BankRow:
    """A row of a statement, as it was imported; amounts in yuan. `file`: where the bank's file is kept, from the
    compound's folder on, empty if none has the row's digest."""

    where: str
    time: str
    amount: Decimal
    balance: Decimal | None
    counterparty_account: str
    row: str
    file: str


@dataclass(frozen=True, slots=True)
class Behind:
    """All that a voucher rests on. `documents`: name and path of each paper kept here; `papers`: how many are kept in
    the binder; `basis`: what else it names (合同、验收、…), each with its word."""

    rows: tuple[BankRow, ...]
    documents: tuple[tuple[str, str], ...]
    papers: str
    basis: tuple[tuple[str, str], ...]


_BASIS = {
    "contract": "合同", "accepted": "验收", "project": "维修项目", "household": "户号", "bond": "国债",
    "paid_outside": "资金外支付", "deposit": "交存", "transfer": "划转",
}  # fmt: skip
_VALUES = {"first": "首期", "top-up": "续交"}


def behind(entry: data.Transaction, kept: Mapping[str, str]) -> Behind:
    """What `entry` rests on; `kept` has the bank's files by their digest."""
    said = {key: value for posting in entry.postings for key, value in (posting.meta or {}).items()} | entry.meta
    return Behind(
        rows=tuple(_row(entry, leg, kept) for leg in bank_legs(entry)),
        documents=tuple((Path(path).name, path) for path, _ in documents_of(entry)),
        papers=str(entry.meta.get(PAPERS_KEY, "")),
        basis=tuple(
            (word, _VALUES.get(str(said[key]), str(said[key]))) for key, word in _BASIS.items() if said.get(key)
        ),
    )


def _row(entry: data.Transaction, leg: data.Posting, kept: Mapping[str, str]) -> BankRow:
    meta = leg.meta or {}
    balance = meta.get("bank-balance")
    assert leg.units is not None and leg.units.number is not None
    return BankRow(
        where=where_of(leg.account),
        time=f"{entry.date} {entry.meta.get('time', '')}".rstrip(),
        amount=leg.units.number,
        balance=balance if isinstance(balance, Decimal) else None,
        counterparty_account=str(entry.meta.get("counterparty-account", "")),
        row=str(meta.get("source-row", "")),
        file=kept.get(str(meta.get("source-sha256", "")), ""),
    )


def kept_by_digest(folder: CompoundFolder, month: Month) -> dict[str, str]:
    """Path from the compound's folder on of the bank's files that may have rows of `month`: a file is kept under the
    month of its last row."""
    found = {}
    for path in folder.kept_files():
        if path.parent.name >= str(month):
            stat = path.stat()
            found[_digest(path, stat.st_mtime_ns, stat.st_size)] = path.relative_to(folder.path).as_posix()
    return found


@lru_cache(maxsize=4096)
def _digest(path: Path, time: int, size: int) -> str:
    del time, size
    return digest_of(path)


def address(slug: str, file: str) -> str:
    """Where an original of the compound `slug` is opened."""
    return f"/jiezhang/{slug}/original?{urlencode({'file': file})}"


def install(app: Flask) -> None:
    """The route; `policy` says who may, and that what strangers made has no rights. What it may serve is confined by
    `app`, as Fava's own documents are."""

    def original() -> Response:
        """An original below the compound's folder."""
        path = cast("GatedLedger", g.ledger).folder.path / request.args.get("file", "")
        return send_file(path, as_attachment=path.suffix.lower() not in SHOWN, download_name=path.name)

    app.add_url_rule("/jiezhang/<bfile>/original", "original", original)
