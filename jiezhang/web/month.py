"""The page 本月 in Fava: what waits, what is wrong, whether it agrees with the bank, the statement to download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from fava.ext import FavaExtensionBase
from flask import Response, jsonify, request, send_file
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_contracts
from jiezhang.close.reconciling import reconcile
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.reconciliation import Reconciliation
from jiezhang.domain.register import Completion
from jiezhang.street.booking import complete_rows, post_rows
from jiezhang.street.checking import faults_of
from jiezhang.street.disclosing import disclose_compound
from reports.disclosure import Disclosure
from reports.render.disclosure_pdf import render_pdf
from reports.render.disclosure_xlsx import render_xlsx

from .fund_answers import completion_of_fund
from .month_view import MonthView, build_month_view, newest_month
from .pages import sentence_response
from .waiting_view import complete_keys

if TYPE_CHECKING:
    from .ledger import GatedLedger

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Response])
_Body = TypeVar("_Body", bound="_Asked")

ROWS_MAX = 500
_STALE = "账簿在打开本页之后有了改动，这次操作没有执行，请刷新页面后再做"


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


class _Asked(BaseModel):
    """What both buttons send: the month, and the state of the books the page was built from.

    That is all posting needs: the state says which rows the page showed as complete, however many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    month: str = Field(max_length=7)
    version: str = Field(max_length=64)


class _RowsAsked(_Asked):
    """What completing sends besides: the rows."""

    rows: list[_RowAsked] = Field(min_length=1, max_length=ROWS_MAX)


def _endpoint(name: str, method: str) -> Callable[[_Endpoint], _Endpoint]:
    """Fava's `extension_endpoint`, typed."""

    def mark(function: _Endpoint) -> _Endpoint:
        setattr(function, "endpoint_key", (name, [method]))  # noqa: B010
        return function

    return mark


class MonthPage(FavaExtensionBase):
    """The extension that every main file names."""

    report_title = "本月"
    has_js_module = True
    ledger: GatedLedger

    def __init__(self, ledger: GatedLedger, config: str | None = None) -> None:
        super().__init__(ledger, config)
        self._reconciled = lru_cache(maxsize=4)(self._reconcile)

    def view(self) -> MonthView:
        """The month that `?month=2026-10` names, or the newest."""
        book = self.ledger.book
        text = request.args.get("month", "")
        month = _month(text) if text else newest_month(book.entries, book.compound.start)
        return build_month_view(
            compound=book.compound,
            entries=book.entries,
            contracts=read_contracts(book.folder),
            faults=faults_of(book),
            reconciliations=self._reconciled(self.ledger.version, _kept_files(self.ledger), month),
            month=month,
            version=self.ledger.version,
        )

    def _reconcile(self, version: str, kept: object, month: Month) -> Sequence[Reconciliation]:
        """Reading the bank's files again takes a moment; the arguments say whether anything changed."""
        del version, kept
        return tuple(reconcile(self.ledger.book.folder, self.ledger.book.entries, month))

    @_endpoint("complete", "POST")
    def complete(self) -> Response:
        """Say what rows were."""

        def carry_out(asked: _RowsAsked, month: Month) -> str:
            del month
            completions = [_completion(row) for row in asked.rows]
            complete_rows(self.ledger.folder, self.ledger.city, completions)
            return f"已补录 {len(completions)} 笔"

        return self._carry_out(_RowsAsked, carry_out)

    @_endpoint("post", "POST")
    def post(self) -> Response:
        """Post the rows that the page showed as complete, and none that became so since."""

        def carry_out(asked: _Asked, month: Month) -> str:
            del asked
            keys = complete_keys(self.ledger.book.entries, month)
            if not keys:
                raise Refused(f"{month} 没有可以过账的流水")
            count = post_rows(self.ledger.folder, self.ledger.city, month, keys)
            left = f"，{month} 还有 {count.left} 笔没有补录" if count.left else ""
            return f"已过账 {count.posted} 笔{left}"

        return self._carry_out(_Asked, carry_out)

    @_endpoint("statement.pdf", "GET")
    def statement_pdf(self) -> Response:
        return self._download(render_pdf, "pdf", "application/pdf")

    @_endpoint("statement.xlsx", "GET")
    def statement_xlsx(self) -> Response:
        return self._download(
            render_xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )

    def _carry_out(self, body: type[_Body], action: Callable[[_Body, Month], str]) -> Response:
        try:
            asked = body.model_validate_json(request.get_data())
            month = Month.parse(asked.month)
        except ValueError:
            return _answer(400, "请求写法有误，请刷新页面后再做")
        if asked.version != self.ledger.version:
            return _answer(409, _STALE)
        try:
            return _answer(200, action(asked, month))
        except Refused as refused:
            return _answer(422, refused.message)

    def _download(self, render: Callable[[Disclosure], bytes], suffix: str, mimetype: str) -> Response:
        month = _month(request.args.get("month", ""))
        folder = self.ledger.folder
        try:
            value = disclose_compound(folder, StreetFolder(folder.path.parent), month)
        except Refused as refused:
            return sentence_response(422, "公示表编不出来", refused.message, "", "./")
        draft = "（样稿）" if value.is_draft else ""
        name = f"{value.compound}{value.compound_name}-{month}-公共收益收支公示表{draft}.{suffix}"
        return send_file(BytesIO(render(value)), mimetype, as_attachment=True, download_name=name)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as wrong:
        raise BadRequest(str(wrong)) from None


def _completion(row: _RowAsked) -> Completion:
    try:
        plain = Completion(
            account=row.account,
            bank_ref=row.ref,
            other_account=row.other,
            contract=row.contract,
            narration=row.narration,
            join_account=row.join_account,
            join_ref=row.join_ref,
        )
    except ValidationError:
        raise Refused("摘要里有不能使用的字符，或者太长") from None
    return completion_of_fund(plain, whose=row.whose, deposit=row.deposit, outside=row.outside)


def _kept_files(ledger: GatedLedger) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every bank file kept."""
    found: list[tuple[str, int, int]] = []
    for path in ledger.folder.statements.glob("*/*"):
        stat = path.stat()
        found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))


def _answer(status: int, message: str) -> Response:
    response: Any = jsonify(ok=status == 200, message=message)
    response.status_code = status
    assert isinstance(response, Response)
    return response
