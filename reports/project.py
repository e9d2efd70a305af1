"""One key project in one view (重点项目): its budget, whose money paid for it, each payment, its result, what is owed.

Sources of what has to be known of it: 165号令 2008 art. 22, 23 (plan, decision, contract, acceptance), art. 30 (what
is published); the steps after the payment are those of the resolution's procedure, with their articles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from beancount.core import data

from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.approval.spending import Payment, accepted_on, all_payments
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.booking import POSTED, named_legs
from jiezhang.domain.chart import CHART, FUND_NAMES
from jiezhang.domain.fund_register import Project
from jiezhang.domain.levy import HELD, RAISED, REFUNDED, Levy, levy_moves, parse_dues
from jiezhang.domain.money import to_fen
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Street
from jiezhang.domain.scope import parse_scope

from .fund_paper import reading_order, scope_words
from .issuer import Issuer, issuer_of
from .resolution import ResolutionPaper, resolution_paper
from .wording import mask_party

_SUBSIDIES = ("4201", "4202")
"""What others gave to a levy."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where money came from: a fund, and in the maintenance fund the building. Fen paid so far."""

    fund: str
    place: str
    fen: int


@dataclass(frozen=True, slots=True)
class ProjectPayment:
    """One voucher of the project; `outside_fen` is what others paid beside it. Fen; `payee` as the board shows it."""

    day: date
    voucher: str
    fund: str
    subject: str
    payee: str
    narration: str
    fen: int
    outside_fen: int
    posted: bool


@dataclass(frozen=True, slots=True)
class LevyState:
    """The levy that pays for the project: due, raised, given by others, refunded, left. Fen."""

    code: str
    name: str
    due_fen: int
    raised_fen: int
    subsidy_fen: int
    refunded_fen: int
    left_fen: int


@dataclass(frozen=True, slots=True)
class ProjectReport:
    """One project as of the end of `day`. `papers` are the resolutions it rests on, the first the one asked for."""

    issuer: Issuer
    day: date
    code: str
    title: str
    scope: str
    project: str
    """Code in `projects.csv`; empty where the maintenance fund does not pay."""
    contract: str
    papers: tuple[ResolutionPaper, ...]
    budget_fen: int
    """What they allow: of those on one levy the largest, for they are about the same money; of others the sum."""
    supplier: str
    price_fen: int | None
    """What the chosen supplier bid; `None` where nobody bid."""
    sources: tuple[Source, ...]
    payments: tuple[ProjectPayment, ...]
    levies: tuple[LevyState, ...]
    accepted: date | None

    @property
    def paid_fen(self) -> int:
        """From funds, posted or not."""
        return sum(payment.fen for payment in self.payments)

    @property
    def outside_fen(self) -> int:
        """Paid beside the funds (资金外支付)."""
        return sum(payment.outside_fen for payment in self.payments)

    @property
    def cost_fen(self) -> int:
        """The whole cost so far."""
        return self.paid_fen + self.outside_fen

    @property
    def retained_fen(self) -> int | None:
        """What of the price is not paid yet (质保金、尾款); `None` where the price is not known."""
        return self.price_fen - self.cost_fen if self.price_fen is not None else None

    @property
    def left_fen(self) -> int:
        """What of the budget is left."""
        return self.budget_fen - self.paid_fen


def project_report(view: OfficeView, code: str, *, street: Street, day: date) -> ProjectReport:
    """The project of resolution, levy or project `code`; `Refused` when there is none.

    Vouchers are those until the end of `day`, decisions as they are recorded now.
    """
    view = replace(view, entries=[entry for entry in view.entries if entry.date <= day])
    path = _path(view, code)
    project = _registered(view, path.resolution.project, path.code)
    paths = _together(view, path)
    codes = {one.code for one in paths}
    found = [
        payment
        for payment in all_payments(view.entries)
        if (payment.resolution in codes or _names(payment, project)) and _is_cost(payment)
    ]
    levies = [levy for _, levy in view.files.levies if levy.resolution in codes]
    supplier = next((one.supplier for one in paths if one.supplier), "")
    return ProjectReport(
        issuer=issuer_of(street, view.files.compound),
        day=day,
        code=path.code,
        title=project.name if project is not None else path.resolution.title,
        scope=scope_words(parse_scope(path.resolution.scope)),
        project=project.code if project is not None else path.resolution.project,
        contract=_contract(project, found),
        papers=tuple(resolution_paper(view, one, day) for one in paths),
        budget_fen=_budget(paths),
        supplier=supplier,
        price_fen=next((to_fen(one.prices[supplier]) for one in paths if supplier in one.prices), None),
        sources=_sources(found),
        payments=tuple(_paid(payment, number == 0) for payment, number in _numbered(found)),
        levies=tuple(_levy(view, levy) for levy in levies),
        accepted=_accepted(view, project, found),
    )


def _path(view: OfficeView, code: str) -> Path:
    levy = next((levy.resolution for _, levy in view.files.levies if levy.code == code), "")
    register = view.files.register
    rows = register.projects if register is not None else ()
    decision = next((row.decision for _, row in rows if row.code == code), "")
    by_project = next((one.code for one in view.paths.values() if one.resolution.project == code), "")
    path = view.paths.get(code) or view.paths.get(levy) or view.paths.get(decision) or view.paths.get(by_project)
    if path is None:
        raise Refused(f"小区 {view.files.compound.code} 没有决议、集资或维修项目 {code}")
    return path


def _registered(view: OfficeView, code: str, decision: str) -> Project | None:
    register = view.files.register
    rows = [row for _, row in register.projects] if register is not None else []
    return next((row for row in rows if row.code == code or row.decision == decision), None)


def _together(view: OfficeView, path: Path) -> list[Path]:
    """`path`, and the other resolutions on the same project or the same levy."""
    project, fund = path.resolution.project, path.resolution.fund
    others = [
        other
        for other in view.paths.values()
        if other.code != path.code
        and ((project and other.resolution.project == project) or (fund[0] == "J" and other.resolution.fund == fund))
    ]
    return [path, *others]


def _budget(paths: Sequence[Path]) -> int:
    by_levy: dict[str, int] = {}
    total = 0
    for path in paths:
        fund, fen = path.resolution.fund, to_fen(path.resolution.budget_yuan)
        if fund[0] == "J":
            by_levy[fund] = max(fen, by_levy.get(fund, 0))
        else:
            total += fen
    return total + sum(by_levy.values())


def _is_cost(payment: Payment) -> bool:
    """Whether it is for the project: what a levy gives back is not."""
    return payment.fund[0] != "J" or not {code for code, _ in payment.legs} & {REFUNDED, HELD}


def _names(payment: Payment, project: Project | None) -> bool:
    return project is not None and payment.entry.meta.get("project") == project.code


def _contract(project: Project | None, payments: Sequence[Payment]) -> str:
    said = {str(payment.entry.meta["contract"]): None for payment in payments if payment.entry.meta.get("contract")}
    return project.contract if project is not None and project.contract else "、".join(said)


def _accepted(view: OfficeView, project: Project | None, payments: Sequence[Payment]) -> date | None:
    days = [day for payment in payments if (day := accepted_on(payment, view.files.register)) is not None]
    return project.accepted if project is not None and project.accepted else max(days, default=None)


def _sources(payments: Sequence[Payment]) -> tuple[Source, ...]:
    """By fund and building, in the order W, G, J; what others paid beside the funds last."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for payment in payments:
        spent = {code for code, _ in payment.legs}
        for name, number in named_legs(payment.entry):
            mine = payment.fund[0] == name.fund_kind and name.subject.code in spent and not name.has_statement
            if mine and (name.fund_kind != "J" or name.fund.startswith(payment.fund)):
                sums[name.fund, name.subs[0] if name.subs else ""] += to_fen(number)
    order = {"W": 0, "G": 1, "J": 2}
    found = [Source(fund, place, fen) for (fund, place), fen in sums.items() if fen]
    found.sort(key=lambda source: (order[source.fund[0]], source.fund, reading_order(source.place)))
    outside = sum(_outside(payment.entry.meta) for payment, number in _numbered(payments) if number == 0)
    return (*found, *([Source("", "", outside)] if outside else []))


def _numbered(payments: Sequence[Payment]) -> Iterator[tuple[Payment, int]]:
    """Payments with their place in their voucher: what a voucher says once is counted with its first."""
    seen: defaultdict[int, int] = defaultdict(int)
    for payment in payments:
        yield payment, seen[id(payment.entry)]
        seen[id(payment.entry)] += 1


def _outside(meta: Mapping[str, Any]) -> int:
    given = meta.get("paid-outside")
    return to_fen(given) if isinstance(given, Decimal) else 0


def _paid(payment: Payment, first: bool) -> ProjectPayment:
    entry: data.Transaction = payment.entry
    kind = payment.fund[0]
    subjects = "、".join(dict.fromkeys(CHART[kind][code].name for code, _ in payment.legs))
    return ProjectPayment(
        day=payment.day,
        voucher=f"{Month.of(payment.day)} {entry.meta.get('voucher', '')}".strip(),
        fund=payment.fund if kind == "J" else FUND_NAMES[kind],
        subject=subjects,
        payee=mask_party(payment.payee),
        narration=entry.narration or "",
        fen=payment.total_fen,
        outside_fen=_outside(entry.meta) if first else 0,
        posted=entry.flag == POSTED,
    )


def _levy(view: OfficeView, levy: Levy) -> LevyState:
    sums: defaultdict[str, int] = defaultdict(int)
    left = 0
    for move in levy_moves(view.transactions(), levy.fund, view.files.batches):
        sums[move.code] += move.fen
        left += -move.fen if move.account.root == "Expenses" else move.fen
    due = sum(parse_dues(view.files.batches[levy.dues_file], levy.dues_file).values())
    subsidy = sum(sums[code] for code in _SUBSIDIES)
    return LevyState(levy.code, levy.name, due, sums[RAISED], subsidy, sums[REFUNDED], left)

