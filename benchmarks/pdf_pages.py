"""Pages per second of the public-revenue statement's PDF, against a naive reportlab platypus version of it.

    python benchmarks/pdf_pages.py [--documents N] [--lines N]

Both print the same value in the same run, turn about, with the same fonts loaded; the ratio is what to compare.
Every document is of another month and other amounts, so nothing can be remembered from the one before.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from jiezhang.domain.money import show
from jiezhang.domain.period import Month
from reports.disclosure import Disclosure, code_text
from reports.disclosure_value import SECTIONS, Line, MonthFigures, Place, Section
from reports.render.disclosure_pdf import render_pdf
from reports.render.fonts import chain
from reports.wording import voucher_ranges


def statement(number: int, lines: int) -> Disclosure:
    """A made-up statement of `lines` items; `number` makes it different from every other."""
    month = Month(2026, 1).shift(number)
    amount = Decimal(number * 100 + 1234567).scaleb(-2)
    sections = []
    for spec in SECTIONS:
        count = {"income": lines * 2 // 3, "expense": lines // 3}.get(spec.key, 1)
        items = tuple(
            Line(
                spec.codes[n % len(spec.codes)], f"项目{n}", f"HT-{n:04d}", "白鹭智能科技有限公司",
                "2026-01-01至2026-12-31", amount + n, amount * 3 + n, (f"记-{n + 1:04d}", f"记-{n + 2:04d}"),
            )
            for n in range(count)
        )
        sections.append(Section(spec.key, spec.title, spec.total, items))
    history = tuple(MonthFigures(month.shift(n - 11), amount + n, amount - n) for n in range(12))
    made = Disclosure(
        street="示例区云溪街道办事处", street_contact="0500-0000100", community="长吴社区", compound="C0007",
        compound_name="长吴公寓", address="云溪路7号", manager="青桐物业服务有限公司", contact="0500-0000107",
        month=month, posted_from=date(2026, 11, 5), posted_to=date(2026, 11, 20),
        books_from=date(2025, 1, 1), opening=amount, opening_year=amount,
        adjustment=Decimal(0), adjustment_year=Decimal(0), sections=tuple(sections), places=(), deposits=Decimal(0),
        suspense=Decimal(0), waiting=0, history=history,
    )
    place = Place("bank", "工行3021", "**** **** 3021", "长吴公寓业主大会", made.closing, made.closing, "agreed")
    return dataclasses.replace(made, places=(place,))


def naive(made: Disclosure) -> bytes:
    """The same content the way reportlab's guide does it: a Paragraph in every cell, its own chart and QR code."""
    out = BytesIO()
    font = chain().face_of("0").fontName
    style = ParagraphStyle("cell", fontName=font, fontSize=10, leading=13, wordWrap="CJK")
    rows = [[Paragraph(t, style) for t in ("项目", "对方、合同", "本月金额", "本年累计", "凭证号")]]
    for section in made.sections:
        for line in section.lines:
            cells = [line.item, f"{line.party} {line.contract} {line.term}", show(line.month), show(line.year)]
            rows.append([Paragraph(t, style) for t in [*cells, voucher_ranges(line.vouchers)]])
        cells = [section.total_title, "", show(section.month), show(section.year), ""]
        rows.append([Paragraph(t, style) for t in cells])
    chart = VerticalBarChart()
    chart.width, chart.height = 450, 110
    chart.data = [[float(m.income or 0) for m in made.history], [float(m.spent or 0) for m in made.history]]
    chart.categoryAxis.categoryNames = [str(m.month) for m in made.history]
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = font
    bars, code = Drawing(480, 150), Drawing(104, 104)
    bars.add(chart)
    code.add(QrCodeWidget(code_text(made), barLevel="M", barWidth=104, barHeight=104))
    title = ParagraphStyle("title", fontName=font, fontSize=24, leading=32)
    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.4, "black"), ("FONTNAME", (0, 0), (-1, -1), font)])
    table = Table(rows, colWidths=[100, 165, 85, 85, 80], repeatRows=1, style=grid)
    heads = [Paragraph(f"{made.compound_name} {made.month} 公共收益收支公示表", title)]
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build([*heads, table, bars, code])
    return out.getvalue()


def pages_of(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")


def timed(render: Callable[[Disclosure], bytes], made: Disclosure) -> tuple[float, int, int]:
    """Seconds of processor time, pages and bytes of one document."""
    start = time.process_time()
    pdf = render(made)
    return time.process_time() - start, pages_of(pdf), len(pdf)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--lines", type=int, default=30)
    given = parser.parse_args()
    first = statement(-1, given.lines)
    engines = {"jiezhang": render_pdf, "naive platypus": naive}
    for render in engines.values():
        render(first)
    runs: dict[str, list[tuple[float, int, int]]] = {name: [] for name in engines}
    for number in range(given.documents):
        made = statement(number, given.lines)
        for name, render in engines.items():
            runs[name].append(timed(render, made))
    rates = {}
    for name, found in runs.items():
        seconds, pages, size = (sum(column) for column in zip(*found, strict=True))
        rates[name] = pages / seconds
        each = f"{seconds / len(found) * 1000:6.1f} ms/document  {size / len(found) / 1024:6.1f} KiB/document"
        print(f"{name:16}{rates[name]:8.1f} pages/s  {each}  {pages} pages")
    print(f"ratio of pages/s {rates['jiezhang'] / rates['naive platypus']:.2f}")
    took = {name: sum(seconds for seconds, *_ in found) for name, found in runs.items()}
    print(f"ratio of documents/s {took['naive platypus'] / took['jiezhang']:.2f}")


if __name__ == "__main__":
    main()
