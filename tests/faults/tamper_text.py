"""Tamperings with what a person can open in an editor: vouchers and the chain; what every kind needs.

Each is a function of the sealed compound and of chance that gives the files changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from tests.faults.tamper_office import rewritten
from tests.faults.tamper_street import Changes, Sealed

Tampering = Callable[[Sealed, Random], Changes]
_AMOUNT = re.compile(r"-?\d+\.\d\d(?= CNY)")
_DAY = re.compile(r"(?<=2026-0[78]-)\d\d")
QUOTED = re.compile(r'(?<= ")[^"\n]+(?=")')
_ACCOUNT = re.compile(r"(?<=[益金]:)[1-5]\d{3}[^\s:\-]*")
_VOUCHER = re.compile(r'(?<=voucher: ")记-(\d{4})')


# ------------------------------------------------------------------------------------------ bytes and lines
def one_byte(content: bytes, chance: Random) -> bytes:
    """A byte changed, taken away, doubled, or put in."""
    at = chance.randrange(len(content))
    new = bytes([chance.choice([one for one in range(256) if one != content[at]])])
    how = chance.randrange(4)
    if how == 0:
        return content[:at] + new + content[at + 1 :]
    if how == 1:
        return content[:at] + content[at + 1 :]
    return content[:at] + (content[at : at + 1] if how == 2 else new) + content[at:]


def replaced(text: str, pattern: re.Pattern[str], chance: Random, new: Callable[[str], str]) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + new(one[0]) + text[one.end() :]


def one_digit(text: str, chance: Random) -> str:
    """A digit becomes another."""
    return replaced(text, re.compile(r"\d"), chance, lambda old: chance.choice("0123456789".replace(old, "")))


def lines_tampered(text: str, chance: Random) -> str:
    """A cell changed; a row removed, doubled, put in between; two rows in another order; the end cut off."""
    lines = text.splitlines(keepends=True)
    rows = range(1, len(lines)) if len(lines) > 1 else range(len(lines))
    at = chance.choice(rows)
    how = chance.randrange(6)
    if how == 0:
        cells = lines[at].rstrip("\n").split(",")
        place = chance.randrange(len(cells))
        cells[place] = one_digit(cells[place], chance) if re.search(r"\d", cells[place]) else cells[place] + "甲"
        lines[at] = ",".join(cells) + "\n"
    elif how == 1:
        del lines[at]
    elif how == 2:
        lines.insert(at, lines[at])
    elif how == 3:
        lines.insert(at, one_digit(lines[at], chance))
    elif how == 4:
        other = chance.choice(rows)
        lines[at], lines[other] = lines[other], lines[at]
    else:
        del lines[at:]
    return "".join(lines)


# ------------------------------------------------------------------------------------------ vouchers
def voucher_byte(sealed: Sealed, chance: Random) -> Changes:
    name = sealed.month_file(chance)
    return sealed.write(name, one_byte(sealed.text(name).encode(), chance))


def voucher_digit(sealed: Sealed, chance: Random) -> Changes:
    name = sealed.month_file(chance)
    return sealed.write(name, one_digit(sealed.text(name), chance))


def voucher_field(sealed: Sealed, chance: Random) -> Changes:
    """An amount, a day, a name or text, an account."""
    name = sealed.month_file(chance)
    text = sealed.text(name)
    kinds: list[tuple[re.Pattern[str], Callable[[str], str]]] = [
        (_AMOUNT, lambda old: f"{-Decimal(old)}" if chance.random() < 0.3 else one_digit(old, chance)),
        (_DAY, lambda _: f"{chance.randrange(1, 31):02d}"),
        (QUOTED, lambda old: old[:-1] + chance.choice("甲乙丙丁0123456789")),
        (_ACCOUNT, lambda _: chance.choice(_ACCOUNT.findall(text))),
    ]
    pattern, new = chance.choice(kinds)
    return sealed.write(name, replaced(text, pattern, chance, new))


def voucher_blocks(sealed: Sealed, chance: Random) -> Changes:
    """A voucher deleted, doubled, put in with a new number, moved; two in another order."""
    name = sealed.month_file(chance)
    blocks = sealed.text(name).split("\n\n")
    at = chance.choice([place for place, block in enumerate(blocks) if "voucher: " in block])
    how = chance.randrange(5)
    if how == 0:
        del blocks[at]
    elif how == 1:
        blocks.insert(at, blocks[at])
    elif how == 2:
        blocks.insert(at + 1, _VOUCHER.sub("记-0999", blocks[at]))
    elif how == 3:
        other = chance.randrange(1, len(blocks))
        blocks[at], blocks[other] = blocks[other], blocks[at]
    else:
        blocks.insert(chance.randrange(1, len(blocks)), blocks.pop(at))
    return sealed.write(name, "\n\n".join(blocks))


def voucher_number(sealed: Sealed, chance: Random) -> Changes:
    """A voucher renumbered, or the numbers of two exchanged."""
    name = sealed.month_file(chance)
    text = sealed.text(name)
    if chance.random() < 0.5:
        return sealed.write(name, replaced(text, _VOUCHER, chance, lambda _: f"记-{chance.randrange(1, 200):04d}"))
    return sealed.write(name, _exchanged(text, chance))


def _exchanged(text: str, chance: Random) -> str:
    one, other = chance.sample(sorted(set(_VOUCHER.findall(text))), 2)
    return _VOUCHER.sub(lambda old: f"记-{ {one: other, other: one}.get(old[1], old[1]) }", text)


def exchanged_and_chained(sealed: Sealed, chance: Random) -> Changes:
    """The numbers of two vouchers exchanged, the chain made anew over them and signed with the posters' own keys."""
    name = sealed.month_file(chance)
    return rewritten(sealed, {name: _exchanged(sealed.text(name), chance)}, forge=False)


def into_open_file(sealed: Sealed, chance: Random) -> Changes:
    """A voucher of a sealed month stands in another ledger file, as a further one or taken from where it was."""
    name = sealed.month_file(chance)
    blocks = sealed.text(name).split("\n\n")
    at = chance.choice([place for place, block in enumerate(blocks) if "voucher: " in block])
    block = blocks[at] if chance.random() < 0.5 else _VOUCHER.sub("记-0999", blocks[at])
    target = chance.choice(["2026/2026-09.beancount", "accounts.beancount", "resolutions.beancount"])
    made = sealed.write(target, sealed.text(target) + "\n" + block.rstrip("\n") + "\n")
    if chance.random() < 0.5:
        del blocks[at]
        made |= sealed.write(name, "\n\n".join(blocks))
    return made


def month_files(sealed: Sealed, chance: Random) -> Changes:
    """A whole month's file removed, exchanged with the other's, or one put in before the books began."""
    texts = {name: sealed.text(name) for name in sealed.names("2026/") if "2026-09" not in name}
    name = chance.choice(sorted(texts))
    how = chance.randrange(3)
    if how == 0:
        return sealed.write(name, None)
    if how == 1:
        first, second = sorted(texts)
        return sealed.write(first, texts[second]) | sealed.write(second, texts[first])
    return sealed.write("2026/2026-06.beancount", ";; 2026-06\n")


# ------------------------------------------------------------------------------------------ the chain
def chain_rows(sealed: Sealed, chance: Random) -> Changes:
    """Rows within the sealed part of the chain."""
    head, tail = _sealed_rows(sealed)
    return sealed.write("chain.csv", lines_tampered(head, chance) + tail)


def _sealed_rows(sealed: Sealed) -> tuple[str, str]:
    lines = sealed.text("chain.csv").splitlines(keepends=True)
    size = sealed.seals[-1].figures.vouchers.tree_size + 1
    return "".join(lines[:size]), "".join(lines[size:])


def chain_whole(sealed: Sealed, chance: Random) -> Changes:
    """The chain removed, emptied, a byte of its sealed part changed, or signed with another key of the office."""
    head, tail = _sealed_rows(sealed)
    how = chance.randrange(3)
    if how == 0:
        return sealed.write("chain.csv", None)
    if how == 1:
        return sealed.write("chain.csv", head.partition("\n")[0] + "\n")
    return sealed.write("chain.csv", one_byte(head.encode(), chance) + tail.encode())


TEXT: Mapping[str, tuple[int, Tampering]] = {
    "voucher: a byte": (5, voucher_byte),
    "voucher: a digit": (5, voucher_digit),
    "voucher: amount, day, name, account": (9, voucher_field),
    "voucher: deleted, inserted, doubled, moved": (8, voucher_blocks),
    "voucher: renumbered, numbers exchanged": (6, voucher_number),
    "voucher: numbers exchanged, chain re-signed": (2, exchanged_and_chained),
    "voucher: in another ledger file": (4, into_open_file),
    "month: file removed, exchanged, put before": (2, month_files),
    "chain.csv: rows": (5, chain_rows),
    "chain.csv: byte, emptied, removed": (3, chain_whole),
}
"""How often of each, and how."""
