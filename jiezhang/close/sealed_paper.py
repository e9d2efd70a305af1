"""The copy of a month's 三方对账单 under the parties' visible seals (`seals/2026-10-statement.pdf`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from jiezhang.book.layout import CompoundFolder
from jiezhang.book.seal_files import statement_name
from jiezhang.domain.problem import Refused
from jiezhang.domain.tri_party.differences import Party
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_digest
from reports.render.tri_party_pdf import LAYOUT, render_pdf, seal_places
from reports.signing.certificates import fingerprint
from reports.signing.check import check_pdf
from reports.signing.credentials import Credentials
from reports.signing.fields import with_fields
from reports.signing.same_paper import keywords_of, same_paper
from reports.signing.sign import seal_pdf
from reports.signing.stamp import round_seal

from .party_paper import sealed_statement


def with_seal(
    seal: MonthSeal, before: bytes | None, party: Party, credentials: Credentials, at: datetime
) -> bytes:
    """The month's paper with one more party's visible seal; `before` is it as it is now, `None` where nobody sealed it.

    All places are made before the first seal, which certifies the paper. `Refused` when the party has sealed it.
    """
    statement = sealed_statement(seal)
    if before is not None and not same_paper(_first(before), render_pdf(statement)):
        raise Refused("已有的文件不是封月的那一份三方对账单")
    paper = before if before is not None else with_fields(render_pdf(statement), seal_places(statement))
    used = {one.fingerprint for one in check_pdf(paper, ()).seals}
    if fingerprint(credentials.certificate) in used:
        raise Refused("这张证书已经盖过另一方的章，每一方用自己的证书")
    label = next(place.label for place in seal_places(statement) if place.name == party)
    return seal_pdf(
        paper,
        party,
        credentials,
        at=at,
        reason=reason_of(seal),
        certify=before is None,
        drawn=round_seal(credentials.organisation or credentials.holder, label, at.date()),
    )


def reason_of(seal: MonthSeal) -> str:
    """What a party seals, in the words that its seal on the paper covers: this paper goes with this seal alone."""
    return f"{seal.figures.compound} {seal.month} 三方对账单 {seal_digest(seal)}"


def paper_faults(folder: CompoundFolder, seal: MonthSeal, authorities: Sequence[bytes], at: datetime) -> Iterator[str]:
    """What is wrong with a month's sealed paper, as Chinese sentences: it must show the statement of the seal and
    nothing else, under seals that hold. Without `authorities` whose seals they are is not asked.

    A paper of an earlier layout is not drawn again: its seals say which month's seal it goes with.
    """
    path = folder.path / statement_name(seal.month)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        yield "不是普通文件"
        return
    if not path.exists():
        return
    pdf = path.read_bytes()
    verdict = check_pdf(pdf, authorities, at=at)
    wrong = [one for one in verdict.seals if one.problem and (authorities or not one.intact or one.modified == "other")]
    if not verdict.seals:
        yield "上面没有印章，或读不出来"
    if len({one.fingerprint for one in verdict.seals}) < len(verdict.seals):
        yield "几方的章是用同一张证书盖的"
    for one in wrong:
        yield f"{one.label}的印章不成立：{one.problem}"
    first = pdf[: verdict.first_revision]
    others = any(one.reason != reason_of(seal) for one in verdict.seals) or not verdict.shows_first
    is_another = keywords_of(first).endswith(LAYOUT) and not same_paper(first, render_pdf(sealed_statement(seal)))
    if not wrong and (others or is_another):
        yield "印章下面的内容不是封月的那一份三方对账单"


def _first(pdf: bytes) -> bytes:
    return pdf[: check_pdf(pdf, ()).first_revision]
