"""Money: `Decimal` yuan with two places, never a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

CURRENCY = "CNY"
FEN = Decimal("0.01")
ZERO = Decimal("0.00")

_IGNORED = str.maketrans("", "", ",，¥￥ \t\r\n\u3000\ufeff`")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋−", "0123456789.-+-")
_EMPTY = {"", "-", "--", "—", "None"}


def is_exact(amount: Decimal) -> bool:
    """Whether `amount` (yuan) has at most two decimal places."""
    return amount == amount.quantize(FEN)


def exact(amount: Decimal) -> Decimal:
    """`amount` written with exactly two places; `ValueError` when that would change its value."""
    fixed = amount.quantize(FEN)
    if fixed != amount:
        raise ValueError(f"金额 {amount} 不止两位小数")
    return fixed


def parse_yuan(text: str) -> Decimal | None:
    """The amount a bank wrote as `text`, or `None` for an empty cell.

    Thousands separators, currency signs, padding and full-width digits are accepted; a trailing minus
    is a minus. Anything else raises `ValueError` with a sentence for the bookkeeper.
    """
    bare = text.translate(_FULL_WIDTH).translate(_IGNORED)
    if bare in _EMPTY:
        return None
    if bare.endswith("-"):
        bare = "-" + bare[:-1]
    if not bare.lstrip("+-").replace(".", "", 1).isascii() or not bare.lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError(f"金额“{text.strip()}”不是数字")
    try:
        return exact(Decimal(bare))
    except InvalidOperation:
        raise ValueError(f"金额“{text.strip()}”不是数字") from None


def show(amount: Decimal) -> str:
    """`amount` as a person reads it: `12,000.00`, minus as `-`."""
    return f"{amount:,.2f}"


def to_fen(amount: Decimal) -> int:
    """`amount` (yuan) in integer fen; `ValueError` when it is not exact."""
    return int(exact(amount).scaleb(2))


def from_fen(fen: int) -> Decimal:
    """Integer fen as yuan with two places."""
    return Decimal(int(fen)).scaleb(-2)


def yuan(fen: int) -> str:
    """Integer fen as a person reads yuan: `123456` as `1,234.56`."""
    return show(from_fen(fen))
