"""A wish taken through its procedure, step by step as the procedure's data say: the records an office would have.

Nothing here knows a procedure by name. Steps follow one another within their deadlines, publications hang as long as
they must, as many sign as are asked, and seals are signatures over what was recorded before them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.path_seals import bid_digest
from jiezhang.domain.approval.procedure import Procedure, SealName, Step
from jiezhang.domain.approval.records import (
    AnyRecord,
    Bid,
    Entered,
    Filing,
    Objection,
    Publication,
    SealUse,
    Stage,
    Vote,
    custom_of,
)
from jiezhang.domain.approval.seals import path_digest, payment_digest, seal_message
from jiezhang.domain.approval.spent import AUDIT

from .ballots import ballots_for
from .events import yuan
from .names import rivals
from .officers import Officers, signature
from .wishes import Bill, Wish

_BOARD: Final = "小区公告栏、业主群"
_GAP_DAYS: Final = 4
"""At most so many days between two steps."""
_VOTING_DAYS: Final = (8, 15)
_OPENED_AFTER: Final = 3
"""So many days after they were handed in, bids are opened."""
_SEALED_BEFORE: Final = 2
"""So many days before it is paid, a payment is sealed."""


@dataclass(slots=True)
class Deciding:
    """One resolution being decided. `entered` are its records so far, `votes` the ballot files they name."""

    wish: Wish
    procedure: Procedure
    officers: Officers
    files: OfficeFiles
    seed: int
    rng: Random
    entered: list[Entered] = field(default_factory=list)
    votes: dict[str, bytes] = field(default_factory=dict)

    def add(self, kind: str, day: date, record: AnyRecord) -> None:
        self.entered.append(Entered(kind, day, record, custom_of(kind, day, record)))


def asked_after_proposal(wish: Wish, procedure: Procedure) -> list[Step]:
    """The steps asked of a resolution but its proposal, `execute` among them."""
    matter, budget = wish.resolution.matter, wish.resolution.budget_yuan
    return [step for step in procedure.steps[1:] if step.asked_of(matter, budget)]


def proposed_on(wish: Wish, procedure: Procedure, rng: Random) -> date:
    """When `wish` is proposed, so that it is decided by its day; `rng` as `decide` will find it."""
    steps = asked_after_proposal(wish, procedure)
    slots = _schedule(rng, steps[: [step.kind for step in steps].index("execute")])
    return wish.approved - timedelta(days=slots[-1].done)


@dataclass(frozen=True, slots=True)
class _Slot:
    """When a step begins and when it is done, in days from the proposal."""

    step: Step
    begins: int
    done: int


def decide(work: Deciding, bills: Sequence[Bill], last: date) -> list[Entered]:
    """The records of `work.wish` up to the day `last`, those of its `bills` among them, in order."""
    steps = asked_after_proposal(work.wish, work.procedure)
    until = [step.kind for step in steps].index("execute")
    slots = _schedule(work.rng, steps[:until])
    first = work.wish.approved - timedelta(days=slots[-1].done)
    work.add("resolution", first, work.wish.resolution)
    for slot in slots:
        _take(work, slot, first)
        if work.wish.fails and slot.step.kind == "vote":
            return _until(work, last)
    digest = path_digest(work.entered)
    for bill in bills:
        if bill.payment:
            _seal_payment(work, bill, digest)
    _afterwards(work, steps[until + 1 :], last)
    return _until(work, last)


def signers(step: Step, officers: Officers) -> str:
    """Who takes `step`, joined by commas: most of a committee, one of each role that acts jointly, or one."""
    by_role = officers.by_role
    members = by_role.get(step.majority_of, ())
    most = members[: len(members) // 2 + 1 + (len(members) > 3)]
    joint = [by_role[role][0] for role in step.jointly if role != step.majority_of]
    alone = [by_role[role][0] for role in step.by if role in by_role][:1]
    return ",".join((*most, *joint) or alone)


def proposers(procedure: Procedure, officers: Officers) -> str:
    """Who proposes, joined by commas."""
    return signers(procedure.steps[0], officers)


def _until(work: Deciding, last: date) -> list[Entered]:
    return [one for one in work.entered if one.day <= last]


def _schedule(rng: Random, steps: Sequence[Step]) -> list[_Slot]:
    slots, now = [], 0
    for step in steps:
        begins = done = now + rng.randrange(1, 1 + min(_GAP_DAYS, step.within_days or _GAP_DAYS))
        if step.kind == "publication":
            done = begins + step.days_min - 1
        elif step.kind == "vote" and step.within_days is None:
            begins = done = now + rng.randrange(*_VOTING_DAYS)
        elif step.kind == "bids":
            done = min(begins + _OPENED_AFTER, now + (step.within_days or _OPENED_AFTER + _GAP_DAYS))
        slots.append(_Slot(step, begins, done))
        now = done
    return slots


def _take(work: Deciding, slot: _Slot, first: date) -> None:
    step, code = slot.step, work.wish.code
    day, done = first + timedelta(days=slot.begins), first + timedelta(days=slot.done)
    match step.kind:
        case "review":
            work.add("stage", day, _stage(work, step, "同意"))
        case "vote":
            _vote(work, step, day)
        case "bids":
            _bids(work, step, day, done)
        case "seal":
            digest = path_digest(work.entered)
            for seal in step.seals:
                key, signature = _signed(work, seal, digest, day)
                use = SealUse(code=code, seal=seal, key=key, digest=digest, signature=signature, step=step.code)
                work.add("seal", day, use)
        case "publication":
            _publish(work, step, day)
            _object(work, day, done)
        case "filing":
            number = f"备〔{day.year}〕{work.files.compound.code}-{code.rpartition('-')[2]}号"
            work.add("filing", day, Filing(code=code, step=step.code, number=number, by=signers(step, work.officers)))
        case _:
            raise AssertionError(step.kind)


def _stage(work: Deciding, step: Step, opinion: str) -> Stage:
    supplier = work.wish.supplier if step.awards else ""
    by = signers(step, work.officers)
    return Stage(code=work.wish.code, step=step.code, by=by, opinion=opinion, supplier=supplier)


def _publish(work: Deciding, step: Step, day: date) -> None:
    until = day + timedelta(days=step.days_min - 1)
    by = signers(step, work.officers)
    work.add(
        "publication", day, Publication(code=work.wish.code, step=step.code, until=until, place=_BOARD, by=by)
    )


def _object(work: Deciding, day: date, done: date) -> None:
    """An owner objects on the second day that it hangs, once, and is answered before it is taken down."""
    if work.wish.objection is None or any(one.kind == "objection" for one in work.entered) or (done - day).days < 3:
        return
    text, answer = work.wish.objection
    said = {"code": work.wish.code, "number": "YY-1"}
    asked, told = day + timedelta(days=1), day + timedelta(days=3)
    work.add("objection", asked, Objection(**said, text=text, by=work.officers.by_role["owner"][0]))
    work.add("objection", told, Objection(**said, answer=answer, by=work.officers.by_role["committee"][0]))


def _vote(work: Deciding, step: Step, day: date) -> None:
    resolution, more = work.wish.resolution, any(one.kind == "vote" for one in work.entered)
    name = f"votes/{resolution.code}{f'-{step.code}' if more else ''}.csv"
    content = ballots_for(resolution, day, work.files, work.rng, carries=not work.wish.fails)
    work.votes[name] = content
    digest = hashlib.sha256(content).hexdigest()
    work.add("vote", day, Vote(code=resolution.code, step=step.code, ballots=name, sha256=digest))


def _bids(work: Deciding, step: Step, day: date, done: date) -> None:
    """The supplier's price and higher ones, each sealed until the day of the opening."""
    code, rng = work.wish.code, work.rng
    others = rivals(work.wish.supplier)[: max(2, step.bids_min - 1)]
    prices = {work.wish.supplier: work.wish.price_yuan}
    prices |= {one: yuan(work.wish.price_yuan * rng.randrange(1015, 1120) / Decimal(1000)) for one in others}
    nonces = {one: f"{rng.getrandbits(96):024x}" for one in prices}
    for supplier in sorted(prices):
        sealed = bid_digest(code, supplier, prices[supplier], nonces[supplier])
        work.add("bid", day, Bid(code=code, supplier=supplier, step=step.code, sealed=sealed))
    for supplier in sorted(prices):
        opened = Bid(
            code=code, supplier=supplier, step=step.code, price_yuan=prices[supplier], nonce=nonces[supplier]
        )
        work.add("bid", done, opened)


def _signed(work: Deciding, seal: SealName, digest: str, day: date) -> tuple[str, str]:
    key, keeper = work.officers.seals[seal]
    message = seal_message(work.files.compound.code, work.officers.keys, seal, key, day, digest)
    return key, signature(work.seed, keeper, message)


def _seal_payment(work: Deciding, bill: Bill, path: str) -> None:
    day = max(work.wish.approved + timedelta(days=1), bill.day - timedelta(days=_SEALED_BEFORE))
    digest = payment_digest(path, bill.payment, bill.payee, bill.amount_yuan)
    for seal in work.procedure.payment_seals:
        key, signature = _signed(work, seal, digest, day)
        use = SealUse(
            code=work.wish.code, seal=seal, key=key, digest=digest, signature=signature,
            payment=bill.payment, payee=bill.payee, amount_yuan=bill.amount_yuan,
        )  # fmt: skip
        work.add("seal", day, use)


def _afterwards(work: Deciding, steps: Sequence[Step], last: date) -> None:
    """What is owed once the work has begun: publications of how it goes, acceptance, audit, the result at the end."""
    wish = work.wish
    paid = wish.paid
    if paid is None:
        return
    accepted = wish.accepted or paid
    now = wish.approved + timedelta(days=1)
    final = next((step for step in reversed(steps) if step.kind == "publication"), None)
    for step in steps:
        due = paid + timedelta(days=2) if step is final else accepted if step.kind == "duty" else now
        day = max(now, due)
        if step.within_days is not None:
            day = min(day, wish.approved + timedelta(days=step.within_days))
        if day > last:
            return
        now = day
        if step.kind == "publication":
            _publish(work, step, day)
            now = day + timedelta(days=step.days_min)
        else:
            assert step.code != AUDIT or day <= paid, "audited before the settlement is paid"
            work.add("stage", day, _stage(work, step, "核对无误"))
