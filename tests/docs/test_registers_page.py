"""The page of the registers (docs/handbook/登记资料.md) has every column and every allowed value, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import blocks, codes, read, section, table

from jiezhang.book.registers import TABLES, read_table
from jiezhang.domain.approval.seals import SealKey
from jiezhang.domain.chain import Link
from jiezhang.domain.fund_register import (
    Building,
    Change,
    OpeningBuilding,
    OpeningDwelling,
    Project,
    TreasuryBond,
)
from jiezhang.domain.levy import Levy
from jiezhang.domain.meanings import allowed_values
from jiezhang.domain.register import (
    AccountRow,
    Asset,
    BookingRule,
    Community,
    Completion,
    Compound,
    Contract,
    Dwelling,
    Person,
    Row,
    Street,
)
from jiezhang.domain.starter_rules import STARTER_RULES

PAGE = read("docs/handbook/登记资料.md")
SECTIONS: dict[str, tuple[type[Row], ...]] = {
    "街道": (Street, Community, Person),
    "小区": (Compound,),
    "户": (Dwelling,),
    "幢": (Building,),
    "变更": (Change,),
    "维修项目": (Project,),
    "国债": (TreasuryBond,),
    "集资": (Levy,),
    "资产": (Asset,),
    "合同": (Contract,),
    "规则": (BookingRule,),
    "印章": (SealKey,),
    "补录表": (Completion,),
    "凭证链": (Link,),
    "专户表": (AccountRow,),
}
CSV: dict[str, type[Row]] = {
    **TABLES,
    "levies.csv": Levy,
    "seals.csv": SealKey,
    "补录表.csv": Completion,
    "chain.csv": Link,
    "专户表.csv": AccountRow,
    "户册.csv": OpeningDwelling,
    "幢册.csv": OpeningBuilding,
}

_MEANING = re.compile(r"`([\w-]+)` ([\u3400-\u9fffA-Za-z0-9 、，-]+?)(?=、`|[；（。]|$)")


def described(heading: str) -> list[list[str]]:
    """The rows of the section that describe a column."""
    return [row for row in table(section(PAGE, heading)) if len(row) == 4]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_column_is_described_in_order(heading: str) -> None:
    fields = [(name, field) for model in SECTIONS[heading] for name, field in model.model_fields.items()]
    rows = described(heading)
    assert [codes(row[0])[0] for row in rows] == [name for name, _ in fields]
    assert [row[2] for row in rows] == ["必填" if field.is_required() else "可空" for _, field in fields]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_allowed_value_is_there_with_its_meaning(heading: str) -> None:
    columns = [(model, name) for model in SECTIONS[heading] for name in model.model_fields]
    for (model, name), row in zip(columns, described(heading), strict=True):
        allowed = {value: means for value, means in allowed_values(model, name).items() if value}
        if allowed:
            assert dict(_MEANING.findall(row[3])) == allowed, name


@pytest.mark.parametrize("block", [block for block in blocks(PAGE) if block.title], ids=lambda block: block.title)
def test_every_example_can_be_read(block: object, tmp_path: Path) -> None:
    title, text = block.title, block.text  # type: ignore[attr-defined]
    (tmp_path / title).write_text(text, "utf-8")
    assert len(read_table(tmp_path / title, CSV[title])) >= 1


def test_every_table_has_an_example() -> None:
    assert {block.title for block in blocks(PAGE) if block.title} == set(CSV)


def test_the_starter_rules_are_the_ones_named() -> None:
    assert f"`new compound` 写好 {len(STARTER_RULES)} 条" in PAGE
    named = {code for row in table(section(PAGE, "规则")) if len(row) == 3 for code in codes(row[0])}
    assert named <= {rule.code for rule in STARTER_RULES}
    assert len(named) == 5
