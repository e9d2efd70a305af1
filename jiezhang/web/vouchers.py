"""The page 凭证 in Fava: what was entered is reviewed here by one person, and posted by another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated

from flask import Response, request, send_file
from pydantic import Field, StringConstraints

from jiezhang.domain.people import by_id
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.street.booking import post_rows, review_rows
from jiezhang.street.voucher_papers import voucher_file

from .desks import addresses
from .month_view import months_of
from .office_page import Asked, OfficePage, endpoint, month_asked
from .originals import address, kept_by_digest
from .pages import sentence_response
from .signing import Done, Pen, SignedAsked, carry_out_signed
from .vouchers_view import VoucherShown, VouchersOfMonth, vouchers_of

VOUCHERS_MAX = 3000

_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _VouchersAsked(Asked):
    """The vouchers ticked, by the digests that name them, or `everything` that the page showed in that state."""

    vouchers: list[_Digest] = Field(default=[], max_length=VOUCHERS_MAX)
    everything: bool = False


class _PostingAsked(_VouchersAsked, SignedAsked):
    """The same, with the poster's signature."""


@dataclass(frozen=True, slots=True)
class VouchersView:
    """Everything the page shows. `version` names the state of the books it was built from."""

    code: str
    name: str
    month: Month
    months: tuple[Month, ...]
    version: str
    vouchers: VouchersOfMonth


class VouchersPage(OfficePage):
    """A month's vouchers: 待复核, 待过账, 已过账."""

    report_title = "凭证"
    has_js_module = True

    def view(self) -> VouchersView:
        book, month = self.ledger.book, self.month()
        return VouchersView(
            code=book.compound.code,
            name=book.compound.name,
            month=month,
            months=months_of(book.entries, month),
            version=self.ledger.version,
            vouchers=self._vouchers(month, kept_by_digest(self.ledger.folder, month)),
        )

    def original(self, file: str) -> str:
        """Where an original is opened."""
        return address(self.slug(), file)

    def ask_about(self, month: Month, number: str) -> str:
        """Where a question about a posted voucher is asked."""
        return addresses.questions_page(self.ledger.folder.code, f"voucher:{month}/{number}")

    @endpoint("review", "POST")
    def review(self) -> Response:
        """Review the vouchers ticked."""

        def review(asked: _VouchersAsked, month: Month) -> str:
            only = _named(asked, self._vouchers(month).entered, "复核")
            count = review_rows(self.ledger.folder, self.ledger.city, month, self.visitor().person.id, only)
            left = f"，{count.left} 笔待查明" if count.left else ""
            return f"已复核 {count.reviewed} 张{left}"

        return self.carry_out(_VouchersAsked, "review", lambda asked: f"复核 {_how_many(asked)}", review)

    @endpoint("post", "POST")
    def post(self) -> Response:
        """Post the vouchers ticked. Who has a key of their own signs with it."""

        def post(asked: _PostingAsked, month: Month, pen: Pen) -> Done:
            only = _named(asked, self._vouchers(month).reviewed, "过账")
            poster = self.visitor().person
            count = post_rows(self.ledger.folder, self.ledger.city, month, poster.id, only, pen.key_of(poster))
            unreviewed = f"，{count.unreviewed} 张待复核" if count.unreviewed else ""
            left = f"，{count.left} 笔待查明" if count.left else ""
            return Done(f"已过账 {count.posted} 张{unreviewed}{left}")

        def says(asked: _PostingAsked) -> str:
            reviewed = self._vouchers(Month.parse(asked.month)).reviewed
            compound, count = self.ledger.book.compound, len(_named(asked, reviewed, "过账"))
            return f"过账 {compound.code} {compound.name} {asked.month} 凭证 {count} 张"

        return carry_out_signed(self, _PostingAsked, "post", lambda asked: f"过账 {_how_many(asked)}", post, says)

    @endpoint("vouchers.pdf", "GET")
    def printed(self) -> Response:
        """The month's posted vouchers as they are bound."""
        month, compound = month_asked(request.args.get("month", "")), self.ledger.book.compound
        try:
            content = voucher_file(self.ledger.book, self.street(), month)
            if not content:
                raise Refused(f"{month} 还没有过账的凭证")
        except Refused as refused:
            return sentence_response(422, "记账凭证印不出来", refused.message, "", "./")
        name = f"{compound.code}{compound.name}-{month}-记账凭证.pdf"
        return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=name)

    def _vouchers(self, month: Month, kept: Mapping[str, str] | None = None) -> VouchersOfMonth:
        return vouchers_of(self.ledger.book.entries, month, by_id(self.street().people), kept)


def _named(asked: _VouchersAsked, shown: Sequence[VoucherShown], doing: str) -> Collection[tuple[str, str]]:
    """How reviewing and posting name what was ticked; `Refused` when it is nothing."""
    ready = {voucher.digest for voucher in shown}
    digests = ready if asked.everything else ready & set(asked.vouchers)
    if not digests:
        raise Refused(f"没有选中可以{doing}的凭证")
    return {("", digest) for digest in digests}


def _how_many(asked: _VouchersAsked) -> str:
    how_many = "页上全部凭证" if asked.everything else f"凭证 {len(asked.vouchers)} 张"
    return f"{asked.month} {how_many}"
