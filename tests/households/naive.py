"""The household ledger once more, naively: plain dictionaries, one household at a time, fractions instead of columns.

It also keeps the books: each deed gives the voucher a bookkeeper would write, with its control postings from here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from beancount.core import data
from little_fund import (
    BANK,
    BONDS,
    INCOME,
    PAYABLE,
    SUSPENSE,
    YIELD,
    batch_meta,
    deposits,
    owned,
    repairs,
    returns,
    voucher,
)

from jiezhang.domain.fund_register import Change
from jiezhang.domain.register import Dwelling

Shares = dict[str, int]
POOLS = ("bank", "bonds", "yield", "payable", "odd")


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def deal(total: int, claims: dict[str, int]) -> Shares:
    """Everybody's fair fraction rounded down, then a fen at a time to whoever is furthest below it, by code."""
    exact = {code: Fraction(total * claim, sum(claims.values())) for code, claim in claims.items()}
    got = {code: floor(fair) for code, fair in exact.items()}
    queue = sorted(claims, key=lambda code: (got[code] - exact[code], code))
    for code in queue[: total - sum(got.values())]:
        got[code] += 1
    return got


@dataclass
class Naive:
    dwellings: dict[str, Dwelling]
    money: Shares = field(default_factory=lambda: defaultdict(int))
    paid: Shares = field(default_factory=lambda: defaultdict(int))
    first: Shares = field(default_factory=lambda: defaultdict(int))
    paid_in: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    carried: Shares = field(default_factory=lambda: defaultdict(int))
    diary: dict[str, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    sold_since: set[str] = field(default_factory=set)
    lost: dict[str, int] = field(default_factory=dict)
    bonds: dict[str, tuple[int, date]] = field(default_factory=dict)
    pools: dict[str, int] = field(default_factory=lambda: dict.fromkeys(POOLS, 0))
    batches: dict[str, bytes] = field(default_factory=dict)

    # ------------------------------------------------------------------ who is who
    def accounts(self) -> list[str]:
        sellers = {f"{d.building}/S" for d in self.dwellings.values() if d.nature == "public"}
        return sorted(set(self.dwellings) | sellers)

    def building(self, code: str) -> str:
        return code.split("/")[0].split("-")[0]

    def is_unsold(self, code: str) -> bool:
        return code in self.dwellings and self.dwellings[code].status == "unsold" and code not in self.sold_since

    def within(self, scope: str) -> list[str]:
        kind, _, place = scope.partition(":")
        chosen = {
            "compound": lambda d: True,
            "building": lambda d: d.building == place,
            "stair": lambda d: f"{d.building}/{d.stair}" == place,
            "dwellings": lambda d: d.code in place.split(","),
        }[kind]
        return [code for code, d in sorted(self.dwellings.items()) if chosen(d) and code not in self.lost]

    # ------------------------------------------------------------------ money
    def move(self, day: date, shares: Shares) -> None:
        for code, fen in shares.items():
            self.money[code] += fen
            self.diary[code].append((day, fen))

    def jishu(self, code: str, day: date) -> int:
        return self.carried[code] + sum(fen * (day - since).days for since, fen in self.diary[code])

    def per_building(self, shares: Shares) -> Shares:
        sums: Shares = defaultdict(int)
        for code, fen in shares.items():
            sums[self.building(code)] += fen
        return {name: fen for name, fen in sorted(sums.items()) if fen}

    def is_public(self, code: str) -> bool:
        return code not in self.dwellings or self.dwellings[code].nature == "public"

    def owned_legs(self, shares: Shares) -> list[tuple[str, int]]:
        """On 3001 and 3002, by building."""
        parts = [(public, {c: fen for c, fen in shares.items() if self.is_public(c) == public}) for public in (0, 1)]
        return [
            (owned(b, bool(public)), -fen) for public, part in parts for b, fen in self.per_building(part).items()
        ]

    # ------------------------------------------------------------------ deeds
    def deposit(self, day: date, shares: Shares, first: bool) -> data.Transaction:
        self.move(day, shares)
        for code, fen in shares.items():
            self.paid[code] += fen
            self.paid_in[code, day.year] += fen
            self.first[code] += fen if first else 0
        total = sum(shares.values())
        self.pools["bank"] += total
        legs = [(BANK, total), *((deposits(b), -fen) for b, fen in self.per_building(shares).items())]
        meta = batch_meta(tuple(shares.items()), self.batches)
        return voucher(day, legs, deposit="first" if first else "top-up", **meta)

    def refund(self, day: date, code: str, fen: int) -> data.Transaction:
        self.move(day, {code: -fen})
        self.paid[code] -= fen
        self.paid_in[code, day.year] -= fen
        self.pools["bank"] -= fen
        return voucher(day, [(deposits(self.building(code)), fen), (BANK, -fen)], household=code)

    def shares_of(self, scope: str, total: int) -> tuple[Shares, Shares]:
        """(on accounts of the fund, in cash) by 165号令 art. 20-21."""
        homes = {code: int(self.dwellings[code].area_m2 * 100) for code in self.within(scope)}
        alike = {c: area for c, area in homes.items() if self.dwellings[c].nature == "public" and not self.is_unsold(c)}
        rest = {c: area for c, area in homes.items() if c not in alike}
        parts = deal(total, {"1 by area": sum(rest.values()), "2 public": sum(alike.values())})
        shares = deal(parts["1 by area"], rest) if rest else {}
        if alike:
            places = {self.building(code) for code in alike}
            owners = [
                c for c, d in self.dwellings.items()
                if d.building in places and d.nature == "public" and c not in self.lost and not self.is_unsold(c)
            ]
            sellers = {f"{b}/S": self.paid[f"{b}/S"] for b in places if f"{b}/S" not in self.lost}
            paid = {"1 owners": sum(self.paid[c] for c in owners), "2 seller": sum(sellers.values())}
            of_both = deal(parts["2 public"], paid)
            shares |= deal(of_both["1 owners"], alike)
            if of_both["2 seller"]:
                shares |= deal(of_both["2 seller"], sellers)
        cash = {code: fen for code, fen in shares.items() if self.is_unsold(code)}
        return {code: fen for code, fen in shares.items() if code not in cash}, cash

    def repair(self, day: date, scope: str, total: int) -> data.Transaction | None:
        charged, _ = self.shares_of(scope, total)
        short = {code: fen - self.money[code] for code, fen in charged.items() if fen > self.money[code]}
        borne = {code: -min(fen, self.money[code]) for code, fen in charged.items()}
        spent = -sum(borne.values())
        if not spent:
            return None  # others pay it all, the fund has no voucher
        self.move(day, borne)
        self.pools["bank"] -= spent
        legs = [*((repairs(b), -fen) for b, fen in self.per_building(borne).items()), (BANK, -spent)]
        meta = {"apportion": scope, "basis": "area", "apportion_total": yuan(total)}
        meta["paid_outside"] = yuan(total - spent)
        if short:
            meta["covered"] = ", ".join(f"{code}=owner" for code in short)
        return voucher(day, legs, **meta)

    def repair_detailed(self, day: date, shares: Shares) -> data.Transaction:
        self.move(day, {code: -fen for code, fen in shares.items()})
        total = sum(shares.values())
        self.pools["bank"] -= total
        legs = [*((repairs(b), fen) for b, fen in self.per_building(shares).items()), (BANK, -total)]
        return voucher(day, legs, **batch_meta(tuple(shares.items()), self.batches))

    def income(self, day: date, subject: str, fen: int) -> data.Transaction:
        self.pools["bank"] += fen
        self.pools["yield"] += fen
        return voucher(day, [(BANK, fen), (INCOME[subject], -fen)])

    def odd(self, day: date, fen: int) -> data.Transaction:
        self.pools["bank"] += fen
        self.pools["odd"] += fen
        return voucher(day, [(BANK, fen), (SUSPENSE, -fen)])

    def buy(self, day: date, ref: str, fen: int, matures: date) -> data.Transaction:
        self.bonds[ref] = (fen, matures)
        self.pools["bank"] -= fen
        self.pools["bonds"] += fen
        meta = {"bond": ref, "bond_kind": "treasury", "bond_market": "primary", "bond_matures": matures}
        return voucher(day, [(BONDS, fen), (BANK, -fen)], **meta)

    def redeem(self, day: date, ref: str, interest: int) -> data.Transaction:
        cost, _ = self.bonds.pop(ref)
        self.pools["bank"] += cost + interest
        self.pools["bonds"] -= cost
        self.pools["yield"] += interest
        return voucher(day, [(BANK, cost + interest), (BONDS, -cost), (INCOME["4102"], -interest)], bond=ref)

    def distribute(self, day: date, total: int, basis: str) -> data.Transaction | None:
        if basis == "jishu":
            claims = {code: self.jishu(code, day) for code in self.accounts() if code not in self.lost}
        else:
            homes = [code for code in self.within("compound") if self.money[code] or self.paid[code]]
            claims = {code: int(self.dwellings[code].area_m2 * 100) for code in homes}
        if not sum(claims.values()):
            return None
        shares = deal(total, claims)
        self.carried.clear()
        for code in self.diary:
            self.diary[code] = [(day, self.money[code])]
        self.move(day, shares)
        self.pools["yield"] -= total
        legs = [(YIELD, total), *self.owned_legs(shares)]
        return voucher(day, legs, apportion="compound", basis=basis, apportion_total=yuan(total))

    def lose(self, day: date, code: str, at_once: bool) -> data.Transaction:
        fen = self.money[code]
        self.move(day, {code: -fen})
        self.diary[code], self.carried[code], self.lost[code] = [], 0, 0 if at_once else fen
        self.pools["bank" if at_once else "payable"] += -fen if at_once else fen
        return voucher(day, [(returns(self.building(code)), fen), (BANK if at_once else PAYABLE, -fen)], household=code)

    def pay_lost(self, day: date, code: str) -> data.Transaction:
        fen, self.lost[code] = self.lost[code], 0
        self.pools["bank"] -= fen
        self.pools["payable"] -= fen
        return voucher(day, [(PAYABLE, fen), (BANK, -fen)], household=code)

    def rearrange(self, day: date, name: str, kind: str, old: list[str], new: dict[str, int]) -> Change:
        """`old` become `new` (code → dm²), which is listed the wrong way round to see that order does not matter."""
        origin = self.dwellings[old[0]]
        status = "unsold" if self.is_unsold(old[0]) else "sold"
        year = {code: self.paid_in[code, day.year] for code in old}
        past = {code: self.jishu(code, day) for code in old}
        for purse in (self.money, self.paid, self.first, year, past):
            purse |= deal(sum(purse.pop(code, 0) for code in old), new)
        for code, dm2 in new.items():
            area = Decimal(dm2).scaleb(-2)
            self.dwellings[code] = origin.model_copy(update={"code": code, "area_m2": area, "status": status})
            self.paid_in[code, day.year], self.carried[code] = year[code], past[code]
            self.diary[code] = [(day, self.money[code])]
        for code in old:
            del self.dwellings[code]
            self.diary[code], self.carried[code] = [], 0
        into = ",".join(f"{code}={yuan(dm2)}" for code, dm2 in sorted(new.items(), reverse=True))
        return Change.model_validate(
            {"code": name, "date": day, "kind": kind, "dwellings": ",".join(old), "into": into}
        )

    def correct(self, day: date, giver: str, taker: str, fen: int) -> data.Transaction:
        shares = {giver: -fen, taker: fen}
        self.move(day, shares)
        legs = self.owned_legs({giver: -fen}) + self.owned_legs({taker: fen})
        return voucher(day, legs, correction="记-0012", **batch_meta(tuple(shares.items()), self.batches))
