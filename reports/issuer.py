"""Who issues a paper, for which compound, and where an owner asks: the same on every paper."""

from __future__ import annotations

from dataclasses import dataclass

from jiezhang.domain.register import Compound, Street


@dataclass(frozen=True, slots=True)
class Issuer:
    """Heading and foot of a paper. `contact` is where an owner of this compound asks, `street_contact` the street's."""

    street: str
    street_contact: str
    community: str
    compound: str
    """`C0007`."""
    compound_name: str
    address: str
    manager: str
    contact: str


def issuer_of(street: Street, compound: Compound) -> Issuer:
    """The issuer of a compound's papers."""
    return Issuer(
        street=street.name,
        street_contact=street.contact,
        community=next((c.name for c in street.communities if c.code == compound.community), compound.community),
        compound=compound.code,
        compound_name=compound.name,
        address=compound.address,
        manager=compound.manager,
        contact=compound.contact,
    )
