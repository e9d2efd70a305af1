"""What the page 三方 offers who signs for a party: to sign; what they have signed; or why they can't sign yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.people import has_role
from jiezhang.domain.period import Month
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.attestation import ROLES, VERDICT_NAMES, Signed
from jiezhang.domain.tri_party.differences import LEGS, PARTY_NAMES, Party
from jiezhang.domain.tri_party.months import Presented
from jiezhang.domain.tri_party.signing import signed_fault
from jiezhang.street.standing_parties import awaits, party_words
from reports.render.tri_party_words import beijing


@dataclass(frozen=True, slots=True)
class SigningTurn:
    """`said`: what stands in the form's place, or above it. `form` `folded`: for who has signed and would say
    something else; `refusal`: for who can only refuse yet. `is_done`: the party's own word is in. `needs_key`: they
    can't sign at all."""

    party: Party
    said: str = ""
    form: Literal["none", "refusal", "folded", "open"] = "none"
    is_done: bool = False
    needs_key: bool = False


def signing_turn(
    office: OfficeView, month: Month, person: Person, today: date, *, signable: bool
) -> SigningTurn | None:
    """What `person` can do with `month`; `None` where they are of no party, or the month is before none."""
    presented = office.files.months.presented.get(str(month))
    code = office.files.compound.code
    party = next((one for one in LEGS if has_role(person, ROLES[one], code, today)), None)
    if presented is None or party is None:
        return None
    own = next((one for one in presented.signed if one.attestation.person == person.id), None)
    word = next(one for one in party_words(presented, office.files.people) if one.party == party)
    waits = word.waits if signable else ""
    if own is not None:
        turn = _signed(office, presented, own, party, signable)
        return _waiting(turn, waits) if turn.form == "open" else turn
    if not awaits(word, person, code, today):
        others = "、".join(_who_when(one) for one in presented.signed if one.attestation.party == party)
        return SigningTurn(party, f"{PARTY_NAMES[party]}已经签署：{others}。", is_done=True)
    if not person.key:
        return SigningTurn(party, key_words(office), needs_key=True)
    return _waiting(SigningTurn(party, form="open" if signable else "none"), waits)


def _waiting(turn: SigningTurn, waits: str) -> SigningTurn:
    """Who has to wait for another's signature can only refuse."""
    if not waits:
        return turn
    return replace(turn, said=f"{turn.said}现在等银行先签：{waits}。这不算您迟签。", form="refusal")


def key_words(office: OfficeView) -> str:
    """Who registers a person's key, and where."""
    code = office.files.compound.code
    people = sorted(office.files.people.values(), key=lambda one: one.id)
    heads = "、".join(f"{one.id} {one.name}" for one in people if has_role(one, ("street_head",), code)) or "街道负责人"
    return (
        f"您还没有登记公钥，现在签署不了，也不算您迟签。请找 {heads}：一起造一把钥匙，私钥文件您自己带走、自己收好，"
        "公钥由街道写进 street.toml 里您名下的 key。登记以后刷新本页，就能签署。"
    )


def sheet_commands(turn: SigningTurn, person: Person, code: str, month: Month) -> tuple[str, ...]:
    """How a party signs line by line, on sheets that the page does not take. An auditor's name the vouchers drawn."""
    asked = f"{month} --compound {code}"
    key = " --key 私钥文件" if turn.party == "auditor" else ""
    return (
        f"jiezhang --as {person.id} attest sheets {asked} --out 回单文件夹{key}",
        f"jiezhang --as {person.id} attest sign {asked} --key 私钥文件 --sheets 回单文件夹",
    )


def _signed(office: OfficeView, presented: Presented, own: Signed, party: Party, signable: bool) -> SigningTurn:
    fault = signed_fault(own, presented.figures, office.files.people)
    if fault:
        said = f"{_who_when(own)}，已作废：{fault}。"
        return SigningTurn(party, said, "open" if signable else "none")
    if own.attestation.verdict == "refused":
        said = f"{_who_when(own)}，理由：{own.attestation.reason}。问题解决以后，可以在这里改签。"
        return SigningTurn(party, said, "open" if signable else "none")
    return SigningTurn(party, f"{_who_when(own)}。", "folded" if signable else "none", is_done=True)


def _who_when(one: Signed) -> str:
    """`S01 社区工作者 2026-09-05 09:30:00 确认`."""
    said = one.attestation
    return f"{said.person} {said.name} {beijing(said.time)} {VERDICT_NAMES[said.verdict]}"
