"""What has been paid under each resolution, and whether one payment more is within its limits.

Sources: the resolution's own words; 165号令 2008 art. 22, 23 (the budget is part of the plan that was voted on); the
city's limit from which on the excess is applied for anew (e.g. 杭州市物业管理条例 2021 art. 72: 110%), the sum from
which on the settlement must be audited (same article: above 30,000 yuan), and for emergencies art. 73. That small
payments to one payee for one thing in one month count together is ours: no limit may be gone round by splitting. So is
that payments to nobody in particular count as one payee's, and that what comes back was paid to its sender before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ..applicable import Applied, stop_value, stops
from ..corrections import is_correction
from ..money import show, to_fen, yuan
from ..period import Month
from ..text import same_name_key
from .path_value import Path
from .procedure import SEAL_NAMES
from .spending import Payment

AUDIT = "settlement_audit"
"""The step that is the audit of a settlement (决（结）算审计), in every procedure that pays a contractor."""


@dataclass(slots=True)
class Spent:
    """Fen by resolution; by resolution and month; by fund, payee, subject and month; counts by resolution and month."""

    total: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    month: defaultdict[tuple[str, Month], int] = field(default_factory=lambda: defaultdict(int))
    count: defaultdict[tuple[str, Month], int] = field(default_factory=lambda: defaultdict(int))
    alike: defaultdict[tuple[str, str, str, str, Month], int] = field(default_factory=lambda: defaultdict(int))
    unsealed: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    """By resolution, what was paid without seals on the payment."""
    paid: defaultdict[tuple[str, str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    """By resolution, fund, payee and subject. Payees are keys of `same_name_key` here and in `alike`."""

    def add(self, payment: Payment) -> None:
        """`payment` was made."""
        month = Month.of(payment.day)
        self.total[payment.resolution] += payment.total_fen
        self.month[payment.resolution, month] += payment.total_fen
        self.count[payment.resolution, month] += 1 if payment.total_fen > 0 else 0
        if not payment.number:
            self.unsealed[payment.resolution] += payment.total_fen
        code, payee = payment.resolution, same_name_key(payment.payee)
        for subject, fen in payment.legs:
            self.alike["", payment.fund, payee, subject, month] += fen
            self.alike[code, payment.fund, payee, subject, month] += fen
            self.paid[code, payment.fund, payee, subject] += fen

    def together(self, payment: Payment, code: str) -> list[tuple[str, int]]:
        """Each subject with the fen that the payee had for it this month, `payment` included: under the resolution
        `code`, or under all where that is empty."""
        month, payee = Month.of(payment.day), same_name_key(payment.payee)
        now = _by_subject(payment)
        return [(one, self.alike[code, payment.fund, payee, one, month] + fen) for one, fen in now.items()]


def _by_subject(payment: Payment) -> dict[str, int]:
    """Fen by subject of one payment."""
    sums: defaultdict[str, int] = defaultdict(int)
    for subject, fen in payment.legs:
        sums[subject] += fen
    return dict(sums)


def limit_fault(
    payment: Payment, path: Path, spent: Spent, applied: list[Applied], accepted: date | None = None
) -> str:
    """Why `payment` exceeds what its resolution allows after `spent`; empty when it does not.

    `applied` are the rules of the payment's day, `accepted` is when the work was accepted, if it was. A payment that
    takes money back takes no more than was paid; a correction is held to what it corrects (`correction_faults`).
    """
    returned = "" if is_correction(payment.entry) else _no_refund(payment, path, spent)
    if returned or payment.total_fen <= 0:
        return returned
    if path.resolution.matter == "standing":
        return _standing_fault(payment, path, spent)
    return (
        _over_budget(payment, path, spent, applied)
        or (_unaudited(payment, path, spent, applied) if accepted is not None and accepted <= payment.day else "")
        or _owed(payment, path)
        or _unsealed(payment, path, spent)
        or _split(payment, path, spent)
    )


def _no_refund(payment: Payment, path: Path, spent: Spent) -> str:
    """Money that came in and is booked as an expense taken back, but was never paid: that is income."""
    payee = same_name_key(payment.payee)
    for subject, fen in _by_subject(payment).items():
        got = spent.paid[path.code, payment.fund, payee, subject]
        if fen < 0 and -fen > got:
            said = f"决议 {path.code} 付给“{_called(payment)}”科目 {subject} 的只有 {yuan(max(got, 0))} 元"
            return f"退回 {yuan(-fen)} 元，{said}：不是退款，收入须记收入科目"
    return ""


def _called(payment: Payment) -> str:
    return payment.payee or "（没有写明）"


def _standing_fault(payment: Payment, path: Path, spent: Spent) -> str:
    resolution, month = path.resolution, Month.of(payment.day)
    name = f"议事规则授权 {path.code}“{resolution.title}”"
    each = resolution.each_max_yuan
    assert each is not None, "a standing rule without a limit is a fault of its path"
    if payment.total_fen > to_fen(each):
        return f"{name}每笔最多 {show(each)} 元，这笔 {yuan(payment.total_fen)} 元，须另行决定"
    for subject, together in spent.together(payment, path.code):
        if together > to_fen(each):
            said = f"同月付给“{_called(payment)}”同一科目 {subject} 合计 {yuan(together)} 元"
            return f"{name}每笔最多 {show(each)} 元，{said}：不得拆成几笔"
    if resolution.count_max is not None and spent.count[path.code, month] >= resolution.count_max:
        return f"{name}每月最多 {resolution.count_max} 笔，{month} 已经用完"
    after = spent.month[path.code, month] + payment.total_fen
    if resolution.month_max_yuan is not None and after > to_fen(resolution.month_max_yuan):
        return f"{name}每月最多 {show(resolution.month_max_yuan)} 元，{month} 累计 {yuan(after)} 元"
    return ""


def _over_budget(payment: Payment, path: Path, spent: Spent, applied: list[Applied]) -> str:
    budget = to_fen(path.resolution.budget_yuan)
    after = spent.total[path.code] + payment.total_fen
    percent, article = None, ""
    if payment.fund == "W":
        percent = stop_value(applied, "fund.over_budget_percent", Decimal)
        article = stops(applied)["fund.over_budget_percent"].article if percent is not None else ""
    if after <= budget or (percent is not None and after < budget * percent / 100):
        return ""
    said = f"决议 {path.code} 累计支付 {yuan(after)} 元，预算 {show(path.resolution.budget_yuan)} 元"
    return f"{said}：超出部分须重新申报（{article or '民法典第278条'}）"


def _unaudited(payment: Payment, path: Path, spent: Spent, applied: list[Applied]) -> str:
    """What is paid after acceptance is the settlement; above the city's sum it must have been audited."""
    limit = stop_value(applied, "fund.settlement_audit_above_yuan", Decimal)
    after = spent.total[path.code] + payment.total_fen
    if payment.fund != "W" or limit is None or after <= to_fen(limit):
        return ""
    done = path.done.get(AUDIT)
    if done is not None and done.day <= payment.day:
        return ""
    article = stops(applied)["fund.settlement_audit_above_yuan"].article
    return f"决议 {path.code} 决（结）算 {yuan(after)} 元，超过 {show(limit)} 元须先审计（{article}）"


def _owed(payment: Payment, path: Path) -> str:
    """A duty whose time has passed stops what is still to be paid."""
    for step in path.after_payment():
        if step.within_days is None or step.code in path.done or path.approved is None:
            continue
        if payment.day > path.approved + timedelta(days=step.within_days):
            return f"决议 {path.code} 的“{step.title}”逾期没有办，不能再付款（{step.article}）"
    return ""


def _unsealed(payment: Payment, path: Path, spent: Spent) -> str:
    """Payments too small for the seals, one after the other, until they are not."""
    assert path.procedure is not None
    limit, seals = path.procedure.payment_seals_above_yuan, path.procedure.payment_seals
    together = spent.unsealed[path.code] + payment.total_fen
    if not seals or payment.number or together <= to_fen(limit):
        return ""
    names = "、".join(SEAL_NAMES[seal] for seal in seals)
    said = f"决议 {path.code} 没有盖{names}的付款累计 {yuan(together)} 元"
    return f"{said}，超过 {show(limit)} 元须在付款上用印：不得拆成几笔（{path.procedure.source}）"


def _split(payment: Payment, path: Path, spent: Spent) -> str:
    """Payments of several small resolutions to one payee for one thing in one month count together."""
    assert path.procedure is not None
    matter = path.resolution.matter
    ladder = [
        step for step in path.procedure.steps
        if step.above_yuan is not None and step not in path.asked() and (not step.matters or matter in step.matters)
    ]  # fmt: skip
    for subject, together in spent.together(payment, "") if ladder else []:
        for step in ladder:
            if step.above_yuan is not None and together > to_fen(step.above_yuan):
                said = f"同月付给“{_called(payment)}”同一科目 {subject} 合计 {yuan(together)} 元"
                return f"{said}，超过 {show(step.above_yuan)} 元须办“{step.title}”：不得拆成几笔（{step.article}）"
    return ""
