"""The foot of the statement: how to ask, the code, and the places of the seals."""

from __future__ import annotations

from ..disclosure_code import code_of
from ..disclosure_value import Disclosure
from .canvas import Boxes, qr_boxes
from .disclosure_words import asking_words
from .flow import LEFT, RIGHT, WIDTH, Flow

CODE_WORDS = "校验码（右边的码里也有）：与街道公布的数据文件（JSON）的 SHA-256 一致即为原件。"
SEALS = ("业主委员会（盖章）", "社区（盖章）", "街道代理记账（签章）")

_QR, _SEAL, _GAP = 104.0, 120.0, 8.0  # a round seal is 42 mm, 119 points, across
_TEXT = WIDTH - _QR - 16


def foot(flow: Flow, disclosure: Disclosure, code: str) -> None:
    """Print the foot as one block, on a new page when it does not fit; `code` is the digest."""
    words = [(line, 11.5) for line in asking_words(disclosure)]
    broken = [(flow.page.lines(line, size, _TEXT), size) for line, size in words]
    said = sum(len(lines) * size * 1.45 for lines, size in broken) + 4
    block = max(said + 40, _QR)
    top = flow.take(block + _SEAL + 22) - 8
    page = flow.page
    page.rule(LEFT, top, RIGHT, 1.0)
    y = top - 17
    for lines, size in broken:
        for line in lines:
            page.write(LEFT, y, line, size)
            y -= size * 1.45
    page.shapes.append(qr_boxes(code_of(disclosure, code), RIGHT - _QR, top - _QR, _QR))
    low = top - block
    page.write(LEFT, low + 26, CODE_WORDS, 9.5, grey=0.2)
    page.write(LEFT, low + 14, " ".join(code[at : at + 8] for at in range(0, 32, 8)), 9)
    page.write(LEFT, low + 3, " ".join(code[at : at + 8] for at in range(32, 64, 8)), 9)
    width = (WIDTH - 2 * _GAP) / 3
    bottom = low - 8 - _SEAL
    for number, seal in enumerate(SEALS):
        x = LEFT + number * (width + _GAP)
        page.shapes.append(Boxes(((x, bottom, width, _SEAL),), line=0.3))
        page.write(x + 8, bottom + _SEAL - 16, seal, 11)
        if number == 2:
            page.write(x + 8, bottom + _SEAL - 38, "制表", 10, grey=0.25)
            page.write(x + width / 2, bottom + _SEAL - 38, "复核", 10, grey=0.25)
        page.write(x + width - 8, bottom + 8, "年　　月　　日", 10, align="right", grey=0.25)
