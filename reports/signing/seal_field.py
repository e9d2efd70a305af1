"""Where a paper has a seal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SealField:
    """A place for a seal.

    `name` names the field in the file, `label` is what a viewer shows; `page` counts from 0, from the end when
    negative; `box` is left, bottom, right and top in points.
    """

    name: str
    label: str
    page: int
    box: tuple[int, int, int, int]
