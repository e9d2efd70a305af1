"""Taking over the households of a fund: the list of dwellings (户册), proven by the list of buildings (幢册).

Both come from whoever kept the fund before, as CSV or XLSX; the buildings' list holds the control totals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from importers.source import load_source
from jiezhang.book.registers import rows_of
from jiezhang.domain.accounts import parse_account
from jiezhang.domain.fund_register import Building, OpeningBuilding, OpeningDwelling
from jiezhang.domain.household_events import Detail
from jiezhang.domain.money import show, to_fen
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.register import Dwelling, Row
from jiezhang.domain.roll import seller_code

RowType = TypeVar("RowType", bound=Row)


@dataclass(frozen=True, slots=True)
class HouseholdLists:
    """The two files."""

    dwellings: Path
    buildings: Path


@dataclass(frozen=True, slots=True)
class HouseholdOpening:
    """What the lists say. `commercial` and `public` are yuan by building; `detail` each account's balance in fen."""

    dwellings: tuple[Dwelling, ...] = ()
    buildings: tuple[Building, ...] = ()
    detail: Detail = ()
    commercial: tuple[tuple[str, Decimal], ...] = ()
    public: tuple[tuple[str, Decimal], ...] = ()


def read_household_lists(lists: HouseholdLists) -> HouseholdOpening:
    """Both lists, proven against each other; `ManyRefused` with every building whose totals do not hold."""
    dwellings = [row for _, row in _rows(lists.dwellings, OpeningDwelling)]
    buildings = _rows(lists.buildings, OpeningBuilding)
    wrong = list(_faults(dwellings, buildings, lists))
    if wrong:
        raise ManyRefused(wrong)
    sums: dict[str, defaultdict[str, Decimal]] = {"commercial": defaultdict(Decimal), "public": defaultdict(Decimal)}
    detail = []
    for one in dwellings:
        sums[one.nature][one.building] += one.balance_yuan
        detail.append((one.code, to_fen(one.balance_yuan)))
    for _, building in buildings:
        sums["public"][building.code] += building.seller_balance_yuan
        detail.append((seller_code(building.code), to_fen(building.seller_balance_yuan)))
    return HouseholdOpening(
        tuple(Dwelling.model_validate(row.model_dump(exclude={"balance_yuan"})) for row in dwellings),
        tuple(
            Building.model_validate(row.model_dump(exclude={"balance_yuan", "seller_balance_yuan"}))
            for _, row in buildings
        ),
        tuple((code, fen) for code, fen in detail if fen),
        tuple(sorted(sums["commercial"].items())),
        tuple(sorted(sums["public"].items())),
    )


def _rows(path: Path, model: type[RowType]) -> list[tuple[int, RowType]]:
    sheets = load_source(path).sheets
    return rows_of([(row.line, row.cells) for row in sheets[0] if not row.is_blank], path, model)


def _faults(
    dwellings: Sequence[OpeningDwelling], buildings: Sequence[tuple[int, OpeningBuilding]], lists: HouseholdLists
) -> Iterator[Refused]:
    own: defaultdict[str, list[OpeningDwelling]] = defaultdict(list)
    for dwelling in dwellings:
        own[dwelling.building].append(dwelling)
    for line, building in buildings:
        rows = own.pop(building.code, [])
        totals = (
            ("户数", Decimal(building.dwellings), Decimal(len(rows))),
            ("面积", building.area_m2, sum((row.area_m2 for row in rows), Decimal(0))),
            ("首期交存", building.first_deposit_yuan, sum((row.first_deposit_yuan for row in rows), Decimal(0))),
            ("余额", building.balance_yuan, sum((row.balance_yuan for row in rows), Decimal(0))),
        )
        for name, stated, found in totals:
            if stated != found:
                said = f"{building.code} 幢{name}控制数 {stated}，户册合计 {found}，两者应相等"
                yield Refused(said, str(lists.buildings), line)
        if building.seller_balance_yuan and not any(row.nature == "public" for row in rows):
            yield Refused(f"{building.code} 幢没有已售公有住房，不应有售房单位的余额", str(lists.buildings), line)
    for code in sorted(own):
        yield Refused(f"户册里有 {code} 幢，幢册里没有", str(lists.dwellings))


def by_building(
    balances: Sequence[tuple[str, Decimal]], lists: HouseholdOpening, file: str
) -> list[tuple[str, Decimal]]:
    """`balances` with 3001 and 3002 of fund W divided by building, as the lists say.

    `Refused` when the trial balance `file` and the lists differ, or the fund holds money and there are no lists.
    """
    found: list[tuple[str, Decimal]] = []
    for code, sums in (("3001", lists.commercial), ("3002", lists.public)):
        stated = -sum((amount for account, amount in balances if _is(account, code)), Decimal(0))
        detailed = sum((amount for _, amount in sums), Decimal(0))
        if stated and not lists.dwellings:
            raise Refused("维修资金有业主的余额，须同时给出户册和幢册（--dwellings、--buildings）", file)
        if stated != detailed:
            said = f"科目余额表 {code} 余额 {show(stated)} 元，户册合计 {show(detailed)} 元，两者应相等"
            raise Refused(said, file)
    for account, amount in balances:
        code = next((code for code in ("3001", "3002") if _is(account, code)), "")
        parts = {"3001": lists.commercial, "3002": lists.public}.get(code)
        if parts is None:
            found.append((account, amount))
        else:
            found += [(f"{account}:{building}", -part) for building, part in parts if part]
    return found


def _is(account: str, code: str) -> bool:
    name = parse_account(account)
    return name.fund_kind == "W" and name.subject.code == code
