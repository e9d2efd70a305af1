"""Rule packs: what the nation and a city prescribe, each value with its source and whether it was verified.

A value whose source nobody has read (`verified = false`) is shown as 待核实 and never stops anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import StringConstraints, ValidationInfo, field_validator, model_validator

from .register import CompoundKind, HolderKind, Row
from .rule_catalogue import CATALOGUE, HOLDERS

_ARTICLE = re.compile(r"第\d+条")

Words = Annotated[str, StringConstraints(min_length=2, max_length=300, pattern=r'^[^<>\n\r\t"]+$')]


class Holders(Row):
    """In whose name the bank account of a fund may be."""

    fund: Literal["G", "W", "J"]
    allowed: tuple[HolderKind, ...]
    article: str
    source: Words
    in_force: date
    verified: bool


class Rule(Row):
    """One value of the catalogue: what it is, who says so, from when to when, for which compounds."""

    key: str
    value: Any
    """A `Value` of the form that the catalogue gives the key."""
    article: Words
    """Regulation, year or number, and 第…条."""
    source: Words
    """Where its wording was read, or who says that it is so."""
    words: Words | None = None
    """The sentence itself, or the part that matters."""
    in_force: date
    until: date | None = None
    """The last day it was in force; none: still is."""
    verified: bool
    applies_to: tuple[CompoundKind, ...] = ()
    """Kinds of compound; empty: every kind."""
    note: Words | None = None

    @field_validator("key")
    @classmethod
    def _is_known(cls, key: str) -> str:
        if key not in CATALOGUE:
            raise ValueError(f"规则目录里没有“{key}”")
        if key.startswith(HOLDERS):
            raise ValueError(f"专户户名“{key}”须写在 [[holders]] 里")
        return key

    @field_validator("value", mode="plain")
    @classmethod
    def _has_the_form(cls, given: object, info: ValidationInfo) -> object:
        key = info.data.get("key")
        if key is None:
            return given  # the key is wrong, and that is reported
        try:
            return CATALOGUE[key].form.read(given)
        except ValueError as wrong:
            raise ValueError(f"规则“{key}”的值不对：{wrong}") from None

    @model_validator(mode="after")
    def _makes_sense(self) -> Rule:
        if self.until is not None and self.until < self.in_force:
            raise ValueError(f"规则“{self.key}”的终止日期 {self.until} 早于生效日期 {self.in_force}")
        if self.verified and not _ARTICLE.search(self.article):
            raise ValueError(f"规则“{self.key}”写明已核实，却没有写第几条")
        return self

    def in_force_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.in_force <= day and (self.until is None or day <= self.until)

    def covers(self, kind: CompoundKind) -> bool:
        """Whether it is meant for compounds of `kind`."""
        return not self.applies_to or kind in self.applies_to

    def shown(self) -> str:
        """The value as an office reads it."""
        return CATALOGUE[self.key].form.show(self.value)


class Clash(ValueError):
    """Two rules of one pack for the same key that begin on the same day for the same compounds."""

    def __init__(self, rule: Rule, index: int) -> None:
        super().__init__(f"规则“{rule.key}”有两条都从 {rule.in_force} 起生效，分不出用哪一条")
        self.index = index


class RulePack(Row):
    """One file of `rules/`: `national.toml` or a city's."""

    name: str
    holders: tuple[Holders, ...] = ()
    rules: tuple[Rule, ...] = ()

    @field_validator("rules")
    @classmethod
    def _can_be_told_apart(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        for index, rule in enumerate(rules):
            if any(_clash(rule, earlier) for earlier in rules[:index]):
                raise Clash(rule, index)
        return rules

    def every_rule(self) -> list[Rule]:
        """Its rules, and its holders as rules of the catalogue."""
        return [*self.rules, *(_as_rule(holders) for holders in self.holders)]


def _clash(one: Rule, other: Rule) -> bool:
    if (one.key, one.in_force) != (other.key, other.in_force):
        return False
    if one.applies_to and other.applies_to:
        return bool(set(one.applies_to) & set(other.applies_to))
    return not one.applies_to and not other.applies_to


def _as_rule(holders: Holders) -> Rule:
    """Already validated, and `Rule` itself refuses these keys: they have one place to be written."""
    return Rule.model_construct(
        key=HOLDERS + holders.fund,
        value=holders.allowed,
        article=holders.article,
        source=holders.source,
        in_force=holders.in_force,
        verified=holders.verified,
    )


def holders_in_force(packs: Sequence[RulePack], on: date) -> list[Holders]:
    """One rule for each fund: the last pack's (the city's after the nation's), newest in force on day `on`."""
    chosen: dict[str, Holders] = {}
    for pack in packs:
        for rule in sorted(pack.holders, key=lambda rule: rule.in_force):
            if rule.in_force <= on:
                chosen[rule.fund] = rule
    return [chosen[fund] for fund in sorted(chosen)]
