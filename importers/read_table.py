"""The generic reader: any table with a declared layout to a `Statement`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiezhang.domain.money import ZERO
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, StatementRow, Totals

from .kinds import Words, kind_of_words
from .layout import Layout
from .order import oldest_first
from .preamble import FOOT_WORD, PAGE_TOTAL, Facts, currency_code, read_footer, read_preamble
from .source import SourceFile
from .table import Row, Sheet, header_name
from .values import bare_account, day_and_time, identifier, yuan

_NO_REVERSAL = frozenset(("", "0", "否", "N", "正常", "未冲账"))


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (index of its last row) and the column of each field."""

    index: int
    names: tuple[str, ...]
    at: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Read:
    """A data row with what belongs to the statement rather than the row."""

    row: StatementRow
    account_no: str
    holder: str
    currency: str


def layout_of(source: SourceFile, layouts: tuple[Layout, ...]) -> Layout | None:
    """The first of `layouts` that some sheet of `source` has."""
    for layout in layouts:
        if any(layout.find(heads) is not None for heads in source.head_rows):
            return layout
    return None


def read_layout(source: SourceFile, layout: Layout) -> tuple[Statement, ...]:
    """The statements in `source`, one for each sheet and own account; `Refused` with file and line."""
    statements: list[Statement] = []
    for sheet, heads in zip(source.sheets, source.head_rows, strict=True):
        index = layout.find(heads)
        if index is not None:
            statements += _read_sheet(source, layout, sheet, find_header(sheet, layout, index))
    return tuple(statements)


def find_header(sheet: Sheet, layout: Layout, index: int) -> Header:
    """Columns of the fields by name; of two columns with one name the first counts."""
    names = tuple(header_name(cell) for cell in sheet[index].cells)
    if layout.two_rows:
        names = _two_row_names(tuple(header_name(cell) for cell in sheet[index - 1].cells), names)
    at: dict[str, int] = {}
    for field, alternatives in layout.columns.named().items():
        found = next((names.index(name) for name in alternatives if name in names), None)
        if found is not None:
            at[field] = found
    return Header(index, names, at)


def _two_row_names(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    names, group = [], ""
    for i in range(max(len(upper), len(lower))):
        over, under = (row[i] if i < len(row) else "" for row in (upper, lower))
        group = over or group
        names.append(f"{group}/{under}" if under else over)
    return tuple(names)


def _read_sheet(source: SourceFile, layout: Layout, sheet: Sheet, header: Header) -> list[Statement]:
    line = 1
    try:
        above = sheet[: header.index - (1 if layout.two_rows else 0)]
        facts = read_preamble(above)
        for row in above:
            _labelled_balance(row, layout, facts)
        read: list[_Read] = []
        below = iter(sheet[header.index + 1 :])
        for row in below:
            line = row.line
            found = None if row.is_blank else _data_row(row, layout, header, facts)
            if found is not None:
                read.append(found)
            elif layout.foot_header and set(layout.foot_header) <= {header_name(cell) for cell in row.cells}:
                _named_totals(row, next((r for r in below if not r.is_blank), None), layout.foot_header, facts)
            elif not row.is_blank:
                _other_row(row, layout, header, facts)
        line = 0
        return _statements(source, layout, facts, read)
    except ValueError as error:
        raise Refused(str(error), source.label, line) from error


def _data_row(row: Row, layout: Layout, header: Header, facts: Facts) -> _Read | None:
    """A row whose date parses; `None` for any other."""
    cells = {field: row.cell(column) for field, column in header.at.items()}
    when = day_and_time(cells["date"], cells.get("time", ""), layout.date_format)
    if when is None:
        return None
    if any(row.cells[len(header.names) :]):
        raise ValueError("这一行的列比表头多，文字里可能夹有分隔符")
    own = _number(row, header, "account_no") or layout.account_no or facts.text("account_no")
    amount = _amount(cells, layout)
    counterparty, their_account = _counterparty(row, header, cells, own)
    summary, remark = cells.get("summary", ""), _joined(cells, "remark", " ")
    kind = _kind(cells, layout, Words(f"{summary} {remark} {cells.get('type', '')}", counterparty, amount > 0))
    balance = yuan(cells.get("balance", ""), layout.decimal_comma)
    if "balance" in header.at and balance is None:
        raise ValueError("这一行没有余额，文件可能被截断或改动过")
    statement_row = StatementRow(
        line=row.line,
        date=when[0],
        time=when[1],
        amount=amount,
        balance=balance,
        counterparty=counterparty,
        counterparty_account=their_account,
        summary=summary,
        remark=remark,
        serial=_serial(row, header, cells),
        kind=kind,
    )
    return _Read(statement_row, own, cells.get("holder", ""), cells.get("currency", ""))


def _amount(cells: dict[str, str], layout: Layout) -> Decimal:
    """Signed yuan, money in positive; the flag, where there is one, must agree with the column or the sign."""
    comma = layout.decimal_comma
    flag = cells.get("flag", "")
    if flag and flag not in layout.flag_in + layout.flag_out:
        raise ValueError(f"借贷标志“{flag}”无法识别")
    if "amount" in cells:
        amount = yuan(cells["amount"], comma)
        if amount is None:
            raise ValueError("这一行没有金额")
        if layout.absolute and flag:
            amount = abs(amount) if flag in layout.flag_in else -abs(amount)
        elif flag and amount and (amount > 0) != (flag in layout.flag_in):
            raise ValueError(f"金额 {amount} 的正负与标志“{flag}”不一致")
        return amount
    into, out = yuan(cells.get("into", ""), comma), yuan(cells.get("out", ""), comma)
    if into is None and out is None:
        raise ValueError("这一行没有金额")
    if into and out:
        raise ValueError("这一行收入和支出都有金额，无法判断方向")
    if flag and (into if flag in layout.flag_out else out):
        raise ValueError(f"标志“{flag}”与金额所在的列不一致")
    if layout.absolute:
        return abs(into or ZERO) - abs(out or ZERO)
    return (into or ZERO) - (out or ZERO)


def _counterparty(row: Row, header: Header, cells: dict[str, str], own: str) -> tuple[str, str]:
    """Name and account of the other side: of a payer and a payee, the one whose account is not ours."""
    if "payer_account" not in cells:
        return cells.get("counterparty", ""), _number(row, header, "counterparty_account")
    payer, payee = _number(row, header, "payer_account"), _number(row, header, "payee_account")
    if own and bare_account(payer) == bare_account(own):
        return cells.get("payee", ""), payee
    return cells.get("payer", ""), payer


def _number(row: Row, header: Header, field: str) -> str:
    column = header.at.get(field)
    return "" if column is None else identifier(row.cell(column), column in row.damaged)


def _serial(row: Row, header: Header, cells: dict[str, str]) -> str:
    """The serial columns joined by `:`; empty when the leading one is."""
    fields = [field for field in cells if field.startswith("serial.")]
    parts = [_number(row, header, field) for field in fields]
    return ":".join(parts) if parts and parts[0] else ""


def _joined(cells: dict[str, str], prefix: str, mark: str) -> str:
    return mark.join(text for field, text in cells.items() if field.startswith(prefix + ".") and text)


def _kind(cells: dict[str, str], layout: Layout, words: Words) -> str:
    if layout.kinds is not None:
        return layout.kinds.get(cells.get("type", ""), "normal")
    if cells.get("reversal", "") not in _NO_REVERSAL:
        return "reversal"
    return kind_of_words(words)


def _other_row(row: Row, layout: Layout, header: Header, facts: Facts) -> None:
    """A row below the header that is not data: totals, a repeated header, a note. Never a row of money in disguise."""
    if _labelled_balance(row, layout, facts):
        return
    text = "".join(row.cells)
    if FOOT_WORD.search(text) and not PAGE_TOTAL.search(text):
        read_footer(row, facts, header.at.get("into"), header.at.get("out"))
        return
    if PAGE_TOTAL.search(text) or tuple(header_name(cell) for cell in row.cells) == header.names:
        return
    money = [row.cell(header.at[field]) for field in ("into", "out", "amount", "balance") if field in header.at]
    if any(ch.isdigit() for cell in money for ch in cell):
        raise ValueError(f"这一行有金额，但日期“{row.cell(header.at['date'])}”无法识别")


def _labelled_balance(row: Row, layout: Layout, facts: Facts) -> bool:
    """Whether `row` is the layout's own row for the opening or the closing balance, which is then noted."""
    first = next((cell for cell in row.cells if cell), "")
    for label, name in ((layout.opening_label, "opening"), (layout.closing_label, "closing")):
        if label and first.startswith(label):
            facts.found[name] = next(cell for cell in reversed(row.cells) if cell)
            return True
    return False


def _named_totals(names: Row, values: Row | None, meaning: Mapping[str, str], facts: Facts) -> None:
    for index, name in enumerate(names.cells):
        field = meaning.get(header_name(name))
        if field and values is not None:
            facts.found[field] = values.cell(index)


def _statements(source: SourceFile, layout: Layout, facts: Facts, read: list[_Read]) -> list[Statement]:
    """One statement for each own account and currency among the rows; stated figures belong to a single one."""
    groups: dict[tuple[str, str], list[_Read]] = {}
    for item in read:
        groups.setdefault((item.account_no, item.currency), []).append(item)
    if not groups:
        groups[facts.text("account_no"), ""] = []
    totals, period = facts.totals(), facts.period()
    if len(groups) > 1 and totals is not None:
        raise ValueError("文件里有几个账号却只有一个合计，无法核对，请分账号下载")
    return [
        _statement(source, layout, facts, key, items, totals, period) for key, items in groups.items()
    ]


def _statement(
    source: SourceFile,
    layout: Layout,
    facts: Facts,
    key: tuple[str, str],
    items: list[_Read],
    totals: Totals | None,
    period: tuple[date, date] | None,
) -> Statement:
    stated_opening, stated_closing = _balance(facts, layout, "opening"), _balance(facts, layout, "closing")
    rows = oldest_first(tuple(item.row for item in items), stated_opening)
    opening, closing = stated_opening, stated_closing
    if rows and rows[0].balance is not None:
        opening = rows[0].balance - rows[0].amount if opening is None else opening
        closing = rows[-1].balance if closing is None else closing
    account_no = key[0]
    if not account_no and layout.file_name_account:
        found = layout.file_name_account.search(source.member or source.name)
        account_no = found[1] if found else ""
    holder = next((item.holder for item in items if item.holder), "") or layout.holder or facts.text("holder")
    return Statement(
        layout=layout.name,
        source=source.name,
        sha256=source.sha256,
        account_no=account_no,
        holder=holder,
        currency=layout.currency or currency_code(key[1] or facts.text("currency")),
        rows=rows,
        opening=opening,
        closing=closing,
        totals=totals,
        period=period,
    )


def _balance(facts: Facts, layout: Layout, name: str) -> Decimal | None:
    return yuan(facts.text(name), layout.decimal_comma)
