"""What is wrong with a cell of a register or a value on the command line, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from jiezhang.domain.meanings import allowed_values, example_of
from jiezhang.domain.problem import Refused

ModelType = TypeVar("ModelType", bound=BaseModel)

_SAID = {
    "value_error": "{error}",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "string_type": "应是文字",
    "int_parsing": "不是整数",
    "int_type": "不是整数",
    "tuple_type": "应是一串值",
    "decimal_max_digits": "位数太多",
    "decimal_whole_digits": "位数太多",
    "missing": "没有填写",
    "extra_forbidden": "没有这一项",
    "literal_error": "只能是 {allowed}",
    "string_pattern_mismatch": "写法不对",
    "like": "应写成 {example} 的样子",
    "string_too_long": "太长",
    "string_too_short": "不得为空",
    "decimal_max_places": "小数位太多",
    "decimal_parsing": "不是数字",
    "date_from_datetime_parsing": "不是日期（应写成 2026-01-01）",
    "date_parsing": "不是日期（应写成 2026-01-01）",
}


@dataclass(frozen=True, slots=True)
class CellFault:
    """Where in a model (`people`, 1, `roles`; nothing when it is the row as a whole), and the rest of the sentence."""

    where: tuple[str | int, ...]
    said: str


def first_fault(model: type[BaseModel], wrong: ValidationError) -> CellFault:
    """The first thing pydantic found wrong with the fields of `model`."""
    first = wrong.errors()[0]
    column = str(first["loc"][0]) if len(first["loc"]) == 1 else ""
    allowed, example = shown_values(model, column), example_of(model, column)
    kind = "like" if first["type"] == "string_pattern_mismatch" and example else first["type"]
    said = _SAID.get(kind, "写法不对").format(**{**first.get("ctx", {}), "allowed": allowed, "example": example})
    given = "" if kind in ("missing", "value_error") else f"（写的是“{str(first['input'])[:40]}”）"
    return CellFault(first["loc"], said + given)


def shown_values(model: type[BaseModel], column: str) -> str:
    """What may stand in `column`, each value with its meaning: `in（收）、out（支）、空着（收支都算）`."""
    return "、".join(f"{value or '空着'}（{means}）" for value, means in allowed_values(model, column).items())


def from_options(model: type[ModelType], fields: Mapping[str, Any]) -> ModelType:
    """A model of what a command line says, each field given by the option of its name (`budget_yuan` by `--budget`).

    `Refused` naming the option; fields that were not given (`None`) are left to the model.
    """
    try:
        return model.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as wrong:
        fault = first_fault(model, wrong)
        option = f"--{str(fault.where[0]).removesuffix('_yuan').replace('_', '-')} " if fault.where else ""
        raise Refused(option + fault.said) from None
