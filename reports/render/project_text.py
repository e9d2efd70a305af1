"""A project as lines of text, and as data."""

from __future__ import annotations

from typing import Any

from jiezhang.domain.money import from_fen, yuan

from ..project import ProjectPayment, ProjectReport
from .disclosure_text import columns_of
from .project_words import (
    TITLE,
    decision_words,
    facts_of,
    key_figures,
    levy_words,
    owed_words,
    result_rows,
    retention_words,
    source_name,
    under_title,
)

_NAME, _AMOUNT = 36, 16


def render_text(report: ProjectReport) -> str:
    """The view in lines, with a line feed at the end."""
    lines = [TITLE, under_title(report), "", *(f"{label}：{value}" for label, value in facts_of(report)), ""]
    lines += [_right(f"{sign or '　'} {label}", fen) for sign, label, fen in key_figures(report)]
    lines += [retention_words(report), "", "资金来源（已付）"]
    lines += [_right(source_name(source), source.fen) for source in report.sources] or ["（没有）"]
    lines += [levy_words(levy) for levy in report.levies]
    lines += ["", "付款", *([_payment(payment) for payment in report.payments] or ["（没有）"]), "", "决定"]
    lines += [line for paper in report.papers for line in decision_words(paper)]
    lines += ["", "结果"]
    lines += [f"{code}  {step}  {status}  {article}" for code, step, status, article in result_rows(report)]
    return "\n".join([*lines, owed_words(report)]) + "\n"


def _payment(payment: ProjectPayment) -> str:
    outside = f"（另有资金外支付 {yuan(payment.outside_fen)}）" if payment.outside_fen else ""
    waiting = "" if payment.posted else "（未过账）"
    said = f"{payment.day}  {payment.voucher}  {yuan(payment.fen)}{waiting}{outside}"
    return f"{said}  {payment.fund} {payment.subject}  {payment.payee}  {payment.narration}".rstrip()


def _right(name: str, fen: int) -> str:
    figure = yuan(fen)
    return name + " " * max(1, _NAME - columns_of(name)) + " " * max(1, _AMOUNT - len(figure)) + figure


def as_data(report: ProjectReport) -> dict[str, Any]:
    """The view as plain data: yuan with two places as text, days in ISO form."""
    return {
        "compound": report.issuer.compound,
        "code": report.code,
        "project": report.project,
        "title": report.title,
        "day": report.day.isoformat(),
        "scope": report.scope,
        "supplier": report.supplier,
        "contract": report.contract,
        "budget": _yuan(report.budget_fen),
        "price": _yuan(report.price_fen) if report.price_fen is not None else None,
        "paid": _yuan(report.paid_fen),
        "paid_outside": _yuan(report.outside_fen),
        "retained": _yuan(report.retained_fen) if report.retained_fen is not None else None,
        "accepted": report.accepted.isoformat() if report.accepted else None,
        "sources": [{"name": source_name(source), "amount": _yuan(source.fen)} for source in report.sources],
        "levies": [
            {"code": levy.code, "name": levy.name, "due": _yuan(levy.due_fen), "raised": _yuan(levy.raised_fen),
             "subsidy": _yuan(levy.subsidy_fen), "refunded": _yuan(levy.refunded_fen), "left": _yuan(levy.left_fen)}
            for levy in report.levies
        ],
        "payments": [
            {"day": one.day.isoformat(), "voucher": one.voucher, "fund": one.fund, "subject": one.subject,
             "payee": one.payee, "narration": one.narration, "amount": _yuan(one.fen), "posted": one.posted,
             "paid_outside": _yuan(one.outside_fen)}
            for one in report.payments
        ],
        "resolutions": [
            {"code": paper.code, "title": paper.title, "state": paper.state,
             "approved": paper.approved.isoformat() if paper.approved else None, "budget": _yuan(paper.budget_fen),
             "owed": [step.title for step in paper.owed]}
            for paper in report.papers
        ],
    }  # fmt: skip


def _yuan(fen: int) -> str:
    return str(from_fen(fen))
