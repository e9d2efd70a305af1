"""The office's 续交名册 on paper: what every notice asked for, what was paid since, what is still owed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from jiezhang.domain.money import yuan

from ..fund_paper import area_words
from ..top_up import TopUpList, TopUpRow
from ..wording import day_name
from .canvas import Boxes, Page
from .flow import DENSE, LEFT, WIDTH, Column, Flow, Row, table
from .fund_paper import MIDDLE, facts, head_again, heading, number_pages, sentences, title
from .panels import Group, Head, panels
from .paper import Document, put_on_paper
from .top_up_words import LIST, percent_words, target_words

_SUMS = (
    Column("幢", 90),
    Column("户数", 60, "right"),
    *(Column(head, (WIDTH - 150) / 4, "right") for head in ("面积（㎡）", "应续交", "已续交", "欠交")),
)


def render_pdf(value: TopUpList) -> bytes:
    """The office's list as a PDF; the same value gives the same bytes."""
    issuer = value.notices.issuer
    document = Document(
        title=f"{issuer.compound_name}{LIST}",
        author=issuer.street,
        subject=f"通知日 {value.notices.on}，截至 {value.on}",
        keywords=f"维修资金 续交 {issuer.compound} {value.on}",
        day=value.on,
    )
    return put_on_paper(lay_out(value), document)


def lay_out(value: TopUpList) -> list[Page]:
    """The list's pages, numbered."""
    notices, issuer = value.notices, value.notices.issuer
    flow = Flow(lambda page: head_again(page, issuer, f"{LIST}（续）"))
    title(flow, issuer, LIST, f"{issuer.compound_name}　截至 {day_name(value.on)}")
    facts(flow, ("通知日", day_name(notices.on)), ("通知户数", f"{len(notices.notices)} 户"))
    facts(flow, ("续交线", f"首期交存额的 {percent_words(notices.below_percent)}"), ("规定", notices.line.article))
    facts(flow, ("续交到", target_words(notices)))
    _totals(flow, value)
    heading(flow, "各户", 80, "金额单位：元")
    found = groupby(value.rows, key=lambda row: row.building)
    buildings = [(building, list(rows)) for building, rows in found]
    if len(buildings) > 1:
        table(flow, _SUMS, [_sums(f"{building}幢", rows) for building, rows in buildings], DENSE)
        flow.gap(10)
    heads = [Head("户号", "left"), *map(Head, ("面积㎡", "首期交存", "现余额", "应续交", "已续交", "欠交"))]
    panels(flow, heads, [Group(f"{building}幢", [_cells(row) for row in rows]) for building, rows in buildings])
    flow.gap(8)
    sentences(flow, ["已续交：通知日以后存入该户分户账的首期交存和续交，减去退回的。房屋灭失的户不再列入。"], grey=0.2)
    number_pages(flow.pages, issuer.street, f"{issuer.compound}　{value.on}")
    return flow.pages


def _totals(flow: Flow, value: TopUpList) -> None:
    flow.gap(4)
    top, page = flow.take(58), flow.page
    page.shapes.append(Boxes(((LEFT, top - 50, WIDTH, 50),), line=0.0, line_width=1.2))
    arrears = f"欠交（{len(value.in_arrears)} 户）"
    parts = [("应续交", value.due_fen), ("已续交", value.paid_fen), (arrears, value.arrears_fen)]
    if value.notices.target.ground == "open":
        said = f"续交金额还没有决定；距续交线还差 {yuan(value.to_line_fen)} 元"
        page.write(MIDDLE, top - 32, said, page.fit([said], 17, WIDTH - 28), align="middle", bold=True)
        return
    size = page.fit([yuan(fen) for _, fen in parts], 20, WIDTH / 3 - 30)
    for number, (label, fen) in enumerate(parts):
        x = LEFT + 14 + number * WIDTH / 3
        page.write(x, top - 16, label, 10.5, grey=0.2)
        page.write(x, top - 40, yuan(fen), size, bold=True)


def _cells(row: TopUpRow) -> tuple[str, ...]:
    return (
        row.code,
        area_words(row.area_dm2),
        yuan(row.first_deposit_fen),
        yuan(row.balance_fen),
        "未定" if row.due_fen is None else yuan(row.due_fen),
        yuan(row.paid_fen) if row.paid_fen else "—",
        yuan(row.arrears_fen) if row.arrears_fen else "—",
    )


def _sums(name: str, rows: Sequence[TopUpRow]) -> Row:
    due = "未定" if rows[0].due_fen is None else yuan(sum(row.due_fen or 0 for row in rows))
    paid, arrears = sum(row.paid_fen for row in rows), sum(row.arrears_fen for row in rows)
    return Row((name, f"{len(rows):,}", area_words(sum(row.area_dm2 for row in rows)), due, yuan(paid), yuan(arrears)))
