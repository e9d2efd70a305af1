"""The sheet (对账回单) that a party fills in: what the book has, line by line, and beside it what the party saw."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ..meanings import Means
from ..money import exact, from_fen, to_fen
from ..period import Month
from ..problem import Refused
from ..register import Day, Row
from .comparing import compare, fund_of
from .differences import Difference, Party
from .side import HeldFile, Movement, Side

SHEET_KINDS = {"item": "逐笔", "balance": "余额", "file": "对账单文件", "paper": "凭据"}
RESULTS = {"相符": "与账上相同", "不符": "见到的不同", "未见": "没有见到", "另有": "账上没有的"}
OPENING, CLOSING = "期初", "期末"

def _bare(value: object) -> object:
    """`6,400.80`, as Excel may write it, without its commas."""
    return value.replace(",", "").replace("，", "") if isinstance(value, str) else value


_Money = Annotated[Decimal, Field(max_digits=15, decimal_places=2), BeforeValidator(_bare)]


class SheetRow(Row):
    """One line. `amount`, `seen_amount` in yuan, positive when money came in; `ref` of a balance is 期初 or 期末, of a
    file its path. The party writes `result` and, of what is not as printed, what it saw and why."""

    kind: Annotated[Literal["item", "balance", "file", "paper"], Means(SHEET_KINDS)]
    account: str = ""
    ref: str = ""
    date: Day | None = None
    amount: _Money | None = None
    text: str = ""
    sha256: str = ""
    result: Annotated[Literal["", "相符", "不符", "未见", "另有"], Means(RESULTS)] = ""
    seen_date: Day | None = None
    seen_amount: _Money | None = None
    seen_account: str = ""
    reason: str = ""

    @property
    def sees_as_printed(self) -> bool:
        """Whether what the party saw is what is printed, so that only its reason says what is wrong."""
        return (
            self.seen_date in (None, self.date)
            and self.seen_amount in (None, self.amount)
            and self.seen_account in ("", self.account)
        )

    @property
    def has_seen(self) -> bool:
        """Whether the party wrote another figure than the one printed."""
        given = (self.seen_date, self.seen_amount, self.seen_account or None)
        return any(one is not None for one in given)


@dataclass(frozen=True, slots=True)
class PartySheet:
    """A sheet filled in: what the party holds by it; what it was asked (kind, account, reference); remarks that change
    no figure; how many lines agree."""

    side: Side
    asked: frozenset[tuple[str, str, str]]
    remarks: tuple[tuple[int, SheetRow], ...]
    checked: int


def blank_sheet(book: Side, month: Month, kind: Literal["item", "paper"] = "item") -> tuple[SheetRow, ...]:
    """The lines of an empty sheet: the movements of `book` in `month`, both balances of each account, the files."""
    moves = [
        SheetRow(
            kind=kind, account=move.account, ref=move.ref, date=move.day, amount=from_fen(move.amount_fen),
            text=move.text,
        )
        for move in sorted(book.movements, key=lambda move: (move.account, move.day, move.ref))
        if month.contains(move.day)
    ]  # fmt: skip
    balances = [
        SheetRow(kind="balance", account=account, ref=name, date=day, amount=from_fen(fen), text=f"{day} {name}余额")
        for account in book.closings
        for name, day, fen in (
            (OPENING, month.first_day, book.openings.get(account)),
            (CLOSING, month.last_day, book.closings[account]),
        )
        if fen is not None
    ]
    files = [
        SheetRow(kind="file", account=file.account, ref=file.path, text=file.number, sha256=file.sha256)
        for file in book.files
    ]
    return (*moves, *balances, *files)


def sheet_of(rows: Sequence[tuple[int, SheetRow]], file: str, month: Month) -> PartySheet:
    """What a filled-in sheet, given as (line, row), says; `Refused` with the line where that is not clear."""
    moves: list[Movement] = []
    openings: dict[str, int | None] = {}
    closings: dict[str, int | None] = {}
    files: list[HeldFile] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        _refuse_unclear(row, file, line)
        first = seen.setdefault((row.kind, row.account, row.ref), line)
        if row.ref and first != line and row.result != "另有":
            raise Refused(f"这一行与第 {first} 行是同一项，只能填一次", file, line)
        if row.kind == "file":
            files += _file(row, line, file)
        elif row.kind == "balance":
            name, fen = _balance(row, month, file, line)
            if name == CLOSING and fen is not None:
                closings[row.account] = fen
            elif name == OPENING:
                openings[row.account] = fen
        elif row.result != "未见":
            moves.append(_movement(row, month, file, line))
    return PartySheet(
        Side(tuple(moves), openings, closings, tuple(files)),
        frozenset((_asked(row.kind), row.account, row.ref) for _, row in rows if row.result != "另有"),
        tuple((line, row) for line, row in rows if _is_remark(row)),
        sum(row.result == "相符" for _, row in rows),
    )


def asked_of(book: Side, sheet: PartySheet) -> Side:
    """The part of `book` that the sheet's lines ask about: of a sample, not the rest."""
    return replace(
        book,
        movements=tuple(move for move in book.movements if ("item", move.account, move.ref) in sheet.asked),
        closings={
            account: fen for account, fen in book.closings.items() if ("balance", account, CLOSING) in sheet.asked
        },
        files=tuple(one for one in book.files if ("file", one.account, one.path) in sheet.asked),
    )


def leg_differences(
    party: Party, book: Side, sheet: PartySheet, month: Month, today: datetime.date | None = None
) -> tuple[Difference, ...]:
    """Every difference between the book and a party's sheet, and its remarks as exceptions; ids are empty.

    What `book` has and the sheet has no line for is missing at the party: of a sample, `book` is the sample.
    """
    files = _digests_known(book, sheet.side)
    found = compare(party, book, files, month, today)
    remarks = [
        Difference(
            party=party, kind="exception", fund=fund_of(row.account), account=row.account, ref=row.ref, day=row.date,
            text=f"{row.text}：{row.reason or row.result}（第 {line} 行）", since=str(month),
        )
        for line, row in sheet.remarks
    ]  # fmt: skip
    return (*found, *remarks)


def _digests_known(book: Side, held: Side) -> Side:
    """A file that the party saw as it is printed is of the number the book has for it."""
    numbers = {file.sha256: file.number for file in book.files}
    accounts = {file.account: file.number for file in book.files}
    return replace(
        held,
        files=tuple(
            replace(file, number=accounts.get(file.number, file.number) or numbers.get(file.sha256, ""))
            for file in held.files
        ),
    )


def _is_remark(row: SheetRow) -> bool:
    """Whether a line says that something is wrong, and no figure: as it stands it would agree."""
    if row.kind == "balance" and row.ref == OPENING and row.result == "未见":
        return True
    return row.result == "不符" and row.sees_as_printed and row.kind != "file"


def _asked(kind: str) -> str:
    return "item" if kind == "paper" else kind


def _refuse_unclear(row: SheetRow, file: str, line: int) -> None:
    """`Refused` for a line that is not filled in, or says that something differs and not what."""
    if not row.result:
        raise Refused("这一行还没有填写结果（相符、不符、未见、另有）", file, line)
    if row.result == "不符" and not row.has_seen and not row.reason:
        raise Refused("结果写“不符”，须写明见到的日期、金额或账户，或写明原因", file, line)
    if row.result in ("相符", "未见") and row.has_seen:
        raise Refused(f"结果写“{row.result}”，就不能再写见到的日期、金额或账户", file, line)


def _movement(row: SheetRow, month: Month, file: str, line: int) -> Movement:
    """What the party saw; what it does not speak of is as printed. A line of its own is one of the month."""
    day, amount = row.seen_date or row.date, row.seen_amount if row.seen_amount is not None else row.amount
    account = row.seen_account or row.account
    if day is None or amount is None or not account:
        raise Refused("这一行须有账户、日期和金额", file, line)
    until = month.last_day if row.result == "另有" else None
    text = row.text or row.reason
    return Movement(row.ref, day, to_fen(exact(amount)), account, fund_of(account), text, file, line, until=until)


def _balance(row: SheetRow, month: Month, file: str, line: int) -> tuple[str, int | None]:
    """Which balance, and what the party saw of it; nothing when it did not see it."""
    days = {OPENING: month.first_day, CLOSING: month.last_day}
    if row.ref not in days or row.amount is None or row.result == "另有":
        raise Refused(f"余额行的编号须是{OPENING}或{CLOSING}，须有金额，结果不能是“另有”", file, line)
    if row.date != days[row.ref]:
        raise Refused(f"这一行的余额不是 {month} 的", file, line)
    if row.result == "未见":
        return row.ref, None
    return row.ref, to_fen(exact(row.seen_amount if row.seen_amount is not None else row.amount))


def _file(row: SheetRow, line: int, file: str) -> list[HeldFile]:
    """The file as the party has it: the same bytes, other ones, of another account; or none."""
    said = f"{row.reason}（{file} 第 {line} 行）" if row.reason else ""
    if row.result == "未见":
        return []
    if row.result == "相符":
        return [HeldFile(row.ref, row.sha256, account=row.account)]
    if row.result == "另有":
        return [HeldFile(row.ref, row.sha256, row.seen_account or row.account, fault=said or f"第 {line} 行另有")]
    if row.seen_account:
        return [HeldFile(row.ref, row.sha256, row.seen_account, fault=said)]
    return [HeldFile(row.ref, "", fault=said)]
