"""Points of edwards25519 (RFC 8032 §5.1), as few operations as the VRF needs.

Plain integers: slow (milliseconds), and not of constant time. A secret is multiplied here only on its owner's own
machine, where nobody measures.
"""

from __future__ import annotations

P = 2**255 - 19
"""The field."""
L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point."""
D = -121665 * pow(121666, -1, P) % P
_ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
"""Extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z."""

ZERO: Point = (0, 1, 1, 0)
BYTES = 32


def add(a: Point, b: Point) -> Point:
    """The sum of two points (RFC 8032 §5.1.4); the formula is complete, it doubles as well."""
    e, g = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    c, d = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    x, w, y, t = (g - e) % P, (d - c) % P, (d + c) % P, (g + e) % P
    return x * w % P, y * t % P, w * y % P, x * t % P


def times(scalar: int, point: Point) -> Point:
    """`scalar` (not negative) times the point."""
    total = ZERO
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point = add(point, point)
        scalar >>= 1
    return total


def negative(a: Point) -> Point:
    """The point's inverse."""
    return -a[0] % P, a[1], a[2], -a[3] % P


def is_zero(a: Point) -> bool:
    """Whether it is the neutral point."""
    return a[0] % P == 0 and (a[1] - a[2]) % P == 0


def encode(a: Point) -> bytes:
    """32 bytes: y, with the lowest bit of x on top."""
    over = pow(a[2], -1, P)
    return (a[1] * over % P | (a[0] * over % P & 1) << 255).to_bytes(BYTES, "little")


def decode(data: bytes) -> Point | None:
    """The point written so; `None` for what no point is encoded to: y ≥ p, no x, or a minus before x = 0."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(data) != BYTES or y >= P:
        return None
    above, below = (y * y - 1) % P, (D * y * y + 1) % P
    x = above * pow(below, 3, P) * pow(above * pow(below, 7, P), (P - 5) // 8, P) % P
    if below * x * x % P == -above % P:
        x = x * _ROOT_OF_MINUS_1 % P
    if below * x * x % P != above or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def decode_key(data: bytes) -> Point | None:
    """As `decode`, and `None` too for a point of small order, whose owner has no secret: anybody can sign for it."""
    found = decode(data)
    return None if found is None or is_zero(times(8, found)) else found


_base = decode((4 * pow(5, -1, P) % P).to_bytes(BYTES, "little"))
assert _base is not None
BASE: Point = _base
