"""What the maintenance fund knows beside its vouchers: buildings, dated changes of dwellings, projects, bonds.

Each model is one row of one table of `register/`, as in `register.py`. Dwellings are registered as they were when the
books began; what became of them since is a dated change, and nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints

from .meanings import Means
from .register import Code, Day, Dwelling, Name, Row, Text, Yuan
from .rule_words import COMMON_FACILITIES, COMMON_PARTS, NEVER_PAYABLE

ChangeKind = Annotated[
    Literal["sale", "split", "merge", "renumber", "loss"],
    Means({"sale": "过户", "split": "分户", "merge": "合户", "renumber": "改户号", "loss": "房屋灭失"}),
]

RepairCause = Annotated[
    Literal["wear", "builder_duty", "utility_lines", "person_damage", "service_contract", "other_duty"],
    Means({"wear": "保修期满后的正常损耗", **NEVER_PAYABLE}),
]
"""Why something has to be repaired; all but the first are never the fund's business (165号令 2008 art. 25)."""

RepairObject = Annotated[
    Literal[
        "foundation", "bearing_walls", "columns", "beams", "slabs", "roof", "outer_walls", "lobbies", "stairs",
        "corridors", "lifts", "aerials", "lighting", "fire", "green", "roads", "street_lamps", "drains", "ponds",
        "wells", "parking", "sports", "housings",
    ],
    Means({**COMMON_PARTS, **COMMON_FACILITIES}),
]
"""Common part or facility (165号令 2008 art. 3)."""

DwellingList = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z0-9][A-Za-z0-9-]*(,[A-Z0-9][A-Za-z0-9-]*)*$", max_length=1000),
    Field(examples=["01-1-101,01-1-102"]),
]
"""Codes joined by commas."""

MadeList = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?=[0-9]{1,7}(\.[0-9]{1,2})?"
        r"(,[A-Z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?=[0-9]{1,7}(\.[0-9]{1,2})?)*)?$",
        max_length=1000,
    ),
    Field(examples=["01-1-101A=60.00,01-1-101B=40.00"]),
]
"""Codes with their floor areas, joined by commas."""

ScopeText = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9:/,-]+$", max_length=1000), Field(examples=["building:01"])
]
"""Whom the cost concerns, as `scope.parse_scope` reads it."""


class Building(Row):
    """`register/buildings.csv`: one 幢, with the control totals of its dwellings when the books began.

    `seller_deposit_yuan` is what the selling unit (售房单位) of its public housing had paid in (165号令 2008 art. 8).
    """

    code: Code
    dwellings: Annotated[int, Field(ge=1)]
    area_m2: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
    first_deposit_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    seller_deposit_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")


class OpeningDwelling(Dwelling):
    """One line of the household list a compound is taken over with (户册): a dwelling and what its account holds."""

    balance_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")


class OpeningBuilding(Building):
    """One line of the list of buildings a compound is taken over with (幢册): its control totals, with balances."""

    balance_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    seller_balance_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")


class Change(Row):
    """`register/changes.csv`: what became of dwellings on a day; it comes before that day's vouchers.

    `owner` is the new owner's pseudonym after a sale. `into` names the dwellings made by a split, merge or renumbering.
    """

    code: Code
    date: Day
    kind: ChangeKind
    dwellings: DwellingList
    into: MadeList = ""
    owner: Text = ""
    note: Text = ""

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.dwellings.split(","))

    @property
    def made(self) -> tuple[tuple[str, Decimal], ...]:
        """(code, m²) of the dwellings it makes."""
        pairs = (part.partition("=") for part in self.into.split(",") if part)
        return tuple((code, Decimal(area)) for code, _, area in pairs)


class Project(Row):
    """`register/projects.csv`: a repair, renewal or alteration that the fund pays for, and what allows it to.

    What is still open may be empty; a payment asks for it (`fund_purpose`).
    """

    code: Code
    name: Name
    scope: ScopeText
    object: RepairObject
    cause: RepairCause
    warranty_until: Day | None = None
    """The last day of the builder's warranty."""
    budget_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    decision: Text = ""
    """The owners' decision, or the confirmation of an emergency."""
    decided: Day | None = None
    contractor: Text = ""
    contract: Text = ""
    prepay_percent: Annotated[int, Field(ge=0, le=100)] = 0
    """How much of the budget the contract lets be paid before acceptance."""
    accepted: Day | None = None


class TreasuryBond(Row):
    """`register/bonds.csv`: a holding of bonds (165号令 2008 art. 26). `decision` is the owners' consent."""

    code: Code
    kind: Annotated[Literal["treasury", "other"], Means({"treasury": "国债", "other": "其他债券"})]
    market: Annotated[
        Literal["primary", "secondary"], Means({"primary": "一级市场新发", "secondary": "二级市场"})
    ]
    matures: Day
    decision: Text = ""
    opening_cost_yuan: Annotated[Yuan, Field(ge=0)] = Decimal("0.00")
    """What it had cost, when it was held already before these books began."""


RowType = TypeVar("RowType", bound=Row)
Numbered = tuple[tuple[int, RowType], ...]
"""Rows, each with its line in the file."""


@dataclass(frozen=True, slots=True)
class FundRegister:
    """One compound's register as far as the fund needs it; `start` is the first day of its books."""

    start: date
    dwellings: tuple[Dwelling, ...] = ()
    buildings: Numbered[Building] = ()
    changes: Numbered[Change] = ()
    projects: Numbered[Project] = ()
    bonds: Numbered[TreasuryBond] = ()
