"""Random histories: a register, and what may happen to its households. Impossible intentions are left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from beancount.core import data
from hypothesis import strategies as st
from little_fund import dwelling
from naive import Naive

from jiezhang.domain.changes import change_events, dwellings_made
from jiezhang.domain.fund_register import Change, FundRegister
from jiezhang.domain.household_events import Event
from jiezhang.domain.register import Dwelling
from jiezhang.households.from_ledger import read_event
from jiezhang.households.fund import FundFiles
from jiezhang.households.state import Households, new_households

START = date(2026, 1, 1)
KINDS = (
    "first", "first", "top-up", "top-up", "refund", "repair", "repair", "repair", "detailed", "4101", "4201", "4301",
    "4901", "odd", "buy", "redeem", "jishu", "jishu", "area", "lose", "lose at once", "pay lost", "correct", "sell",
    "split", "split", "merge", "merge", "renumber",
)
OF_THE_REGISTER = ("sell", "split", "merge", "renumber")
"""They come before the vouchers of their day."""


Done = data.Transaction | Change


@dataclass(frozen=True)
class Intention:
    kind: str
    days: int
    one: int
    other: int
    fen: int


@dataclass(frozen=True)
class Step:
    """What was done, and what the naive model then says of everybody."""

    done: Done
    money: dict[str, int]
    first: dict[str, int]
    pools: dict[str, int]


def registers(max_size: int = 8) -> st.SearchStrategy[list[Dwelling]]:
    codes = [f"B0{b}-{s}-{f}01" for b in (1, 2, 3) for s in (1, 2) for f in (1, 2, 3)]
    one = st.builds(
        dwelling,
        st.sampled_from(codes),
        st.integers(1, 30_000).map(lambda dm2: f"{dm2 // 100}.{dm2 % 100:02d}"),
        st.sampled_from(["commercial", "commercial", "public"]),
        st.sampled_from(["sold", "sold", "sold", "unsold"]),
    )
    return st.lists(one, min_size=2, max_size=max_size, unique_by=lambda d: d.code)


def intentions(max_size: int = 40) -> st.SearchStrategy[list[Intention]]:
    number = st.integers(0, 10_000)
    fen = st.one_of(st.integers(1, 100), st.integers(1, 5_000_000))
    one = st.builds(Intention, st.sampled_from(KINDS), st.integers(0, 120), number, number, fen)
    paid_in = Intention("first", 0, 0, 0, 500_000)  # everybody; otherwise most that follows is impossible
    return st.lists(one, min_size=12, max_size=max_size).map(lambda wishes: [paid_in, *wishes])


@dataclass(frozen=True)
class History:
    """A compound's register as it was at the start, and what was done since, one step after the other."""

    dwellings: tuple[Dwelling, ...]
    steps: tuple[Step, ...]
    batches: dict[str, bytes]

    @property
    def vouchers(self) -> list[data.Transaction]:
        return [step.done for step in self.steps if isinstance(step.done, data.Transaction)]

    @property
    def register(self) -> FundRegister:
        changes = (step.done for step in self.steps if isinstance(step.done, Change))
        return FundRegister(START, self.dwellings, changes=tuple(enumerate(changes, start=2)))

    @property
    def files(self) -> FundFiles:
        return FundFiles(self.register, self.batches)

    @property
    def events(self) -> list[Event]:
        return [event for step in self.steps for event in self.of(step)]

    def of(self, step: Step) -> list[Event]:
        if isinstance(step.done, Change):
            return change_events(FundRegister(START, changes=((2, step.done),)))
        event = read_event(step.done, self.batches)
        return [event] if event else []

    def start(self) -> Households:
        return new_households(self.dwellings, START, later=dwellings_made(self.register))


def histories(max_size: int = 40) -> st.SearchStrategy[History]:
    return st.builds(play, registers(), intentions(max_size))


def play(dwellings: list[Dwelling], intended: list[Intention]) -> History:
    """What was possible of what was intended."""
    model = Naive({d.code: d for d in dwellings})
    steps: list[Step] = []
    day = START
    for number, wish in enumerate(intended):
        later = day + timedelta(days=wish.days or (1 if wish.kind in OF_THE_REGISTER else 0))
        done = _do(model, later, wish, number)
        if done is not None:
            day = later
            steps.append(Step(done, dict(model.money), dict(model.first), dict(model.pools)))
    return History(tuple(dwellings), tuple(steps), model.batches)


def _do(model: Naive, day: date, wish: Intention, number: int) -> Done | None:
    alive = [code for code in model.accounts() if code not in model.lost]
    if wish.kind in ("4101", "4201", "4301", "4901"):
        return model.income(day, wish.kind, wish.fen)
    if wish.kind in ("jishu", "area"):
        return _distribute(model, day, wish)
    if wish.kind in OF_THE_REGISTER:
        return _changed(model, day, wish, f"BG{number}")
    if wish.kind in ("odd", "buy", "redeem", "pay lost"):
        return _pooled(model, day, wish, number)
    return _of_somebody(model, day, wish, alive) if alive else None


def _changed(model: Naive, day: date, wish: Intention, name: str) -> Change | None:
    homes = [code for code in sorted(model.dwellings) if code not in model.lost]
    if not homes:
        return None
    one = model.dwellings[homes[wish.one % len(homes)]]
    dm2, made = int(one.area_m2 * 100), f"{one.building}-{one.stair}-{name}"
    if wish.kind == "sell":
        model.sold_since.add(one.code)
        return Change(code=name, date=day, kind="sale", dwellings=one.code, owner="Y1")
    if wish.kind == "renumber":
        return model.rearrange(day, name, "renumber", [one.code], {made: dm2})
    if wish.kind == "split":
        part = 1 + wish.other % max(dm2 - 1, 1)
        return model.rearrange(day, name, "split", [one.code], {made + "A": part, made + "B": dm2 - part}) if (
            dm2 > 1
        ) else None
    alike = [code for code in homes if code != one.code and _may_merge(model, one, model.dwellings[code])]
    if not alike:
        return None
    old = [one.code, alike[wish.other % len(alike)]]
    return model.rearrange(day, name, "merge", old, {made: sum(int(model.dwellings[c].area_m2 * 100) for c in old)})


def _may_merge(model: Naive, one: Dwelling, other: Dwelling) -> bool:
    same_place = (one.building, one.nature) == (other.building, other.nature)
    return same_place and model.is_unsold(one.code) == model.is_unsold(other.code)


def _of_somebody(model: Naive, day: date, wish: Intention, alive: list[str]) -> data.Transaction | None:
    one, other = alive[wish.one % len(alive)], alive[wish.other % len(alive)]
    match wish.kind:
        case "first" | "top-up":
            some = alive[wish.one % len(alive) :]
            shares = {code: wish.fen * (place % 3) + wish.other for place, code in enumerate(some, start=1)}
            return model.deposit(day, shares, wish.kind == "first") if sum(shares.values()) else None
        case "refund":
            most = min(model.paid_in[one, day.year], model.money[one], model.paid[one])
            return model.refund(day, one, 1 + wish.fen % most) if most > 0 else None
        case "repair":
            return _repair(model, day, wish, alive)
        case "lose" | "lose at once" if model.money[one]:
            return model.lose(day, one, wish.kind == "lose at once")
        case "correct" if model.money[one] and one != other:
            return model.correct(day, one, other, min(wish.fen, model.money[one]))
        case "detailed" if model.money[one]:
            shares = {code: min(wish.fen, model.money[code]) for code in {one, other} if model.money[code]}
            return model.repair_detailed(day, shares)
    return None


def _distribute(model: Naive, day: date, wish: Intention) -> data.Transaction | None:
    if not model.pools["yield"] or (wish.kind == "area" and any(model.money[c] for c in model.accounts() if "/" in c)):
        return None
    return model.distribute(day, 1 + wish.fen % model.pools["yield"], wish.kind)


def _pooled(model: Naive, day: date, wish: Intention, number: int) -> data.Transaction | None:
    if wish.kind == "odd":
        return model.odd(day, wish.fen)
    if wish.kind == "buy":
        return model.buy(day, f"T{number}", wish.fen, day + timedelta(days=1 + wish.one % 400))
    if wish.kind == "redeem":
        ripe = [ref for ref, (_, matures) in model.bonds.items() if matures <= day]
        return model.redeem(day, ripe[0], wish.fen) if ripe else None
    owed = [code for code, fen in model.lost.items() if fen]
    return model.pay_lost(day, owed[0]) if owed else None


def _repair(model: Naive, day: date, wish: Intention, alive: list[str]) -> data.Transaction | None:
    homes = [code for code in alive if code in model.dwellings]
    if not homes:
        return None
    home = model.dwellings[homes[wish.one % len(homes)]]
    some = sorted({home.code, homes[wish.other % len(homes)]})
    scopes = ["compound", f"building:{home.building}", f"stair:{home.building}/{home.stair}"]
    scope = [*scopes, "dwellings:" + ",".join(some)][wish.other % 4]
    concerned = {
        model.building(c) for c in model.within(scope)
        if model.dwellings[c].nature == "public" and not model.is_unsold(c)
    }
    paid = [c for c in model.accounts() if model.building(c) in concerned and not model.is_unsold(c)]
    public = [c for c in paid if "/" in c or model.dwellings[c].nature == "public"]
    if concerned and not any(model.paid[c] for c in public if c not in model.lost):
        return None  # no ratio of payments to share by
    return model.repair(day, scope, wish.fen)
