"""How to break a street: small functions from a street's folder to a street with one fault.

In the texts given to them G_BANK, WECHAT, W_BANK and NAME stand for the first compound's own names.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from jiezhang.cli.main import main

Break = Callable[[Path], object]

BOOK = "C0001/2026/2026-06.beancount"
"""The first compound's booked month."""
ACCOUNTS = "C0001/accounts.beancount"
INCOME = "Income:NAME:G公共收益:4901其他"
COST = "Expenses:NAME:G公共收益:5101维修养护"
MONTH, NEXT = "2026-06", "2026-07"
LONGER = max(1, int(os.environ.get("KILLS", "0")) // 50)
"""How many times longer than usual a test may take."""


class Fault(NamedTuple):
    """One row of a fault table: what is broken and the sentence that says so.

    `said` is a regular expression for the whole sentence. `at` is the line it must name: a number, or what stands in
    that line; an empty string when there is no line to name. `file` is the end of the path it must name.
    """

    name: str
    broken: Break
    said: str
    at: str | int = ""
    file: str = BOOK


def names(street: Path) -> dict[str, str]:
    """The tokens that stand for the first compound's accounts."""
    text = (street / "C0001/accounts.beancount").read_text("utf-8")
    opened = re.findall(r" open (\S+)", text)
    return {
        "G_BANK": next(name for name in opened if ":1002银行存款" in name),
        "WECHAT": next(name for name in opened if name.endswith("-微信")),
        "W_BANK": next(name for name in opened if ":1001银行存款" in name),
        "NAME": opened[0].split(":")[1],
    }


def told(text: str, street: Path) -> str:
    """`text` with the tokens replaced."""
    for token, name in names(street).items():
        text = text.replace(token, name)
    return text


def edit(file: str, old: str, new: str, having: str = "") -> Break:
    """The first match of `old` becomes `new`, in the first paragraph that holds `having`."""

    def broken(street: Path) -> None:
        path = street / file
        before = path.read_bytes().decode()
        blocks = before.split("\n\n")
        wanted = told(having, street)
        index = next(i for i, block in enumerate(blocks) if re.search(wanted, block) and re.search(old, block))
        blocks[index] = re.sub(old, told(new, street), blocks[index], count=1)
        assert "\n\n".join(blocks) != before
        path.write_bytes("\n\n".join(blocks).encode())

    return broken


def drop(file: str, having: str) -> Break:
    """The last paragraph that holds `having` is gone."""

    def broken(street: Path) -> None:
        path = street / file
        blocks = path.read_text("utf-8").split("\n\n")
        index = max(i for i, block in enumerate(blocks) if re.search(told(having, street), block))
        path.write_text("\n\n".join(blocks[:index] + blocks[index + 1 :]), "utf-8")

    return broken


def double(file: str, having: str, number: str = "") -> Break:
    """The first paragraph that holds `having` stands there twice, the second time with voucher number `number`."""

    def broken(street: Path) -> None:
        path = street / file
        text = path.read_text("utf-8")
        block = next(block for block in text.split("\n\n") if re.search(told(having, street), block))
        again = re.sub("记-[0-9]+", number, block) if number else block
        path.write_text(text.rstrip("\n") + "\n\n" + again + "\n", "utf-8")

    return broken


def append(file: str, text: str | bytes) -> Break:
    """`text` at the end of `file`, after a blank line."""

    def broken(street: Path) -> None:
        more = text if isinstance(text, bytes) else told(text, street).encode()
        (street / file).write_bytes((street / file).read_bytes() + b"\n" + more)

    return broken


def write(file: str, content: str | bytes) -> Break:
    """`file` holds `content`."""

    def broken(street: Path) -> None:
        (street / file).parent.mkdir(parents=True, exist_ok=True)
        (street / file).write_bytes(content if isinstance(content, bytes) else told(content, street).encode())

    return broken


def change(file: str, how: Callable[[bytes], bytes]) -> Break:
    """The bytes of `file` (one that matches the pattern) are changed by `how`."""

    def broken(street: Path) -> None:
        (path,) = street.glob(file)
        before = path.read_bytes()
        path.write_bytes(how(before))
        assert path.read_bytes() != before

    return broken


def remove(file: str) -> Break:
    """The one file that matches the pattern is gone."""

    def broken(street: Path) -> None:
        (path,) = street.glob(file)
        path.unlink()

    return broken


def copy(source: str, target: str) -> Break:
    """The one file that matches `source` lies at `target` too."""

    def broken(street: Path) -> None:
        (path,) = street.glob(source)
        (street / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, street / target)

    return broken


def both(*breaks: Break) -> Break:
    """One after the other."""

    def broken(street: Path) -> None:
        for one in breaks:
            one(street)

    return broken


_WHO = {"import": "K01", "complete": "K01", "review": "F01", "post": "K02"}
"""Who does a step in a sample street."""


def in_street(street: Path, *command: str) -> list[str]:
    """The words after `jiezhang`: where, who does it, what; who posts signs with the key the sample gives them."""
    who = _WHO.get(command[0])
    key = ["--key", str(street / f"example-keys/{who}.pem")] if command[0] == "post" else []
    return ["-C", str(street), *(["--as", who] if who else []), *command, *key]


def run(street: Path, *command: str) -> tuple[int, list[str]]:
    """Exit code and lines of `jiezhang -C STREET COMMAND`, both outputs together; a crash is raised."""
    result = CliRunner().invoke(main, in_street(street, *command))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output.splitlines()


def judge(street: Path, fault: Fault, lines: list[str]) -> None:
    """Assert that exactly one line of the output says what is wrong, and where."""
    pattern = re.compile(rf"(?P<file>\S.*?)：(第 (?P<line>\d+) 行：)?(?:{told(fault.said, street)})$")
    found = [match for line in lines if (match := pattern.search(line))]
    assert len(found) == 1, "\n".join(lines)
    assert fnmatch(found[0]["file"], f"*{fault.file}"), found[0]["file"]
    number = int(found[0]["line"] or 0)
    if isinstance(fault.at, int):
        assert number == fault.at
    else:
        text = next(street.glob(fault.file)).read_bytes().decode(errors="replace") if fault.at else ""
        assert bool(number) == bool(fault.at), lines
        if number:
            assert re.search(told(fault.at, street), text.split("\n")[number - 1]), text.split("\n")[number - 1]
