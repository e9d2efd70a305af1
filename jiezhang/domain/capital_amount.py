"""Amounts in Chinese capital numerals (人民币大写): 壹仟贰佰叁拾肆元伍角陆分.

Source: 会计基础工作规范 2019 art. 52(3): zeros in the middle are one 零, after 元 or 角 stands 整, after 分 nothing.
Where the yuan end in zeros and jiao follow, 零 may be left out, and is.
"""

from __future__ import annotations

import re
from decimal import Decimal

from .money import from_fen, to_fen

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("亿", "万", "")
_LIMIT = Decimal(10) ** 12
_PARTS = re.compile(r"(负?)(?:(.+)元)?(?:零?(.)角)?(?:零?(.)分)?整?")


def capital(amount: Decimal) -> str:
    """`amount` yuan in capitals, `负` before a negative one; `ValueError` from a trillion on, or below the fen."""
    if abs(amount) >= _LIMIT:
        raise ValueError(f"金额 {amount} 太大，不能写成大写")
    fen = abs(to_fen(amount))
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan or not fen else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif cents and yuan:
        words += "零"
    words += f"{_DIGITS[cents]}分" if cents else "整"
    return ("负" if amount < 0 else "") + words


def _whole(yuan: int) -> str:
    groups = [yuan // 10**8, yuan // 10**4 % 10**4, yuan % 10**4]
    words, gap = "", False
    for value, unit in zip(groups, _GROUPS, strict=True):
        if value:
            words += ("零" if words and (gap or value < 1000) else "") + _group(value) + unit
        gap = not value
    return words or "零"


def _group(value: int) -> str:
    """1 to 9999 without a unit."""
    words, gap = "", False
    for digit, place in zip(f"{value:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(words)
        else:
            words += ("零" if gap else "") + _DIGITS[int(digit)] + place
            gap = False
    return words


def parse_capital(text: str) -> Decimal:
    """The yuan that `capital` wrote as `text`; `ValueError` for any other writing."""
    found = _PARTS.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}”不是大写金额")
    sign, whole, jiao, cents = found.groups()
    try:
        fen = 100 * _yuan(whole or "") + 10 * _DIGITS.index(jiao or "零") + _DIGITS.index(cents or "零")
    except ValueError:
        raise ValueError(f"“{text}”不是大写金额") from None
    amount = from_fen(-fen if sign else fen)
    if capital(amount) != text:
        raise ValueError(f"“{text}”不是大写金额")
    return amount


def _yuan(words: str) -> int:
    total, group, digit = 0, 0, 0
    values = {"仟": 1000, "佰": 100, "拾": 10}
    for character in words:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in values:
            group, digit = group + digit * values[character], 0
        elif character in ("万", "亿"):
            total, group, digit = total + (group + digit) * (10**4 if character == "万" else 10**8), 0, 0
        else:
            raise ValueError(character)
    return total + group + digit
