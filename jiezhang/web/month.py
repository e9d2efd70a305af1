"""The page 本月 in Fava: rows to be completed, what is wrong, whether it agrees with the bank, the statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from flask import Response, request, send_file
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import office_of
from jiezhang.book.registers import read_contracts
from jiezhang.close.reconciling import reconcile
from jiezhang.domain.invoices import invoices_in
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.reconciliation import Reconciliation
from jiezhang.domain.register import Completion
from jiezhang.street.booking import complete_rows
from jiezhang.street.checking import faults_of
from jiezhang.street.disclosing import disclose_compound, first_posting_day
from reports.disclosure import Disclosure
from reports.render.disclosure_pdf import render_pdf
from reports.render.disclosure_xlsx import render_xlsx

from .fund_answers import completion_of_fund
from .month_view import MonthView, build_month_view
from .office import today
from .office_page import Asked, OfficePage, endpoint, month_asked
from .pages import sentence_response

if TYPE_CHECKING:
    from .ledger import GatedLedger

ROWS_MAX = 500


class _RowAsked(BaseModel):
    """A statement row as the page names it, and what a person says it was; `join_…` names a transfer's other row."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    account: str = Field(max_length=200)
    ref: str = Field(max_length=200)
    other: str = Field(default="", max_length=200)
    contract: str = Field(default="", max_length=32)
    narration: str = Field(default="", max_length=200)
    join_account: str = Field(default="", max_length=200)
    join_ref: str = Field(default="", max_length=200)
    whose: str = Field(default="", max_length=32)
    deposit: Literal["", "first", "top-up"] = ""
    outside: str = Field(default="", max_length=20)
    resolution: str = Field(default="", max_length=32)
    payment: str = Field(default="", max_length=32)
    invoice: str = Field(default="", max_length=300)
    accepted: str = Field(default="", max_length=10)


class _RowsAsked(Asked):
    """What completing sends: the rows."""

    rows: list[_RowAsked] = Field(min_length=1, max_length=ROWS_MAX)


class MonthPage(OfficePage):
    """The extension that every main file names."""

    report_title = "本月"
    has_js_module = True

    def __init__(self, ledger: GatedLedger, config: str | None = None) -> None:
        super().__init__(ledger, config)
        self._reconciled = lru_cache(maxsize=4)(self._reconcile)

    def view(self) -> MonthView:
        """The month that `?month=2026-10` names, or the newest."""
        book, month = self.ledger.book, self.month()
        return build_month_view(
            compound=book.compound,
            entries=book.entries,
            contracts=read_contracts(book.folder),
            faults=faults_of(book),
            reconciliations=self._reconciled(self.ledger.version, _kept_files(self.ledger), month),
            month=month,
            version=self.ledger.version,
            office=office_of(book),
        )

    def _reconcile(self, version: str, kept: object, month: Month) -> Sequence[Reconciliation]:
        """Reading the bank's files again takes a moment; the arguments say whether anything changed."""
        del version, kept
        return tuple(reconcile(self.ledger.book.folder, self.ledger.book.entries, month))

    @endpoint("complete", "POST")
    def complete(self) -> Response:
        """Say what rows were."""

        def complete(asked: _RowsAsked, month: Month) -> str:
            del month
            completions = [_completion(row) for row in asked.rows]
            complete_rows(self.ledger.folder, self.ledger.city, completions, self.visitor().person.id)
            return f"已补录 {len(completions)} 笔，等待复核"

        return self.carry_out(
            _RowsAsked, "complete", lambda asked: f"补录 {asked.month} 流水 {len(asked.rows)} 笔", complete
        )

    def posting_day(self, month: Month) -> date | None:
        """The day on which the public statement of `month` would go up; `None` for a month that has not begun."""
        now = today()
        if now < month.first_day:
            return None
        return now if now > month.last_day else first_posting_day(month)

    @endpoint("statement.pdf", "GET")
    def statement_pdf(self) -> Response:
        return self._download(render_pdf, "pdf", "application/pdf")

    @endpoint("statement.xlsx", "GET")
    def statement_xlsx(self) -> Response:
        return self._download(
            render_xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )

    def _download(self, render: Callable[[Disclosure], bytes], suffix: str, mimetype: str) -> Response:
        month = month_asked(request.args.get("month", ""))
        folder = self.ledger.folder
        try:
            posted = _posted(request.args.get("posted", "")) or self.posting_day(month)
            value = disclose_compound(folder, StreetFolder(folder.path.parent), month, posted)
        except Refused as refused:
            return sentence_response(422, "公示表编不出来", refused.message, "", "./")
        draft = "（样稿）" if value.is_draft else ""
        name = f"{value.compound}{value.compound_name}-{month}-公共收益收支公示表{draft}.{suffix}"
        return send_file(BytesIO(render(value)), mimetype, as_attachment=True, download_name=name)


def _posted(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.min
    if day is not None and not 2000 <= day.year < 3000:
        raise Refused(f"张贴日“{text[:20]}”不是日期，应写成 2026-10-03")
    return day


_SAID = {
    "narration": "摘要",
    "contract": "合同号",
    "resolution": "决议",
    "invoice": "发票号",
    "accepted": "验收日期",
    "payment": "付款编号",
}
"""What the page calls its boxes."""


def _completion(row: _RowAsked) -> Completion:
    given = {
        "account": row.account,
        "bank_ref": row.ref,
        "other_account": row.other,
        "contract": row.contract.strip(),
        "narration": row.narration,
        "join_account": row.join_account,
        "join_ref": row.join_ref,
        "resolution": row.resolution,
        "payment": row.payment.strip(),
        "invoice": ",".join(invoices_in(row.invoice)),
        "accepted": row.accepted or None,
    }
    try:
        plain = Completion.model_validate(given)
    except ValidationError as wrong:
        name = _SAID.get(str(wrong.errors()[0]["loc"][0]), "摘要")
        if name == "验收日期":
            raise Refused(f"验收日期“{row.accepted}”不是日期，应写成 2026-10-03") from None
        raise Refused(f"{name}里有不能使用的字符，或者太长") from None
    return completion_of_fund(plain, whose=row.whose, deposit=row.deposit, outside=row.outside)


def _kept_files(ledger: GatedLedger) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every bank file kept."""
    found: list[tuple[str, int, int]] = []
    for path in ledger.folder.statements.glob("*/*"):
        stat = path.stat()
        found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))
