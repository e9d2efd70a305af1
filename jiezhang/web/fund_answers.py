"""What the page 本月 asks of a row of the maintenance fund, as the columns of a completion."""

from __future__ import annotations

from typing import Literal

from jiezhang.close.fund_desk import is_of_households
from jiezhang.domain.accounts import parse_account
from jiezhang.domain.levy import asks_household, is_levy
from jiezhang.domain.money import parse_yuan
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Completion

_ASKED = {"5001": "project", "1101": "bond", "5901": "resolution", "1201": "resolution"}
"""What names the matter, by subject; a dwelling for all others."""


def completion_of_fund(
    plain: Completion, *, whose: str, deposit: Literal["", "first", "top-up"], outside: str
) -> Completion:
    """`plain` with whose money it is. The page has one box for dwelling, project and bond; the subject says which.

    `Refused` for an amount that is none. What needs a batch file or a cover is completed with a sheet.
    """
    try:
        is_asked = is_of_households(plain.other_account)
        code = parse_account(plain.other_account).subject.code
    except ValueError:
        return plain  # an account of no chart; completing says so
    if is_levy(plain.other_account):
        asked = "household" if asks_household(plain.other_account) else "resolution"
        return plain.model_copy(update={asked: whose.strip() or getattr(plain, asked)})
    if not is_asked and code not in _ASKED:
        return plain
    try:
        paid = parse_yuan(outside)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    if paid is not None and not 0 <= paid < 10**12:
        raise Refused(f"资金外支付的金额“{outside}”不对")
    asked = _ASKED.get(code, "household")
    given = {asked: whose.strip() or getattr(plain, asked)}
    if code == "4001":
        given["deposit"] = deposit
    return plain.model_copy(update={**given, "paid_outside": paid})
