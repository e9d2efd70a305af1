"""The 维修资金公示表 for the notice board: the whole first, every account after it. A4 upright, black and white."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from jiezhang.domain.money import show, yuan

from ..fund_flows import AccountLine
from ..fund_paper import area_words
from ..fund_projects import ProjectLine
from ..fund_publication import BankLine, FundPublication
from ..wording import day_name, voucher_ranges
from .canvas import Boxes, Page, Rule
from .flow import DENSE, LEFT, RIGHT, ROOMY, WIDTH, Column, Flow, Row, table
from .fund_paper import asking, boxed, facts, head_again, heading, number_pages, seals, sentences, title
from .fund_publication_words import (
    BANK_VERDICTS,
    RECHECK,
    TITLE,
    account_columns,
    account_name,
    account_notes,
    claims,
    draft_words,
    identity_words,
    key_figures,
    period,
    total_rows,
)
from .panels import Group, Head, new_page, panels
from .paper import Document, put_on_paper

_TOTALS = (Column("项目", 150), Column("金额（元）", 115, "right"), Column("说明", WIDTH - 265, small=True))
_PROJECTS = (
    Column("项目", 143),
    Column("分摊范围", 80, small=True),
    *(Column(head, 76, "right") for head in ("预算", "本期支付", "累计支付")),
    Column("每平方米", WIDTH - 451, "right"),
)
_PLACES = (
    Column("资金存放", WIDTH - 3 * 100),
    *(Column(head, 100, "right") for head in ("账面（元）", "对账单（元）", "相差（元）")),
)


def render_pdf(value: FundPublication) -> bytes:
    """The sheet as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    issuer = value.issuer
    document = Document(
        title=f"{issuer.compound_name}{TITLE}",
        author=issuer.street,
        subject=period(value),
        keywords=f"维修资金 公示 {issuer.compound} {value.first} {value.last}",
        day=value.last,
    )
    return put_on_paper(lay_out(value), document)


def lay_out(value: FundPublication) -> list[Page]:
    """The pages, numbered: totals, projects, where the money lies, the seals; then the accounts from a new page."""
    issuer = value.issuer
    flow = Flow(lambda page: head_again(page, issuer, f"{TITLE}（续）　{period(value)}"))
    title(flow, issuer, TITLE, f"{issuer.compound_name}　{period(value)}")
    if value.is_draft:
        boxed(flow, draft_words(value))
    facts(flow, ("小　　区", f"{issuer.compound_name}（{issuer.compound}）"), ("社　　区", issuer.community))
    facts(flow, ("地　　址", issuer.address), ("物业企业", issuer.manager))
    _panel(flow, value)
    heading(flow, "一、交存、增值收益、使用和结存的总额", 80)
    rows = [Row((row.title, yuan(row.fen), row.remark), kind=row.kind) for row in total_rows(value)]
    table(flow, _TOTALS, rows, DENSE)
    _projects(flow, value)
    _places(flow, value)
    sentences(flow, [RECHECK + asking(issuer)], 11)
    seals(flow, ("业主委员会（盖章）", "专户银行（盖章）", "街道代理记账（签章）"))
    new_page(flow)
    _accounts(flow, value)
    number_pages(flow.pages, issuer.street, f"{issuer.compound}　{value.last}")
    return flow.pages


def _panel(flow: Flow, value: FundPublication) -> None:
    """The sum everybody can do in the head on the left, whether the money is there on the right."""
    figures = key_figures(value)
    step, left = 30.0, 318.0
    height = step * len(figures) + 14
    top, page = flow.take(height + 12) - 4, flow.page
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.2))
    page.shapes.append(Rule(LEFT + left, top, LEFT + left, top - height, 0.6))
    size = page.fit([yuan(fen) for *_, fen in figures], 23, 176)
    for number, (sign, label, fen) in enumerate(figures):
        y, last = top - 29 - number * step, sign == "＝"
        if last:
            page.rule(LEFT + 10, y + 23, LEFT + left - 10, 1.0)
        page.write(LEFT + 12, y + 1, sign, 15)
        page.write(LEFT + 32, y, label, page.fit([label], 15.5, left - 226), bold=last)
        page.write(LEFT + left - 12, y, yuan(fen), size, align="right", bold=True)
    _check(page, value, LEFT + left + 12, top)


def _check(page: Page, value: FundPublication, left: float, top: float) -> None:
    right = RIGHT - 12
    bank = f"银行{BANK_VERDICTS[value.bank_check]}"
    page.write(left, top - 21, "分户账、账面、银行核对", 12)
    words = ("账目相符" if value.holds else "账目不符", bank)
    size = page.fit(words, 25, right - left)
    for number, verdict in enumerate(words):
        page.write((left + right) / 2, top - 56 - number * 32, verdict, size, align="middle", bold=True)
    stated = [one.stated_fen for one in value.banks if one.check]
    known = [fen for fen in stated if fen is not None]
    said = yuan(sum(known)) if stated and len(known) == len(stated) else "未提供"
    rows = [("账面", yuan(sum(one.book_fen for one in value.banks if one.check))), ("对账单", said)]
    size = page.fit([amount for _, amount in rows], 12, right - left - 50)
    for number, (label, amount) in enumerate(rows):
        page.write(left, top - 122 - number * 17, label, 10.5, grey=0.2)
        page.write(right, top - 122 - number * 17, amount, size, align="right")


def _projects(flow: Flow, value: FundPublication) -> None:
    heading(flow, "二、列支的项目、费用和分摊", 70, "金额单位：元")
    if not value.projects:
        sentences(flow, ["本期没有从维修资金支付的项目。"], 11)
        return
    rows = [_project_row(project) for project in value.projects]
    paid, whole = sum(p.paid_fen for p in value.projects), sum(p.paid_all_fen for p in value.projects)
    rows.append(Row(("合计", "", "", yuan(paid), yuan(whole), ""), kind="total"))
    table(flow, _PROJECTS, rows, DENSE, below=36)
    flow.gap(4)
    said = "每平方米是总费用（含资金外支付的）除以分摊范围的建筑面积；各户分摊多少，见该项目的分摊清册。"
    sentences(flow, [said], 9.5, grey=0.2)


def _project_row(project: ProjectLine) -> Row:
    decided = f"（{project.decided}）" if project.decided else ""
    about = [
        f"决定：{project.decision}{decided}" if project.decision else "",
        f"施工：{project.contractor}　{project.contract}".rstrip("　") if project.contractor else "",
        f"验收：{project.accepted}" if project.accepted else "未验收",
        f"{project.households} 户 {area_words(project.area_dm2)} ㎡",
        f"资金外支付 {yuan(project.outside_fen)}" if project.outside_fen else "",
        f"凭证 {'，'.join(_vouchers(project))}" if project.vouchers else "",
    ]
    budget = "—" if project.budget_fen is None else yuan(project.budget_fen)
    cells = (f"{project.name}（{project.code}）", project.scope, budget, yuan(project.paid_fen),
             yuan(project.paid_all_fen), show(project.per_m2_yuan))  # fmt: skip
    return Row(cells, below="；".join(filter(None, about)))


def _vouchers(project: ProjectLine) -> list[str]:
    """`2026-08 记-0036、0040`, month by month."""
    pairs = [number.split(" ", 1) for number in project.vouchers]
    months = groupby(pairs, key=lambda pair: pair[0])
    return [f"{month} {voucher_ranges(number for _, number in own)}" for month, own in months]


def _places(flow: Flow, value: FundPublication) -> None:
    heading(flow, "三、资金存放和核对", 100, f"截至 {day_name(value.last)}")
    rows = [_place_row(bank) for bank in value.banks]
    if value.identity.bonds_fen:
        rows.append(Row(("国债投资", yuan(value.identity.bonds_fen), "—", "—"), ("按买入成本",)))
    held = sum(bank.book_fen for bank in value.banks) + value.identity.bonds_fen
    rows.append(Row(("资金合计", yuan(held), "", ""), kind="total"))
    rows += [Row((name, yuan(fen), "", "")) for name, fen in claims(value)]
    whole = yuan(sum(fen for _, fen in claims(value)))
    rows.append(Row(("以上各项合计（应等于资金合计）", whole, "", ""), kind="grand"))
    table(flow, _PLACES, rows, ROOMY, whole=True)
    flow.gap(6)
    sentences(flow, ["核对：" + identity_words(value)], 11.5)


def _place_row(bank: BankLine) -> Row:
    stated = "—" if bank.stated_fen is None else yuan(bank.stated_fen)
    gap = "—" if bank.stated_fen is None else yuan(bank.stated_fen - bank.book_fen)
    note = "　".join(filter(None, (bank.account.number, bank.account.holder and f"户名 {bank.account.holder}")))
    return Row((bank.account.name, yuan(bank.book_fen), stated, gap), (note,))


def _accounts(flow: Flow, value: FundPublication) -> None:
    """Sums by building, then every account."""
    heading(flow, "四、各户分户账", 60, "金额单位：元，“—”是没有发生")
    titles, fields = zip(*account_columns(value), strict=True)
    sentences(flow, account_notes(value), 10)
    flow.gap(4)
    found = groupby(value.flows.accounts, key=lambda line: line.building)
    buildings = [(f"{building}幢", list(lines)) for building, lines in found]
    rows = [_sums(name, lines, fields) for name, lines in buildings]
    rows.append(_sums("合计", value.flows.accounts, fields, "grand"))
    width = (WIDTH - 110) / len(fields)
    columns = [Column("幢", 70), Column("户数", 40, "right"), *(Column(head, width, "right") for head in titles)]
    table(flow, columns, rows, DENSE)
    flow.gap(10)
    groups = [Group(name, [(account_name(line), *_figures([line], fields)) for line in own]) for name, own in buildings]
    panels(flow, [Head("户号", "left"), *map(Head, titles)], groups)


def _sums(
    name: str, lines: Sequence[AccountLine], fields: Sequence[str], kind: Literal["plain", "grand"] = "plain"
) -> Row:
    households = sum(line.is_household for line in lines)
    return Row((name, f"{households:,}", *_figures(lines, fields)), kind=kind)


def _figures(lines: Sequence[AccountLine], fields: Sequence[str]) -> list[str]:
    sums = [(field, sum(getattr(line, field) for line in lines)) for field in fields]
    return [yuan(fen) if fen or field in ("opening_fen", "closing_fen") else "—" for field, fen in sums]
