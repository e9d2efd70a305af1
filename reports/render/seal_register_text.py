"""The register of seal use as lines of text."""

from __future__ import annotations

from jiezhang.domain.money import yuan

from ..seal_register import SealLine, SealRegister


def render_text(value: SealRegister) -> str:
    """A heading, a line for each seal set, and how many verify."""
    lines = [f"{value.issuer.compound}{value.issuer.compound_name}　印章使用情况　{value.first} 至 {value.last}"]
    lines += [f"    {_said(line)}" for line in value.lines]
    wrong = f"，{value.wrong} 次不符" if value.wrong else "，全部相符" if value.lines else ""
    lines.append(f"    用印 {len(value.lines)} 次{wrong}。")
    return "\n".join(lines) + "\n"


def _said(line: SealLine) -> str:
    amount = f" {yuan(line.amount_fen)} 元" if line.amount_fen else ""
    verdict = "相符" if line.verifies else f"不符：{line.wrong}"
    return (
        f"{line.number}　{line.day}　{line.seal}　{line.keeper}　{line.matter}{amount}"
        f"　钥匙 {line.key}　签名 {line.signature}　{verdict}"
    )
