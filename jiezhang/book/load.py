"""The gate: loading a compound's ledger, failing closed.

A Beancount file is a program (`plugin` imports code, `include` reads files), and a control that did not run must never
look like one that passed. So nothing is loaded before its files are known to be ours, and nothing is returned before
the loaded ledger proves that the rules ran over exactly those files.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.parser import parser

from jiezhang.domain.approval.view import OFFICE_KEY, OfficeView
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Compound
from jiezhang.domain.rules import strict
from jiezhang.households import rules as fund_rules

from . import registers
from .layout import CompoundFolder, StreetFolder
from .messages import failure, in_chinese
from .pack_log import check_adopted
from .render import render_main
from .rulepacks import read_packs
from .write import lock

# A pickled ledger would be trusted without running the plugins: never read or write one.
loader.initialize(use_cache=False)

MAX_FILE_BYTES = 64 * 1024 * 1024

# Beancount drops or obeys these silently in included files; `pad` rewrites balances without a voucher; Fava runs
# programs that a `custom` names, and ours say who may hold an account. A backslash could hide such a name. Metadata
# named as Beancount's own takes its place: an entry could say that it stands in another file.
_FORBIDDEN = re.compile(
    r"^[ \t]*(?:(?P<control>plugin|option|include|pushtag|poptag|pushmeta|popmeta)\b"
    r"|(?P<meta>filename|lineno|__[A-Za-z0-9_-]*)[ \t]*:"
    r"|[0-9]+[-/][0-9]+[-/][0-9]+[ \t]*(?:(?P<pad>pad)\b"
    r"|custom[ \t]*\"(?P<custom>(?:fava|jiezhang)-[^\"]*|[^\"\\]*\\[^\"]*)))",
    re.MULTILINE,
)
# Beancount counts lines by LF alone and reads past a CR, so what a person sees and what it reads could differ.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Ledger:
    """A compound's loaded ledger: sorted entries, every error found, Beancount's options."""

    folder: CompoundFolder
    compound: Compound
    entries: data.Directives
    errors: list[Any]
    options: dict[str, Any]


def office_of(ledger: Ledger) -> OfficeView | None:
    """The resolutions and what else the rules of approval looked at; `None` when a register could not be read."""
    view = ledger.options[OFFICE_KEY]
    assert view is None or isinstance(view, OfficeView)
    return view


def check_files(folder: CompoundFolder, city: str) -> Compound:
    """The gate's first half: `Refused` unless every ledger file may be given to Beancount."""
    compound = registers.read_compound(folder)
    street = StreetFolder(folder.path.parent)
    if street.toml.exists():  # without a street there is nobody to approve anything: every payment is refused
        check_adopted(street)
    names = folder.ledger_files()
    main = _text(folder.main)
    expected = render_main(compound, read_packs(city))
    if main != expected:
        raise Refused("主文件不是程序生成的那一份（被改动过），请用“jiezhang new main”重新生成", str(folder.main),
                      _first_difference(main, expected))
    for name in names:
        _scan(folder.path / name)
    return compound


def check_loaded(folder: CompoundFolder, options: dict[str, Any]) -> None:
    """The gate's second half: `Refused` unless the rules ran, with zero tolerance, over exactly our files."""
    if options.get(strict.STAMP_KEY) != fund_rules.STAMP:
        raise Refused("账簿规则没有运行，不能采用这次装载的结果", str(folder.main))
    if options["tolerance_multiplier"] != 0 or options["plugin"] != [("plugins.strict", None)]:
        raise Refused("账簿的容差或插件与规定不符", str(folder.main))
    loaded = {Path(name).relative_to(folder.path.resolve()).as_posix() for name in options["include"]}
    if loaded != {"main.beancount", *folder.ledger_files()}:
        raise Refused("装载的文件与账簿文件夹中的文件不一致", str(folder.main))


def load_ledger(folder: CompoundFolder, city: str) -> Ledger:
    """Load a compound's ledger through the gate; `Refused` when it may not be loaded at all.

    Mistakes in the books are not refusals: they come back in `errors`, Beancount's and our rules' alike.
    """
    with lock(folder.path, shared=True):
        return load_unlocked(folder, city)


def load_unlocked(folder: CompoundFolder, city: str) -> Ledger:
    """`load_ledger` for a caller that already holds the lock, or a folder nobody else knows of."""
    folder = CompoundFolder(folder.path.resolve())
    compound = check_files(folder, city)
    with _without_garbage_collection():
        entries, errors, options = loader.load_file(str(folder.main))
    check_loaded(folder, dict(options))
    return Ledger(folder, compound, entries, list(errors), dict(options))


def load_street(folder: StreetFolder) -> Iterator[Ledger]:
    """Every compound's ledger, one after the other."""
    city = registers.read_street(folder).city
    for compound in folder.compounds():
        yield load_ledger(compound, city)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Loading makes many tuples and no cycles; the collector only costs a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Refused(f"账簿文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，不能装载", str(path))
        content = path.read_bytes()
    except OSError as wrong:
        raise Refused(f"读不出文件（{failure(wrong)}）", str(path)) from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise Refused("账簿文件不是 UTF-8 编码", str(path), line) from None


def _scan(path: Path) -> None:
    text = _text(path)
    unseen = _UNSEEN.search(text)
    if unseen:
        said = "（Windows 换行），请另存为 LF 换行" if unseen[0] == "\r" else "，请删去"
        raise Refused(f"账簿文件里有看不见的字符 U+{ord(unseen[0]):04X}{said}", str(path), _line(text, unseen))
    found = _FORBIDDEN.search(text)
    if found and found["pad"]:
        said = "账簿中不得使用 pad：它会悄悄补平余额，差额须查明后用凭证入账"
        raise Refused(said, str(path), _line(text, found))
    if found and found["meta"]:
        said = f"元数据“{found['meta']}”由程序使用，账簿里不得写，这一行须删去"
        raise Refused(said, str(path), _line(text, found))
    if found:
        word = found["control"] or f"custom “{found['custom']}”"
        raise Refused(f"只有主文件可以写 {word}，这一行须删去", str(path), _line(text, found))


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def _first_difference(text: str, expected: str) -> int:
    lines, wanted = text.splitlines(), expected.splitlines()
    for number, (found, right) in enumerate(zip(lines, wanted, strict=False), start=1):
        if found != right:
            return number
    return min(len(lines), len(wanted)) + 1


def read_opens(folder: CompoundFolder) -> list[data.Directive]:
    """The account openings alone, without loading the books; `Refused` when the file can't be parsed."""
    path = folder.path / "accounts.beancount"
    _scan(path)
    entries, errors, _ = parser.parse_file(str(path))
    if errors:
        raise Refused(in_chinese(errors[0].message), str(path), errors[0].source["lineno"])
    return list(entries)
