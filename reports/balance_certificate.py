"""The balance certificate (余额证明) that a seller shows the buyer of a dwelling.

165号令 2008 art. 28: who sells a dwelling tells the buyer what was paid in and what is left, and gives valid proof; the
balance of its account passes with the title.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from beancount.core import data

from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound, Street
from jiezhang.domain.roll import LOST
from jiezhang.households.fund import FundFiles

from .fund_paper import FundAccount, fund_accounts
from .household_account import (
    RENEW_LINE_PERCENT,
    Home,
    RenewLine,
    homes_of,
    proven_replay,
    renew_lines,
    waiting_vouchers,
)
from .issuer import Issuer, issuer_of

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


@dataclass(frozen=True, slots=True)
class BalanceCertificate:
    """One dwelling's account at the end of `day`. Amounts in fen."""

    issuer: Issuer
    home: Home
    day: date
    balance_fen: int
    first_deposit_fen: int
    line: RenewLine
    accounts: tuple[FundAccount, ...]
    """The bank accounts the fund lies in, where the buyer has the account's name changed."""
    waiting: int
    """As in `HouseholdStatement`."""


def balance_certificate(
    files: FundFiles,
    entries: Iterable[data.Directive],
    *,
    street: Street,
    compound: Compound,
    code: str,
    day: date,
    line_percent: int = RENEW_LINE_PERCENT,
) -> BalanceCertificate:
    """The certificate of the dwelling `code` as of the end of `day`.

    `Refused` when there is no such dwelling, when its account is closed, when it is a selling unit's, or when the
    ledger of households has a fault.
    """
    directives = list(entries)
    state = proven_replay(files, directives, compound, day).state
    row = state.row(code)
    if state.roll.seller[row]:
        raise Refused(f"{code} 是售房单位的账户，不随房屋过户，不出余额证明")
    if state.status[row] >= LOST:
        raise Refused(f"户 {code} 已灭失或注销，不出余额证明")
    [home], [line] = homes_of(files.register, state, [row], day), renew_lines(state, [row], line_percent)
    return BalanceCertificate(
        issuer_of(street, compound), home, day, int(state.balance_fen[row]), int(state.first_deposit_fen[row]), line,
        fund_accounts(directives, compound.code, day), waiting_vouchers(directives, day),
    )


def capitals(fen: int) -> str:
    """An amount in the characters that can't be altered (中文大写金额): `123450` as `壹仟贰佰叁拾肆元伍角整`.

    支付结算办法 (1997) annex 1: 整 after 元, allowed after 角, never after 分; one 零 for zeros between
    digits. From zero to below 10¹² yuan.
    """
    assert 0 <= fen < 10**14, "an account's balance"
    yuan, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    whole = _whole(yuan)
    said = f"{whole}元" if whole else ""
    if not jiao and not cent:
        return f"{said or '零元'}整"
    if jiao:
        said += ("零" if said and yuan % 10 == 0 else "") + f"{_DIGITS[jiao]}角"
    elif said:
        said += "零"
    return said + (f"{_DIGITS[cent]}分" if cent else "整")


def _whole(yuan: int) -> str:
    """Whole yuan without the word 元; empty for zero."""
    said, gap = "", False
    digits = str(yuan)
    for at, digit in enumerate(digits):
        place = len(digits) - 1 - at
        if digit != "0":
            said += ("零" if gap else "") + _DIGITS[int(digit)] + _PLACES[place % 4]
            gap = False
        else:
            gap = bool(said)
        if place % 4 == 0 and place and yuan // 10**place % 10_000:
            said, gap = said + _GROUPS[place // 4], False
    return said
