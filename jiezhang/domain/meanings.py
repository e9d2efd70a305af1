"""What the allowed values of a register's column mean, said beside the column's type so that no list can go stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Means:
    """Metadata of a `Literal` type: each allowed value and its meaning in Chinese."""

    names: Mapping[str, str]


def allowed_values(model: type[BaseModel], column: str) -> Mapping[str, str]:
    """The values that may stand in `column`, with their meanings; empty when any may."""
    field = model.model_fields.get(column)
    found = [item.names for item in field.metadata if isinstance(item, Means)] if field else []
    return found[0] if found else {}


def example_of(model: type[BaseModel], column: str) -> str:
    """A value of `column` written rightly, or nothing."""
    field = model.model_fields.get(column)
    return str(field.examples[0]) if field and field.examples else ""
