"""The notice of the street's keys (公钥公告) as a value: what everybody compares other copies of the keys with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiezhang.domain.history.trust import PARTIES, Trust
from jiezhang.domain.register import Person, Street


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A key with who holds it. `compounds` are those it is for; none: all. `public`: the whole key in hex."""

    party: str
    person: str
    name: str
    compounds: tuple[str, ...]
    since: date | None
    until: date | None
    public: str


@dataclass(frozen=True, slots=True)
class TrustNotice:
    """`address`: where the page stands on which owners check their balance; empty when it is handed around."""

    street: str
    contact: str
    address: str
    day: date
    required: tuple[str, ...]
    holders: tuple[KeyHolder, ...]


def trust_notice(street: Street, trust: Trust, day: date) -> TrustNotice:
    """The notice of `day`: every key of `trust`, parties in the order in which owners' pages show them."""
    people = {person.id: person for person in street.people}
    order = list(PARTIES)
    keys = sorted(trust.keys, key=lambda key: (order.index(key.party), key.name))
    return TrustNotice(
        street=street.name,
        contact=street.contact,
        address=street.check_url,
        day=day,
        required=tuple(PARTIES[party] for party in ("office", *trust.required)),
        holders=tuple(_holder(key.party, key.name, key.public, people) for key in keys),
    )


def _holder(party: str, person: str, public: str, people: Mapping[str, Person]) -> KeyHolder:
    found = people[person]
    return KeyHolder(PARTIES[party], person, found.name, found.compounds, found.since, found.until, public)
