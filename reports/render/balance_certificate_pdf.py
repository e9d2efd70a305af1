"""The balance certificate on one A4 page, with the places of the seals."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..balance_certificate import BalanceCertificate, capitals
from ..wording import day_name
from .canvas import A4_WIDTH, Boxes, Page
from .flow import LEFT, RIGHT, TOP, WIDTH
from .household_words import FUND, area_words, asking_words, home_name, line_words, nature_words, waiting_words
from .paper import Document, put_on_paper

TITLE = f"{FUND}余额证明"
SEALS = ("业主委员会（盖章）", "街道代理记账（签章）", "买卖双方（签字）")

_ACCOUNTS_MAX = 2
_FITS = (
    (23.0, 12.0), (23.0, 11.0), (23.0, 10.0), (20.0, 10.0), (20.0, 9.0), (17.0, 9.0), (17.0, 8.0), (17.0, 7.0),
    (17.0, 6.0),
)  # fmt: skip
"""Height of a row of facts and size of the notes: the first pair that leaves the seals their place is taken."""
_SEALS_AT, _LEADING = 58.0, 1.5
_SEAL, _GAP = 128.0, 8.0  # a round seal is 42 mm, 119 points, across


def render_pdf(certificate: BalanceCertificate) -> bytes:
    """The certificate as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    document = Document(
        title=f"{home_name(certificate.issuer, certificate.home)} {TITLE}",
        author=certificate.issuer.street,
        subject=f"截至{day_name(certificate.day)}",
        keywords=f"{FUND} {certificate.issuer.compound} {certificate.home.code}",
        day=certificate.day,
    )
    return put_on_paper([lay_out(certificate)], document)


def lay_out(certificate: BalanceCertificate) -> Page:
    """The one page, in the largest type that leaves the seals their place."""
    for row, size in _FITS:
        page = Page()
        y = _facts(page, certificate, _top(page, certificate) - 12, row)
        for number, note in enumerate(_notes(certificate), 1):
            y = _paragraph(page, f"{number}. {note}", size, y - 3)
        if y >= _SEALS_AT + _SEAL + 6:
            break
    _seals(page)
    page.rule(LEFT, 42, RIGHT, 0.4, 0.4)
    page.write(LEFT, 28, f"{certificate.issuer.compound}　{certificate.home.code}", 10, grey=0.25)
    page.write(RIGHT, 28, "依据建设部、财政部令第165号第28条", 10, align="right", grey=0.25)
    return page


def _top(page: Page, certificate: BalanceCertificate) -> float:
    """Title, sentence and balance; returns the height below them."""
    middle = A4_WIDTH / 2
    page.write(LEFT, TOP - 9, certificate.issuer.street, 11, grey=0.25)
    page.write(RIGHT - 116, TOP - 9, "编号", 11, align="right", grey=0.25)
    page.rule(RIGHT - 110, TOP - 11, RIGHT, 0.5, 0.25)
    page.write(middle, TOP - 48, TITLE, 25, align="middle", bold=True)
    name = f"{certificate.issuer.compound_name}{certificate.home.place}"
    said = f"兹证明：截至{day_name(certificate.day)}，{name}的{FUND}分户账余额如下。"
    y = _paragraph(page, said, 14, TOP - 70)
    return _balance(page, certificate, y - 6)


def _paragraph(page: Page, text: str, size: float, top: float) -> float:
    """Print `text` from `top` down; returns its lower edge."""
    lines = page.lines(text, size, WIDTH)
    for number, line in enumerate(lines):
        page.write(LEFT, top - size * 1.2 - number * size * _LEADING, line, size)
    return top - len(lines) * size * _LEADING


def _balance(page: Page, certificate: BalanceCertificate, top: float) -> float:
    height, shown = 86.0, f"￥{yuan(certificate.balance_fen)}"
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.4))
    page.write(LEFT + 14, top - 38, "余额", 20, bold=True)
    page.write(RIGHT - 16, top - 42, shown, page.fit([shown], 36, WIDTH - 90), align="right", bold=True)
    page.rule(LEFT + 12, top - 54, RIGHT - 12, 0.5, 0.4)
    words = f"人民币{capitals(certificate.balance_fen)}"
    page.write(LEFT + 14, top - 74, "大写", 13, grey=0.2)
    page.write(RIGHT - 16, top - 74, words, page.fit([words], 15, WIDTH - 80), align="right")
    return top - height


def _facts(page: Page, certificate: BalanceCertificate, top: float, row: float) -> float:
    """Label and value in rows of height `row`, long values in several lines; returns the height below them."""
    home, line = certificate.home, certificate.line
    facts = [
        ("房屋坐落", "　".join(filter(None, (certificate.issuer.address, home_name(certificate.issuer, home))))),
        ("户号", home.code),
        ("业主（代号）", home.owner or "未登记"),
        ("建筑面积", area_words(home)),
        ("房屋性质", nature_words(home)),
        ("首期交存", f"{yuan(certificate.first_deposit_fen)} 元"),
        (f"续交线（{line.percent}%）", f"{yuan(line.line_fen)} 元"),
    ]
    more = f"　等 {len(certificate.accounts)} 个" if len(certificate.accounts) > _ACCOUNTS_MAX else ""
    facts += [("资金专户", f"{a.name}　{a.holder}{more}") for a in certificate.accounts[:_ACCOUNTS_MAX]]
    for label, value in facts:
        page.write(LEFT + 4, top - row * 0.7, label, 12.5, grey=0.2)
        size = 13.0 if page.fonts.width(value, 13.0) <= WIDTH - 122 else 10.0
        lines = page.lines(value, size, WIDTH - 122)
        for number, said in enumerate(lines):
            page.write(LEFT + 118, top - row * 0.7 - number * 12, said, size)
        top -= row + 12 * (len(lines) - 1)
        page.rule(LEFT, top, RIGHT, 0.4, 0.6)
    return top - 6


def _notes(certificate: BalanceCertificate) -> list[str]:
    home, line = certificate.home, certificate.line
    told = "出让人应把交存和结余情况如实告知受让人并出示本证明。"
    rename = "受让人持维修资金过户协议、房屋权属证书和身份证，到专户银行办理分户账更名。"
    limits = f"本证明只包括截至{day_name(certificate.day)}已入账的收支，不包括尚未分配到户的收益。"
    return [
        "房屋所有权转让时，本户余额随房屋所有权一并过户给受让人。",
        told + rename,
        line_words(home, line, certificate.balance_fen, certificate.first_deposit_fen),
        limits + waiting_words(certificate.waiting),
        asking_words(certificate.issuer)[0],
    ]


def _seals(page: Page) -> None:
    bottom, width = _SEALS_AT, (WIDTH - 2 * _GAP) / 3
    for number, seal in enumerate(SEALS):
        x = LEFT + number * (width + _GAP)
        page.shapes.append(Boxes(((x, bottom, width, _SEAL),), line=0.3))
        page.write(x + 8, bottom + _SEAL - 17, seal, 12)
        if number == 1:
            page.write(x + 8, bottom + _SEAL - 38, "经办", 10.5, grey=0.25)
            page.write(x + width / 2, bottom + _SEAL - 38, "复核", 10.5, grey=0.25)
        if number == 2:
            page.write(x + 8, bottom + _SEAL - 42, "出让人", 10.5, grey=0.25)
            page.write(x + 8, bottom + _SEAL - 76, "受让人（已知悉）", 10.5, grey=0.25)
        page.write(x + width - 8, bottom + 9, "年　　月　　日", 10.5, align="right", grey=0.25)
