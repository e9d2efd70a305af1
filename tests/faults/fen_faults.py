"""The ways to be a fen wrong: each a function from a compound's books and chance to one fault."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from random import Random
from typing import TypeVar

from tests.faults.fen_books import Books, Figure, Voucher

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Fault:
    """What was done: the class, the compound and fund whose figure it was, the changed files (relative, bytes)."""

    kind: str
    code: str
    fund: str
    changes: dict[str, bytes]


Made = tuple[str, dict[str, bytes]]
"""The fund and the changed files."""
Maker = Callable[[Books, Random], Made]
CLASSES: dict[str, Maker] = {}


def named(kind: str) -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        CLASSES[kind] = maker
        return maker

    return register


def make(kind: str, books: Books, chance: Random) -> Fault:
    fund, changes = CLASSES[kind](books, chance)
    assert all((books.folder / name).read_bytes() != content for name, content in changes.items())
    return Fault(kind, books.code, fund, changes)


# ---------------------------------------------------------------- tools

def _one(found: Sequence[Thing], chance: Random) -> Thing:
    assert found, "the street has no such figure"
    return found[chance.randrange(len(found))]


def _sign(chance: Random) -> int:
    return chance.choice((-1, 1))


def _bytes(texts: dict[str, list[str]]) -> dict[str, bytes]:
    return {name: "\n".join(lines).encode() for name, lines in texts.items()}


def _off(books: Books, *wrong: tuple[Figure | tuple[str, int], int]) -> dict[str, bytes]:
    """The books with so many fen more at each figure or (file, line)."""
    places = {(at.file, at.line) if isinstance(at, Figure) else at: fen for at, fen in wrong}
    return _bytes(books.with_fen(places))


def _is_opening(voucher: Voucher) -> bool:
    return "opening" in voucher.meta


def _vouchers(books: Books, *keys: str) -> list[Voucher]:
    """Vouchers but the opening, with all these metadata."""
    return [one for one in books.vouchers if not _is_opening(one) and all(key in one.meta for key in keys)]


def _pairs(books: Books, vouchers: Sequence[Voucher], fits: Callable[[Figure, Figure], bool]) -> list[
    tuple[Figure, Figure]
]:
    """Two legs of one voucher, in one fund, that fit together."""
    return [
        (one, other)
        for voucher in vouchers
        for one, other in permutations(voucher.legs, 2)
        if one.fund == other.fund and fits(one, other)
    ]


def _pair(books: Books, chance: Random, pairs: list[tuple[Figure, Figure]]) -> Made:
    (one, other), fen = _one(pairs, chance), _sign(chance)
    return one.fund, _off(books, (one, fen), (other, -fen))


# ---------------------------------------------------------------- vouchers

def _leg(fits: Callable[[Figure], bool]) -> Maker:
    def wrong(books: Books, chance: Random) -> Made:
        leg = _one([leg for one in _vouchers(books) for leg in one.legs if fits(leg)], chance)
        return leg.fund, _off(books, (leg, _sign(chance)))

    return wrong


named("bank's leg of the fund")(_leg(lambda leg: leg.fund == "W" and "bank-ref" in leg.meta))
named("bank's leg of public revenue")(_leg(lambda leg: leg.fund == "G" and "bank-ref" in leg.meta))
named("building's leg")(_leg(lambda leg: bool(leg.building)))
named("other leg of public revenue")(_leg(lambda leg: leg.fund == "G" and "bank-ref" not in leg.meta))


@named("both legs of a voucher")
def both_legs(books: Books, chance: Random) -> Made:
    return _pair(books, chance, _pairs(books, _vouchers(books), lambda one, other: "bank-ref" in one.meta))


@named("both legs and the reference")
def both_and_reference(books: Books, chance: Random) -> Made:
    one, other = _one(_pairs(books, _vouchers(books), lambda one, other: "bank-ref" in one.meta), chance)
    fen = _sign(chance)
    changes = books.with_fen({(one.file, one.line): fen, (other.file, other.line): -fen})
    _reference(changes[one.file], one.meta["bank-ref"], fen)
    return one.fund, _bytes(changes)


@named("a whole row: legs, reference, balance")
def whole_row(books: Books, chance: Random) -> Made:
    one, other = _one(_pairs(books, _vouchers(books), lambda one, other: "bank-ref" in one.meta), chance)
    fen = _sign(chance)
    changes = books.with_fen({
        (one.file, one.line): fen, (other.file, other.line): -fen, (one.file, one.meta["bank-balance"]): fen
    })  # fmt: skip
    _reference(changes[one.file], one.meta["bank-ref"], fen)
    return one.fund, _bytes(changes)


def _reference(lines: list[str], at: int, fen: int) -> None:
    lines[at] = re.sub(r"/(-?[0-9]+)", lambda found: f"/{int(found[1]) + fen}", lines[at], count=1)


@named("two buildings")
def two_buildings(books: Books, chance: Random) -> Made:
    return _pair(books, chance, _pairs(
        books, books.vouchers,
        lambda one, other: one.subject == other.subject and one.building != other.building,
    ))  # fmt: skip


@named("two natures")
def two_natures(books: Books, chance: Random) -> Made:
    owned = {"3001", "3002"}
    return _pair(books, chance, _pairs(
        books, [one for one in books.vouchers if "correction" not in one.meta],
        lambda one, other: {one.subject, other.subject} == owned and one.building == other.building,
    ))  # fmt: skip


@named("reference")
def reference(books: Books, chance: Random) -> Made:
    leg = _one([leg for one in _vouchers(books) for leg in one.legs if "bank-ref" in leg.meta], chance)
    lines = list(books.texts[leg.file])
    _reference(lines, leg.meta["bank-ref"], _sign(chance))
    return leg.fund, _bytes({leg.file: lines})


@named("balance after a row")
def stated_balance(books: Books, chance: Random) -> Made:
    leg = _one([leg for one in _vouchers(books) for leg in one.legs if "bank-balance" in leg.meta], chance)
    return leg.fund, _off(books, ((leg.file, leg.meta["bank-balance"]), _sign(chance)))


@named("closing balance")
def closing(books: Books, chance: Random) -> Made:
    (leg,) = _one(books.balances, chance).legs
    return leg.fund, _off(books, (leg, _sign(chance)))


# ---------------------------------------------------------------- opening

@named("opening, one figure")
def opening_figure(books: Books, chance: Random) -> Made:
    leg = _one([leg for one in books.vouchers if _is_opening(one) for leg in one.legs], chance)
    return leg.fund, _off(books, (leg, _sign(chance)))


@named("opening, two figures")
def opening_pair(books: Books, chance: Random) -> Made:
    return _pair(books, chance, _pairs(books, [one for one in books.vouchers if _is_opening(one)], lambda *_: True))


# ---------------------------------------------------------------- what a voucher of the fund says besides

def _told(*keys: str) -> Maker:
    def wrong(books: Books, chance: Random) -> Made:
        voucher = _one(_vouchers(books, *keys), chance)
        return "W", _off(books, ((voucher.file, voucher.meta[keys[0]]), _sign(chance)))

    return wrong


named("whole cost of a repair")(_told("apportion-total", "paid-outside"))
named("paid outside the fund")(_told("paid-outside"))
named("total of a distribution")(_told("apportion-total", "basis"))
named("total of a correction")(_told("correction-total"))


def _both(*keys: str, subjects: tuple[str, ...] = ()) -> Maker:
    """Two legs of a voucher that no bank row brought."""

    def wrong(books: Books, chance: Random) -> Made:
        found = [one for one in _vouchers(books, *keys) if not any("bank-ref" in leg.meta for leg in one.legs)]
        return _pair(books, chance, _pairs(
            books, found, lambda one, other: not subjects or (one.subject in subjects and other.subject not in subjects)
        ))  # fmt: skip

    return wrong


named("both legs of a distribution")(_both("apportion-total", subjects=("3101",)))
named("both legs of a correction")(_both("correction-total"))
named("both legs of a lost house")(_both("household", subjects=("5101",)))


# ---------------------------------------------------------------- batch files

def _batch(books: Books, chance: Random) -> tuple[str, list[str]]:
    name = _one([name for name in books.texts if name.startswith("batches/")], chance)
    return name, list(books.texts[name])


def _redigested(books: Books, name: str, lines: list[str]) -> dict[str, bytes]:
    """The changed batch, and the ledger with its new digest."""
    changed = _bytes({name: lines})
    old = hashlib.sha256((books.folder / name).read_bytes()).hexdigest()
    new = hashlib.sha256(changed[name]).hexdigest()
    for file, text in books.texts.items():
        if any(old in line for line in text):
            changed |= _bytes({file: [line.replace(old, new) for line in text]})
    assert len(changed) == 2
    return changed


def _one_amount(books: Books, chance: Random) -> tuple[str, list[str]]:
    name, lines = _batch(books, chance)
    at = chance.randrange(1, len(lines) - 1)
    return name, books.with_fen({(name, at): _sign(chance)})[name]


@named("batch, an amount")
def batch_amount(books: Books, chance: Random) -> Made:
    name, lines = _one_amount(books, chance)
    return "W", _bytes({name: lines})


@named("batch, an amount and its digest")
def batch_redigested(books: Books, chance: Random) -> Made:
    return "W", _redigested(books, *_one_amount(books, chance))


@named("batch, two buildings' lines exchanged, and its digest")
def batch_exchanged(books: Books, chance: Random) -> Made:
    name, lines = _batch(books, chance)
    pairs = [
        (one, other) for one, other in combinations(range(1, len(lines) - 1), 2) if lines[one][:2] != lines[other][:2]
    ]
    one, other = _one(pairs, chance)
    (first, fen), (second, more) = lines[one].split(","), lines[other].split(",")
    assert fen != more
    lines[one], lines[other] = f"{second},{fen}", f"{first},{more}"
    return "W", _redigested(books, name, lines)


# ---------------------------------------------------------------- register

def _cell(name: str, *columns: str, fen: int = 0) -> Maker:
    def wrong(books: Books, chance: Random) -> Made:
        file = f"register/{name}.csv"
        row = chance.randrange(books.rows(file))
        return "W", _bytes(books.with_cell(file, row, _one(columns, chance), fen or _sign(chance)))

    return wrong


named("area of a dwelling")(_cell("dwellings", "area_m2"))
named("first deposit of a dwelling")(_cell("dwellings", "first_deposit_yuan"))
named("control total of a building")(_cell("buildings", "area_m2", "first_deposit_yuan"))
named("opening cost of a bond")(_cell("bonds", "opening_cost_yuan"))
named("budget less than was paid")(_cell("projects", "budget_yuan", fen=-1))


# ---------------------------------------------------------------- kept files

def _kept(fund: str, number: str) -> Maker:
    """One digit of one amount or balance in a file the bank sent."""

    def wrong(books: Books, chance: Random) -> Made:
        path = _one([path for name, path in books.kept.items() if name.startswith(number)], chance)
        content = bytearray(path.read_bytes())
        amounts = list(re.finditer(rb"(?<![0-9])[0-9][0-9,]*\.[0-9]{2}(?![0-9])", content))
        found = _one(amounts, chance)
        at = _one([at for at in range(*found.span()) if chr(content[at]).isdigit()], chance)
        content[at] = ord(_one([digit for digit in "0123456789" if ord(digit) != content[at]], chance))
        return fund, {path.relative_to(books.folder).as_posix(): bytes(content)}

    return wrong


named("kept file of the fund")(_kept("W", "3300"))
named("kept file of public revenue")(_kept("G", "1202"))
