"""What the fund's statements say around their figures, the same in PDF, Excel and text."""

from __future__ import annotations

from jiezhang.domain.money import show

from ..fund_forms import FOOTNOTES
from ..fund_value import Cell, Check, Form, FundStatements
from ..wording import month_name

SIGNERS = ("单位负责人", "复核", "制表")
RESULTS: dict[bool | None, str] = {True: "相符", False: "不符", None: "未核对"}
_SIGNS = "①②③④⑤⑥⑦⑧⑨⑩"


def fund_name(statements: FundStatements) -> str:
    return f"{statements.compound_name}住宅专项维修资金"


def whole_title(statements: FundStatements) -> str:
    return f"{fund_name(statements)}{month_name(statements.month)}会计报表"


def draft_words(statements: FundStatements) -> str:
    """A draft says so; empty when nothing waits."""
    return f"草稿，有 {statements.waiting} 笔待处理" if statements.is_draft else ""


def figure(cell: Cell) -> str:
    """A cell as printed: a dash where there is no posting at all."""
    return show(cell.amount) if cell.sources else "—"


def sign(form: Form, mark: str) -> str:
    """The circled number of a footnote of `form`; empty without a mark."""
    return _SIGNS[form.marks.index(mark)] if mark else ""


def number_words(form: Form) -> str:
    """`会住维01表①`."""
    return form.number + sign(form, "form" + form.key)


def footnotes(form: Form) -> list[str]:
    """The footnotes of `form`, each with its number."""
    return [sign(form, mark) + FOOTNOTES[mark] for mark in form.marks]


def verdict(check: Check) -> str:
    """`相符`, `不符，相差 …`, or `未核对` when there was nothing to compare with."""
    if check.difference is None:
        return f"{RESULTS[None]}，没有银行对账单"
    return RESULTS[check.holds] + ("" if check.holds else f"，相差 {show(check.difference)}")


def check_words(check: Check) -> str:
    """Both figures of an equality and whether it holds."""
    left = f"{check.left.name} {show(check.left.amount)}"
    if check.right is None:
        return f"{left}　{verdict(check)}"
    return f"{left} {'＝' if check.holds else '≠'} {check.right.name} {show(check.right.amount)}　{verdict(check)}"
