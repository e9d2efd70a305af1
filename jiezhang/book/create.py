"""Making a street's folder and a compound's, whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from beancount.core import data
from beancount.core.amount import Amount

from jiezhang.domain.approval.records import Entered
from jiezhang.domain.approval.seals import SEALS_FILE, SealKey
from jiezhang.domain.booking import POSTED
from jiezhang.domain.chain import CHAIN_FILE, GENESIS, OPENED_BY, OPENING, Link, next_head, posted_digest
from jiezhang.domain.fund_register import Building, Change, Project, TreasuryBond
from jiezhang.domain.household_events import Detail
from jiezhang.domain.levy import LEVIES_FILE, Levy
from jiezhang.domain.money import CURRENCY
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import (
    Asset,
    BookingRule,
    Compound,
    Contract,
    DedicatedAccount,
    Dwelling,
    Street,
)
from jiezhang.households.batch import write_batch

from .commit import copy_office
from .edit import append, month_header
from .layout import CompoundFolder, StreetFolder
from .load import load_unlocked
from .messages import in_chinese
from .pack_log import LOG, founding_log
from .registers import read_compound, read_street, table_bytes, toml_bytes
from .render import render_accounts, render_entries, render_levy, render_main
from .rulepacks import read_packs
from .write import lock, write_all, write_atomically

OPENING_BATCH = "batches/opening.csv"
GITIGNORE = b".lock\n.staging-*/\n.*.tmp\n"


@dataclass(frozen=True, slots=True)
class NewLevy:
    """A levy that has been decided and opened already, with its list of dues."""

    levy: Levy
    account: DedicatedAccount
    dues: bytes


@dataclass(frozen=True, slots=True)
class NewCompound:
    """Everything a compound's books start with. `opening` is (ledger account, signed yuan), zero inside each fund."""

    compound: Compound
    accounts: Sequence[DedicatedAccount]
    opening: Sequence[tuple[str, Decimal]]
    dwellings: Sequence[Dwelling] = ()
    buildings: Sequence[Building] = ()
    household_opening: Detail = ()
    """What each household's account holds on the first day; `opening` has the sums by building."""
    changes: Sequence[Change] = ()
    """What is known already of dwellings changing after the books begin."""
    projects: Sequence[Project] = ()
    bonds: Sequence[TreasuryBond] = ()
    assets: Sequence[Asset] = ()
    contracts: Sequence[Contract] = ()
    rules: Sequence[BookingRule] = ()
    seals: Sequence[SealKey] = ()
    records: Sequence[Entered] = ()
    """What has been decided already, in order of day."""
    votes: Mapping[str, bytes] = field(default_factory=dict)
    """The ballot files that `records` name, by their path in the compound's folder."""
    levies: Sequence[NewLevy] = ()
    slug: str = field(default="")


def create_street(path: Path, street: Street, day: date | None = None) -> StreetFolder:
    """A new street's folder, with an empty inbox; `Refused` when there is something in it already.

    It adopts the rule packs as they are on `day`, today when none is given.
    """
    read_packs(street.city)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Refused("文件夹已经存在而且不是空的", str(path))
    path.mkdir(parents=True, exist_ok=True)
    made = StreetFolder(path)
    adoption = founding_log(made, street.city, day or date.today())  # noqa: DTZ011 - the office's own day
    write_all(path, {".gitignore": GITIGNORE, LOG: adoption, "street.toml": toml_bytes(street)})
    made.inbox.mkdir()
    return made


def create_compound(street: StreetFolder, new: NewCompound) -> CompoundFolder:
    """A new compound's folder with its opening voucher; `Refused` when the code is taken or the books would not load.

    The folder is built beside its place and renamed into it.
    """
    city = read_street(street).city
    name = new.compound.code + (f"-{new.slug}" if new.slug else "")
    with lock(street.path):
        if any(folder.code == new.compound.code for folder in street.compounds()):
            raise Refused(f"小区编号 {new.compound.code} 已经使用", str(street.path))
        draft = CompoundFolder(street.path / ".new" / name)
        shutil.rmtree(draft.path.parent, ignore_errors=True)
        try:
            write_all(draft.path, _files(new, city))
            copy_office(street.path, draft.path.parent)
            (draft.path / "documents").mkdir()
            write_atomically(draft.path / "documents" / ".gitkeep", b"")
            errors = load_unlocked(draft, city).errors
            if errors:
                raise Refused(f"新账簿有误：{in_chinese(errors[0].message)}", name)
            draft.path.replace(street.path / name)
        finally:
            shutil.rmtree(draft.path.parent, ignore_errors=True)
    return CompoundFolder(street.path / name)


def regenerate_main(folder: CompoundFolder, city: str) -> bool:
    """Write the main file anew from the register; whether that changed it."""
    with lock(folder.path):
        content = render_main(read_compound(folder), read_packs(city)).encode()
        if folder.main.exists() and folder.main.read_bytes() == content:
            return False
        write_atomically(folder.main, content)
        return True


def _files(new: NewCompound, city: str) -> dict[str, bytes]:
    compound = new.compound
    first_month = CompoundFolder(Path()).month_file(compound.start)
    batch = write_batch(new.household_opening) if new.household_opening else b""
    opening = [_opening(compound, new.opening, batch)] if new.opening else []
    chain = [_first_link(entry, compound.start) for entry in opening]
    return {
        CHAIN_FILE: table_bytes(chain, Link),
        **({OPENING_BATCH: batch} if batch else {}),
        "register/compound.toml": toml_bytes(compound),
        "register/dwellings.csv": table_bytes(new.dwellings, Dwelling),
        "register/buildings.csv": table_bytes(new.buildings, Building),
        "register/changes.csv": table_bytes(new.changes, Change),
        "register/projects.csv": table_bytes(new.projects, Project),
        "register/bonds.csv": table_bytes(new.bonds, TreasuryBond),
        "register/assets.csv": table_bytes(new.assets, Asset),
        "register/contracts.csv": table_bytes(new.contracts, Contract),
        "register/rules.csv": table_bytes(new.rules, BookingRule),
        "accounts.beancount": _accounts(new).encode(),
        SEALS_FILE: table_bytes(new.seals, SealKey),
        **new.votes,
        **({LEVIES_FILE: table_bytes([one.levy for one in new.levies], Levy)} if new.levies else {}),
        **{one.levy.dues_file: one.dues for one in new.levies},
        "resolutions.beancount": _resolutions(new).encode(),
        first_month: append(month_header(first_month), [*opening]).encode(),
        "main.beancount": render_main(compound, read_packs(city)).encode(),
    }


def _accounts(new: NewCompound) -> str:
    levies = (render_levy(one.levy.starts, one.levy.fund, one.account) for one in new.levies)
    return "\n".join((render_accounts(new.compound, new.accounts, new.dwellings), *levies))


def _resolutions(new: NewCompound) -> str:
    head = f";; {new.compound.component} 决议\n"
    return f"{head}\n{render_entries([one.entry for one in new.records])}" if new.records else head


def _first_link(entry: data.Transaction, start: date) -> Link:
    month, digest = str(Month.of(start)), posted_digest(entry)
    head = next_head(GENESIS, month, OPENING, digest, OPENED_BY)
    return Link(number=1, month=month, voucher=OPENING, digest=digest, poster=OPENED_BY, head=head)


def _opening(compound: Compound, balances: Sequence[tuple[str, Decimal]], batch: bytes) -> data.Transaction:
    postings = [
        data.Posting(account, Amount(number, CURRENCY), None, None, None, None)
        for account, number in balances
        if number
    ]
    named = {"batch": OPENING_BATCH, "batch-sha256": hashlib.sha256(batch).hexdigest()} if batch else {}
    meta = data.new_metadata("<opening>", 0, {"opening": True, **named})
    return data.Transaction(meta, compound.start, POSTED, None, "期初余额", frozenset(), frozenset(), postings)
