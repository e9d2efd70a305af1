"""分户恒等: bank = book = Σ buildings = Σ households + undistributed yield, to the fen, after every voucher.

Sources: 165号令 2008 art. 10-11 (accounts by household under the compound's or building's), art. 30 (the household
accounts are published and checked with the bank); 财会〔2020〕7号 (3001, 3002 tie to the household accounts).
"""

from __future__ import annotations

from jiezhang.domain.problem import Finding

from ..fund import IDENTITY
from .view import FundView

RULE = IDENTITY


def find(view: FundView) -> list[Finding]:
    """Vouchers whose details do not add up to their control accounts, or would leave an account below zero."""
    return view.findings(RULE)
