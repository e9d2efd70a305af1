"""Tamperings with the files around the vouchers: registers, keys, people, ballots, statements, resolutions, rule packs.

Each is a function of the sealed compound and of chance that gives the files changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from tests.faults.tamper_street import ORIGINAL, SEALED, Changes, Sealed
from tests.faults.tamper_text import QUOTED, Tampering, lines_tampered, one_byte, one_digit, replaced

_REGISTERS = ("assets", "bonds", "buildings", "changes", "contracts", "dwellings", "projects", "rules")


# ------------------------------------------------------------------------------------------ files that stay whole
def batches(sealed: Sealed, chance: Random) -> Changes:
    return _csv_or_gone(sealed, chance, sealed.names("batches/"))


def votes(sealed: Sealed, chance: Random) -> Changes:
    names = sealed.names("votes/")
    if chance.random() < 0.2:
        one, other = chance.sample(names, 2)
        return sealed.write(one, sealed.text(other)) | sealed.write(other, sealed.text(one))
    return _csv_or_gone(sealed, chance, names)


def documents(sealed: Sealed, chance: Random) -> Changes:
    content = sealed.files[f"{sealed.code}/{ORIGINAL}"]
    return sealed.write(ORIGINAL, None if chance.random() < 0.2 else one_byte(content, chance))


def _csv_or_gone(sealed: Sealed, chance: Random, names: list[str]) -> Changes:
    name = chance.choice(names)
    how = chance.randrange(8)
    if how == 0:
        return sealed.write(name, None)
    if how < 4:
        return sealed.write(name, one_byte(sealed.text(name).encode(), chance))
    return sealed.write(name, lines_tampered(sealed.text(name), chance))


def statements(sealed: Sealed, chance: Random) -> Changes:
    """A byte of one, one removed, another put in its place or beside it."""
    names = [name for month in SEALED for name in sealed.names(f"statements/{month}/")]
    name = chance.choice(names)
    content = sealed.files[f"{sealed.code}/{name}"]
    how = chance.randrange(6)
    if how < 3:
        return sealed.write(name, one_byte(content, chance))
    if how == 3:
        return sealed.write(name, None)
    other = chance.choice(sealed.names("statements/"))
    if how == 4:
        return sealed.write(name, sealed.files[f"{sealed.code}/{other}"])
    month, file = sealed.month(chance), other.rpartition("/")[2]
    return sealed.write(f"statements/{month}/补-{file}", sealed.files[f"{sealed.code}/{other}"])


# ------------------------------------------------------------------------------------------ files that may only grow
def registers(sealed: Sealed, chance: Random) -> Changes:
    names = [f"register/{name}.csv" for name in _REGISTERS if f"register/{name}.csv" in sealed.names("register/")]
    return _csv_or_gone(sealed, chance, [name for name in names if sealed.text(name).count("\n") > 1])


def last_line_goes_on(sealed: Sealed, chance: Random) -> Changes:
    """The last sealed line of a file that may grow says more than it did."""
    name = chance.choice(["register/contracts.csv", "register/dwellings.csv", "register/rules.csv"])
    return sealed.write(name, sealed.text(name).rstrip("\n") + chance.choice(["1", "，补充", ",补充\n", " \n"]))


def compound_toml(sealed: Sealed, chance: Random) -> Changes:
    name = chance.choice(["register/compound.toml", "main.beancount"])
    content = sealed.text(name).encode()
    return sealed.write(name, None if chance.random() < 0.1 else one_byte(content, chance))


def accounts(sealed: Sealed, chance: Random) -> Changes:
    """An account's number, holder or day; one removed, put in between; a byte."""
    text = sealed.text("accounts.beancount")
    how = chance.randrange(4)
    if how == 0:
        return sealed.write("accounts.beancount", one_byte(text.encode(), chance))
    if how == 1:
        return sealed.write("accounts.beancount", replaced(text, QUOTED, chance, lambda old: old[::-1] + "1"))
    blocks = text.split("\n\n")
    at = chance.randrange(1, len(blocks) - 1)
    if how == 2:
        del blocks[at]
    else:
        blocks.insert(at, blocks[at].replace("2026-07-01", "2026-07-02"))
    return sealed.write("accounts.beancount", "\n\n".join(blocks))


def resolutions(sealed: Sealed, chance: Random) -> Changes:
    """A record changed, removed, moved, or written in afterwards and dated back, at the end or between."""
    name = "resolutions.beancount"
    text = sealed.text(name)
    blocks = text.rstrip("\n").split("\n\n")
    at = chance.randrange(1, len(blocks) - 1)
    how = chance.randrange(6)
    if how == 0:
        return sealed.write(name, one_byte(text.encode(), chance))
    if how == 1:
        return sealed.write(name, replaced(text, QUOTED, chance, lambda old: old + "等"))
    if how == 2:
        del blocks[at]
    elif how == 3:
        blocks[at], blocks[at + 1] = blocks[at + 1], blocks[at]
    else:
        late = f'2026-0{chance.choice("78")}-{chance.randrange(1, 29):02d} custom "objection" "R2026-01" "YY-9"\n'
        late += f'  text: "补记"\n  by: "{sealed.code}H1"'
        blocks.insert(len(blocks) if how == 4 else at, late)
    return sealed.write(name, "\n\n".join(blocks) + "\n")


def rulepacks(sealed: Sealed, chance: Random) -> Changes:
    text = sealed.files["rulepacks.csv"].decode()
    how = chance.randrange(3)
    new = text.encode() if how else None
    if how:
        new = one_byte(text.encode(), chance) if how == 1 else lines_tampered(text, chance).encode()
    return {"rulepacks.csv": new}


# ------------------------------------------------------------------------------------------ people and keys
def seal_keys(sealed: Sealed, chance: Random) -> Changes:
    """A key's bytes, keeper, seal, days; a key removed, put in between or before; the order of two."""
    name = "register/seals.csv"
    lines = sealed.text(name).splitlines(keepends=True)
    at = chance.randrange(1, len(lines))
    cells = lines[at].rstrip("\n").split(",")
    how = chance.randrange(5)
    if how == 0:
        place = chance.choice([0, 2, 4, 5])
        cells[place] = one_digit(cells[place], chance)
        lines[at] = ",".join(cells) + "\n"
    elif how == 1:
        cells[6], cells[7] = f"2026-0{chance.choice('78')}-{chance.randrange(1, 29):02d}", "lost"
        lines[at] = ",".join(cells) + "\n"
    elif how == 2:
        lines.insert(at, lines[at].replace(cells[0], "YZ-9").replace(cells[4], one_digit(cells[4], chance)))
    elif how == 3:
        del lines[at]
    else:
        lines[1], lines[2] = lines[2], lines[1]
    return sealed.write(name, "".join(lines))


def people(sealed: Sealed, chance: Random) -> Changes:
    """Somebody of the compound has another name, part, key or compound, or is gone; the street has another name.

    Who had no key may be given one later (`tamper_honest.give_key`): that is no tampering.
    """
    text = sealed.files["street.toml"].decode()
    head, *blocks = text.split("[[people]]")
    mine = [at for at, block in enumerate(blocks) if sealed.code in block or "compounds = []" in block]
    how = chance.randrange(7)
    at = chance.choice([at for at in mine if how != 2 or 'key = ""' not in blocks[at]])
    changed: Mapping[int, Callable[[str], str]] = {
        0: lambda block: re.sub(r'name = "', 'name = "老', block),
        1: lambda block: re.sub(r'roles = \["\w+"\]', 'roles = ["firm", "owner"]', block),
        2: lambda block: re.sub(r'key = "\w*"', f'key = "{chance.randbytes(32).hex()}"', block),
        3: lambda block: re.sub(r"compounds = .*", 'compounds = ["C0099"]', block),
        4: lambda block: re.sub(r'id = "', 'id = "X', block),
        5: lambda _: "",
    }
    if how == 6:
        return {"street.toml": text.replace('name = "', 'name = "新', 1).encode()}
    blocks[at] = changed[how](blocks[at])
    return {"street.toml": "[[people]]".join([head, *(block for block in blocks if block)]).encode()}


def compound_gone(sealed: Sealed, chance: Random) -> Changes:
    """The whole compound taken out of the street, or under another's code."""
    names = [name for name in sealed.files if name.startswith(f"{sealed.code}/")]
    made: dict[str, bytes | None] = dict.fromkeys(names)
    if chance.random() < 0.5:
        made |= {name.replace(sealed.code, "C0009", 1): sealed.files[name] for name in names}
    return made


FILES: Mapping[str, tuple[int, Tampering]] = {
    "batches": (3, batches),
    "registers: rows, values, bytes": (7, registers),
    "registers: the last line goes on": (1, last_line_goes_on),
    "register: compound.toml, main.beancount": (2, compound_toml),
    "register: seals.csv": (4, seal_keys),
    "street.toml: people, keys, name": (5, people),
    "street: a compound removed, renamed": (1, compound_gone),
    "votes": (3, votes),
    "documents": (2, documents),
    "statements": (6, statements),
    "resolutions": (5, resolutions),
    "accounts.beancount": (3, accounts),
    "rulepacks.csv": (2, rulepacks),
}
"""How often of each, and how."""
