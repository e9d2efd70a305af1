"""专项集资: a levy is decided before it is collected, each household pays no more than it owes and gets back no more
than it paid, and the list of what each owes stays as it was decided.

Sources: 民法典 2021 art. 278(1)(6) (owners raise money by a decision of three quarters, which is also a decision on how
much from whom); that money is spent by decision is `approvals`' and `budgets`' business. That a levy has an account of
its own and is kept by household is ours, after 165号令 2008 art. 4, 10.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from beancount.core import data

from ...accounts import parse_account
from ...levy import (
    DUES_KEY,
    HELD,
    LEVIES_FILE,
    RAISED,
    REFUNDED,
    SPENT,
    Levy,
    LevyMove,
    dues_digest,
    is_levy,
    levy_moves,
    parse_dues,
)
from ...money import show, to_fen, yuan
from ...problem import Finding, Refused
from ...scope import parse_scope
from ..electorate import electors_on, within
from ..path_value import Path, called
from ..view import OfficeView

RULE = "levies"

_LAW = "民法典第278条第1款第6项"


def find(view: OfficeView) -> list[Finding]:
    """Funds nobody registered, rows of the register that say otherwise than the decision, vouchers against either."""
    found = list(_unregistered(view))
    for line, levy in view.files.levies:
        dues = _dues(view, levy)
        faults = [dues.message] if isinstance(dues, Refused) else list(_register_faults(view, levy, dues))
        found += [view.refusal(RULE, Refused(f"集资 {levy.code}：{said}", LEVIES_FILE, line)) for said in faults]
        if not isinstance(dues, Refused):
            moves = levy_moves(view.entries, levy.fund, view.files.batches)
            found += [view.at(RULE, said, entry) for entry, said in _Book(levy, dues, view).faults(moves)]
    return found


def advise(view: OfficeView) -> list[Finding]:
    """What a person should look at: money left after a levy's end, and refunds to somebody who paid nothing."""
    if not view.files.levies:
        return []
    found = []
    last = max((entry.date for entry in view.transactions()), default=date.min)
    for line, levy in view.files.levies:
        moves = levy_moves(view.entries, levy.fund, view.files.batches)
        left = balance_fen(moves)
        if last > levy.ends and left:
            said = f"集资 {levy.code} 已于 {levy.ends} 到期，还有 {yuan(left)} 元，应当退还业主或另作决定（{_LAW}）"
            found.append(view.refusal(RULE, Refused(said, LEVIES_FILE, line)))
        found += [view.at(RULE, said, entry) for entry, said in _other_payees(moves)]
    return found


def balance_fen(moves: Sequence[LevyMove]) -> int:
    """What a levy has, by everything that moved in it."""
    return sum(-move.fen if move.account.root == "Expenses" else move.fen for move in moves)


def collecting_fault(path: Path | None, levy: Levy, day: date) -> str:
    """Why nothing may be collected on `day`; empty when the owners' decision is complete and in force."""
    if path is None:
        return f"集资 {levy.code} 的决议 {levy.resolution} 没有登记，不能收款（{_LAW}）"
    if path.fault is not None or path.ended:
        return f"集资 {levy.code} 的决议 {path.code} 没有成立，不能收款（{_LAW}）"
    step = path.next_step()
    if step is not None:
        return f"集资 {levy.code} 的决议 {path.code} 还没有办{called(path, step)}，不能收款（{step.article}）"
    assert path.approved is not None
    if day < path.approved:
        return f"集资 {levy.code} 的决议 {path.code} 于 {path.approved} 才办完，不能在此之前收款（{_LAW}）"
    if not levy.starts <= day <= levy.ends:
        return f"集资 {levy.code} 的期限是 {levy.starts} 至 {levy.ends}，{day} 不能收款（{_LAW}）"
    return ""


def levy_fault(levy: Levy, dues: Mapping[str, int], path: Path | None) -> str:
    """Why a row of the register does not say what the owners decided; empty when it does."""
    if path is None:
        return f"决议 {levy.resolution} 没有登记（{_LAW}）"
    resolution = path.resolution
    if resolution.matter != "fund_raise" or resolution.fund != levy.code:
        return f"决议 {levy.resolution} 不是筹集资金 {levy.code} 的决定（{_LAW}）"
    if not any(step.kind == "vote" for step in path.before_payment()):
        return f"决议 {levy.resolution} 的程序没有业主表决，不能决定筹集资金（{_LAW}）"
    if resolution.scope != levy.scope:
        return f"集资范围 {levy.scope} 与决议 {levy.resolution} 的 {resolution.scope} 不同（{_LAW}）"
    if levy.starts < resolution.starts or levy.ends > resolution.ends:
        return f"期限超出决议 {levy.resolution} 的 {resolution.starts} 至 {resolution.ends}（{_LAW}）"
    if sum(dues.values()) > to_fen(resolution.budget_yuan):
        total, budget = yuan(sum(dues.values())), show(resolution.budget_yuan)
        return f"各户应交合计 {total} 元，超过决议 {levy.resolution} 的 {budget} 元（{_LAW}）"
    return ""


def strangers(view: OfficeView, levy: Levy, dues: Mapping[str, int]) -> list[str]:
    """Dwellings on the list that are not in the register on the levy's first day, or that it does not concern."""
    register = view.files.register
    if register is None or not register.dwellings:
        return []
    concerned = {one.code for one in within(electors_on(register, levy.starts), parse_scope(levy.scope))}
    return [code for code in dues if code not in concerned]


def _register_faults(view: OfficeView, levy: Levy, dues: Mapping[str, int]) -> Iterator[str]:
    said = levy_fault(levy, dues, view.paths.get(levy.resolution))
    if said:
        yield said
    try:
        unknown = strangers(view, levy, dues)
    except Refused as refused:
        yield str(refused)
        return
    if unknown:
        yield f"应交名册里的户 {unknown[0]} 不在户册里，或不在集资范围 {levy.scope} 内（{_LAW}）"


def _dues(view: OfficeView, levy: Levy) -> dict[str, int] | Refused:
    content = view.files.batches.get(levy.dues_file)
    if content is None:
        return Refused(f"应交名册 {levy.dues_file} 不见了（{_LAW}）")
    if dues_digest(content) != levy.dues_sha256:
        return Refused(f"应交名册 {levy.dues_file} 登记以后有改动（{_LAW}）")
    try:
        return parse_dues(content, levy.dues_file)
    except Refused as refused:
        return Refused(str(refused))


def _unregistered(view: OfficeView) -> Iterator[Finding]:
    """One finding for each fund whose accounts are opened without a row in the register."""
    known = {levy.fund for _, levy in view.files.levies}
    for entry in view.entries:
        if isinstance(entry, data.Open) and ":J" in entry.account and is_levy(entry.account):
            fund = parse_account(entry.account).fund
            if fund not in known:
                known.add(fund)
                yield view.at(RULE, f"专项集资“{fund}”没有登记在 levies.csv，不能开户、收支（{_LAW}）", entry)


def _other_payees(moves: Sequence[LevyMove]) -> Iterator[tuple[data.Transaction, str]]:
    paid_by: defaultdict[str, set[str]] = defaultdict(set)
    for move in moves:
        for code, fen in move.households:
            if move.code == RAISED and fen > 0:
                paid_by[code].add(move.entry.payee or "")
            elif move.code == REFUNDED and fen > 0 and (move.entry.payee or "") not in paid_by[code]:
                yield move.entry, f"退给户 {code} 的收款人“{move.entry.payee or ''}”不是为这一户交款的人，请核对"
                break


class _Book:
    """One levy's account by household while its vouchers are gone through; all in fen."""

    def __init__(self, levy: Levy, dues: Mapping[str, int], view: OfficeView) -> None:
        self._levy, self._dues = levy, dues
        self._path = view.paths.get(levy.resolution)
        self._paid: defaultdict[str, int] = defaultdict(int)
        self._refunded: defaultdict[str, int] = defaultdict(int)
        self._held: defaultdict[str, int] = defaultdict(int)
        self._spent = 0

    def faults(self, moves: Sequence[LevyMove]) -> Iterator[tuple[data.Transaction, str]]:
        """What is wrong with the vouchers, in the ledger's order."""
        for move in moves:
            said = self._fault(move)
            if said:
                yield move.entry, said

    def _fault(self, move: LevyMove) -> str:
        if move.code == RAISED:
            return (self._untimely(move) or self._unlike(move)) or self._receipt(move)
        if move.code == REFUNDED:
            return self._unlike(move) or self._refund(move)
        if move.code == HELD:
            return self._returned(move)
        return self._spending(move) if move.code == SPENT else ""

    def _untimely(self, move: LevyMove) -> str:
        return collecting_fault(self._path, self._levy, move.entry.date) if move.fen > 0 else ""

    def _unlike(self, move: LevyMove) -> str:
        """What the voucher says of households, by itself."""
        if move.fault:
            return f"{move.fault}（{_LAW}）"
        if move.dues_sha256 != self._levy.dues_sha256:
            return f"凭证所据的应交名册（{DUES_KEY}）与登记的不同：名册不得在收款以后改动（{_LAW}）"
        unknown = [code for code, _ in move.households if code not in self._dues]
        return f"户 {unknown[0]} 不在集资 {self._levy.code} 的应交名册上（{_LAW}）" if unknown else ""

    def _receipt(self, move: LevyMove) -> str:
        said = ""
        for code, fen in move.households:
            self._paid[code] += fen
            net = self._paid[code] - self._refunded[code]
            if fen > 0 and net > self._dues[code]:
                said = f"户 {code} 应交 {yuan(self._dues[code])} 元，累计收了 {yuan(net)} 元，多收了（{_LAW}）"
            elif net < 0:
                said = f"户 {code} 交款冲回后，退还的多于它交的（{_LAW}）"
        return said

    def _refund(self, move: LevyMove) -> str:
        said = ""
        for code, fen in move.households:
            left = self._paid[code] - self._refunded[code]
            self._refunded[code] += fen
            if fen > left:
                said = f"户 {code} 还能退 {yuan(left)} 元，这笔退了 {yuan(fen)} 元：退还不得多于它交的（{_LAW}）"
        return said

    def _returned(self, move: LevyMove) -> str:
        """What came in by mistake goes back to whom it came from."""
        payee = move.entry.payee or ""
        self._held[payee] += move.fen
        if move.fen < 0 and self._held[payee] < 0:
            return f"集资 {self._levy.code} 没有多收过“{payee}”这么多钱，不能退给它（{_LAW}）"
        return ""

    def _spending(self, move: LevyMove) -> str:
        self._spent += move.fen
        budget = to_fen(self._path.resolution.budget_yuan) if self._path is not None else 0
        if move.fen > 0 and self._spent > budget:
            spent = yuan(self._spent)
            return f"集资 {self._levy.code} 的项目支出累计 {spent} 元，超过决定的 {yuan(budget)} 元（{_LAW}）"
        return ""
