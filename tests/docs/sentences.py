"""Every sentence the program can say to a bookkeeper, read from its source, with `…` where a value goes in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOPS = ("importers", "jiezhang", "plugins", "reports")

SPEAKERS = {
    "Refused": 0,
    "StaleError": 0,
    "DoneNotKept": 0,
    "QueryRefusedError": 0,
    "NotOnRegister": 0,
    "FavaAPIError": 0,
    "ValueError": 0,
    "__init__": 0,
    "echo": 0,
    "at": 1,
    "finding": 1,
    "Finding": 1,
    "Unproven": 1,
    "Stop": 1,
    "VerifyFault": 1,
    "LogFault": 1,
    "FilterError": 1,
    "answer": 1,
    "_turned_away": 1,
    "_answer": 1,
    "_json_error": 1,
    "Fault": 2,
    "_refuse": 2,
    "_at_line": 2,
    "StartRow": 5,
    "LevyMove": 5,
}
"""Calls whose argument at this place is a sentence; of `echo` only warnings count."""

NOT_SENTENCES = {
    *("… 处有误", "… 第 … 行：…", "待处理的凭证", "待处理的凭证：…", "维修项目 …：…", "维修项目 …：", "集资 …：…"),
    *("付款 …：…（…）", "付款 … 的…：…（…）", "…（民法典第278条第1款第6项）", "…记录写法不对： 的写法不对"),
    *("“…”第…步“…”", "…月…日…号凭证", "… 人", "没有角色", "…选中的 … 张", "（没有写明）"),
    "… … 三方对账单 …",
}
"""`ManyRefused` itself, of which each refusal is shown instead; names of things; and what stands before a sentence, or
around it."""

ANSWERERS = (
    "jiezhang/domain/approval/",
    "jiezhang/domain/rules/",
    "jiezhang/domain/changes.py",
    "jiezhang/domain/corrections.py",
    "jiezhang/domain/levy.py",
    "jiezhang/domain/pack_log.py",
    "jiezhang/domain/tri_party/signing.py",
    "jiezhang/domain/tri_party/verifying.py",
    "jiezhang/households/rules/",
    "jiezhang/households/corrections.py",
    "jiezhang/households/shapes.py",
    "jiezhang/close/completing.py",
    "jiezhang/close/fund_legs.py",
    "jiezhang/close/party_paper.py",
    "jiezhang/close/sealed_paper.py",
    "jiezhang/close/presenting.py",
    "jiezhang/domain/bql.py",
    "jiezhang/cli/speaking.py",
    "jiezhang/office/health.py",
)
"""Files whose functions return what is wrong, as a sentence."""

REMARKERS = (
    "jiezhang/close/bank_side.py",
    "jiezhang/close/closing.py",
    "jiezhang/close/presenting.py",
    "jiezhang/close/reconciling.py",
    "jiezhang/domain/tri_party/funds.py",
)
"""Files whose functions gather sentences in a list."""

OWNERS_PAGE = ROOT / "reports/render/owner_check/page.js"
"""Speaks to owners, and says cause and remedy itself; its results stand in the page for owners (业主核对.md)."""

_TEXTS = ast.Constant | ast.JoinedStr | ast.IfExp | ast.BoolOp
_CHINESE = re.compile("[\u3400-\u9fff]")
_IN_SCRIPT = re.compile('["`]([^"`\n？]*[\u3400-\u9fff][^"`\n？]*)["`]')
_GAP = "…"

Bindings = dict[str, list[tuple[int, ast.expr]]]
"""What a name was given, in the order of the lines; the number is the same for the branches of one choice."""


def sentences() -> dict[str, set[str]]:
    """Sentence → the files (relative to the root) that say it."""
    found: dict[str, set[str]] = {}
    for top in TOPS:
        for path in sorted((ROOT / top).rglob("*.py")):
            if "sample" in path.parts:
                continue  # makes the example street; says nothing to an office
            name = path.relative_to(ROOT).as_posix()
            for text in _of_file(ast.parse(path.read_text("utf-8")), name):
                found.setdefault(text, set()).add(name)
        for path in sorted((ROOT / top).rglob("*.js")):
            if path == OWNERS_PAGE:
                continue
            for text in _of_script(path.read_text("utf-8")):
                found.setdefault(text, set()).add(path.relative_to(ROOT).as_posix())
    return found


def _of_file(tree: ast.Module, name: str) -> Iterator[str]:
    outer = _bindings(tree.body)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in functions:
        bound = outer | _bindings(ast.walk(scope))
        for node in ast.walk(scope):
            yield from _said(node, bound)
            if name.startswith(ANSWERERS):
                yield from _answered(node, bound)
    if name == "jiezhang/book/messages.py":
        yield from _translations(tree)
    if name == "jiezhang/book/cells.py":
        yield from _faulty_cells(tree)
    if name in REMARKERS:
        yield from _remarks(tree)


def _of_script(source: str) -> Iterator[str]:
    """Texts in a page's script; a short one is a word, and what ends with … says that something goes on."""
    for text in _IN_SCRIPT.findall(source):
        said = re.sub(r"\$\{[^}]+\}", _GAP, text)
        if len(said) >= 6 and not said.endswith(_GAP) and said not in NOT_SENTENCES:
            yield said


def _said(node: ast.AST, bound: Bindings) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    speaker = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    place = SPEAKERS.get(speaker)
    if place is not None and len(node.args) > place:
        said = _spoken(node.args[place], bound)
        yield from (text for text in said if speaker != "echo" or text.startswith("注意："))


def _answered(node: ast.AST, bound: Bindings) -> Iterator[str]:
    """What a function gives back, alone or with the entry it is about, or keeps with it as a path's fault.

    What begins with 的 goes on from the name of a voucher.
    """
    value = node.value if isinstance(node, ast.Return | ast.Yield | ast.Assign) else None
    if isinstance(node, ast.Assign) and not isinstance(value, ast.Tuple):
        return
    for part in value.elts if isinstance(value, ast.Tuple) else [value] if value is not None else []:
        yield from (_GAP + said if said.startswith("的") else said for said in _spoken(part, bound))


def _spoken(value: ast.expr, bound: Bindings) -> Iterator[str]:
    for text in _texts(value, bound):
        tidy = re.sub(f"{_GAP}+", _GAP, text)
        if _CHINESE.search(tidy) and tidy not in NOT_SENTENCES:
            yield tidy


def _texts(value: ast.expr, bound: Bindings) -> list[str]:
    """What an expression can read as; a gap where that is not written in the source."""
    match value:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            spelled = [_texts(part.value if isinstance(part, ast.FormattedValue) else part, bound) for part in parts]
            if sum(len(texts) > 1 for texts in spelled) > 2:
                spelled = [texts if len(texts) == 1 else [_GAP] for texts in spelled]
            return ["".join(combined) for combined in product(*spelled)]
        case ast.IfExp(body=yes, orelse=no):
            either = [*_texts(yes, bound), *_texts(no, bound)]
            words = [text for text in either if text != _GAP]
            return [_GAP] if words != either and all(0 < len(word) <= 3 for word in words) else either
        case ast.BoolOp(values=parts):
            return [text for part in parts for text in _texts(part, bound) if text]
        case ast.Name(id=name) if name in bound:
            before = [given for given in bound[name] if given[1].lineno < value.lineno]
            rest = {key: exprs for key, exprs in bound.items() if key != name}
            last = [given for choice, given in before if choice == before[-1][0]]
            return [text for given in last for text in _texts(given, rest)] or [_GAP]
        case _:
            return [_GAP]


def _bindings(nodes: Iterable[ast.AST]) -> Bindings:
    """Names that are given a text, a formatted text, or a choice between texts; or what a call answers, a gap."""
    ordered = sorted(nodes, key=lambda node: getattr(node, "lineno", 0))
    choices: dict[int, int] = {}
    for node in ordered:
        if isinstance(node, ast.If):
            choice = choices.get(id(node), id(node))
            choices.update((id(below), choice) for below in (*node.body, *node.orelse))
    bound: Bindings = {}
    for node in ordered:
        if isinstance(node, ast.Assign) and isinstance(node.value, _TEXTS | ast.Call):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).append((choices.get(id(node), id(node)), node.value))
    return bound


def _translations(tree: ast.Module) -> Iterator[str]:
    """What Beancount and the system say, in Chinese: the second of each pair, a table's values, formatted texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Constant):
            yield re.sub(r"\\\d", _GAP, str(node.elts[1].value))
        elif isinstance(node, ast.Dict):
            yield from (text for value in node.values for text in _spoken(value, {}))
        elif isinstance(node, ast.JoinedStr):
            yield from _spoken(node, {})


def _faulty_cells(tree: ast.Module) -> Iterator[str]:
    """What may be wrong with a cell of a register, after the name of its column."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for value in node.values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and _CHINESE.search(value.value):
                    yield f"“{_GAP}”" + re.sub(r"\{\w+\}", _GAP, value.value)


def _remarks(tree: ast.Module) -> Iterator[str]:
    """Sentences handed on in a tuple, made in a loop or added to a list, as the reconciliation does its remarks."""
    for node in ast.walk(tree):
        made = node.elts if isinstance(node, ast.Tuple) else [getattr(node, "elt", None)]
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append":
            made = node.args
        for value in made:
            if isinstance(value, ast.JoinedStr):
                yield from _spoken(value, {})
