"""The view of a project on paper. A4 upright, black and white."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..project import ProjectPayment, ProjectReport
from ..wording import day_name
from .canvas import Boxes, Page
from .flow import DENSE, LEFT, WIDTH, Column, Flow, Row, table
from .fund_paper import asking, facts, head_again, heading, number_pages, sentences, title
from .paper import Document, put_on_paper
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

_SOURCES = (Column("资金来源", WIDTH - 150), Column("已付（元）", 150, "right"))
_PAYMENTS = (
    Column("日期", 70, small=True),
    Column("凭证", 92, small=True),
    Column("资金和科目", 112, small=True),
    Column("收款单位和事由", WIDTH - 374),
    Column("金额（元）", 100, "right"),
)
_RESULTS = (
    Column("决议", 80, small=True),
    Column("事项", 150),
    Column("办理", 130),
    Column("依据", WIDTH - 360, small=True),
)


def render_pdf(report: ProjectReport) -> bytes:
    """The view as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    document = Document(
        title=f"{report.issuer.compound_name}{report.title} {TITLE}",
        author=report.issuer.street,
        subject=f"截至 {report.day}",
        keywords=f"重点项目 {report.issuer.compound} {report.code}",
        day=report.day,
    )
    return put_on_paper(lay_out(report), document)


def lay_out(report: ProjectReport) -> list[Page]:
    """The pages, numbered."""
    issuer = report.issuer
    flow = Flow(lambda page: head_again(page, issuer, f"{TITLE}（续）　截至{day_name(report.day)}"))
    title(flow, issuer, TITLE, under_title(report), "重点项目")
    project, scope, supplier, contract, accepted = facts_of(report)
    facts(flow, project, scope)
    facts(flow, supplier)
    facts(flow, contract, accepted)
    _figures(flow, report)
    sentences(flow, [retention_words(report) + "。", *(levy_words(levy) for levy in report.levies)], 11)
    heading(flow, "一、资金来源", 60, "到这一天已经付出的")
    if report.sources:
        rows = [Row((source_name(source), yuan(source.fen))) for source in report.sources]
        rows.append(Row(("总费用", yuan(report.cost_fen)), kind="grand"))
        table(flow, _SOURCES, rows, DENSE, whole=True)
    else:
        sentences(flow, ["到这一天没有付款。"], 11)
    heading(flow, "二、付款", 60)
    if report.payments:
        paid = Row(("合计", "", "", "", yuan(report.paid_fen)), kind="total")
        table(flow, _PAYMENTS, [*(_payment(payment) for payment in report.payments), paid], DENSE)
    else:
        sentences(flow, ["到这一天没有付款。"], 11)
    heading(flow, "三、业主的决定", 60)
    sentences(flow, [line for paper in report.papers for line in decision_words(paper)], 10.5)
    _results(flow, report)
    flow.gap(6)
    sentences(flow, [asking(issuer)], 10)
    number_pages(flow.pages, issuer.street, f"{issuer.compound}　{report.code}　{report.day}")
    return flow.pages


def _figures(flow: Flow, report: ProjectReport) -> None:
    flow.gap(4)
    figures = key_figures(report)
    top, page = flow.take(64), flow.page
    page.shapes.append(Boxes(((LEFT, top - 54, WIDTH, 54),), line=0.0, line_width=1.2))
    size = page.fit([yuan(fen) for *_, fen in figures], 20, WIDTH / len(figures) - 44)
    for number, (sign, label, fen) in enumerate(figures):
        x = LEFT + 14 + number * WIDTH / len(figures)
        page.write(x, top - 18, label, 11, grey=0.2)
        page.write(x - 2, top - 43, sign, 14)
        page.write(x + (18 if sign else 0), top - 43, yuan(fen), size, bold=True)


def _payment(payment: ProjectPayment) -> Row:
    outside = f"另有资金外支付 {yuan(payment.outside_fen)} 元" if payment.outside_fen else ""
    note = "　".join(filter(None, (payment.narration, outside)))
    number = payment.voucher if payment.posted else f"{payment.voucher} 未过账"
    about = f"{payment.fund} {payment.subject}"
    return Row((str(payment.day), number, about, payment.payee or "—", yuan(payment.fen)), ("", "", "", note))


def _results(flow: Flow, report: ProjectReport) -> None:
    heading(flow, "四、结果", 60)
    rows = [Row(row) for row in result_rows(report)]
    if rows:
        table(flow, _RESULTS, rows, DENSE)
        flow.gap(5)
    sentences(flow, [owed_words(report)], 11)
