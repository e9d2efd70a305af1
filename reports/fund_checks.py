"""The equalities between the fund's statements, the ledger and the bank: each named, with both figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from jiezhang.domain.accounts import parse_account
from jiezhang.domain.money import ZERO

from .fund_forms import FUND_TITLES, YIELD
from .fund_split import Split
from .fund_value import NATURE_NAMES, Check, Form, FormKey, Nature, Ref, Side


def checks_of(
    forms: Sequence[Form],
    split: Split,
    ledger: Mapping[str, Decimal],
    bank: Mapping[str, Decimal] | None,
    households: Mapping[Nature, Decimal],
) -> tuple[Check, ...]:
    """Every equality of the three forms.

    `ledger` maps the fund's bank accounts to their balances as the ledger adds them up, `bank` to what the banks'
    own files say, both in yuan; an account that `bank` does not know gives a check without a right side. `households`
    is what the household ledger says that each nature has, empty where there is none.
    """
    return (
        *_balance(forms, split.natures),
        *_households(forms, households),
        *_bank(forms, ledger, bank),
        *_surplus(forms, split.shared),
        *_net_assets(forms),
    )


def _side(forms: Sequence[Form], name: str, *refs: tuple[FormKey, str, str]) -> Side:
    cells = [next(f for f in forms if f.key == key).cell(row, column) for key, row, column in refs]
    return Side(name, sum((cell.amount for cell in cells), ZERO) + 0, tuple(Ref(*ref) for ref in refs))


def _balance(forms: Sequence[Form], natures: Sequence[Nature]) -> list[Check]:
    """Assets against claims: in all, and by nature as long as nothing is without one."""
    dates = [("start", "年初"), ("end", "期末")]
    wanted = [(f"{key}:total", name) for key, name in dates]
    if "unsplit" not in natures:
        told_apart = dates if "common" in natures else dates[1:]
        wanted += [(f"{key}:{n}", name + NATURE_NAMES[n]) for key, name in told_apart for n in natures]
    return [
        Check(
            "01",
            _side(forms, f"{name}资产总计", ("01", "assets", column)),
            _side(forms, "负债和净资产总计", ("01", "claims", column)),
        )
        for column, name in wanted
    ]


def _households(forms: Sequence[Form], households: Mapping[Nature, Decimal]) -> list[Check]:
    """The owners' fund of each nature against the accounts of its households (165号令 2008 art. 10)."""
    found = []
    for nature, amount in households.items():
        code = {"commercial": "3001", "public": "3002"}[nature]
        left = _side(forms, f"期末{FUND_TITLES[code]}", ("01", code, "end:total"))
        if left.amount or amount:
            found.append(Check("01", left, Side(f"分户账{NATURE_NAMES[nature]}合计", amount)))
    return found


def _bank(forms: Sequence[Form], ledger: Mapping[str, Decimal], bank: Mapping[str, Decimal] | None) -> list[Check]:
    book = Side("账簿银行存款余额", sum(ledger.values(), ZERO) + 0)
    found = [Check("01", _side(forms, "期末银行存款", ("01", "1001", "end:total")), book)]
    for name in sorted(ledger):
        account = parse_account(name)
        stated = (bank or {}).get(name)
        right = None if stated is None else Side("银行对账单", stated)
        title = "·".join(filter(None, (account.detail, *account.subs))) or account.subject.name
        found.append(Check("01", Side(f"账面{title}", ledger[name] + 0), right))
    return found


def _surplus(forms: Sequence[Form], shared: bool) -> list[Check]:
    """In all; and by nature where all yield is common, so that each nature's surplus is that of its owners' fund."""
    by_nature: list[tuple[Nature, str]] = [("commercial", "3001"), ("public", "3002"), ("common", YIELD)]
    wanted = [("total", "", "total")] + [(n, NATURE_NAMES[n], key) for n, key in by_nature if shared]
    return [
        Check(
            "02",
            _side(forms, f"{name}收支差额本年累计", ("02", "surplus", f"year:{column}")),
            _side(forms, "净资产变动表本年收支差额", ("03", "surplus", key)),
        )
        for column, name, key in wanted
    ]


def _net_assets(forms: Sequence[Form]) -> list[Check]:
    """The statement of changes begins and ends where the balance sheet does, fund by fund and in all."""
    keys = [column.key for column in forms[2].columns if not column.adds]
    found = []
    for row, column, name in (("start", "start:total", "年初"), ("end", "end:total", "期末")):
        parts: list[tuple[str, str, list[str]]] = [(key, FUND_TITLES[key], [key]) for key in keys]
        for place, title, buckets in [*parts, ("total", "净资产合计", keys)]:
            refs: list[tuple[FormKey, str, str]] = [("01", bucket, column) for bucket in buckets]
            left = _side(forms, f"{name}{title}", ("03", row, place))
            found.append(Check("03", left, _side(forms, "资产负债表", *refs)))
    return found
