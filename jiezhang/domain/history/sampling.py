"""Which vouchers the auditor looks at: drawn by chance that nobody can choose and everybody can repeat."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

_CONTEXT = b"jiezhang-sample-1\n"
_DRAWS = 2**64


def sample_seed(body: bytes, betas: Sequence[bytes]) -> bytes:
    """The seed (32 bytes) of the draw from the books whose checkpoint has this `body`.

    Nobody can choose it. The body is fixed and published first: changing one voucher changes its root. Each beta is
    the output of one party's verifiable random function over that body, of which there is only one for each key
    (RFC 9381 §3.1): the party can neither try several nor let the others see it beforehand. As long as one party keeps
    its secret until the body is fixed, nobody can foresee the seed. `betas` come in the order the parties are listed
    in; a party that keeps its beta back stops the draw for all to see, it does not steer it.
    """
    return sha256(_CONTEXT + len(body).to_bytes(8, "big") + body + b"".join(betas)).digest()


def draw(seed: bytes, count: int, size: int) -> tuple[int, ...]:
    """`size` different numbers below `count`, in ascending order; every choice is as likely as any other.

    The n-th number is the first 8 bytes of SHA-256(seed || n as u64), n from 0, modulo `count`. One from the last,
    incomplete round of 2^64 numbers is thrown away, and so is one that was drawn before.
    """
    assert 0 <= size <= count < _DRAWS
    fair = _DRAWS - _DRAWS % max(count, 1)
    drawn: set[int] = set()
    counter = 0
    while len(drawn) < size:
        number = int.from_bytes(sha256(seed + counter.to_bytes(8, "big")).digest()[:8], "big")
        counter += 1
        if number < fair:
            drawn.add(number % count)
    return tuple(sorted(drawn))
