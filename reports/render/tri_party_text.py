"""The three parties' statement as plain text, for a terminal, a message or a screen reader."""

from __future__ import annotations

from collections.abc import Sequence

from ..tri_party_value import AccountPart, FundPart, Item, TriPartyStatement
from ..wording import month_name
from .disclosure_text import columns_of
from .tri_party_words import (
    COLUMNS,
    DRAFT,
    HOUSEHOLDS_SAY,
    SIDE_NAMES,
    STATE_NAMES,
    TITLE,
    account_note,
    anchor_facts,
    equation_words,
    exception_words,
    figure_cells,
    fund_name,
    identity_verdict,
    item_cells,
    item_words,
    need_words,
    paper_cells,
    party_name,
    signing_cells,
    signing_note,
    summary_words,
    warnings,
)

_NAME, _AMOUNT = 10, 17


def render_text(statement: TriPartyStatement) -> str:
    """The statement in lines, amounts right-aligned in columns, with a line feed at the end."""
    lines = [f"{statement.name}（{statement.compound}）　{month_name(statement.period)}　{TITLE}　{statement.street}"]
    lines += [] if statement.closed else [DRAFT]
    lines += [f"{label}：{value}" for label, value in anchor_facts(statement)]
    lines += summary_words(statement)
    for fund in statement.funds:
        lines += _fund(fund)
    if statement.anchor.households:
        lines += ["", *(f"{one.name}：{equation_words(one)}" for one in statement.equations), HOUSEHOLDS_SAY]
    lines += _items("未结事项", statement.open_items)
    lines += _items("已结事项", statement.ended_items)
    lines += _changes(statement)
    lines += _signed(statement)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _fund(fund: FundPart) -> list[str]:
    lines = ["", f"{fund_name(fund.fund)}（单位：元）"]
    for part in fund.accounts:
        lines += _account(part, part.name or part.account)
    if fund.total:
        lines += _account(fund.total, f"合计（{len(fund.accounts)} 个账户）")
    lines += [f"  {fund.identity.name}：{equation_words(fund.identity)}", f"    {identity_verdict(fund.identity)}"]
    return lines + [f"  {one.name}：{equation_words(one)}" for one in fund.equations]


def _account(part: AccountPart, name: str) -> list[str]:
    lines = [f"  {name}", _line("", COLUMNS)]
    lines += [_line(SIDE_NAMES[row.side], figure_cells(part, row)) for row in part.rows]
    for party, said in (("专业审计", part.auditor), ("社区", part.community)):
        if words := exception_words(said):
            lines.append(f"    {party}例外：{words}")
    return [*lines, f"    {account_note(part)}"]


def _line(label: str, amounts: Sequence[str]) -> str:
    head = label + " " * (_NAME - columns_of(label))
    return "    " + head + "".join(" " * max(1, _AMOUNT - columns_of(a)) + a for a in amounts)


def _items(words: str, items: Sequence[Item]) -> list[str]:
    lines = ["", f"{words} {len(items)} 项"]
    for item in items:
        name, party, kind, fund, account, day, amount, since, age = item_cells(item)
        lines.append(f"  {name}　{party}　{kind}　{fund}　{account}　{day}　{amount}　{since} 起，第 {age} 个月")
        lines.append(f"    {item_words(item)}")
    return lines


def _changes(statement: TriPartyStatement) -> list[str]:
    lines = ["", f"对已封月月份的更正 {len(statement.late)} 项，被改动的文件 {len(statement.changed)} 个"]
    lines += [f"  {one.voucher} 更正 {one.corrects}　{one.kind}　{one.text}" for one in statement.late]
    lines += [f"  改动：{path}" for path in statement.changed]
    lines += ["", f"请社区见证的付款、决议和公示 {len(statement.papers)} 项"]
    return lines + [f"  {'　'.join(paper_cells(paper))}　{paper.text}" for paper in statement.papers]


def _signed(statement: TriPartyStatement) -> list[str]:
    lines = ["", "签署"]
    for part in statement.parties:
        lines.append(f"  {party_name(part.party)}（{need_words(part)}）：{STATE_NAMES[part.state]}")
        for signing in part.signings:
            _, name, person, word, when, key, mark = signing_cells(part, signing)
            lines.append(f"    {name}（{person}）　{word}　{when}　钥匙 {key}　签名 {mark}")
            if note := signing_note(signing):
                lines.append(f"      {note}")
    return lines + [f"  ！{said}" for said in warnings(statement)]
