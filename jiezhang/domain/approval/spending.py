"""Payments: what a voucher spends of which fund, and whether the resolution it cites lets it.

Sources: 民法典 2021 art. 278, 281, 282 (the owners decide what becomes of their money); 物业管理条例 2018 art. 53, 54;
165号令 2008 art. 22, 23 (plan, consent, contract, acceptance, payment to the contractor); 会计基础工作规范 2019 art. 48
(an approval is attached to the voucher it allows). What a law itself orders to be paid needs no decision: `STATUTORY`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beancount.core import data

from ..accounts import AccountName, is_suspense
from ..booking import is_opening, named_legs
from ..corrections import (
    CORRECTION_KEY,
    DIFFERENCE,
    KIND_KEY,
    PRIOR_YEAR,
    RED,
    cancelled,
    is_correction,
    voucher_name,
)
from ..fund_register import FundRegister
from ..levy import levy_code
from ..money import show, to_fen, yuan
from ..text import same_name_key
from .path_value import Path, called
from .procedure import SEAL_NAMES

RESOLUTION_KEY, PAYMENT_KEY = "resolution", "payment"

STATUTORY: Mapping[tuple[str, str], str] = {
    ("W", "4001"): "退还多交的交存款：财会〔2020〕7号",
    ("W", "5101"): "房屋灭失返还：165号令 2008 第29条",
    ("W", "2001"): "房屋灭失返还：165号令 2008 第29条",
    ("W", "3001"): "分户账之间的更正和收益分配，不动专户",
    ("W", "3002"): "分户账之间的更正和收益分配，不动专户",
    ("W", "3101"): "分户账之间的更正和收益分配，不动专户",
}
"""(fund, subject) that the law itself says is paid, with the rules of the household ledger over it, and why."""

_PAPERS = {"contract": "合同", "invoice": "发票", "acceptance": "验收单"}
_HELD = frozenset({"1101", "1201"})
"""Assets that nobody vouches for but our own books: what is put there is spent."""
_WITHOUT_PAPERS = frozenset({"4001", "5104", "5108", "5202", "1101", "2241"})
"""Subjects whose payees give no invoice: refunds, allowances (by a signed list), bank charges, bonds, deposits."""
BANK_CHARGE_MAX_FEN = 100_00
"""Ours: up to here a bank's charge for one transaction is believed without a decision; the example's is 10 yuan."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What one voucher spends of one fund (`G`, `W`, `J01`): debits in fen by subject; a red voucher's are negative.

    `day` is when the money left: of a correction, the day of the voucher it corrects.
    """

    entry: data.Transaction
    fund: str
    legs: tuple[tuple[str, int], ...]
    day: date

    @property
    def payee(self) -> str:
        return self.entry.payee or ""

    @property
    def total_fen(self) -> int:
        return sum(fen for _, fen in self.legs)

    @property
    def resolution(self) -> str:
        """The code of the resolution it cites, or nothing."""
        return str(self.entry.meta.get(RESOLUTION_KEY, ""))

    @property
    def number(self) -> str:
        """The code of the payment that has seals of its own (`P1`), or nothing."""
        return str(self.entry.meta.get(PAYMENT_KEY) or "")


def payments_of(entry: data.Transaction, day: date | None = None) -> list[Payment]:
    """What `entry` spends, one for each fund; nothing while it stands in suspense (待查款项). `day`: when it was paid,
    where that is not the voucher's own day."""
    if is_opening(entry) or any(is_suspense(leg.account) for leg in entry.postings):
        return []
    if entry.meta.get(KIND_KEY) == PRIOR_YEAR:
        return []  # it moves a result of a year gone by, and no money
    by_fund: dict[str, list[tuple[str, int]]] = {}
    for name, number in named_legs(entry):
        if _spends(name, number, entry):
            by_fund.setdefault(_fund(name), []).append((name.subject.code, to_fen(number)))
    return [Payment(entry, fund, tuple(legs), day or entry.date) for fund, legs in by_fund.items()]


def all_payments(entries: Iterable[data.Directive]) -> Iterator[Payment]:
    """The payments of a ledger in its order."""
    paid: dict[str, date] = {}
    for entry in entries:
        if isinstance(entry, data.Transaction):
            paid[voucher_name(entry)] = entry.date
            corrects = str(entry.meta.get(CORRECTION_KEY, "")) if is_correction(entry) else ""
            yield from payments_of(entry, paid.get(corrects))


def _fund(name: AccountName) -> str:
    return levy_code(name.fund) or name.fund_kind


def _spends(name: AccountName, number: Decimal, entry: data.Transaction) -> bool:
    """Whether a leg is money spent: a debit, or a credit that takes a debit back."""
    code = name.subject.code
    if name.root == "Assets":
        held = code in _HELD or (name.is_in_transit and _leaves_a_bank(entry))
        return held and number > 0 and entry.meta.get(KIND_KEY) != RED  # a receipt taken back pays nobody
    if (name.fund_kind, code) in STATUTORY:
        return False
    if name.root == "Income" and entry.meta.get(KIND_KEY) in (RED, DIFFERENCE):
        return False  # income booked wrongly is taken back; that no money leaves, `correction_faults` sees to
    if (name.fund_kind, code) == ("G", "5201") and "transfer" in entry.meta:
        return False  # its conditions are those of the registered transfer (separate_funds)
    if code == "5108" and name.fund_kind in ("G", "J") and _is_bank_charge(name.fund, entry):
        return False
    if number > 0:
        return True
    return RESOLUTION_KEY in entry.meta and name.root == "Expenses"


def _is_bank_charge(fund: str, entry: data.Transaction) -> bool:
    """Whether a voucher's 5108 in a fund is what a bank takes itself: little, and it names nobody."""
    legs = [to_fen(number) for name, number in named_legs(entry) if name.fund == fund and name.subject.code == "5108"]
    return not entry.payee and sum(abs(fen) for fen in legs) <= BANK_CHARGE_MAX_FEN


def _leaves_a_bank(entry: data.Transaction) -> bool:
    """Whether a bank paid out: what is on its way (在途) comes from a platform, and goes to a bank."""
    return any(name.is_bank and number < 0 for name, number in named_legs(entry))


def accepted_on(payment: Payment, register: FundRegister | None) -> date | None:
    """When the work that is paid for was accepted: as the project's register says, or the voucher."""
    own = payment.entry.meta.get("accepted")
    code = payment.entry.meta.get("project")
    projects = register.projects if register is not None and code else ()
    registered = next((project.accepted for _, project in projects if project.code == code), None)
    return registered or (own if isinstance(own, date) else None)


def payable_fault(path: Path, day: date) -> str:
    """Why nothing may be paid on `day` under a resolution; empty when the path allows it."""
    resolution = path.resolution
    broken = path.broken_by(day)
    if broken:
        return broken
    step = path.next_step()
    if step is not None:
        return f"决议 {path.code} 还没有办{called(path, step)}，不能支付（{step.article}）"
    assert path.approved is not None and path.procedure is not None
    published = [done.day for done in path.done.values() if done.records[0].kind == "publication"]
    if any(day <= until for until in published if until <= path.approved):
        return f"决议 {path.code} 的公开期到 {path.approved}，期满以后才能支付（{path.procedure.source}）"
    if day < path.approved:
        return f"决议 {path.code} 于 {path.approved} 才办完，不能在此之前支付（{path.procedure.source}）"
    if any(since <= day for since in path.objections.values()):
        return f"决议 {path.code} 还有业主异议没有答复，不能支付（{path.procedure.source}）"
    if not resolution.starts <= day <= resolution.ends:
        return f"决议 {path.code} 的期限是 {resolution.starts} 至 {resolution.ends}，{day} 不能支付"
    return ""


def citing_fault(payment: Payment, paths: Mapping[str, Path]) -> str:
    """Why `payment` may not be made: no decision, not this fund or subject, another payee, papers or seals missing."""
    if not payment.resolution:
        return f"付款 {yuan(payment.total_fen)} 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"
    path = paths.get(payment.resolution)
    if path is None:
        return f"决议 {payment.resolution} 没有登记，不能支付（民法典第278条）"
    return (
        payable_fault(path, payment.day)
        or _out_of_terms(payment, path)
        or _without_papers(payment, path)
        or _without_seals(payment, path)
    )


def registered_fault(payment: Payment, register: FundRegister | None) -> str:
    """Why a payment for a project or a bond cites another resolution than those were registered with."""
    for key, word, rows in (
        ("project", "维修项目", register.projects if register is not None else ()),
        ("bond", "国债", register.bonds if register is not None else ()),
    ):
        code = payment.entry.meta.get(key)
        decision = next((row.decision for _, row in rows if row.code == code), None)
        if code and decision is not None and decision != payment.resolution:
            return f"凭证写的决议 {payment.resolution} 不是{word} {code} 登记的“{decision}”"
    return ""


def _out_of_terms(payment: Payment, path: Path) -> str:
    resolution = path.resolution
    if payment.fund != resolution.fund:
        return f"决议 {path.code} 用的是资金 {resolution.fund}，不能从 {payment.fund} 支付"
    allowed = resolution.subjects.split()
    beyond = [code for code, _ in payment.legs if code not in allowed]
    if beyond:
        return f"决议 {path.code} 只能用于科目 {resolution.subjects}，不能用于 {beyond[0]}"
    if resolution.project and payment.entry.meta.get("project") != resolution.project:
        return f"决议 {path.code} 是为维修项目 {resolution.project} 作的，凭证写的是另一个"
    scope = payment.entry.meta.get("apportion")
    if scope is not None and scope != resolution.scope:
        return f"凭证的分摊范围 {scope} 与决议 {path.code} 的 {resolution.scope} 不同"
    if resolution.matter == "standing" and not path.supplier:
        return ""
    codes = {code for code, _ in payment.legs}
    if payment.fund == "W" and codes == {"1101"}:
        return ""  # who sells treasury bonds is the bank; the rule `bonds` knows the bond
    if resolution.matter == "fund_raise" and (codes == {"5202"} or (payment.fund[0] == "J" and codes == {"2241"})):
        return ""  # a levy's refund goes to its household, what came in by mistake back to its sender (levies)
    if not path.supplier:
        return f"决议 {path.code} 还没有定下收款的单位，不能支付（165号令第22条）"
    if same_name_key(payment.payee) != same_name_key(path.supplier):
        return f"收款人“{payment.payee}”不是决议 {path.code} 定下的“{path.supplier}”（165号令第22条）"
    return ""


def _without_papers(payment: Payment, path: Path) -> str:
    """What the resolution demands, and the voucher does not say it has."""
    meta = payment.entry.meta
    if payment.total_fen <= 0 or all(code in _WITHOUT_PAPERS for code, _ in payment.legs):
        return ""
    by_project = payment.fund == "W" and "project" in meta  # projects.csv has its contract and acceptance
    missing = [
        _PAPERS[paper]
        for paper in path.resolution.papers.split()
        if not _has_paper(payment, paper) and not (by_project and paper in ("contract", "acceptance"))
    ]
    if missing:
        return f"决议 {path.code} 的付款须附{'、'.join(missing)}（会计基础工作规范第48条、165号令第22条）"
    accepted = meta.get("accepted")
    if isinstance(accepted, date) and accepted > payment.day:
        return f"付款早于验收日期 {accepted}（165号令第22条）"
    return ""


def _has_paper(payment: Payment, paper: str) -> bool:
    """Whether a voucher says it has a paper: the day of an acceptance, the number of a contract or an invoice."""
    if paper == "acceptance":
        return isinstance(payment.entry.meta.get("accepted"), date)
    said = payment.entry.meta.get(paper)
    return isinstance(said, str) and any(ch.isalnum() for ch in said)


def _without_seals(payment: Payment, path: Path) -> str:
    procedure = path.procedure
    assert procedure is not None
    number, small = payment.number, payment.total_fen <= to_fen(procedure.payment_seals_above_yuan)
    if not procedure.payment_seals or payment.total_fen <= 0 or (small and not number):
        return ""  # a number says that there are seals: then they are looked at, whatever the sum
    seals = path.payments.get(number, {})
    missing = [SEAL_NAMES[seal] for seal in procedure.payment_seals if seal not in seals]
    if missing and number in path.void:
        return path.void[number]
    if missing:
        shown = f"付款 {number} " if number else "付款"
        return f"决议 {path.code} 的{shown}没有盖{'、'.join(missing)}（{procedure.source}）"
    for use in seals.values():
        same = same_name_key(use.payee) == same_name_key(payment.payee)
        if not same or use.amount_yuan is None or to_fen(use.amount_yuan) != payment.total_fen:
            sealed = f"付给“{use.payee}”{show(use.amount_yuan or Decimal(0))} 元"
            return f"付款 {number} 用印时是{sealed}，与凭证不同（{procedure.source}）"
    last = max(one.day for one in path.records if getattr(one.record, "payment", None) == number)
    return f"付款 {number} 于 {last} 才用印（{procedure.source}）" if payment.day < last else ""


def twice_paid(payments: Sequence[Payment]) -> list[tuple[Payment, Payment]]:
    """Pairs that use one sealed payment twice.

    What a red voucher took back used none, nor does the red one; money that came back whole may be paid again.
    """
    gone = cancelled(payment.entry for payment in payments)
    held: dict[tuple[str, str], tuple[Payment, int]] = {}
    found = []
    for payment in payments:
        if not payment.number or _is_undone(payment.entry, gone):
            continue
        key, fen = (payment.resolution, payment.number), payment.total_fen
        if fen <= 0:
            if key in held:
                held[key] = (held[key][0], held[key][1] + fen)
        elif key not in held or held[key][1] <= 0:
            held[key] = (payment, fen)
        else:
            found.append((held[key][0], payment))
    return found


def _is_undone(entry: data.Transaction, gone: set[str]) -> bool:
    """Whether a voucher was taken back, or is the red one that takes back."""
    return entry.meta.get(KIND_KEY) == RED or ("voucher" in entry.meta and voucher_name(entry) in gone)
