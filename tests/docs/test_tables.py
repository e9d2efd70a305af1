"""Tables in the pages say what the code says."""

from __future__ import annotations

import importlib
import runpy
import tomllib

import pytest
from markdown import ROOT, codes, read, section, table

from importers.base import TableImporter
from importers.plain_table import ColumnMap
from importers.registry import IMPORTERS
from jiezhang.book.layout import StreetFolder
from jiezhang.book.registers import read_street
from jiezhang.domain.chart import CHART, FUND_NAMES, UNVERIFIED
from jiezhang.domain.register import HOLDER_NAMES
from jiezhang.households import rules as fund_rules

READMES = [
    ("README.md", "Statement files it reads", "Rules", "Where things are", "Exit codes", "Your own street"),
    ("README.zh-CN.md", "能读的对账单", "规则", "东西在哪里", "退出码", "建自己的街道"),
]
OWN_HEADER_READERS = {"wechat_trade", "alipay_trade", "mt940", "camt053"}
"""Importers without a `Layout`: their files need more than columns."""


def layouts(importer: type) -> list[str]:
    if issubclass(importer, TableImporter):
        return [layout.name for layout in importer.layouts]
    return [] if importer.key in OWN_HEADER_READERS else ["plain.ledger"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("page", "statements", "_rules", "_paths", "_exits", "_own"), READMES)
def test_statement_files(page: str, statements: str, _rules: str, _paths: str, _exits: str, _own: str) -> None:
    rows = table(section(read(page), statements))
    assert [(codes(row[0])[0], row[1], codes(row[2])) for row in rows] == [
        (importer.key, importer.title, layouts(importer)) for importer in IMPORTERS
    ]


@pytest.mark.parametrize(("page", "_statements", "rules", "_paths", "_exits", "_own"), READMES)
def test_rules(page: str, _statements: str, rules: str, _paths: str, _exits: str, _own: str) -> None:
    names = [codes(row[0])[0] for row in table(section(read(page), rules))]
    assert tuple(names) == fund_rules.STAMP
    assert all((ROOT / "plugins" / f"{name}.py").is_file() for name in names)


@pytest.mark.parametrize(("page", "_statements", "_rules", "paths", "_exits", "_own"), READMES)
def test_paths(page: str, _statements: str, _rules: str, paths: str, _exits: str, _own: str) -> None:
    named = [path for row in table(section(read(page), paths)) for path in codes(row[0])]
    assert [path for path in named if not (ROOT / path).is_dir()] == []
    packages = {path.parent.name for path in (ROOT / "jiezhang").glob("*/__init__.py")}
    assert packages <= {path.strip("/").rpartition("/")[2] for path in named}


@pytest.mark.parametrize(("page", "_statements", "_rules", "_paths", "exits", "_own"), READMES)
def test_exit_codes(page: str, _statements: str, _rules: str, _paths: str, exits: str, _own: str) -> None:
    assert [row[0] for row in table(section(read(page), exits))] == ["0", "1", "2"]


@pytest.mark.parametrize(("page", "_statements", "_rules", "_paths", "_exits", "own"), READMES)
def test_holder_kinds(page: str, _statements: str, _rules: str, _paths: str, _exits: str, own: str) -> None:
    assert set(HOLDER_NAMES) <= set(codes(section(read(page), own)))


def test_architecture_has_the_table_of_imports() -> None:
    listed: dict[str, set[str]] = {}
    before: set[str] = set()
    for name, imports in table(section(read("docs/architecture.md"), "The house")):
        before = set(codes(imports)) | (before if "the same" in imports else set())
        listed[codes(name)[0]] = before
    assert listed == runpy.run_path(str(ROOT / "tests/house/test_imports.py"))["MAY_IMPORT"]


def test_architecture_names_steps_that_exist() -> None:
    for _, pure, disk in table(section(read("docs/architecture.md"), "The month")):
        for name in codes(pure + disk):
            assert exists(name), name


def test_architecture_is_one_page() -> None:
    assert len(read("docs/architecture.md").splitlines()) <= 100


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something in one, or a field of a class in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            fields = getattr(found, "model_fields", {})
            if not hasattr(found, part) and part not in fields:
                return False
            found = fields[part] if part in fields else getattr(found, part)
        return True
    return False


GLOSSARY = [
    row
    for heading in (
        "The street and who is in it",
        "Money",
        "The maintenance fund",
        "What is owned, and what it earns",
        "Statements of banks and platforms",
        "The month",
        "Decisions",
        "Rules",
        "On the disk",
    )
    for row in table(section(read("docs/glossary.md"), heading))
]


@pytest.mark.parametrize("row", GLOSSARY, ids=lambda row: row[1])
def test_every_word_of_the_glossary_is_in_the_code(row: list[str]) -> None:
    chinese, english, code, _law = row
    assert chinese and english
    assert [name for name in codes(code) if not exists(name)] == []
    assert codes(code)


def test_a_name_that_is_not_there_does_not_exist() -> None:
    assert not exists("jiezhang.domain.register.Household")
    assert not exists("jiezhang.nowhere.Street")


def test_no_word_stands_twice_in_the_glossary() -> None:
    for column in (0, 1):
        words = [row[column] for row in GLOSSARY]
        assert sorted(set(words)) == sorted(words)


def test_every_class_of_the_register_is_in_the_glossary() -> None:
    from jiezhang.domain import register

    named = {name.split(".")[3] for row in GLOSSARY for name in codes(row[2]) if "domain.register." in name}
    assert {model.__name__ for model in register.Row.__subclasses__() if model.__module__ == register.__name__} <= named


def test_roles_are_the_ones_the_example_uses() -> None:
    street = read_street(StreetFolder(ROOT / "ledgers/ganzhi"))
    used = {role for person in street.people for role in person.roles}
    assert {codes(row[0])[0] for row in table(section(read("docs/glossary.md"), "Roles"))} == used


def test_the_chart() -> None:
    listed: dict[str, str] = {}
    for root, names in table(section(read("docs/glossary.md"), "科目表")):
        listed[root] = listed.get(root, "") + "、" + names
    every = "、".join(listed.values())
    for kind in FUND_NAMES:
        for subject in CHART[kind].values():
            marked = subject.component + ("（待核实）" if (kind, subject.code) in UNVERIFIED else "")
            assert marked in every.split("、"), marked
            assert marked in listed[subject.root].split("、")


def test_metadata_keys_are_written_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "jiezhang").rglob("*.py"))
    for row in table(section(read("docs/glossary.md"), "Metadata in a ledger")):
        for key in codes(row[0]):
            assert f'"{key}"' in source or f"  {key}:" in source, key


def test_column_map_items() -> None:
    items = table(section(read("docs/handbook/对账单.md"), "其他银行：列对照表"))
    assert {name for row in items for name in codes(row[0])} == set(ColumnMap.model_fields)


def test_python_version_and_licence_are_the_projects() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    for page in ("README.md", "README.zh-CN.md"):
        assert f"Python {project['requires-python'].removeprefix('>=')}" in read(page)
        assert project["license"] in read(page)


def test_decisions_are_numbered_and_listed() -> None:
    pages = sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    listed = [(row[0], row[1]) for row in table(read("docs/adr/README.md"))]
    titles = [read(f"docs/adr/{name}").splitlines()[0].removeprefix("# ").partition(". ") for name in pages]
    assert listed == [(number, f"[{title}]({name})") for (number, _, title), name in zip(titles, pages, strict=True)]


@pytest.mark.parametrize("page", sorted((ROOT / "docs/adr").glob("0*.md")), ids=lambda page: page.name[:4])
def test_a_decision_has_its_three_parts_on_half_a_page(page: object) -> None:
    text = read(page)  # type: ignore[arg-type]
    assert ["**Context.**" in text, "**Decision.**" in text, "**Consequences.**" in text] == [True] * 3
    assert len(text.splitlines()) <= 45
    for name in codes(text):
        if name.startswith(("jiezhang.", "importers.", "reports.", "plugins.")):
            assert exists(name), name
