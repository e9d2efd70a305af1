"""The notice of the street's keys for the notice board, on A4."""

from __future__ import annotations

from ..issuer import Issuer
from ..trust_notice import KeyHolder, TrustNotice
from .canvas import Page, qr_boxes
from .flow import LEFT, RIGHT, WIDTH, Column, Density, Flow, Row, table
from .fund_paper import head_again, number_pages, seals, sentences, title
from .paper import Document, put_on_paper

TITLE = "公钥公告"

_ABOUT = "三方对账、业主核对"
_LIST = Density(size=11.0, note=8.8, head=9.2, pad=1.8)
_KEYS = (
    Column("哪一方", 78), Column("谁保管", 140), Column("哪些小区", 125), Column("启用", 72, small=True),
    Column("公钥前 8 位", WIDTH - 415),
)  # fmt: skip
_QR = 104.0
_SIZE = 11.5


def render_pdf(notice: TrustNotice) -> bytes:
    """The notice as a PDF; the same value gives the same bytes. `MissingGlyph` when a name can't be printed."""
    document = Document(
        title=f"{notice.street}{TITLE}", author=notice.street, subject=f"公钥 {len(notice.holders)} 把",
        keywords=TITLE, day=notice.day,
    )  # fmt: skip
    return put_on_paper(lay_out(notice), document)


def lay_out(notice: TrustNotice) -> list[Page]:
    """The pages, numbered: one, unless the street has more keys than it holds."""
    issuer = Issuer(notice.street, notice.contact, "", "", notice.street, "", "", "")
    flow = Flow(lambda page: head_again(page, issuer, f"{TITLE}（续）"))
    title(flow, issuer, TITLE, f"截至 {notice.day}，共 {len(notice.holders)} 把", _ABOUT)
    sentences(flow, [
        "下面各方用自己的钥匙签三方对账单；每把钥匙有一个公钥，别人用它查签名是真是假。",
        f"封了的月份，{'、'.join(notice.required)}都签了名才作数。",
    ], _SIZE)  # fmt: skip
    flow.gap(4)
    table(flow, _KEYS, [_row(one) for one in notice.holders], _LIST)
    flow.gap(8)
    _how(flow, notice)
    seals(flow, ("街道办事处（盖章）", "社区居民委员会（与各方核对后盖章）"), 78)
    number_pages(flow.pages, notice.street, TITLE)
    return flow.pages


def grouped_key(public: str) -> str:
    """Digits in fours, as two people read them to each other."""
    return " ".join(public[at : at + 4] for at in range(0, len(public), 4))


def _row(one: KeyHolder) -> Row:
    since = str(one.since or "—")
    cells = (one.party, one.name, "、".join(one.compounds) or "全街道", since, grouped_key(one.public[:8]))
    notes = ("", f"编号 {one.person}", "", f"至 {one.until}" if one.until else "", "")
    return Row(cells, notes, f"全文　{grouped_key(one.public)}")


def _how(flow: Flow, notice: TrustNotice) -> None:
    """What an owner does with it; the code that opens the page beside it, where the page has an address."""
    said = [
        "怎么用：业主核对余额的网页，下面也列着公钥，前 8 位都要与这里的一样；有一个不一样，就不要用它，请告诉社区。",
        "各方自己留存的公钥文件，要与这里的全文逐组比一比。",
        f"网页：{notice.address}（扫右边的码打开）" if notice.address else "网页向社区、街道索取，不联网也能用。",
        *([f"询问：{notice.contact}"] if notice.contact else []),
    ]
    if not notice.address:
        sentences(flow, said, _SIZE)
        return
    width = WIDTH - _QR - 12
    lines = [line for one in said for line in flow.page.lines(one, _SIZE, width)]
    top = flow.take(max(_QR, len(lines) * _SIZE * 1.5) + 4)
    flow.page.shapes.append(qr_boxes(notice.address, RIGHT - _QR, top - _QR, _QR))
    for number, line in enumerate(lines):
        flow.page.write(LEFT, top - _SIZE * (1 + 1.5 * number), line, _SIZE)
