"""What lies beside a compound's ledger for the rules of approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..applicable import Applied, applicable
from ..chain import Link
from ..fund_register import FundRegister, Numbered
from ..levy import Levy
from ..register import Compound, Person
from ..rulepack import RulePack
from ..tri_party.months import MonthFiles
from .procedure import Procedure
from .seals import SealKey


@dataclass(frozen=True, slots=True)
class OfficeFiles:
    """The street's people and procedures, rule packs,
    seal keys, ballot files by name (`votes/…`), the chain of posted vouchers, and the register of dwellings."""

    compound: Compound
    people: Mapping[str, Person] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    packs: Sequence[RulePack] = ()
    keys: Numbered[SealKey] = ()
    ballots: Mapping[str, bytes] = field(default_factory=dict)
    chain: tuple[Link, ...] = ()
    register: FundRegister | None = None
    levies: Numbered[Levy] = ()
    batches: Mapping[str, bytes] = field(default_factory=dict)
    """Lists of dues and of payers by name (`batches/…`), where there is a levy."""

    months: MonthFiles = field(default_factory=MonthFiles)
    """Sealed months, and those before the parties."""

    def rules_on(self, day: date) -> list[Applied]:
        """What the rule packs prescribe for the compound on `day`."""
        return applicable(self.packs, self.compound.kind, day)
