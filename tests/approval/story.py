"""A resolution's records, written from a procedure's data alone: the happy path, to be broken in one place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.path import walk_all
from jiezhang.domain.approval.path_seals import bid_digest
from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.approval.procedure import Procedure, Step
from jiezhang.domain.approval.records import KINDS, Entered, SealUse, custom_of, read_records
from jiezhang.domain.approval.seals import path_digest, payment_digest
from jiezhang.domain.approval.spending import payable_fault

from .office import LETTER, START, ballots, office, sign, signers, unanimous

CODE = "R2026-07"
WINNER = "甲建设公司"
BIDS = {WINNER: Decimal("800.00"), "乙建设公司": Decimal("900.00"), "丙建设公司": Decimal("950.00")}
NONCE = "f00dcafe0001"
BALLOTS = f"votes/{CODE}.csv"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Setting:
    """A procedure, and what is decided in it."""

    procedure: Procedure
    matter: str
    budget_yuan: Decimal

    @property
    def asked(self) -> list[Step]:
        """The steps it has to take."""
        return [step for step in self.procedure.steps if step.asked_of(self.matter, self.budget_yuan)]

    @property
    def before(self) -> list[Step]:
        """Those before the money is paid."""
        kinds = [step.kind for step in self.asked]
        return self.asked[: kinds.index("execute")]

    @property
    def after(self) -> list[Step]:
        """Those owed afterwards."""
        return self.asked[len(self.before) + 1 :]

    def following(self, step: Step) -> Step | None:
        """The step after `step`, of those before the payment."""
        left = self.before[self.before.index(step) + 1 :]
        return left[0] if left else None

    def story(self, until: Step | None = None) -> Story:
        """The happy path up to `until`, that step left out; `None`: up to the payment."""
        told = Story(self, files=office(self.procedure))
        for step in self.before if until is None or until in self.after else self.before[: self.before.index(until)]:
            told.take(step)
        for step in self.after[: self.after.index(until)] if until in self.after else ():
            told.take(step)
        return told


@dataclass
class Story:
    """Records as they are entered, one day after another; `day` is today."""

    setting: Setting
    files: OfficeFiles
    day: date = START
    records: list[tuple[str, date, Any]] = field(default_factory=list)

    def add(self, kind: str, day: date | None = None, **fields: Any) -> None:
        """One record more, today unless another day is given; fields that are `None` are not written."""
        given = {"code": CODE, **{name: value for name, value in fields.items() if value is not None}}
        self.records.append((kind, day or self.day, KINDS[kind].model_validate(given)))

    def entered(self) -> list[Entered]:
        """The records, as they would be read from `resolutions.beancount`."""
        entries = []
        for line, (kind, day, record) in enumerate(self.records, start=1):
            entry = custom_of(kind, day, record)
            entries.append(entry._replace(meta={**entry.meta, "lineno": line}))
        found, misread = read_records(entries)
        assert not misread, misread
        return found

    def path(self) -> Path:
        """Where the resolution is."""
        return walk_all(self.entered(), self.files)[CODE]

    def refusal(self) -> str:
        """Why it went wrong, or why nothing may be paid today; empty when all is well."""
        path = self.path()
        return path.fault[0] if path.fault else next(iter(path.void.values()), "") or payable_fault(path, self.day)

    def change_files(self, **fields: Any) -> None:
        """Something beside the records is otherwise."""
        self.files = replace(self.files, **fields)

    def take(self, step: Step, **changed: Any) -> None:
        """The happy records of a step, with some fields changed; then it is the next day."""
        records = getattr(self, f"_{step.kind}")(step)
        for kind, fields in records:
            self.add(kind, **{**fields, **changed})
        last = self.records[-1][2]
        self.day = max(self.day, last.until if step.kind == "publication" else self.day) + DAY

    def _propose(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        matter, fund = self.setting.matter, "W" if self.setting.matter in ("fund_use", "emergency") else "G"
        own: dict[str, dict[str, Any]] = {
            "standing": {"each_max_yuan": Decimal("500.00"), "count_max": 4},
            "emergency": {"cause": "lift"},
        }
        yield "resolution", {
            "procedure": self.setting.procedure.code, "title": "屋面防水维修", "matter": matter, "fund": fund,
            "subjects": "5001" if fund == "W" else "5101", "by": ",".join(signers(step)),
            "budget_yuan": self.setting.budget_yuan, "starts": START, "ends": START + 600 * DAY,
            **own.get(matter, {}),
        }  # fmt: skip

    def _review(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "stage", {"step": step.code, "by": ",".join(signers(step)), "supplier": WINNER if step.awards else None}

    _duty = _review

    def _vote(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "vote", self.cast(step, unanimous())

    def vote(self, fields: Mapping[str, Any]) -> None:
        """A vote with these fields, as `cast` or `keep` gave them; then it is the next day."""
        self.add("vote", **fields)
        self.day += DAY

    def cast(self, step: Step, choices: Mapping[str, str]) -> dict[str, Any]:
        """Ballots put on file; the fields of the vote."""
        return self.keep(step, ballots(choices))

    def keep(self, step: Step, content: bytes) -> dict[str, Any]:
        """A ballot file put on file; the fields of the vote."""
        self.change_files(ballots={**self.files.ballots, BALLOTS: content})
        return {"step": step.code, "ballots": BALLOTS, "sha256": hashlib.sha256(content).hexdigest()}

    def _bids(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from (("bid", self.sealed(step, supplier)) for supplier in BIDS)
        yield from (("bid", self.opened(step, supplier)) for supplier in BIDS)

    def sealed(self, step: Step, supplier: str) -> dict[str, Any]:
        """A bid handed in."""
        price = BIDS.get(supplier, Decimal("1.00"))
        return {"supplier": supplier, "step": step.code, "sealed": bid_digest(CODE, supplier, price, NONCE)}

    def opened(self, step: Step, supplier: str) -> dict[str, Any]:
        """A bid opened."""
        price = BIDS.get(supplier, Decimal("1.00"))
        return {"supplier": supplier, "step": step.code, "price_yuan": price, "nonce": NONCE}

    def _publication(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        until = self.day + (step.days_min - 1) * DAY
        yield "publication", {"step": step.code, "until": until, "place": "小区公告栏", "by": ",".join(signers(step))}

    def _filing(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "filing", {"step": step.code, "number": "示备〔2026〕7号", "by": ",".join(signers(step))}

    def _seal(self, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        digest = self.content(step)
        for seal in step.seals:
            yield "seal", self.set_seal(step, seal, digest)

    def content(self, step: Step) -> str:
        """The digest that the seals of `step` are over."""
        return path_digest(
            one for one in self.entered() if not (isinstance(one.record, SealUse) and one.record.step == step.code)
        )

    def set_seal(self, step: Step, seal: str, digest: str, key: str = "") -> dict[str, Any]:
        """A seal, truly signed by `key`, the seal's own unless another is given."""
        code = key or f"{LETTER[seal]}-GOOD"
        by = sign(code, digest, seal, self.day)
        return {"step": step.code, "seal": seal, "key": code, "digest": digest, "signature": by}

    def seal_payment(
        self, seal: str, payee: str = WINNER, amount: str = "800.00", key: str = "", digest: str = ""
    ) -> dict[str, Any]:
        """A seal on payment P1, truly signed."""
        yuan, code = Decimal(amount), key or f"{LETTER[seal]}-GOOD"
        signed = digest or payment_digest(self.path().digest, "P1", payee, yuan)
        by = sign(code, signed, seal, self.day)
        paid = {"payment": "P1", "payee": payee, "amount_yuan": yuan}
        return {"seal": seal, "key": code, "digest": signed, "signature": by, **paid}
