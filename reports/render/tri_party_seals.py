"""The row of boxes at the foot of the last page, in which the parties' visible seals are set."""

from __future__ import annotations

from ..tri_party_value import TriPartyStatement
from .canvas import Boxes
from .flow import BOTTOM, LEFT, RIGHT, WIDTH, Flow
from .fund_paper import MIDDLE
from .tri_party_words import SEAL_NAMES, grouped

SealBox = tuple[str, str, tuple[int, int, int, int]]
"""Field, label, and the box: left, bottom, right, top in whole points."""

_SIDE, _GAP = 120, 11.7
"""A round seal is 42 mm (国发〔1999〕25号): 119 points."""
_LABEL, _DATE, _HEAD = 17.0, 18.0, 34.0


def seal_row(flow: Flow, statement: TriPartyStatement) -> tuple[SealBox, ...]:
    """Print the boxes, empty, at the foot of the last page; returns where they are."""
    height = _HEAD + _LABEL + _SIDE + _DATE
    flow.gap(8)
    flow.keep(height)
    flow.y = BOTTOM + height
    top, page = flow.take(height), flow.page
    page.rule(LEFT, top - 4, RIGHT, 0.8)
    said = f"盖章即对上列数据（摘要 {grouped(statement.anchor.figures)}）负责；未签署或拒绝签署的一方，框内留空。"
    page.write(MIDDLE, top - 20, said, page.fit([said], 10.5, WIDTH), align="middle")
    made = []
    for number, (name, label) in enumerate(SEAL_NAMES):
        left, bottom = round(LEFT + number * (_SIDE + _GAP)), round(BOTTOM + _DATE)
        box = (left, bottom, left + _SIDE, bottom + _SIDE)
        page.shapes.append(Boxes(((left, bottom, _SIDE, _SIDE),), line=0.3))
        page.write(left, bottom + _SIDE + 5, label, 10.5)
        page.write(left + _SIDE, bottom - 13, "年　　月　　日", 9.5, align="right", grey=0.25)
        made.append((name, label, box))
    return tuple(made)
