"""The house's table of imports: downwards only (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {
    "jiezhang.domain": set(),
    "importers": {"jiezhang.domain"},
    "jiezhang.households": {"jiezhang.domain"},
    "jiezhang.book": {"jiezhang.domain", "jiezhang.households", "rules"},
    "plugins": {"jiezhang.domain", "jiezhang.households", "jiezhang.book"},
    "reports": {"jiezhang.domain", "jiezhang.households", "jiezhang.book"},
    "jiezhang.close": {"jiezhang.domain", "jiezhang.book", "jiezhang.households", "importers", "plugins", "reports"},
}
MAY_IMPORT["jiezhang.street"] = MAY_IMPORT["jiezhang.close"] | {"jiezhang.close"}
MAY_IMPORT["jiezhang.office"] = {"jiezhang.domain", "jiezhang.book"}
MAY_IMPORT["jiezhang.web"] = MAY_IMPORT["jiezhang.street"] | {"jiezhang.street", "jiezhang.office"}
MAY_IMPORT["jiezhang.cli"] = MAY_IMPORT["jiezhang.web"] | {"jiezhang.web"}

OURS = ("importers", "jiezhang", "plugins", "reports", "rules")
PURE = {"os", "io", "pathlib", "random", "secrets", "socket", "subprocess", "time", "urllib", "http", "tempfile"}


def layer(module: str) -> str:
    """`jiezhang.domain.rules.strict` lives in `jiezhang.domain`; `importers.icbc` in `importers`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "jiezhang" else parts[0]


def modules() -> Iterator[tuple[str, Path]]:
    for top in OURS:
        for path in sorted((ROOT / top).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imported(module: str, path: Path) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            yield f"{base}.{node.module or ''}".rstrip(".") if node.level else node.module or ""


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: str(value)[-60:])
def test_imports_run_downwards(module: str, path: Path) -> None:
    own = layer(module)
    if own in ("jiezhang", "rules"):
        return
    wrong = {
        name
        for name in imported(module, path)
        if name.split(".")[0] in OURS and layer(name) not in (own, "jiezhang") and layer(name) not in MAY_IMPORT[own]
    }
    assert not wrong, f"{module} imports {sorted(wrong)}"


def test_table_names_folders_that_exist() -> None:
    for name in MAY_IMPORT:
        assert (ROOT / name.replace(".", "/")).is_dir(), name


def test_domain_touches_nothing_outside() -> None:
    for module, path in modules():
        if layer(module) == "jiezhang.domain":
            outside = {name.split(".")[0] for name in imported(module, path)} & PURE
            assert not outside, f"{module} imports {outside}"
            text = path.read_text("utf-8")
            for clock in (".today()", ".now()", "open("):
                assert clock not in text, f"{module} calls {clock}"


def test_only_book_calls_the_loader() -> None:
    for module, path in modules():
        if layer(module) != "jiezhang.book":
            assert not any("beancount.loader" in name for name in imported(module, path)), module
            assert "from beancount import loader" not in path.read_text("utf-8"), module
