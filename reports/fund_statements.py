"""Build the maintenance fund's statements (会住维01, 02, 03 and notes) from the ledger's directives.

Only fund W of one compound is read, on the cash basis. A posted voucher (flag `*`) counts by its accounts; a waiting
row counts by the money it moved, with its other side in suspense. With a replay of the household ledger every figure is
told by nature (`fund_split`). Income and expense need not be closed by a voucher:
net assets at a day are what was posted to them, and the income and expense since, by `CLOSES_TO`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from beancount.core.data import Directive, Transaction

from jiezhang.domain.chart import CHART
from jiezhang.domain.fund_register import Project
from jiezhang.domain.money import ZERO
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Dwelling, Street
from jiezhang.households.fund import FundReplay

from .fund_checks import checks_of
from .fund_forms import BALANCE_SHEET, CLOSES_TO, COMMON, FUND_TITLES, INCOME, NET_ASSETS, UNSPLIT, FormSpec, RowSpec
from .fund_moves import Leg, Move, legs_of, waiting_entries
from .fund_natures import with_natures
from .fund_notes import notes_of
from .fund_shared import Leaves, with_shared_assets
from .fund_split import Split, household_sums, is_complete, split_by_households
from .fund_value import (
    NATURE_NAMES,
    Cell,
    Column,
    Form,
    FundStatements,
    Line,
    Nature,
    Source,
    cell_of,
    trace,
)
from .wording import day_name, month_name

__all__ = ["FundStatements", "fund_statements", "trace"]

_Places = Iterable[tuple[str, str]]
"""Row and column of the cells that a move belongs to."""


def fund_statements(
    entries: Iterable[Directive],
    *,
    street: Street,
    compound: Compound,
    month: Month,
    dwellings: Sequence[Dwelling] = (),
    bank_balances: Mapping[str, Decimal] | None = None,
    replay: FundReplay | None = None,
    projects: Sequence[Project] = (),
) -> FundStatements:
    """The statements of `compound`'s fund W for `month`, with the year to date.

    `entries` are the compound's directives as loaded, in their order; `dwellings` its register, which tells whether
    it has both natures when no replay does. `bank_balances` maps full account names to what the bank's own file says at
    the month's end, in yuan; accounts of other funds are passed over. `replay` is the household ledger of the same
    entries at the end of `month` or later: with it, unless it has faults, both natures are told apart to the fen.
    `projects` is the register of repairs: with it, the notes name them. `Refused` when the books begin after `month`,
    when a voucher does not balance inside the fund, is not in yuan, has more than two places, or names a nature there
    is not.
    """
    if month < Month.of(compound.start):
        raise Refused(f"{compound.name}自 {compound.start} 起建账，没有 {month} 的报表")
    directives = [entry for entry in entries if entry.date <= month.last_day]
    legs = [leg for t in directives if isinstance(t, Transaction) for leg in legs_of(t, compound.code)]
    complete = replay if replay is not None and is_complete(replay, month) else None
    split = split_by_households(legs, complete) if complete else _by_words(legs, dwellings)
    forms = _balance_sheet(split, month), _income(split, month), _net_assets(split.moves, month)
    return FundStatements(
        street=street.name,
        compound=compound.code,
        compound_name=compound.name,
        month=month,
        natures=split.natures,
        balance_sheet=forms[0],
        income=forms[1],
        net_assets=forms[2],
        notes=notes_of(directives, split, forms, compound, month, projects),
        checks=checks_of(
            forms, split, _bank_by_ledger(legs), bank_balances, household_sums(complete, month) if complete else {}
        ),
        waiting=waiting_entries(legs),
    )


def _by_words(legs: Sequence[Leg], dwellings: Sequence[Dwelling]) -> Split:
    """As vouchers and register say it, without a household ledger."""
    moves = with_natures(legs, dwellings)
    natures: tuple[Nature, ...] = ("commercial", "public")
    some = any(move.nature == "unsplit" for move in moves)
    return Split(moves, (*natures, "unsplit") if some else natures, shared=False)


def _bank_by_ledger(legs: Iterable[Leg]) -> dict[str, Decimal]:
    """The bank accounts' balances straight from the ledger's postings, by full name."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for leg in legs:
        if leg.account.is_bank:
            found[leg.account.full] += leg.amount
    return dict(found)


def _nature_columns(
    groups: Sequence[tuple[str, str]], natures: Sequence[Nature], common: str = COMMON
) -> tuple[Column, ...]:
    """For each (key, title) of `groups` a column for each nature and one for all of them; `common` marks what is of
    both."""
    marks = {UNSPLIT: UNSPLIT, COMMON: common}
    columns: list[Column] = []
    for key, title in groups:
        parts = [Column(f"{key}:{n}", title, NATURE_NAMES[n], mark=marks.get(n, "")) for n in natures]
        columns += [*parts, Column(f"{key}:total", title, "合计", tuple(part.key for part in parts))]
    return tuple(columns)


def _balance_sheet(split: Split, month: Month) -> Form:
    new_year = date(month.year, 1, 1)

    def places(move: Move) -> _Places:
        for group in ("end", "start") if move.before(new_year) else ("end",):
            yield move.bucket, f"{group}:{move.nature}"
            yield move.bucket, f"{group}:total"

    columns = _nature_columns((("start", "年初余额"), ("end", "期末余额")), split.natures)
    leaves = _leaves(BALANCE_SHEET, split.moves, places)
    if split.shared:
        leaves = with_shared_assets(leaves, split.natures)
    return _form(BALANCE_SHEET, day_name(month.last_day), columns, leaves)


def _income(split: Split, month: Month) -> Form:
    def places(move: Move) -> _Places:
        if move.kind == "flow" and move.day.year == month.year:
            for group in ("year", "month") if month.contains(move.day) else ("year",):
                yield move.code, f"{group}:{move.nature}"
                yield move.code, f"{group}:total"

    columns = _nature_columns((("month", "本月数"), ("year", "本年累计数")), split.natures, "common-flows")
    return _form(INCOME, month_name(month), columns, _leaves(INCOME, split.moves, places))


def _net_assets(moves: Sequence[Move], month: Month) -> Form:
    new_year = date(month.year, 1, 1)
    own = [move for move in moves if move.bucket in FUND_TITLES]

    def places(move: Move) -> _Places:
        kind = {"flow": "surplus", "distribution": "distribution"}.get(move.kind, "other")
        row = "start" if move.before(new_year) else kind
        yield row, move.bucket
        yield row, "total"

    used = {move.bucket for move in own}
    keys = [key for key in FUND_TITLES if key != UNSPLIT or key in used]
    columns = [Column(key, "", FUND_TITLES[key], mark=key if key == UNSPLIT else "") for key in keys]
    columns.append(Column("total", "", "净资产合计", tuple(keys)))
    return _form(NET_ASSETS, _year_to_date(month), tuple(columns), _leaves(NET_ASSETS, own, places))


def _year_to_date(month: Month) -> str:
    return month_name(month) if month.number == 1 else f"{month.year}年1月至{month.number}月"


def _sign(form: FormSpec, code: str) -> int:
    """What turns the ledger's sign into the form's: assets and expenses stand there as they are."""
    root = CHART["W"][code].root
    return 1 if root == "Assets" or (root == "Expenses" and form is INCOME) else -1


def _leaves(spec: FormSpec, moves: Iterable[Move], places: Callable[[Move], _Places]) -> Leaves:
    leaves: Leaves = defaultdict(list)
    for move in moves:
        source = move.source if _sign(spec, move.code) > 0 else move.source.negated
        for place in places(move):
            leaves[place].append(source)
    return leaves


def _form(spec: FormSpec, period: str, columns: tuple[Column, ...], leaves: Leaves) -> Form:
    filled = {key for key, _ in leaves}
    rows: list[RowSpec] = [row for row in spec.rows if not row.seldom or row.key in filled]
    table: dict[str, dict[str, Cell]] = {}
    for row in rows:
        table[row.key] = cells = {c.key: _cell(row, c, leaves, table) for c in columns}
        for c in columns:
            parts = sum((cells[key].amount for key in c.adds), ZERO)
            assert not c.adds or parts == cells[c.key].amount, "columns add up to their total"
    return Form(spec.key, spec.number, spec.title, period, columns, tuple(_line(row, columns, table) for row in rows))


def _cell(
    row: RowSpec,
    column: Column,
    leaves: Leaves,
    table: Mapping[str, Mapping[str, Cell]],
) -> Cell:
    if not row.adds:
        return cell_of(leaves.get((row.key, column.key), ()))
    found: list[Source] = []
    for part in row.adds:
        key = part.removeprefix("-")
        if key in table:
            sources = table[key][column.key].sources
            found += [source.negated for source in sources] if part.startswith("-") else sources
    return cell_of(found)


def _line(row: RowSpec, columns: Sequence[Column], table: Mapping[str, Mapping[str, Cell]]) -> Line:
    adds = tuple(part for part in row.adds if part.removeprefix("-") in table)
    cells = () if row.kind == "section" else tuple(table[row.key][column.key] for column in columns)
    return Line(row.key, row.title, row.kind, adds, row.mark, cells)


assert set(CLOSES_TO) == {s.code for s in CHART["W"].values() if s.root in ("Income", "Expenses")}
