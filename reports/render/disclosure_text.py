"""The statement as plain text, for a terminal, a message or a screen reader."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from jiezhang.domain.money import show

from ..disclosure_code import code_text
from ..disclosure_value import Disclosure, Section
from ..wording import day_name, month_name, voucher_ranges
from .disclosure_words import (
    TITLE,
    asking_words,
    check_words,
    draft_words,
    key_figures,
    place_name,
    place_note,
    remainder_rows,
    year_title,
)

_NAME, _AMOUNT = 36, 18


def columns_of(text: str) -> int:
    """How many columns of a terminal `text` takes: a Chinese character two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def render_text(disclosure: Disclosure) -> str:
    """The statement in lines, amounts right-aligned in columns, with a line feed at the end."""
    d = disclosure
    lines = [f"{d.compound_name}　{month_name(d.month)}　{TITLE}"]
    lines += [draft_words(d)] if d.is_draft else []
    lines += [
        f"小区编号 {d.compound}　社区 {d.community}　{d.street}",
        f"公示期 {day_name(d.posted_from)}至{day_name(d.posted_to)}",
        "",
    ]
    for figure in key_figures(d):
        label = f"{figure.label}（{''.join(figure.note)}）" if figure.note else figure.label
        lines.append(_line(figure.sign or "　", label, [show(figure.amount)]))
    check = check_words(d)
    figures = "，".join(f"{label} {amount}" for label, amount in check.rows)
    lines += [f"与对账单核对：{'，'.join(check.verdicts)}（{figures}）", ""]
    lines.append(_line("", "项目", ["本月（元）", year_title(d)]) + "  凭证号")
    for section in d.sections:
        lines += _section(section)
    lines += ["", _line("", "月末资金存放", ["账面（元）", "对账单（元）"])]
    for place in d.places:
        name = f"{place_name(place)} {place_note(place)}".strip()
        lines.append(_line("", name, [show(place.book), "—" if place.stated is None else show(place.stated)]))
    lines.append(_line("", "资金合计", [show(d.held)]))
    lines += [_line("", title, [show(amount)]) for title, amount in remainder_rows(d)]
    lines += [_line("", "期末结余", [show(d.closing)]), "", *asking_words(d), f"核对码 {code_text(d)}"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(section: Section) -> list[str]:
    lines = [section.title]
    for line in section.lines:
        name = " ".join(filter(None, (line.item, line.party, line.contract)))
        text = _line("　", name, [show(line.month), show(line.year)])
        lines.append(f"{text}  {voucher_ranges(line.vouchers)}")
    return [*lines, _line("", section.total_title, [show(section.month), show(section.year)])]


def _line(sign: str, label: str, amounts: Sequence[str]) -> str:
    """A label and its amounts; a label too long for its column stands on a line of its own."""
    name = sign + label
    wide = columns_of(name)
    head = name + "\n" + " " * _NAME if wide > _NAME else name + " " * (_NAME - wide)
    return head + "".join(" " * (_AMOUNT - columns_of(a)) + a for a in amounts)
