"""A resolution's path, for whoever asks what was decided, by whom, what is next, and what was paid under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from beancount.core import data

from jiezhang.domain.applicable import stop_value, stops
from jiezhang.domain.approval.electorate import matter_key
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.path_value import Path
from jiezhang.domain.approval.procedure import MATTERS, SEAL_NAMES, SealName, Step
from jiezhang.domain.approval.records import (
    Bid,
    Entered,
    Filing,
    Objection,
    Publication,
    Resolution,
    SealUse,
    Stage,
    Vote,
)
from jiezhang.domain.approval.spending import Payment, all_payments
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.approval.voting import QUORUM, count_votes, majority_fault
from jiezhang.domain.booking import POSTED
from jiezhang.domain.money import show, to_fen
from jiezhang.domain.people import has_role, named, role_names
from jiezhang.domain.problem import Refused
from jiezhang.domain.scope import parse_scope

from .fund_paper import scope_words
from .resolution_value import (
    STATUS_NAMES,
    BidLine,
    PaymentLine,
    RecordLine,
    ResolutionPaper,
    StepLine,
    StepStatus,
    TallyLine,
)

__all__ = [
    "STATUS_NAMES",
    "ResolutionPaper",
    "StepLine",
    "TallyLine",
    "resolution_paper",
    "said_in_words",
    "tally_line",
]


def resolution_paper(view: OfficeView, path: Path, day: date) -> ResolutionPaper:
    """The paper of one path, as of the end of `day`."""
    files, resolution = view.files, path.resolution
    paid = [payment for payment in all_payments(view.entries) if payment.resolution == path.code]
    procedure = path.procedure
    return ResolutionPaper(
        compound=files.compound.code,
        code=path.code,
        title=resolution.title,
        procedure=procedure.name if procedure else resolution.procedure,
        source=procedure.source if procedure else "",
        verified=procedure.verified if procedure else False,
        day=day,
        terms=_terms(path, files),
        steps=tuple(_steps(path, files, bool(paid), day)),
        records=tuple(RecordLine(one.day, one.kind, said_in_words(one, files)) for one in path.records),
        tallies=tuple(_tallies(path, files)),
        bids=tuple(_bids(path)),
        objections=tuple(path.objections),
        payments=tuple(_payment(payment, path) for payment in paid),
        budget_fen=to_fen(resolution.budget_yuan),
        paid_fen=sum(payment.total_fen for payment in paid),
        approved=path.approved,
        ended=path.ended,
        fault=path.fault[0] if path.fault else "",
    )


def _terms(path: Path, files: OfficeFiles) -> tuple[tuple[str, str], ...]:
    given = path.resolution
    limits = {
        "每笔最多": f"{show(given.each_max_yuan)} 元" if given.each_max_yuan is not None else "",
        "每月最多": "，".join(
            [*([f"{given.count_max} 笔"] if given.count_max else []),
             *([f"{show(given.month_max_yuan)} 元"] if given.month_max_yuan is not None else [])]
        ),
    }  # fmt: skip
    pairs = {
        "事项": MATTERS[given.matter],
        "资金": f"{given.fund}　科目 {given.subjects}",
        "预算": f"{show(given.budget_yuan)} 元" if given.budget_yuan else "",
        **limits,
        "范围": _scope(given.scope),
        "收款单位": path.supplier,
        "维修项目": given.project,
        "情形": given.cause,
        "期限": f"{given.starts} 至 {given.ends}",
        "提议": f"{path.opened.day}　{_people(given.by, files)}",
    }
    return tuple((label, value) for label, value in pairs.items() if value)


def _scope(text: str) -> str:
    """As an owner says it; what is no scope, which a rule tells, as it was written."""
    try:
        return scope_words(parse_scope(text))
    except Refused:
        return text


def _steps(path: Path, files: OfficeFiles, paid: bool, day: date) -> list[StepLine]:
    if path.procedure is None:
        return []
    asked, after, following = path.asked(), path.after_payment(), path.next_step()
    lines = []
    for step in path.procedure.steps:
        done = path.done.get(step.code)
        status: StepStatus = "later"
        if step not in asked:
            status = "not_asked"
        elif done is not None:
            status = "hanging" if done.day >= day and done.records[0].kind == "publication" else "done"
        elif step.kind == "execute":
            status = "done" if paid else "later"
        elif step in after:
            status = "owed" if paid else "later"
        elif following is not None and step.code == following.code:
            status = "next"
        by = "、".join(dict.fromkeys(_by(one, files) for one in done.records)) if done else ""
        lines.append(
            StepLine(
                path.procedure.number_of(step), step.code, step.title, status, done.day if done else None, by,
                _who(step, files), _due(path, step, status), step.article,
            )
        )  # fmt: skip
    return lines


def _due(path: Path, step: Step, status: StepStatus) -> date | None:
    """The last day of a step whose time is running."""
    if step.within_days is None or status not in ("next", "owed"):
        return None
    last = path.approved if status == "owed" else max((done.day for done in path.done.values()), default=None)
    return last + timedelta(days=step.within_days) if last is not None else None


def _who(step: Step, files: OfficeFiles) -> str:
    """Who may take a step: roles, with the people of the compound who have them."""
    if step.kind == "seal":
        return "、".join(SEAL_NAMES[seal] for seal in step.seals)
    if step.kind == "vote":
        return "业主"
    code = files.compound.code
    people = [named(files.people, one.id) for one in files.people.values() if has_role(one, step.who, code)]
    roles = role_names(step.who)
    return f"{roles}（{'、'.join(people)}）" if people else roles


def _people(by: str, files: OfficeFiles) -> str:
    return "、".join(named(files.people, one) for one in by.split(","))


def _by(one: Entered, files: OfficeFiles) -> str:
    record = one.record
    if isinstance(record, SealUse):
        keeper = next((key.keeper for _, key in files.keys if key.code == record.key), record.key)
        return f"{SEAL_NAMES[record.seal]}（{named(files.people, keeper)}）"
    by = getattr(record, "by", "")
    return _people(by, files) if by else "业主" if isinstance(record, Vote) else "投标人"


def said_in_words(one: Entered, files: OfficeFiles) -> str:
    """What a record says, for people."""
    record, who = one.record, _by(one, files)
    match record:
        case Stage():
            chosen = f"，选定“{record.supplier}”" if record.supplier else ""
            opinion = f"：{record.opinion}" if record.opinion else ""
            return f"{who}{'同意' if record.outcome == 'agree' else '否决'}{chosen}{opinion}"
        case Vote():
            return f"业主表决，表决票 {record.ballots}"
        case Bid():
            price = f"开封报价 {show(record.price_yuan)} 元" if record.price_yuan is not None else "交密封报价"
            return f"“{record.supplier}”{price}"
        case SealUse():
            of = f"，付款 {record.payment}“{record.payee}”{show(record.amount_yuan)} 元" if record.amount_yuan else ""
            return f"盖{SEAL_NAMES[record.seal]}，钥匙 {record.key}{of}"
        case Publication():
            return f"{who}公开于{record.place}，到 {record.until}"
        case Objection():
            return f"异议 {record.number}{'答复：' + record.answer if record.answer else '：' + record.text}"
        case Filing():
            return f"{who}备案，编号 {record.number}"
        case _:
            return f"{who}提议“{record.title}”"


def _tallies(path: Path, files: OfficeFiles) -> list[TallyLine]:
    lines = []
    for one in path.records:
        if isinstance(one.record, Vote):
            lines.append(tally_line(path, one.record.step, one.day, files.ballots[one.record.ballots], files))
    return lines


def tally_line(path: Path, step: str, day: date, ballots: bytes, files: OfficeFiles) -> TallyLine:
    """What a vote of `day` came to; `ballots` are those kept with the books."""
    found = count_votes(path.resolution, day, ballots, "", files)
    failed = majority_fault(path.resolution, found, files, day)
    of_all = stop_value(files.rules_on(day), "vote.counted_over", str) == "all"
    base = found.everybody if of_all else found.took_part
    return TallyLine(step, day, found, failed, _asked(path.resolution, files, day), base)


def _asked(resolution: Resolution, files: OfficeFiles, day: date) -> str:
    """Participation and consent that the verified rules ask, with the article."""
    binding = stops(files.rules_on(day))
    rules = [(word, binding.get(key)) for word, key in (("参与", QUORUM), ("同意", matter_key(resolution.matter)))]
    said = [f"{word}{rule.shown()}" for word, rule in rules if rule is not None]
    articles = dict.fromkeys(rule.article for _, rule in rules if rule is not None)
    return f"{'，'.join(said)}（{'、'.join(articles)}）" if said else ""


def _bids(path: Path) -> list[BidLine]:
    return [
        BidLine(
            supplier,
            to_fen(path.prices[supplier]) if supplier in path.prices else None,
            supplier == path.supplier and supplier in path.prices,
        )
        for supplier in path.sealed
    ]


def _payment(payment: Payment, path: Path) -> PaymentLine:
    entry: data.Transaction = payment.entry
    seals: Sequence[SealName] = [use.seal for use in path.payments.get(str(entry.meta.get("payment", "")), {}).values()]
    return PaymentLine(
        payment.day, str(entry.meta.get("voucher", "")), payment.payee, payment.total_fen, entry.flag == POSTED,
        tuple(SEAL_NAMES[seal] for seal in seals),
    )  # fmt: skip
