"""A table layout as a declaration. `read_table.py` reads any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from re import Pattern

from .table import HeadRow

Names = tuple[str, ...]


def either(text: str) -> Names:
    """`"余额|账户余额"` as alternatives, the first present in a header is meant."""
    return tuple(text.split("|")) if text else ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Header names of each field, alternatives separated by `|`, written as `header_name` writes them.

    `into`/`out` are two amount columns; `amount` is one, signed or with a `flag`. `payer…`/`payee…` are the two
    parties of files that don't say which one is the counterparty. `remark` and `serial` may be several columns, joined.
    """

    date: str
    time: str = ""
    into: str = ""
    out: str = ""
    amount: str = ""
    flag: str = ""
    balance: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    payer: str = ""
    payer_account: str = ""
    payee: str = ""
    payee_account: str = ""
    summary: str = ""
    remark: Names = ()
    type: str = ""
    serial: Names = ()
    reversal: str = ""
    account_no: str = ""
    holder: str = ""
    currency: str = ""

    def named(self) -> dict[str, Names]:
        """Alternatives by field; `remark` and `serial` as `remark.0`, `remark.1`, …"""
        fields: dict[str, Names] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            parts = {name: value} if isinstance(value, str) else {f"{name}.{i}": v for i, v in enumerate(value)}
            fields.update({key: either(part) for key, part in parts.items() if part})
        return fields


@dataclass(frozen=True, slots=True)
class Layout:
    """One table layout.

    A file has it when some early row holds every name of `required` and none of `absent`, and the cells above
    match `title` and not `not_title`.
    """

    name: str
    columns: Columns
    required: Names
    absent: Names = ()
    title: Pattern[str] | None = None
    not_title: Pattern[str] | None = None
    two_rows: bool = False
    """The header is two rows: group names over sub-names, `发生额/元` over `借方`, read as `发生额/元/借方`."""
    flag_in: Names = ("贷", "来账", "收入", "收", "C", "CRDT", "转入")
    flag_out: Names = ("借", "往账", "支出", "支", "D", "DBIT", "转出")
    absolute: bool = False
    """Signs in amount cells mean nothing: the column or the flag alone gives the direction."""
    kinds: Mapping[str, str] | None = None
    """Row kinds by the `type` column, instead of by the bank's words."""
    foot_header: Mapping[str, str] | None = None
    """Totals in a row of names over a row of values: names to fields of `Totals`."""
    date_format: str = ""
    decimal_comma: bool = False
    account_no: str = ""
    """Own account, where only the one who declares the layout knows it."""
    holder: str = ""
    currency: str = ""
    opening_label: str = ""
    closing_label: str = ""
    """First words of a row that holds the opening or closing balance, where the file has such rows."""
    file_name_account: Pattern[str] | None = None
    """Own account number in the file name, group 1."""

    def find(self, heads: tuple[HeadRow, ...]) -> int | None:
        """The index of the header row among a sheet's first rows (of the lower one when there are two)."""
        wanted, unwanted = frozenset(self.required), frozenset(self.absent)
        for index, names in enumerate(heads):
            have = names | heads[index - 1] if self.two_rows and index else names
            if wanted <= have and not unwanted & have:
                return index if self._title_fits(heads[:index]) else None
        return None

    def _title_fits(self, above: tuple[HeadRow, ...]) -> bool:
        if self.title is None and self.not_title is None:
            return True
        cells = [cell for row in above for cell in row]
        fits = self.title is None or any(self.title.search(cell) for cell in cells)
        return fits and not (self.not_title and any(self.not_title.search(cell) for cell in cells))
