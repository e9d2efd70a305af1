"""The month's statement of three parties (三方对账单) as a value: figures side by side, open items, who signed what.

Amounts are fen. Account numbers are masked; whoever needs them has the signed figures, whose digest is printed.
"""

from __future__ import annotations

from typing import Literal

from jiezhang.domain.canonical import Value, canonical_bytes
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.differences import Kind, Party

from .issuer import Issuer

FORMAT = "jiezhang-tri-party-1"

State = Literal["confirmed", "excepted", "refused", "unsigned", "faulty", "partial"]
"""A party's word. `faulty`: its signature does not hold; `partial`: some of its accounts have no signature."""
WORST_FIRST: tuple[State, ...] = ("refused", "faulty", "unsigned", "partial", "excepted", "confirmed")

Side = Literal["opening", "came", "went", "closing"]
ASKED: tuple[Side, ...] = ("opening", "closing")
"""What auditor and community are asked of an account: no sheet has what came and went, so nobody confirms it."""


class Opinion(Value):
    """A party's word on one account; `exceptions_fen` are the amounts it holds to differ, one by one."""

    state: State
    exceptions_fen: tuple[int, ...] = ()


class FigureRow(Value):
    """One figure as each side has it. `None`: that side gave or confirmed none."""

    side: Side
    book_fen: int
    bank_fen: int | None
    auditor_fen: int | None
    community_fen: int | None
    difference_fen: int | None
    """Bank less book."""


class AccountPart(Value):
    """One account, or the sum of a fund's accounts when `account` is empty.

    `listed` and `listed_fen` are the open items of the bank about it: how many, and their sum.
    """

    account: str
    name: str
    """Bank and masked number."""
    rows: tuple[FigureRow, ...]
    book_rows: int
    bank_rows: int
    bank: Opinion
    auditor: Opinion
    community: Opinion
    listed: int = 0
    listed_fen: int = 0

    def row(self, side: Side) -> FigureRow:
        return next(row for row in self.rows if row.side == side)


class Term(Value):
    """A part of a sum; `minus`: it is taken away."""

    name: str
    fen: int
    minus: bool = False


class Equation(Value):
    """What must be equal to the fen."""

    name: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]

    @property
    def left_fen(self) -> int:
        return _worth(self.left)

    @property
    def right_fen(self) -> int:
        return _worth(self.right)

    @property
    def holds(self) -> bool:
        return self.left_fen == self.right_fen


def _worth(terms: tuple[Term, ...]) -> int:
    return sum(-term.fen if term.minus else term.fen for term in terms)


class FundPart(Value):
    """One fund: its accounts, their sum when there are several, and its equations, `identity` down to households."""

    fund: str
    accounts: tuple[AccountPart, ...]
    total: AccountPart | None
    identity: Equation
    equations: tuple[Equation, ...]
    households: int


class Item(Value):
    """A difference as it is printed; `ended` says how it came to an end and is empty while it is open."""

    id: str
    party: Party
    kind: Kind
    fund: str
    account: str
    ref: str
    day: str
    amount_fen: int
    since: str
    age_months: int
    text: str
    explanation: str
    ended: str = ""


class Signing(Value):
    """One person's word. `current` is false when the same person has signed again later; `fault` says why the
    signature does not hold. `key` and `signature` are the first digits, in hex."""

    person: str
    name: str
    state: State
    time: int
    current: bool
    accounts: tuple[str, ...]
    checked: int
    exceptions: int
    reason: str
    fault: str
    key: str
    signature: str


class PartyPart(Value):
    """One party: its word as a whole, and whoever signed for it. `unsigned` names accounts nobody signed for."""

    party: Party
    required: bool
    state: State
    signings: tuple[Signing, ...]
    unsigned: tuple[str, ...] = ()


class Late(Value):
    """A correction of a sealed month."""

    voucher: str
    corrects: str
    kind: str
    text: str


class Seen(Value):
    """What the community says it has seen."""

    ref: str
    kind: str
    day: str
    amount_fen: int
    fund: str
    text: str


KEY_SHOWN = 8
"""How many digits of a public key are shown, on paper and on the owner's page alike, so that people can compare."""


class Anchor(Value):
    """What everybody signed: digests in hex, whole. `office`: id and first digits of the keys that post and present."""

    office: tuple[str, ...] = ()
    figures: str
    tree_size: int
    tree_root: str
    households: int
    households_fen: int
    households_root: str
    previous: str


class TriPartyStatement(Value):
    """Everything the paper says. `equations` are those of the compound as a whole."""

    format: str = FORMAT
    street: str
    compound: str
    name: str
    month: str
    closed: bool
    anchor: Anchor
    vouchers: int
    first_voucher: str
    last_voucher: str
    funds: tuple[FundPart, ...]
    equations: tuple[Equation, ...]
    open_items: tuple[Item, ...]
    ended_items: tuple[Item, ...]
    late: tuple[Late, ...]
    changed: tuple[str, ...]
    papers: tuple[Seen, ...]
    parties: tuple[PartyPart, ...]

    @property
    def period(self) -> Month:
        return Month.parse(self.month)

    @property
    def issuer(self) -> Issuer:
        """For the heads and feet of our papers; the figures know neither community nor address."""
        return Issuer(self.street, "", "", self.compound, self.name, "", "", "")

    @property
    def all_equations(self) -> tuple[Equation, ...]:
        of_funds = [one for fund in self.funds for one in (fund.identity, *fund.equations)]
        return (*of_funds, *self.equations)


def statement_json(statement: TriPartyStatement) -> bytes:
    """Canonical JSON of the statement, amounts in fen, with a line feed at the end."""
    return canonical_bytes(statement) + b"\n"
