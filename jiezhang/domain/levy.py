"""专项集资 (fund J): money that owners raise for one purpose, paid in, spent and refunded by household.

The owners decide that it is raised, from whom and how much (民法典 2021 art. 278(1)(6): three quarters). Each levy is
a fund of its own, `J01加装电梯集资`, with an account of its own and a list of what each household owes (应交名册). The
list is fixed by its digest in the register and again in every receipt, so that a posted receipt keeps it as it was. No
law says how a levy is kept; that it is kept apart and by household follows 165号令 2008 art. 4, 10.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from beancount.core import data
from pydantic import Field, StringConstraints, model_validator

from .accounts import AccountName, is_suspense, parse_account
from .booking import POSTED, is_opening, named_legs
from .corrections import CORRECTION_KEY, is_correction, voucher_name
from .fund_register import ScopeText
from .household_events import Detail
from .money import to_fen
from .problem import Refused
from .register import Code, Day, Row

LEVIES_FILE = "register/levies.csv"
RAISED, SPENT, REFUNDED, HELD = "4001", "5001", "5202", "2241"
OTHER_INCOME = "4901"
OF_HOUSEHOLDS = frozenset({RAISED, REFUNDED})
"""Subjects of fund J whose voucher says whose money it is."""
HOUSEHOLD_KEY, BATCH_KEY, BATCH_DIGEST_KEY, DUES_KEY = "household", "batch", "batch-sha256", "dues-sha256"
KEYS = (HOUSEHOLD_KEY, BATCH_KEY, BATCH_DIGEST_KEY, DUES_KEY)

_FUND_CODE = re.compile(r"J[0-9]+")
_LINE_CODE = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")
_YUAN = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")
_DUES_HEADERS = (["dwelling", "due_yuan"], ["户号", "应交"])
_BATCH_HEADERS = (["dwelling", "amount"], ["户号", "金额"])


class Levy(Row):
    """`register/levies.csv`: one levy. `code` and `name` are the fund's part of its accounts.

    `resolution` is the owners' decision to raise it. Receipts fall in `starts` to `ends`; what is left then goes back.
    """

    code: Annotated[str, StringConstraints(pattern=r"^J[0-9]{1,4}$"), Field(examples=["J01"])]
    name: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z\u3400-\u9fff][A-Z0-9\u3400-\u9fff]*$", max_length=20),
        Field(examples=["加装电梯集资"]),
    ]
    resolution: Code
    scope: ScopeText = "compound"
    starts: Day
    ends: Day
    dues_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Digest of the list of dues, `batches/J01-dues.csv`."""
    by: Code
    """Who registered it."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Levy:
        if self.ends < self.starts:
            raise ValueError(f"终止日期 {self.ends} 早于起始日期 {self.starts}")
        return self

    @property
    def fund(self) -> str:
        """The third part of its accounts."""
        return self.code + self.name

    @property
    def dues_file(self) -> str:
        """The list of dues, relative to the compound's folder."""
        return dues_name(self.code)


def levy_code(fund: str) -> str:
    """`J01` of the fund `J01加装电梯集资`."""
    found = _FUND_CODE.match(fund)
    return found[0] if found else ""


def dues_name(code: str) -> str:
    """Where the list of dues of the levy `code` is kept."""
    return f"batches/{code}-dues.csv"


def parse_dues(content: bytes, file: str) -> dict[str, int]:
    """Fen due by dwelling, in the file's order. `Refused`, with file and line, when it is no list of dues."""
    return dict(_amounts(content, file, "应交名册", _DUES_HEADERS))


def parse_payers(content: bytes, file: str) -> Detail:
    """The households of one bank row, with fen, as a batch file has them. `Refused` as ever."""
    return tuple(_amounts(content, file, "批量明细文件", _BATCH_HEADERS))


def _amounts(content: bytes, file: str, kind: str, headers: tuple[list[str], ...]) -> Iterator[tuple[str, int]]:
    try:
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Refused(f"{kind}不是 UTF-8 编码的 CSV", file) from None
    if not rows or [cell.strip() for cell in rows[0]] not in headers:
        raise Refused(f"{kind}的表头应是 {','.join(headers[0])}", file, 1)
    seen: set[str] = set()
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        code, amount, *more = [cell.strip() for cell in cells] + [""] * (2 - len(cells))
        read = _YUAN.fullmatch(amount)
        if more or not _LINE_CODE.fullmatch(code) or read is None:
            raise Refused(f"{kind}的这一行应是“户号,金额”，金额最多两位小数", file, line)
        fen = int(read[1]) * 100 + int((read[2] or "0").ljust(2, "0"))
        if fen == 0 or code in seen:
            raise Refused(f"{kind}里户 {code} 重复，或金额为零", file, line)
        seen.add(code)
        yield code, fen
    if not seen:
        raise Refused(f"{kind}里没有一户", file)


def dues_digest(content: bytes) -> str:
    """What the register and every receipt say of the list of dues."""
    return hashlib.sha256(content).hexdigest()


def asks_household(account: str) -> bool:
    """Whether a voucher on `account` says which household of a levy paid, or was paid back."""
    try:
        name = parse_account(account)
    except ValueError:
        return False  # account_names reports it
    return name.fund_kind == "J" and name.subject.code in OF_HOUSEHOLDS


def is_levy(account: str) -> bool:
    """Whether `account` is of a levy's fund."""
    try:
        return parse_account(account).fund_kind == "J"
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class LevyMove:
    """What one leg of a voucher does to a levy beside its bank account.

    `fen` grows with what the subject is of: income, expense, or what is owed. `households` says whose it is, as (code,
    fen with the same sign); `fault` why that can't be told.
    """

    entry: data.Transaction
    account: AccountName
    fen: int
    households: Detail = ()
    dues_sha256: str = ""
    fault: str = ""

    @property
    def code(self) -> str:
        return self.account.subject.code


def levy_moves(
    entries: Iterable[data.Directive], fund: str, batches: Mapping[str, bytes]
) -> list[LevyMove]:
    """Everything that moved in `fund`, by the ledger's order; what still stands in suspense (待查款项) is left out.

    `batches` are the files beside the ledger. A correction says nothing of households: it is of those whose voucher it
    corrects.
    """
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    posted = {voucher_name(entry): entry for entry in transactions if entry.flag == POSTED and "voucher" in entry.meta}
    found: list[LevyMove] = []
    for entry in transactions:
        if is_opening(entry) or any(is_suspense(leg.account) for leg in entry.postings):
            continue
        for name, number in named_legs(entry):
            if name.fund == fund and not name.has_statement:
                fen = to_fen(number) * (1 if name.root == "Expenses" else -1)
                found.append(_move(entry, name, fen, _said_of(entry, posted), batches))
    return found


def _said_of(entry: data.Transaction, posted: Mapping[str, data.Transaction]) -> Mapping[str, Any]:
    if not is_correction(entry) or any(key in entry.meta for key in (HOUSEHOLD_KEY, BATCH_KEY)):
        return entry.meta
    original = posted.get(str(entry.meta.get(CORRECTION_KEY, "")))
    return original.meta if original is not None else entry.meta


def _move(
    entry: data.Transaction, name: AccountName, fen: int, said: Mapping[str, Any], batches: Mapping[str, bytes]
) -> LevyMove:
    if name.subject.code not in OF_HOUSEHOLDS:
        return LevyMove(entry, name, fen)
    digest = str(said.get(DUES_KEY, ""))
    household, batch = str(said.get(HOUSEHOLD_KEY, "")), str(said.get(BATCH_KEY, ""))
    if bool(household) == bool(batch):
        fault = "集资的收款和退款须写明户号（household），许多户的写批量明细（batch），只写一种"
        return LevyMove(entry, name, fen, (), digest, fault)
    if household:
        return LevyMove(entry, name, fen, ((household, fen),), digest)
    try:
        detail = _of_batch(batches, batch, str(said.get(BATCH_DIGEST_KEY, "")))
    except Refused as refused:
        return LevyMove(entry, name, fen, (), digest, str(refused))
    sign = 1 if fen > 0 else -1
    if sum(own for _, own in detail) != abs(fen):
        return LevyMove(entry, name, fen, (), digest, f"批量明细 {batch} 各户合计与凭证金额不符")
    return LevyMove(entry, name, fen, tuple((code, sign * own) for code, own in detail), digest)


def _of_batch(batches: Mapping[str, bytes], name: str, digest: str) -> Detail:
    content = batches.get(name)
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise Refused("批量明细文件不见了，或入账以后有改动", name)
    return parse_payers(content, name)

