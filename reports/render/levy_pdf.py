"""The sheet of a levy for the notice board: totals first, every household after them. A4 upright, black and white."""

from __future__ import annotations

from collections.abc import Sequence

from jiezhang.domain.money import yuan

from ..levy import LevyHousehold, LevyReport
from ..wording import day_name
from .canvas import Boxes, Page, Rule
from .flow import DENSE, LEFT, RIGHT, WIDTH, Column, Flow, Row, table
from .fund_paper import asking, boxed, facts, head_again, heading, number_pages, seals, sentences, title
from .levy_words import (
    BANK_VERDICTS,
    TITLE,
    buildings,
    decision_words,
    draft_words,
    end_words,
    key_figures,
    paid_words,
    total_rows,
    under_title,
)
from .panels import Group, Head, panels
from .paper import Document, put_on_paper

_TOTALS = (Column("项目", 150), Column("金额（元）", 115, "right"), Column("说明", WIDTH - 265, small=True))
_SPENDING = (
    Column("日期", 78, small=True),
    Column("凭证", 92, small=True),
    Column("收款单位", (WIDTH - 265) / 2),
    Column("事由", (WIDTH - 265) / 2, small=True),
    Column("金额（元）", 95, "right"),
)
_BANKS = (
    Column("专户", WIDTH - 300),
    *(Column(head, 100, "right") for head in ("账面（元）", "银行（元）", "相差（元）")),
)
_SUMS = (
    Column("幢", 70),
    Column("户数", 50, "right"),
    Column("交清", 50, "right"),
    *(Column(head, (WIDTH - 170) / 4, "right") for head in ("应交", "已交", "退还", "净额")),
)


def render_pdf(report: LevyReport) -> bytes:
    """The sheet as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    document = Document(
        title=f"{report.issuer.compound_name}{report.name}{TITLE}",
        author=report.issuer.street,
        subject=f"截至 {report.day}",
        keywords=f"专项集资 {report.issuer.compound} {report.code} {report.month}",
        day=report.day,
    )
    return put_on_paper(lay_out(report), document)


def lay_out(report: LevyReport) -> list[Page]:
    """The pages, numbered."""
    issuer = report.issuer
    flow = Flow(lambda page: head_again(page, issuer, f"{report.name}（续）　截至{day_name(report.day)}"))
    title(flow, issuer, TITLE, under_title(report), "专项集资")
    if report.waiting:
        boxed(flow, draft_words(report))
    facts(flow, ("业主决定", decision_words(report)))
    facts(flow, ("集资范围", report.scope), ("期　　限", f"{report.starts} 至 {report.ends}"))
    facts(flow, ("承办单位", report.supplier or "未定"), ("社　　区", issuer.community))
    _panel(flow, report)
    heading(flow, "一、收支总额", 80)
    rows = [Row((label, yuan(fen), remark)) for label, fen, remark in total_rows(report)]
    rows.append(Row(("＝ 结余", yuan(report.balance_fen), "等于专户账面余额"), kind="grand"))
    table(flow, _TOTALS, rows, DENSE, whole=True)
    _spending(flow, report)
    _banks(flow, report)
    sentences(flow, [asking(issuer)], 10.5)
    seals(flow, ("业主委员会（盖章）", "专户银行（盖章）", "街道代理记账（签章）"), 70)
    _households(flow, report)
    number_pages(flow.pages, issuer.street, f"{issuer.compound}　{report.code}　{report.month}")
    return flow.pages


def _panel(flow: Flow, report: LevyReport) -> None:
    figures = key_figures(report)
    step, left = 25.0, 318.0
    height = max(step * len(figures) + 12, 108)
    top, page = flow.take(height + 12) - 4, flow.page
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.2))
    page.shapes.append(Rule(LEFT + left, top, LEFT + left, top - height, 0.6))
    size = page.fit([yuan(fen) for *_, fen in figures], 20, 176)
    lead = (height - step * len(figures)) / 2
    for number, (sign, label, fen) in enumerate(figures):
        y, last = top - lead - 20 - number * step, sign == "＝"
        if last:
            page.rule(LEFT + 10, y + 19, LEFT + left - 10, 1.0)
        page.write(LEFT + 12, y + 1, sign, 15)
        page.write(LEFT + 32, y, label, page.fit([label], 15.5, left - 226), bold=last)
        page.write(LEFT + left - 12, y, yuan(fen), size, align="right", bold=True)
    _check(page, report, LEFT + left + 12, top, height)


def _check(page: Page, report: LevyReport, left: float, top: float, height: float) -> None:
    right = RIGHT - 12
    words = ("账目相符" if report.holds else "账目不符", BANK_VERDICTS[report.bank_check])
    page.write(left, top - 19, "各户、凭证、专户核对", 11.5)
    size = page.fit(words, 23, right - left)
    first = top - (height + 4) / 2 + 6
    for number, verdict in enumerate(words):
        page.write((left + right) / 2, first - number * 29, verdict, size, align="middle", bold=True)
    said = f"{report.paid_up} / {len(report.households)} 户交清"
    page.write(right, top - height + 9, said, 11, align="right", grey=0.2)


def _spending(flow: Flow, report: LevyReport) -> None:
    heading(flow, "二、项目支出", 60)
    if not report.spending:
        sentences(flow, ["到这一天没有支出。"], 11)
        return
    rows = [
        Row((str(paid.day), paid.voucher, paid.payee or "—", paid.narration, yuan(paid.fen)))
        for paid in report.spending
    ]
    rows.append(Row(("合计", "", "", "", yuan(report.spent_fen)), kind="total"))
    table(flow, _SPENDING, rows, DENSE)


def _banks(flow: Flow, report: LevyReport) -> None:
    heading(flow, "三、资金存放和核对", 80, f"截至 {day_name(report.day)}")
    rows = []
    for bank in report.banks:
        stated = "无对账单" if bank.stated_fen is None else yuan(bank.stated_fen)
        gap = "—" if bank.stated_fen is None else yuan(bank.stated_fen - bank.book_fen)
        rows.append(Row((bank.name, yuan(bank.book_fen), stated, gap), (f"{bank.number}　户名 {bank.holder}",)))
    table(flow, _BANKS, rows, DENSE, whole=True)
    flow.gap(4)
    sentences(flow, list(filter(None, [end_words(report)])), 11)


def _households(flow: Flow, report: LevyReport) -> None:
    heading(flow, "四、各户交款", 80, "金额单位：元，“—”是没有发生；只列户号，不列姓名")
    groups = buildings(report)
    rows = [_sums(f"{name}幢", own) for name, own in groups] if len(groups) > 1 else []
    whole = _sums("合计", report.households)
    table(flow, _SUMS, [*rows, Row(whole.cells, kind="grand")], DENSE)
    flow.gap(10)
    refunds = bool(report.refunded_fen)
    heads = [Head("户号", "left"), Head("应交"), Head("已交"), *([Head("退还")] if refunds else []), Head("交款日")]
    panels(flow, heads, [Group(f"{name}幢", [_cells(one, refunds) for one in own]) for name, own in groups])
    flow.gap(8)


def _sums(name: str, own: Sequence[LevyHousehold]) -> Row:
    sums = [sum(one.due_fen for one in own), sum(one.paid_fen for one in own), sum(one.refunded_fen for one in own)]
    figures = [yuan(fen) if fen else "—" for fen in (*sums, sums[1] - sums[2])]
    return Row((name, f"{len(own):,}", f"{sum(one.owed_fen <= 0 for one in own):,}", *figures))


def _cells(one: LevyHousehold, refunds: bool) -> tuple[str, ...]:
    back = (yuan(one.refunded_fen) if one.refunded_fen else "—",) if refunds else ()
    return (one.code, yuan(one.due_fen), yuan(one.paid_fen) if one.paid_fen else "—", *back, paid_words(one))
