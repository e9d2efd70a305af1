"""The fund's statements as plain text, for a terminal, a message or a screen reader."""

from __future__ import annotations

from collections.abc import Sequence

from ..fund_value import Form, FundStatements, Note
from .disclosure_text import columns_of
from .fund_statements_words import (
    check_words,
    draft_words,
    figure,
    footnotes,
    fund_name,
    number_words,
    sign,
)

_NAME, _AMOUNT = 30, 24


def render_text(statements: FundStatements) -> str:
    """Forms and notes in lines, amounts right-aligned in columns, with a line feed at the end."""
    lines: list[str] = []
    for form in statements.forms:
        lines += [*_form(statements, form), ""]
    lines.append("会计报表附注")
    for note in statements.notes:
        lines += _note(note)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _form(statements: FundStatements, form: Form) -> list[str]:
    lines = [f"{form.title}　{number_words(form)}　{form.period}"]
    lines += [draft_words(statements)] if statements.is_draft else []
    lines.append(f"资金名称：{fund_name(statements)}　编制单位：{statements.street}　单位：元")
    if form.columns[0].group:
        groups = [c.group if n == 0 or form.columns[n - 1].group != c.group else "" for n, c in enumerate(form.columns)]
        lines.append(_line("", groups))
    lines.append(_line("项目", [column.title + sign(form, column.mark) for column in form.columns]))
    for line in form.lines:
        indent = "　" if line.kind == "plain" else ""
        lines.append(_line(indent + line.title + sign(form, line.mark), [figure(cell) for cell in line.cells]))
    lines += [f"勾稽：{check_words(check)}" for check in statements.checks_of(form.key)]
    return lines + footnotes(form)


def _note(note: Note) -> list[str]:
    lines = [note.title, *("　　" + text for text in note.texts)]
    if note.rows:
        lines.append(_line("", note.heads))
        for row in note.rows:
            lines.append(_line(row.title, [figure(cell) for cell in row.cells]) + (f"  {row.remark}".rstrip()))
    return lines


def _line(label: str, amounts: Sequence[str]) -> str:
    """A label and its amounts; a label too long for its column stands on a line of its own."""
    wide = columns_of(label)
    head = label + "\n" + " " * _NAME if wide > _NAME else label + " " * (_NAME - wide)
    return head + "".join(" " * max(1, _AMOUNT - columns_of(a)) + a for a in amounts)
