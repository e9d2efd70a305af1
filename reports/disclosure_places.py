"""Where the fund's money lies at the month's end: bank accounts, payment platforms, in transit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from beancount.core.data import Close, Directive, Open

from jiezhang.domain.accounts import AccountName, parse_account
from jiezhang.domain.money import ZERO, exact
from jiezhang.domain.reconciliation import Verdict

from .disclosure_moves import Move, fund_account
from .disclosure_value import Place, PlaceKind
from .wording import mask_number


def open_places(directives: Iterable[Directive], compound: str, last_day: date) -> dict[str, Open]:
    """The fund's money accounts that are open on `last_day`, by account name."""
    found: dict[str, Open] = {}
    for entry in directives:
        if not isinstance(entry, Open | Close) or entry.date > last_day:
            continue
        account = fund_account(entry.account, compound)
        if account is None or account.root != "Assets":
            continue
        if isinstance(entry, Open):
            found[entry.account] = entry
        else:
            found.pop(entry.account, None)
    return found


_KINDS: tuple[PlaceKind, ...] = ("bank", "platform", "transit")


def _kind(account: AccountName) -> PlaceKind:
    if account.is_bank:
        return "bank"
    return "transit" if account.is_in_transit else "platform"


def places_of(
    moves: Iterable[Move],
    opens: Mapping[str, Open],
    stated: Mapping[str, Decimal],
    differing: Collection[str],
    compound: str,
) -> tuple[Place, ...]:
    """Bank accounts first, then platforms, then what is in transit; `stated` is yuan by full account name."""
    book: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for move in moves:
        if move.account.subject.root == "Assets":
            book[move.account.full] += move.amount
    for name in (*stated, *differing, *opens):
        if fund_account(name, compound) is not None:
            book[name] += ZERO
    places = []
    for name in sorted(book):
        account, meta = parse_account(name), opens[name].meta if name in opens else {}
        if not book[name] and name not in stated and (_kind(account) == "transit" or name not in opens):
            continue  # an open account must be proved even when it is empty
        says = None if name not in stated else exact(stated[name])
        places.append(
            Place(
                _kind(account),
                "·".join(filter(None, (account.detail, *account.subs))) or account.subject.name,
                mask_number(str(meta.get("bank-account", ""))),
                str(meta.get("holder", "")),
                book[name] + 0,
                says,
                _check(_kind(account), book[name], says, name in differing),
            )
        )
    return tuple(sorted(places, key=lambda p: _KINDS.index(p.kind)))


def _check(kind: PlaceKind, book: Decimal, stated: Decimal | None, differs: bool) -> Verdict | None:
    if kind == "transit":
        return None
    if differs or (stated is not None and stated != book):
        return "different"
    return "unchecked" if stated is None else "agreed"
