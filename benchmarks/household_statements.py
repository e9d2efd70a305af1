"""Household statements of a whole compound: seconds for the values, pages per second on paper, against platypus.

    python benchmarks/household_statements.py [--households N] [--repairs N] [--yields N] [--rounds N]

A year of one compound is replayed once and every household's statement is printed, all in one file. The peer prints
the same values the way reportlab's guide does it: one SimpleDocTemplate with a Table and Paragraphs for each
household, page breaks between; once more with plain strings in the cells, the fastest that platypus has. All in the
same run, turn about, with the same font loaded; the ratio is what to compare.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from statistics import median
from typing import Any

from beancount.core import amount, data
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from jiezhang.domain.fund_register import Building, FundRegister
from jiezhang.domain.money import yuan
from jiezhang.domain.register import Compound, Dwelling, Street
from jiezhang.households.batch import write_batch
from jiezhang.households.fund import FundFiles
from reports.household_statement import HouseholdStatement, household_statements
from reports.render.fonts import chain
from reports.render.household_statement_pdf import render_pdf
from reports.render.household_words import area_words, asking_words, home_name, line_words, nature_words, period_words

START = date(2026, 1, 1)
FUND = "C0007长吴公寓:W维修资金"
BANK, POOL = f"Assets:{FUND}:1001银行存款-建行4417", f"Equity:{FUND}:3101待分配累计收益"
OWNED, REPAIRS = f"Equity:{FUND}:3001商品住宅维修资金:01", f"Expenses:{FUND}:5001维修:01"
BALANCE_FEN, FIRST_FEN = 1_234_567, 1_500_000

STREET = Street(name="示例区云溪街道办事处", city="example", contact="街道物业科 0500-0000100")
COMPOUND = Compound(
    code="C0007", name="长吴公寓", community="S01", kind="old", start=START, contact="小区服务站 0500-0000107"
)


def voucher(day: date, number: int, debit: str, credit: str, fen: int, **meta: Any) -> data.Transaction:
    told = {key.replace("_", "-"): value for key, value in meta.items()} | {"voucher": f"记-{number:04d}"}
    legs = [(debit, fen), (credit, -fen)]
    postings = [
        data.Posting(account, amount.Amount(Decimal(each).scaleb(-2), "CNY"), None, None, None, None)
        for account, each in legs
    ]
    about = data.new_metadata("2026.beancount", number, told)
    return data.Transaction(about, day, "*", None, "屋面、外墙防水大修", frozenset(), frozenset(), postings)


def books(households: int, repairs: int, yields: int) -> tuple[FundFiles, list[data.Transaction]]:
    """A register of one building, and a year of its vouchers."""
    dwellings = tuple(
        Dwelling(
            code=f"01-1-{n:05d}", building="01", stair="1", room=f"{n:05d}",
            area_m2=Decimal(6000 + n % 9000).scaleb(-2),
            owner=f"Y{n:05d}K", first_deposit_yuan=Decimal(FIRST_FEN).scaleb(-2),
        )
        for n in range(1, households + 1)
    )
    area = sum((dwelling.area_m2 for dwelling in dwellings), Decimal(0))
    first = Decimal(FIRST_FEN * households).scaleb(-2)
    building = Building(code="01", dwellings=households, area_m2=area, first_deposit_yuan=first)
    batch = write_batch(tuple((dwelling.code, BALANCE_FEN) for dwelling in dwellings))
    about = {"batch": "opening.csv", "batch_sha256": hashlib.sha256(batch).hexdigest(), "opening": True}
    found = [voucher(START, 0, BANK, OWNED, BALANCE_FEN * households, **about)]
    for n in range(repairs):
        fen = households * 20_000 + n
        found.append(voucher(START + timedelta(20 + n), n + 1, REPAIRS, BANK, fen, apportion="compound"))
    for n in range(yields):
        day, fen = START + timedelta(80 + n), households * 5_000 + n
        found.append(voucher(day, 100 + n, BANK, f"Income:{FUND}:4101存款利息", fen))
        total = Decimal(fen).scaleb(-2)
        about = {"apportion": "compound", "basis": "jishu", "apportion_total": total}
        found.append(voucher(day, 200 + n, POOL, OWNED, fen, **about))
    return FundFiles(FundRegister(START, dwellings, ((2, building),)), {"opening.csv": batch}), found


def statements_of(files: FundFiles, entries: Sequence[data.Transaction]) -> list[HouseholdStatement]:
    return household_statements(
        files, entries, street=STREET, compound=COMPOUND, first=START, last=date(START.year, 12, 31)
    )


def platypus(made: Sequence[HouseholdStatement], cell: Callable[[str], Any]) -> bytes:
    """The same content: heading, facts, sums, the line's sentence, every line with its reckoning, whom to ask."""
    out, font = BytesIO(), chain().face_of("0").fontName
    body = ParagraphStyle("body", fontName=font, fontSize=13, leading=18, wordWrap="CJK")
    title = ParagraphStyle("title", fontName=font, fontSize=24, leading=34)
    grid = TableStyle([
        ("GRID", (0, 0), (-1, -1), 0.4, "black"), ("FONTNAME", (0, 0), (-1, -1), font),
        ("FONTSIZE", (0, 0), (-1, -1), 12),
    ])  # fmt: skip
    story: list[Any] = []
    for s in made:
        facts = f"{s.home.code}　{s.home.owner}　{area_words(s.home)}　{nature_words(s.home)}"
        sums = f"{yuan(s.opening_fen)} ＋ {yuan(s.in_fen)} － {yuan(s.out_fen)} ＝ {yuan(s.closing_fen)}"
        line = line_words(s.home, s.line, s.closing_fen, s.first_deposit_fen)
        rows = [[cell(text) for text in ("日期、凭证", "事项", "收进", "用出", "余额")]]
        for each in s.lines:
            texts = (f"{each.day} {each.voucher}", each.what, yuan(each.in_fen), yuan(each.out_fen))
            rows.append([cell(text) for text in (*texts, yuan(each.balance_fen))])
            rows.append([cell(text) for text in ("", each.how, "", "", "")])
        heads = [Paragraph("分户对账单", title), Paragraph(home_name(s.issuer, s.home), title)]
        texts = [period_words(s), facts, sums, line]
        story += [*heads, *(Paragraph(text, body) for text in texts)]
        story += [Table(rows, colWidths=[90, 190, 80, 80, 80], style=grid)]
        story += [*(Paragraph(text, body) for text in asking_words(s.issuer)), PageBreak()]
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(story)
    return out.getvalue()


def naive(made: Sequence[HouseholdStatement]) -> bytes:
    style = ParagraphStyle("cell", fontName=chain().face_of("0").fontName, fontSize=12, leading=15, wordWrap="CJK")
    return platypus(made, lambda text: Paragraph(text, style))


def strings(made: Sequence[HouseholdStatement]) -> bytes:
    return platypus(made, str)


def pages_of(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=1000)
    parser.add_argument("--repairs", type=int, default=2)
    parser.add_argument("--yields", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    files, entries = books(given.households, given.repairs, given.yields)
    took = []
    for _ in range(given.rounds):
        start = time.process_time()
        made = statements_of(files, entries)
        took.append(time.process_time() - start)
    lines = sum(len(statement.lines) for statement in made)
    print(f"{len(made)} statements with {lines} lines from {len(entries)} vouchers in {median(took) * 1000:.0f} ms")
    engines = {"jiezhang": render_pdf, "platypus, paragraphs": naive, "platypus, strings": strings}
    runs: dict[str, list[float]] = {name: [] for name in engines}
    sizes: dict[str, tuple[int, int]] = {}
    for render in engines.values():
        render(made[:2])
    for _ in range(given.rounds):
        for name, render in engines.items():
            start = time.process_time()
            pdf = render(made)
            runs[name].append(time.process_time() - start)
            sizes[name] = (pages_of(pdf), len(pdf))
    rates = {name: sizes[name][0] / median(found) for name, found in runs.items()}
    for name, rate in rates.items():
        pages, size = sizes[name]
        seconds = median(runs[name])
        print(f"{name:22}{rate:8.0f} pages/s {seconds:7.2f} s for {pages} pages {size / 2**20:7.2f} MiB")
    for name in list(engines)[1:]:
        print(f"ratio of files/s to {name}: {median(runs[name]) / median(runs['jiezhang']):.2f}")


if __name__ == "__main__":
    main()
