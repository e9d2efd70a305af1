"""The 分摊清册 on A4 upright: what is shared and how, every household, sums at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from jiezhang.domain.money import yuan

from ..apportionment import ApportionmentList, ShareLine, ShareSum
from ..fund_paper import PAYERS, area_words
from .apportionment_words import (
    HEADS,
    NO_AMOUNT,
    about,
    cells,
    cover,
    full_title,
    method,
    nature,
    short_kind,
    standing,
    uniform,
)
from .canvas import Boxes, Page
from .flow import DENSE, LEFT, WIDTH, Column, Density, Flow, Row, table
from .fund_paper import asking, boxed, facts, head_again, heading, number_pages, seals, sentences, title
from .panels import Group, Head, panels
from .paper import Document, put_on_paper

_WIDTHS = (64.0, 52.0, 66.0, 66.0, 64.0, 68.0, 68.0)
_LINES = tuple(
    Column(head, width, "left" if number in (0, 2, 3) else "right", small=number in (2, 3))
    for number, (head, width) in enumerate(zip(HEADS, (*_WIDTHS, WIDTH - sum(_WIDTHS)), strict=True))
)
_SUMS = (
    Column("", 130),
    Column("户数", 45, "right"),
    Column("面积（㎡）", 80, "right"),
    Column("应分摊（元）", 88, "right"),
    Column("维修资金支付", 88, "right"),
    Column("资金外支付", WIDTH - 431, "right"),
)
_SHORT = (
    Column("户号", 110),
    *(Column(head, 95, "right") for head in ("应分摊", "余额", "不足")),
    Column("不足部分由谁补足", WIDTH - 395),
)
_FULL_MAX = 70
"""Longer lists are printed in panels."""
_CLOSE = Density(size=10.5, note=8.4, head=9.2, pad=2.2)


def render_pdf(value: ApportionmentList) -> bytes:
    """The list as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    issuer = value.issuer
    document = Document(
        title=f"{issuer.compound_name}{full_title(value)}",
        author=issuer.street,
        subject=value.project.name if value.project else value.voucher,
        keywords=f"维修资金 分摊 {issuer.compound} {value.voucher or value.day}",
        day=value.day,
    )
    return put_on_paper(lay_out(value), document)


def lay_out(value: ApportionmentList) -> list[Page]:
    """The pages, numbered; the sums stand on the last."""
    flow = Flow(lambda page: head_again(page, value.issuer, f"{full_title(value)}（续）"))
    name = value.project.name if value.project else value.voucher
    title(flow, value.issuer, full_title(value), f"{value.issuer.compound_name}　{name}")
    if value.is_proposal:
        boxed(flow, standing(value))
    for pairs in about(value):
        facts(flow, *pairs)
    _total(flow, value)
    if value.short:
        _short(flow, value)
    _households(flow, value)
    _sums(flow, value)
    flow.gap(6)
    sentences(flow, [*method(value), asking(value.issuer)], grey=0.1)
    seals(flow, ("业主委员会（盖章）", "物业服务企业（盖章）", "街道代理记账（签章）"), 84)
    number_pages(flow.pages, value.issuer.street, f"{value.issuer.compound}　{value.voucher or '征求意见'}")
    return flow.pages


def _total(flow: Flow, value: ApportionmentList) -> None:
    """The one sum everything else adds up to, and its two parts."""
    flow.gap(4)
    top, page, whole = flow.take(58), flow.page, value.whole
    page.shapes.append(Boxes(((LEFT, top - 50, WIDTH, 50),), line=0.0, line_width=1.2))
    outside = "资金外支付（含不足）" if value.uncovered else "资金外支付"
    parts = [("总费用", value.total_fen), ("维修资金分户账支付", whole.account_fen), (outside, whole.outside_fen)]
    size = page.fit([yuan(fen) for _, fen in parts], 21, WIDTH / 3 - 40)
    for number, (label, fen) in enumerate(parts):
        x = LEFT + 14 + number * WIDTH / 3
        if number:
            page.write(x - 18, top - 38, "＝＋"[number - 1], 15)
        page.write(x, top - 16, label, 10.5, grey=0.2)
        page.write(x, top - 40, yuan(fen), size, bold=True)


def _short(flow: Flow, value: ApportionmentList) -> None:
    heading(flow, "余额不足的户", 60)
    rows = [
        Row((line.code, yuan(line.share_fen), yuan(line.before_fen), yuan(line.short_fen), cover(line)))
        for line in sorted(value.short, key=lambda line: bool(line.covered_by))
    ]
    missing = sum(line.short_fen for line in value.short)
    table(flow, _SHORT, [*rows, Row(("合计", "", "", yuan(missing), ""), kind="total")], DENSE)


def _households(flow: Flow, value: ApportionmentList) -> None:
    """Every line; a long list in panels, with the words all lines share said once."""
    heading(flow, "各户分摊", 80, "金额单位：元")
    groups = [(building, list(lines)) for building, lines in groupby(value.lines, key=lambda line: line.building)]
    if len(value.lines) <= _FULL_MAX:
        table(flow, _LINES, [row for building, lines in groups for row in _rows(building, lines, len(groups))], DENSE)
        return
    alike = uniform(value)
    if alike:
        sentences(flow, [f"以下各户都是{nature(value.lines[0])}，由{PAYERS[value.lines[0].payer]}承担。"])
    flow.gap(4)
    heads = [Head("户号", "left"), Head("面积㎡"), *([] if alike else [Head("性质、承担方", "left")])]
    heads += [Head("应分摊"), Head("分摊前余额"), Head("分摊后余额")]
    panels(flow, heads, [_group(building, lines, alike) for building, lines in groups])


def _rows(building: str, lines: Sequence[ShareLine], buildings: int) -> Iterator[Row]:
    """One building's lines, under its name where there are several."""
    if buildings > 1:
        yield Row((_named(building, lines), *[""] * (len(_LINES) - 1)), kind="section")
    for line in lines:
        yield Row(cells(line))


def _group(building: str, lines: Sequence[ShareLine], alike: bool) -> Group:
    rows = []
    for line in lines:
        code, area, _, _, share, before, after, _ = cells(line)
        rows.append((code, area, *([] if alike else [short_kind(line)]), share, before, after))
    return Group(_named(building, lines), rows)


def _named(building: str, lines: Sequence[ShareLine]) -> str:
    return f"{building}幢　{sum(line.payer != 'seller' for line in lines)} 户"


def _sums(flow: Flow, value: ApportionmentList) -> None:
    buildings = [_sum_row(f"{one.name}幢", one) for one in value.by_building]
    payers = [_sum_row(one.name, one) for one in value.by_payer]
    rows = [
        *([Row(("按幢合计", *[""] * 5), kind="section"), *buildings] if len(buildings) > 1 else []),
        *([Row(("按承担方合计", *[""] * 5), kind="section"), *payers] if len(payers) > 1 else []),
        _sum_row("总　　计", value.whole, "grand"),
    ]
    flow.gap(10)
    table(flow, _SUMS, rows, _CLOSE, whole=True)


def _sum_row(name: str, one: ShareSum, kind: Literal["plain", "grand"] = "plain") -> Row:
    count = f"{one.households:,}" if one.households else NO_AMOUNT
    figures = (yuan(one.share_fen), yuan(one.account_fen), yuan(one.outside_fen))
    return Row((name, count, area_words(one.area_dm2), *figures), kind=kind)
