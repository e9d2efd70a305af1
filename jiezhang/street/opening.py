"""A compound's books from what the office has: a table of its dedicated accounts and a trial balance for each fund.

And what comes later: a further dedicated account.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from importers.source import load_source
from jiezhang.book.commit import commit, exclusive
from jiezhang.book.create import NewCompound, create_compound
from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.load import load_unlocked, read_opens
from jiezhang.book.registers import read_compound, read_numbered, read_street
from jiezhang.book.render import render_open
from jiezhang.close.directory import KnownAccount, known_accounts, taken
from jiezhang.domain.accounts import account_name
from jiezhang.domain.chart import BANK_SUBJECTS, FUND_NAMES
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import AccountRow, Compound, DedicatedAccount
from jiezhang.domain.rules.dedicated_accounts import bare_number
from jiezhang.domain.starter_rules import STARTER_RULES
from jiezhang.domain.trial_balance import opening_balances, parse_trial_balance

from .household_opening import HouseholdLists, HouseholdOpening, by_building, read_household_lists

PLATFORM_NAMES = {"wechat": "微信", "alipay": "支付宝"}


def new_compound(
    street: StreetFolder,
    compound: Compound,
    accounts: Path,
    openings: dict[str, Path],
    households: HouseholdLists | None = None,
    slug: str = "",
) -> CompoundFolder:
    """Open a compound's books. `openings` gives the trial balance file of each fund (`G`, `W`); `Refused` as ever.

    A fund that holds owners' money needs its `households`: it is kept by household from the first day. The booking
    rules are those every office starts with.
    """
    _refuse_known(street, compound)
    known = _known(street.compounds())
    dedicated = []
    for line, row in read_numbered(accounts, AccountRow):
        _refuse_taken(row, known, str(accounts), line)
        dedicated.append(_dedicated(compound, row, str(accounts), line))
    balances: list[tuple[str, Decimal]] = []
    for kind, path in openings.items():
        fund = kind + FUND_NAMES[kind]
        own = [account.account for account in dedicated if f":{fund}:" in account.account]
        rows = parse_trial_balance(_cells(path), str(path))
        balances += opening_balances(rows, compound.component, fund, own, str(path))
    lists = read_household_lists(households) if households else HouseholdOpening()
    balances = by_building(balances, lists, str(openings.get("W", "")))
    new = NewCompound(
        compound,
        dedicated,
        balances,
        lists.dwellings,
        lists.buildings,
        lists.detail,
        rules=STARTER_RULES,
        slug=slug,
    )
    return create_compound(street, new)


def new_account(street: StreetFolder, code: str, row: AccountRow, opened: date) -> str:
    """Open a further dedicated account of compound `code`, and return its name in the ledger.

    `Refused` when another compound registered the number, or the rules would object.
    """
    folder, city = street.compound(code), read_street(street).city
    others = [other for other in street.compounds() if other.code != code]
    _refuse_taken(row, _known(others))
    with exclusive(folder):
        ledger = load_unlocked(folder, city)
        dedicated = _dedicated(ledger.compound, row)
        before = (folder.path / "accounts.beancount").read_text("utf-8")
        after = before.rstrip("\n") + "\n\n" + render_open(opened, dedicated)
        commit(ledger, city, {"accounts.beancount": after.encode()})
    return dedicated.account


def _refuse_known(street: StreetFolder, compound: Compound) -> None:
    """`Refused` when the street does not know the compound's community, or has a compound of that name."""
    communities = read_street(street).communities
    if communities and compound.community not in {community.code for community in communities}:
        known = "、".join(f"{community.code}（{community.name}）" for community in communities)
        raise Refused(f"社区 {compound.community} 没有登记，现有：{known}", str(street.toml))
    for folder in street.compounds():
        if folder.code != compound.code and read_compound(folder).name == compound.name:
            raise Refused(f"小区名称“{compound.name}”已由小区 {folder.code} 使用", str(folder.path))


def _known(folders: Sequence[CompoundFolder]) -> list[KnownAccount]:
    return [account for folder in folders for account in known_accounts(folder.code, read_opens(folder))]


def _refuse_taken(row: AccountRow, known: Sequence[KnownAccount], file: str = "", line: int = 0) -> None:
    for account in known:
        if bare_number(account.number) == bare_number(row.number):
            raise Refused(taken(account).message, file, line)


def _dedicated(compound: Compound, row: AccountRow, file: str = "", line: int = 0) -> DedicatedAccount:
    fund = row.fund + FUND_NAMES[row.fund]
    if row.bank in PLATFORM_NAMES:
        if row.fund != "G":
            raise Refused(f"{PLATFORM_NAMES[row.bank]}只能收公共收益，不能是维修资金的专户", file, line)
        # A second merchant number needs a name of its own: 微信二号.
        platform = PLATFORM_NAMES[row.bank]
        code, detail = "1012", row.name if row.name.startswith(platform) else platform
    else:
        code = next(code for kind, code in BANK_SUBJECTS if kind == row.fund)
        detail = row.name + row.number[-4:]
    return DedicatedAccount(
        account=account_name(compound.component, fund, code, detail),
        bank=row.bank,
        number=row.number,
        holder=row.holder,
        holder_kind=row.holder_kind,
    )


def _cells(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    sheets = load_source(path).sheets
    return [(row.line, row.cells) for row in sheets[0] if not row.is_blank]
