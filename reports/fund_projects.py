"""The projects a fund paid for in a period: cost, who bore it, the average for each m² (165号令 art. 30(2))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from jiezhang.domain.fund_register import FundRegister, Project
from jiezhang.domain.household_events import RepairApportioned, RepairDetailed
from jiezhang.domain.money import to_fen
from jiezhang.domain.problem import Refused
from jiezhang.domain.roll import dwellings_in, rows_of
from jiezhang.domain.scope import Scope
from jiezhang.domain.shares import Column
from jiezhang.households.fund import Booked
from jiezhang.households.state import Households

from .fund_paper import per_m2, scope_words


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project with a payment in the period; a payment without a registered project stands by itself."""

    code: str
    name: str
    decision: str
    decided: date | None
    contractor: str
    contract: str
    accepted: date | None
    budget_fen: int | None
    scope: str
    households: int
    area_dm2: int
    paid_fen: int
    """From the fund in the period."""
    paid_all_fen: int
    """From the fund since the books began."""
    outside_fen: int
    """Paid beside the fund since the books began: by developers, and by who covered what accounts lacked."""
    vouchers: tuple[str, ...]
    """Of the period, `2026-08 记-0036`."""

    @property
    def cost_fen(self) -> int:
        """The whole cost so far."""
        return self.paid_all_fen + self.outside_fen

    @property
    def per_m2_yuan(self) -> Decimal:
        """The average borne by each m² of the scope, rounded to the fen."""
        return per_m2(self.cost_fen, self.area_dm2)


def projects_of(
    journal: Sequence[Booked], state: Households, register: FundRegister, first: date
) -> tuple[ProjectLine, ...]:
    """The projects paid for since `first`, in the order of their first payment; `journal` ends with the period."""
    registered = {project.code: project for _, project in register.projects}
    paid: dict[str, list[Booked]] = {}
    for booked in journal:
        if isinstance(booked.event, RepairApportioned | RepairDetailed) and booked.entry is not None:
            number = f"{booked.entry.date:%Y-%m} {booked.entry.meta.get('voucher', '')}".strip()
            paid.setdefault(str(booked.entry.meta.get("project", number)), []).append(booked)
    return tuple(
        _line(code, registered.get(code), repairs, state, first)
        for code, repairs in paid.items()
        if repairs[-1].event.date >= first
    )


def _line(
    code: str, project: Project | None, repairs: Sequence[Booked], state: Households, first: date
) -> ProjectLine:
    now = [booked for booked in repairs if booked.event.date >= first]
    scope = next((b.event.scope for b in repairs if isinstance(b.event, RepairApportioned)), None)
    rows = _concerned(state, scope, repairs)
    total = sum(_cost(booked) for booked in repairs)
    return ProjectLine(
        code=code,
        name=project.name if project else "未登记的项目",
        decision=project.decision if project else "",
        decided=project.decided if project else None,
        contractor=project.contractor if project else "",
        contract=project.contract if project else "",
        accepted=project.accepted if project else None,
        budget_fen=to_fen(project.budget_yuan) if project else None,
        scope=scope_words(scope),
        households=len(rows),
        area_dm2=int(state.roll.area_dm2[rows].sum()),
        paid_fen=sum(_from_fund(booked) for booked in now),
        paid_all_fen=sum(_from_fund(booked) for booked in repairs),
        outside_fen=total - sum(_from_fund(booked) for booked in repairs),
        vouchers=tuple(
            f"{b.entry.date:%Y-%m} {b.entry.meta['voucher']}" for b in now if b.entry and "voucher" in b.entry.meta
        ),
    )


def _from_fund(booked: Booked) -> int:
    return -int(booked.change_fen.sum())


def _cost(booked: Booked) -> int:
    return booked.event.total_fen if isinstance(booked.event, RepairApportioned) else _from_fund(booked)


def _concerned(state: Households, scope: Scope | None, repairs: Sequence[Booked]) -> Column:
    """Rows of the dwellings of `scope` as they are now, listed ones whatever became of them; where there is no scope,
    or none of it stands, of those who paid."""
    roll = state.roll
    if scope is not None and scope.kind == "dwellings":
        return rows_of(roll, scope.dwellings)
    try:
        chosen = dwellings_in(roll, scope, state.status) if scope is not None else None
    except Refused:
        chosen = None
    if chosen is None:
        chosen = np.any([booked.change_fen != 0 for booked in repairs], axis=0) & ~roll.seller
    return np.flatnonzero(chosen).astype(np.int64)
