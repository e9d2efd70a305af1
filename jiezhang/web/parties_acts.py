"""What is signed on the page 三方: the office presents a month, each party signs it, the office closes it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Literal

from flask import Response
from pydantic import Field, TypeAdapter, ValidationError

from jiezhang.book.layout import StreetFolder
from jiezhang.book.write import lock
from jiezhang.close.attesting import bank_word
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Text
from jiezhang.domain.tri_party.attestation import VERDICT_NAMES
from jiezhang.street.attesting import Act, draw_proof, party_of, sign_street, vouchers_of
from jiezhang.street.closing import close_street
from jiezhang.street.party_words import Saying, word_by
from jiezhang.street.presenting import making_of, present_street, presented_of

from .office import office, today
from .office_page import OfficePage, endpoint
from .signing import Done, Pen, SignedAsked, carry_out_signed

if TYPE_CHECKING:
    from .ledger import GatedLedger

_SAID = TypeAdapter(Text)


class _WordAsked(SignedAsked):
    """A party's word: that it agrees, with remarks or without, or that it refuses and why."""

    verdict: Literal["agree", "refuse"]
    reason: str = Field(default="", max_length=1000)
    remarks: list[str] = Field(default=[], max_length=50)
    checked: int | None = Field(default=None, ge=0, le=100_000)
    closes: list[str] = Field(default=[], max_length=50)


class PartyActs(OfficePage):
    """The endpoints that sign."""

    def __init__(self, ledger: GatedLedger, config: str | None = None) -> None:
        super().__init__(ledger, config)
        self._salt = secrets.token_bytes(32)
        """For a compound's first presenting: the same in every round, or each would have another message to sign."""

    @endpoint("present", "POST")
    def present(self) -> Response:
        """Lay the month before the parties."""

        def present(_: SignedAsked, month: Month, pen: Pen) -> Done:
            person, folder = self.visitor().person, self.ledger.folder
            (made,) = present_street(
                self._office(), [folder], month, person.id, pen.key_of(person), today(), salt=lambda _: self._salt
            )
            said = "已报送" if made.is_new else "已经报送过，没有变化"
            left = sum(not found.closed for found in made.figures.differences)
            differences = f"，{left} 项差异待说明" if left else ""
            return Done(f"{month} {said}{differences}")

        return carry_out_signed(self, SignedAsked, "present", lambda asked: self._of("报送", asked, "数字"), present)

    @endpoint("draw", "POST")
    def draw(self) -> Response:
        """Which vouchers the auditor looks at: drawn with its own key and the bank's."""

        def draw(_: SignedAsked, month: Month, pen: Pen) -> Done:
            folder, act = self.ledger.folder, self._act(pen)
            if act.party != "auditor":
                raise Refused(f"{act.person.id} {act.person.name}不是专业审计，不用抽取样本")
            with lock(folder.path, shared=True):
                making = making_of(folder, self.street(), act.today)
                presented = presented_of(making.ledger, month)
                bank_word(presented)  # before the auditor's key is asked for
                proof = draw_proof(presented, act)
                drawn = vouchers_of(making, presented, act.person, proof)
            office().draws.keep(folder.code, month, act.person, proof)
            return Done(f"{month} 抽中凭证 {len(drawn)} 张：{'、'.join(drawn)}")

        return carry_out_signed(self, SignedAsked, "sign", lambda asked: self._of("抽取", asked, "审计样本"), draw)

    @endpoint("sign", "POST")
    def sign(self) -> Response:
        """Sign the month for the party of who is signed in."""

        def sign(asked: _WordAsked, month: Month, pen: Pen) -> Done:
            folder = self.ledger.folder
            word = word_by(_saying(asked))
            (made,) = sign_street(self._office(), [folder], month, self._act(pen), word)
            said = made.signed.attestation
            return Done(
                f"{month} {VERDICT_NAMES[said.verdict]}，核对 {said.checked} 项",
                f"{folder.code}-{month}-存证.txt",
                made.note,
            )

        return carry_out_signed(self, _WordAsked, "sign", self._content, sign)

    @endpoint("close", "POST")
    def close(self) -> Response:
        """Seal the month; a closer with a key signs a receipt of it."""

        def close(_: SignedAsked, month: Month, pen: Pen) -> Done:
            person, folder = self.visitor().person, self.ledger.folder
            (closed,) = close_street(self._office(), [folder], month, person.id, today(), key=pen.key_of(person))
            name = f"{folder.code}-{month}-封月回执.txt" if closed.receipt else ""
            unknown = len({one.file for one in closed.unknown})
            left = f"；提醒：收件夹里有 {unknown} 个文件认不出是哪个小区的，没有导入" if unknown else ""
            return Done(f"{month} 已封月：封存指纹 {closed.digest[:16]}{left}", name, closed.receipt)

        return carry_out_signed(self, SignedAsked, "close", lambda asked: self._of("封月", asked, ""), close)

    def _office(self) -> StreetFolder:
        return StreetFolder(self.ledger.folder.path.parent)

    def _act(self, pen: Pen) -> Act:
        person = self.visitor().person
        return Act(person, party_of(person, self.ledger.folder.code), pen.key(person.key), pen.at, today())

    def _of(self, doing: str, asked: SignedAsked, what: str) -> str:
        """`报送 C0001 甲子花园 2026-08 数字`."""
        return f"{doing} {self.ledger.folder.code} {self.ledger.book.compound.name} {asked.month} {what}".rstrip()

    def _content(self, asked: _WordAsked) -> str:
        of = self._of("", asked, "三方对账单").lstrip()
        if asked.verdict == "refuse":
            return f"拒绝签署 {of}：{asked.reason.strip()}"
        remarks = "；".join(one.strip() for one in asked.remarks if one.strip())
        return f"签署 {of}：{f'有例外：{remarks}' if remarks else '全部相符'}"


def _saying(asked: _WordAsked) -> Saying:
    if asked.verdict == "refuse":
        if not asked.reason.strip():
            raise Refused("拒绝签署须写明理由")
        return Saying(refusal=_text(asked.reason))
    remarks = tuple(_text(one) for one in asked.remarks if one.strip())
    return Saying(closes=tuple(asked.closes), remarks=remarks, checked=asked.checked)


def _text(said: str) -> str:
    try:
        return _SAID.validate_python(said.strip())
    except ValidationError:
        raise Refused("意见里有不能使用的字符，或者太长") from None
