"""Which rule applies to a compound on a day, and why: one for each key, with those it displaced.

A city's rule goes before the nation's; in one pack a rule for this kind of compound goes before a general one, and a
newer before an older. What may stop somebody is another question: an unverified (待核实) rule never does, and it does
not switch off a verified rule that it displaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from .register import CompoundKind
from .rule_catalogue import CATALOGUE
from .rulepack import Rule, RulePack

Ground = Literal["city", "kind", "newer"]
"""Why one rule goes before another: nearer jurisdiction, made for this kind of compound, later."""

ValueType = TypeVar("ValueType")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule in force for the compound, with the name of its pack and the pack's place (0: the nation's)."""

    pack: str
    rank: int
    rule: Rule

    @property
    def weight(self) -> tuple[int, bool, date]:
        """The higher, the sooner it is chosen; no two of one key weigh the same."""
        return self.rank, bool(self.rule.applies_to), self.rule.in_force


@dataclass(frozen=True, slots=True)
class Displaced:
    """A candidate that was not chosen, and why."""

    candidate: Candidate
    ground: Ground


@dataclass(frozen=True, slots=True)
class Applied:
    """What applies for one key; `displaced` is ordered, the next best first."""

    key: str
    chosen: Candidate
    displaced: tuple[Displaced, ...]

    @property
    def rule(self) -> Rule:
        """The rule that applies."""
        return self.chosen.rule

    @property
    def binding(self) -> Candidate | None:
        """The best verified candidate: the only one that may stop somebody; `None` when all are 待核实."""
        candidates = (self.chosen, *(other.candidate for other in self.displaced))
        return next((candidate for candidate in candidates if candidate.rule.verified), None)


def applicable(packs: Sequence[RulePack], kind: CompoundKind, on: date) -> list[Applied]:
    """For each key that is set at all, the rule that applies to a compound of `kind` on day `on`, by catalogue order.

    `packs` run from the widest to the narrowest: the nation's, then the city's, as `read_packs` gives them.
    """
    found: dict[str, list[Candidate]] = {}
    for rank, pack in enumerate(packs):
        for rule in pack.every_rule():
            if rule.in_force_on(on) and rule.covers(kind):
                found.setdefault(rule.key, []).append(Candidate(pack.name, rank, rule))
    return [_choose(key, found[key]) for key in CATALOGUE if key in found]


def _choose(key: str, candidates: list[Candidate]) -> Applied:
    best, *others = sorted(candidates, key=lambda candidate: candidate.weight, reverse=True)
    return Applied(key, best, tuple(Displaced(other, _ground(best, other)) for other in others))


def _ground(best: Candidate, other: Candidate) -> Ground:
    if best.rank != other.rank:
        return "city"
    return "kind" if bool(best.rule.applies_to) != bool(other.rule.applies_to) else "newer"


def value_of(applied: Iterable[Applied], key: str, kind: type[ValueType]) -> ValueType | None:
    """The value that applies for `key`, of the Python type `kind`; `None` when no rule sets it.

    It may be unverified: to show, to compute with, to warn. What may stop somebody comes from `stops`.
    """
    assert key in CATALOGUE, f"{key} is not in the catalogue"
    return _of_type(next((one.rule for one in applied if one.key == key), None), kind)


def stops(applied: Iterable[Applied]) -> dict[str, Rule]:
    """The verified rule of each key that has one: the only rules on whose ground the program may refuse anything."""
    return {one.key: one.binding.rule for one in applied if one.binding is not None}


def stop_value(applied: Iterable[Applied], key: str, kind: type[ValueType]) -> ValueType | None:
    """As `value_of`, but only a verified value; `None` when there is none to stop on."""
    assert key in CATALOGUE, f"{key} is not in the catalogue"
    return _of_type(stops(applied).get(key), kind)


def unverified(applied: Iterable[Applied]) -> list[Applied]:
    """Those whose rule is 待核实: to be shown as a warning."""
    return [one for one in applied if not one.rule.verified]


def _of_type(rule: Rule | None, kind: type[ValueType]) -> ValueType | None:
    if rule is None:
        return None
    assert isinstance(rule.value, kind), f"{rule.key} is not a {kind.__name__}"
    return rule.value
