"""What the fund's papers look like alike: title, facts, sentences, a box for a draft, places of seals, page numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ..issuer import Issuer
from .canvas import A4_WIDTH, Boxes, Page
from .flow import LEFT, RIGHT, TOP, WIDTH, Flow

MIDDLE = A4_WIDTH / 2
_LABEL = 60.0

Fact = tuple[str, str]
"""Label and value."""


def title(flow: Flow, issuer: Issuer, words: str, under: str, about: str = "住宅专项维修资金") -> None:
    """The heading of the first page: the street, whose money it is `about`, what it is in large type, and for what."""
    top, page = flow.take(86), flow.page
    page.write(LEFT, top - 9, issuer.street, 10.5, grey=0.25)
    page.write(RIGHT, top - 9, about, 10.5, align="right", grey=0.25)
    page.write(MIDDLE, top - 42, words, page.fit([words], 27, WIDTH), align="middle", bold=True)
    page.write(MIDDLE, top - 72, under, page.fit([under], 17, WIDTH), align="middle")


def boxed(flow: Flow, words: str, size: float = 14) -> None:
    """A sentence nobody should overlook, in a frame."""
    lines = flow.page.lines(words, size, WIDTH - 24)
    height = len(lines) * size * 1.35 + 10
    top = flow.take(height + 8)
    page = flow.page
    page.shapes.append(Boxes(((LEFT, top - height, WIDTH, height),), line=0.0, line_width=1.6))
    for number, line in enumerate(lines):
        page.write(MIDDLE, top - size * (1.2 + 1.35 * number) - 2, line, size, align="middle", bold=True)


def facts(flow: Flow, *pairs: Fact, size: float = 11.0) -> None:
    """One line of labels and values; two share the width, long values go on below."""
    width = WIDTH / len(pairs)
    page = flow.page
    broken = [(label, page.lines(value or "—", size, width - _LABEL - 8)) for label, value in pairs]
    top = flow.take(max(len(lines) for _, lines in broken) * size * 1.3 + 3.5)
    page = flow.page
    for place, (label, lines) in enumerate(broken):
        x = LEFT + place * width
        page.write(x, top - size, label, page.fit([label], size - 1, _LABEL - 6), grey=0.3)
        for number, line in enumerate(lines):
            page.write(x + _LABEL, top - size * (1 + 1.3 * number), line, size)


def heading(flow: Flow, words: str, below: float, remark: str = "") -> None:
    """A section's heading that keeps `below` under it on its page; `remark` at its right end."""
    flow.gap(10)
    flow.keep(24 + below)
    top, page = flow.take(24), flow.page
    used = page.write(LEFT, top - 15, words, 13.5, bold=True)
    if remark:
        page.write(RIGHT, top - 15, remark, page.fit([remark], 9.5, WIDTH - used - 12), align="right", grey=0.25)


def sentences(flow: Flow, texts: Sequence[str], size: float = 10.5, leading: float = 1.5, grey: float = 0.0) -> None:
    """Paragraphs, each kept whole."""
    for text in texts:
        lines = flow.page.lines(text, size, WIDTH)
        top = flow.take(len(lines) * size * leading + 2)
        for number, line in enumerate(lines):
            flow.page.write(LEFT, top - size * (1 + leading * number), line, size, grey=grey)


def seals(flow: Flow, places: Sequence[str], height: float = 92.0) -> None:
    """Places to seal or sign, side by side."""
    flow.gap(8)
    top = flow.take(height)
    page, gap = flow.page, 8.0
    width = (WIDTH - gap * (len(places) - 1)) / len(places)
    for number, words in enumerate(places):
        x = LEFT + number * (width + gap)
        page.shapes.append(Boxes(((x, top - height, width, height),), line=0.3))
        page.write(x + 8, top - 16, words, 11)
        page.write(x + width - 8, top - height + 8, "年　　月　　日", 10, align="right", grey=0.25)


def head_again(page: Page, issuer: Issuer, words: str) -> float:
    """The head of a further page; returns the height it leaves."""
    used = page.write(RIGHT, TOP - 10, words, 11, align="right")
    page.write(LEFT, TOP - 10, issuer.compound_name, page.fit([issuer.compound_name], 12, WIDTH - used - 14), bold=True)
    page.rule(LEFT, TOP - 17, RIGHT, 0.8)
    return TOP - 24


def number_pages(pages: Sequence[Page], left: str, right: str) -> None:
    """第 x 页　共 y 页 at the foot of each page."""
    for number, page in enumerate(pages, 1):
        page.rule(LEFT, 42, RIGHT, 0.4, 0.4)
        page.write(LEFT, 29, left, 9, grey=0.25)
        page.write(MIDDLE, 29, f"第 {number} 页　共 {len(pages)} 页", 10, align="middle")
        page.write(RIGHT, 29, right, 9, align="right", grey=0.25)


def asking_lines(issuer: Issuer) -> list[str]:
    """Where an owner asks, a line for each place."""
    street = f"街道：{issuer.street_contact or issuer.street}"
    return ["查询、复核请找：", *([f"小区：{issuer.contact}"] if issuer.contact else []), street]


def asking(issuer: Issuer) -> str:
    """The same in one line."""
    head, *places = asking_lines(issuer)
    return head + "　".join(places)
