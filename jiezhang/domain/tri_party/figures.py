"""The month's figures: what bank, auditor and community sign, the same bytes for all three.

They are a function of the books and of the files beside them, so anybody who has those can make the same bytes again.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ..canonical import Count, MonthText, Value
from ..period import Month
from .differences import Difference

FORMAT = "jiezhang-month-1"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
NOTHING_BEFORE = "0" * 64
"""`previous` of the first month that was sealed."""


class AccountFigures(Value):
    """One dedicated account's month; `bank_…` by the bank's own statement, `None` where none states it."""

    account: str
    bank: str
    number: str
    opening_fen: int
    came_fen: int
    went_fen: int
    closing_fen: int
    rows: int
    bank_opening_fen: int | None = None
    bank_came_fen: int | None = None
    bank_went_fen: int | None = None
    bank_closing_fen: int | None = None
    bank_rows: int = 0


class FundFigures(Value):
    """One fund's month, everything in fen. `money_fen` is what its accounts hold, `bonds_fen` and `advance_fen` what
    stands beside (国债；备用金、在途). The right-hand side: what households hold, and what is nobody's yet."""

    fund: str
    accounts: tuple[AccountFigures, ...]
    opening_fen: int
    income_fen: int
    expense_fen: int
    other_fen: int = 0
    """What changed the fund's net assets and was neither income nor expense: money owed for lost dwellings."""
    closing_fen: int
    """Opening + income − expense + other: the fund's net assets."""
    debit_fen: int
    credit_fen: int
    """Both columns of the trial balance at the month's end."""
    money_fen: int
    bonds_fen: int = 0
    advance_fen: int = 0
    buildings_fen: int = 0
    households_fen: int = 0
    undistributed_fen: int = 0
    payable_fen: int = 0
    unexplained_fen: int = 0
    households: int = 0
    """How many accounts of households stand behind `households_fen`; 0 for a fund that has none."""


class VoucherFigures(Value):
    """The month's vouchers, and the tree over all vouchers posted when the figures were made."""

    count: int
    first: str
    last: str
    tree_size: Count
    tree_root: Digest
    chain_head: Digest


class HouseholdFigures(Value):
    """The sum tree over all households' balances at the month's end."""

    count: Count
    total_fen: Count
    root: Digest


class SealedFile(Value):
    """A file as it was. `whole` may never change; one that `begins` may only grow at its end."""

    path: str
    mode: Literal["whole", "begins"]
    bytes: int
    sha256: Digest


class KnownPerson(Value):
    """Somebody of the street's list who serves the compound: the part they have, and their key."""

    id: str
    name: str
    roles: tuple[str, ...]
    key: str = ""


class KnownKey(Value):
    """A key of `register/seals.csv`. One that has ended stays ended; another may end after the month."""

    code: str
    seal: str
    keeper: str
    public: str
    starts: date
    ended: date | None = None


class LateCorrection(Value):
    """A correction booked in this month of a voucher of a month that was sealed before."""

    voucher: str
    corrects: str
    kind: str
    text: str


class Paper(Value):
    """Something that the community confirms it has seen: a payment with its decision and originals, a record of a
    resolution, a publication."""

    ref: str
    kind: Literal["payment", "resolution", "publication"]
    day: date
    amount_fen: int = 0
    text: str = ""
    fund: str = ""


class MonthFigures(Value):
    """Everything the parties sign of one compound's month."""

    format: str = FORMAT
    street: str
    compound: str
    name: str
    month: MonthText
    funds: tuple[FundFigures, ...]
    vouchers: VoucherFigures
    households: HouseholdFigures
    records: int = 0
    """How many records of resolutions there were by the month's end, and their digest."""
    records_sha256: Digest = NOTHING_BEFORE
    directives: int = 0
    directives_sha256: Digest = NOTHING_BEFORE
    """How many accounts had been opened, closed, noted by the month's end, and their digest."""
    changes: int = 0
    """How many changes of dwellings the register had by the month's end."""
    differences: tuple[Difference, ...] = ()
    late: tuple[LateCorrection, ...] = ()
    papers: tuple[Paper, ...] = ()
    changed: tuple[str, ...] = ()
    """Files that were changed in place since the month sealed before, which the parties are shown."""
    files: tuple[SealedFile, ...] = ()
    people: tuple[KnownPerson, ...] = ()
    keys: tuple[KnownKey, ...] = ()
    required: tuple[str, ...] = ()
    """The parties without whose signature this month may not be closed."""
    previous: Digest = NOTHING_BEFORE
    """Digest of the seal of the month before."""

    @property
    def period(self) -> Month:
        return Month.parse(self.month)


def identity_fen(fund: FundFigures) -> tuple[int, int]:
    """Both sides of what must be equal to the fen: money and what stands for it; whose it is."""
    held = fund.money_fen + fund.bonds_fen + fund.advance_fen
    if not fund.households:
        return held, fund.closing_fen + fund.payable_fen + fund.unexplained_fen
    return held, fund.households_fen + fund.undistributed_fen + fund.payable_fen + fund.unexplained_fen
