"""国债: newly issued treasury bonds alone, with the owners' consent, held to maturity.

Source: 165号令 2008 art. 26 (一级市场新发国债、持有到期、业主同意; 禁止国债回购、委托理财、质押抵押).
"""

from __future__ import annotations

from jiezhang.domain.booking import is_opening
from jiezhang.domain.problem import Finding, finding

from ..fund import BONDS
from .view import FundView

RULE = BONDS


def find(view: FundView) -> list[Finding]:
    """Bonds that are none of these, sold early, or not in the register with the owners' consent."""
    known = {bond.code: bond for _, bond in view.files.register.bonds}
    found = view.findings(RULE)
    for entry, legs in view.posted("1101"):
        ref = str(entry.meta.get("bond", ""))
        if sum(fen for _, fen in legs) <= 0 or not ref or is_opening(entry):
            continue
        bond = known.get(ref)
        if bond is None:
            found.append(finding(RULE, f"国债“{ref}”没有登记在 bonds.csv", entry))
        elif not bond.decision:
            found.append(finding(RULE, f"国债“{ref}”没有登记业主同意的决定（165号令第26条）", entry))
        elif (bond.kind, bond.market, bond.matures) != tuple(
            entry.meta.get(key) for key in ("bond-kind", "bond-market", "bond-matures")
        ):
            said = f"国债“{ref}”的券种、市场、到期日与登记的不同（{bond.kind}、{bond.market}、{bond.matures}）"
            found.append(finding(RULE, said, entry))
    return found
