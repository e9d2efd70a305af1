"""Bonds of the fund (165号令 2008 art. 26): newly issued treasury bonds, bought on the primary market, held to
maturity."""

from __future__ import annotations

from dataclasses import replace

from jiezhang.domain.household_events import BondBought, BondRedeemed
from jiezhang.domain.money import yuan
from jiezhang.domain.problem import Refused

from .state import Households


def bought(state: Households, event: BondBought) -> Households:
    """`state` with the new holding; `Refused` for anything but a new treasury bond."""
    bond = event.bond
    if bond.kind != "treasury":
        raise Refused(f"“{bond.ref}”不是国债，维修资金只能购买国债")
    if bond.market != "primary":
        raise Refused(f"国债“{bond.ref}”不是在一级市场购买的新发行国债")
    if bond.matures <= event.date:
        raise Refused(f"国债“{bond.ref}”的到期日 {bond.matures} 应在购买日 {event.date} 之后")
    if any(held.ref == bond.ref for held in state.bonds):
        raise Refused(f"国债“{bond.ref}”已经登记过")
    if bond.cost_fen != event.movement.bonds_fen or bond.cost_fen <= 0:
        raise Refused(f"国债“{bond.ref}”的买价应等于国债投资的增加 {yuan(event.movement.bonds_fen)} 元")
    return replace(state, bonds=(*state.bonds, bond))


def redeemed(state: Households, event: BondRedeemed) -> Households:
    """`state` without the holding; `Refused` before maturity, in part, or at a loss."""
    bond = next((held for held in state.bonds if held.ref == event.ref), None)
    if bond is None:
        raise Refused(f"账上没有国债“{event.ref}”")
    if event.date < bond.matures:
        raise Refused(f"国债“{bond.ref}”{bond.matures} 才到期，须持有到期，不得提前兑付或转让")
    if -event.movement.bonds_fen != bond.cost_fen or event.movement.undistributed_fen < 0:
        raise Refused(f"国债“{bond.ref}”买价 {yuan(bond.cost_fen)} 元，到期须全部兑付，不得低于买价")
    return replace(state, bonds=tuple(held for held in state.bonds if held.ref != bond.ref))
