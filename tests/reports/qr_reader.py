"""A small reader of clean QR codes (ISO/IEC 18004), level L, for the tests: modules in, text out; nothing is corrected.

Only the versions the tests print; each has the centres of its alignment patterns, the error correction codewords of a
block, and how many blocks there are of which length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Modules = Sequence[Sequence[int]]

VERSIONS: dict[int, tuple[tuple[int, ...], int, tuple[tuple[int, int], ...]]] = {
    22: ((6, 26, 50, 74, 98), 28, ((2, 111), (7, 112))),
    23: ((6, 30, 54, 78, 102), 30, ((4, 121), (5, 122))),
    24: ((6, 28, 54, 80, 106), 30, ((6, 117), (4, 118))),
    25: ((6, 32, 58, 84, 110), 26, ((8, 106), (4, 107))),
}
MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)
LEVEL_L = 0b01
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def read_code(modules: Modules) -> str:
    """The text; an assertion fails when it is no code of level L with one of the versions here."""
    size = len(modules)
    version = (size - 17) // 4
    assert size % 4 == 1 and {len(row) for row in modules} == {size}
    word = int("".join(str(modules[8][c]) for c in (0, 1, 2, 3, 4)), 2) ^ 0b10101
    assert word >> 3 == LEVEL_L
    fixed, masked = _fixed(version, size), MASKS[word & 0b111]
    bits = [modules[r][c] ^ (masked(r, c) == 0) for r, c in _zigzag(size) if (r, c) not in fixed]
    words = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)]
    return _text("".join(f"{word:08b}" for word in _data(words, version)), version)


def _fixed(version: int, size: int) -> set[tuple[int, int]]:
    """Modules that carry no data."""
    found = {(r, c) for r in range(9) for c in range(9)}
    found |= {(r, c) for r in range(9) for c in range(size - 8, size)}
    found |= {(c, r) for r, c in found}
    found |= {(6, at) for at in range(size)} | {(at, 6) for at in range(size)}
    found |= {(r, size - 11 + c) for r in range(6) for c in range(3)}
    found |= {(size - 11 + c, r) for r in range(6) for c in range(3)}
    centres, last = VERSIONS[version][0], size - 7
    for row in centres:
        for column in centres:
            if (row, column) not in ((6, 6), (6, last), (last, 6)):
                found |= {(row + r, column + c) for r in range(-2, 3) for c in range(-2, 3)}
    return found


def _zigzag(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down by turns; the timing column is left out."""
    upwards = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((row, right), (row, right - 1))
        upwards = not upwards


def _data(words: Sequence[int], version: int) -> list[int]:
    """The data codewords in order; in the symbol the blocks take turns."""
    _, correction, groups = VERSIONS[version]
    lengths = [length for count, length in groups for _ in range(count)]
    assert len(words) == sum(lengths) + correction * len(lengths)
    blocks: list[list[int]] = [[] for _ in lengths]
    source = iter(words)
    for at in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if at < length:
                block.append(next(source))
    return [word for block in blocks for word in block]


def _text(bits: str, version: int) -> str:
    assert 10 <= version <= 26  # the lengths of the counts below are these versions'
    text, at = "", 0

    def take(count: int) -> int:
        nonlocal at
        at += count
        return int(bits[at - count : at], 2)

    while mode := take(4):
        if mode == 4:
            text += bytes(take(8) for _ in range(take(16))).decode()
            continue
        assert mode == 2
        count = take(11)
        for _ in range(count // 2):
            pair = take(11)
            text += ALPHANUMERIC[pair // 45] + ALPHANUMERIC[pair % 45]
        text += ALPHANUMERIC[take(6)] if count % 2 else ""
    return text
