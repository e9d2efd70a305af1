"""What public revenue owes the fund, as lines of text."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..revenue_share import RevenueShare


def render_text(value: RevenueShare) -> str:
    """A heading, the rule, a line for each period, and what is short in all."""
    lines = [f"{value.code}{value.name}　截至 {value.on}"]
    if value.rule is None:
        lines.append("    本地规则没有规定补充维修资金的比例。")
    else:
        rule = value.rule.rule
        mark = "" if rule.verified else "（待核实）"
        base = "公共收益专户余额" if value.of_balance else "公共收益（已扣除合理成本）"
        lines.append(f"    规则：{base}，{rule.shown().strip()}{mark}（{rule.article}）")
    if value.waived:
        lines.append(f"    {value.waived}。")
    for period in value.periods:
        late = f"，迟 {period.days_late} 天" if period.days_late else ""
        short = f"，还差 {yuan(period.short_fen)}" if period.short_fen else ""
        lines.append(
            f"    {period.first} 至 {period.last}：基数 {yuan(period.base_fen)}，应补 {yuan(period.due_fen)}，"
            f"已补 {yuan(period.paid_fen)}{short}{late}"
        )
    short = f"，还差 {yuan(value.short_fen)} 元" if value.rule is not None else ""
    lines.append(f"    建账以来共补充 {yuan(value.transferred_fen)} 元{short}。")
    return "\n".join(lines) + "\n"
