"""A resolution's path through its procedure: what is done, what comes next, and the first thing that was done wrongly.

The engine knows no procedure by name: steps, roles, quorums, publications and deadlines come from the procedure's data.
A record that breaks it is a fault, and nothing after it counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from ..problem import Refused
from ..text import same_name_key
from .files import OfficeFiles
from .path_seals import bid_of, take_bid, take_payment_seal, take_seal
from .path_value import Done, Path, called, hanging_until
from .procedure import Step
from .records import Bid, Entered, Filing, Objection, Publication, Resolution, SealUse, Stage, Vote
from .seals import path_digest
from .signers import proposal_fault, signers_fault
from .voting import count_votes, majority_fault

STEP_KINDS = {"stage": ("review", "duty"), "vote": ("vote",), "publication": ("publication",), "filing": ("filing",),
               "bid": ("bids",), "seal": ("seal",)}
"""Which kinds of steps each kind of record takes."""


def walk_all(records: Sequence[Entered], files: OfficeFiles) -> dict[str, Path]:
    """Every resolution's path, by its code. Records of a resolution that nobody proposed are in none."""
    paths: dict[str, Path] = {}
    for one in records:
        path = paths.get(one.record.code)
        if path is None:
            if isinstance(one.record, Resolution):
                paths[one.record.code] = _begin(one, files)
            continue
        if path.fault is not None:
            continue
        said = _take(path, one, files)
        if said:
            path.fault = (said, one)
        else:
            path.records.append(one)
            if not path.digest and path.approved is not None:
                path.digest = path_digest(path.records)
    return paths


def _begin(one: Entered, files: OfficeFiles) -> Path:
    resolution = one.record
    procedure = files.procedures.get(resolution.procedure)
    path = Path(resolution.code, one, procedure)
    if procedure is None:
        path.fault = (f"决议 {resolution.code} 的程序“{resolution.procedure}”没有登记", one)
        return path
    said = proposal_fault(resolution, procedure, files, one.day, path.hats)
    if said:
        path.fault = (said, one)
        return path
    path.supplier = resolution.supplier
    path.done[procedure.steps[0].code] = Done(one.day, (one,))
    path.records.append(one)
    return path


def _take(path: Path, one: Entered, files: OfficeFiles) -> str:
    """Add a record to the path; or why it can't be."""
    if isinstance(one.record, Resolution):
        return f"决议编号 {path.code} 重复，已于 {path.opened.day} 用过"
    if path.ended:
        return f"决议 {path.code} {path.ended}，不能再往下办"
    if isinstance(one.record, Objection):
        return _object(path, one)
    if isinstance(one.record, SealUse) and one.record.payment is not None:
        return take_payment_seal(path, one, one.record, files)
    step = _step_of(path, one)
    if isinstance(step, str):
        return step
    return _out_of_turn(path, step, one.day) or _take_step(path, step, one, files)


def _take_step(path: Path, step: Step, one: Entered, files: OfficeFiles) -> str:
    match one.record:
        case Stage():
            return _review(path, step, one, one.record, files)
        case Vote():
            return _vote(path, step, one, one.record, files)
        case Bid():
            return take_bid(path, step, one, one.record)
        case SealUse():
            return take_seal(path, step, one, one.record, files)
        case Publication():
            return _publish(path, step, one, one.record, files)
        case Filing():
            return _file(path, step, one, one.record, files)
    raise AssertionError(one.kind)


def _step_of(path: Path, one: Entered) -> Step | str:
    """The step a record belongs to, or why there is none."""
    assert path.procedure is not None
    code = getattr(one.record, "step", None)
    for step in path.procedure.steps:
        if step.code == code:
            if step.kind not in STEP_KINDS[one.kind]:
                return f"{called(path, step)}不能用这种记录来办（{step.article}）"
            return step
    return f"程序“{path.procedure.name}”没有步骤“{code or ''}”（{path.procedure.source}）"


def _out_of_turn(path: Path, step: Step, day: date) -> str:
    """Why a step may not be taken on `day`: what goes before it, its deadline, an objection not answered."""
    assert path.procedure is not None
    name = called(path, step)
    if step.code in path.done:
        return f"{name}已于 {path.done[step.code].day} 办过，不能再办（{step.article}）"
    before = path.procedure.steps[: path.procedure.steps.index(step)]
    asked = [one for one in before if one in path.asked() and one.kind != "execute"]
    later = path.after_payment()
    duties = step in later
    for one in asked:
        if one.code not in path.done and not (duties and one in later):
            return f"{called(path, one)}还没有办，不能先办{name}（{one.article}）"
    owed = {one.code for one in later}
    done_before = [done for code, done in path.done.items() if code != step.code and code not in owed]
    last = max((done.day for done in done_before), default=day)
    open_since = [number for number, since in path.objections.items() if since <= day]
    if open_since:
        return f"业主异议 {open_since[0]} 还没有答复，不能办{name}（{step.article}）"
    if hanging_until(path, day):
        return f"公开的期限到 {last} 为止，期满以后才能办{name}（{step.article}）"
    if day < last:
        return f"{name}的日期 {day} 早于前一步的 {last}（{step.article}）"
    if step.within_days is not None and not duties and day > last + timedelta(days=step.within_days):
        return f"{name}须在前一步之后 {step.within_days} 日之内办，{day} 已经过期（{step.article}）"
    return ""


def _review(path: Path, step: Step, one: Entered, stage: Stage, files: OfficeFiles) -> str:
    said = signers_fault(step, stage.by, one.day, files, path.hats, called(path, step))
    if said:
        return said
    if step.awards and not stage.supplier and stage.outcome == "agree":
        return f"{called(path, step)}须写明选定的单位（{step.article}）"
    if stage.supplier:
        price = bid_of(path.prices, stage.supplier)
        if path.prices and price is None:
            return f"{called(path, step)}选定的“{stage.supplier}”没有参加报价（{step.article}）"
        if price is not None and price > path.resolution.budget_yuan:
            return f"{called(path, step)}选定的报价超过预算 {path.resolution.budget_yuan} 元（{step.article}）"
        if path.supplier and same_name_key(path.supplier) != same_name_key(stage.supplier):
            return f"{called(path, step)}选定的“{stage.supplier}”与已定的“{path.supplier}”不同（{step.article}）"
        path.supplier = stage.supplier
    path.done[step.code] = Done(one.day, (one,))
    if stage.outcome == "reject":
        path.ended_on = one.day
        path.ended = f"已在{called(path, step)}被否决（{step.article}）"
    return ""


def _vote(path: Path, step: Step, one: Entered, vote: Vote, files: OfficeFiles) -> str:
    content = files.ballots.get(vote.ballots)
    if content is None:
        return f"{called(path, step)}的表决票文件 {vote.ballots} 不见了（{step.article}）"
    if hashlib.sha256(content).hexdigest() != vote.sha256:
        return f"{called(path, step)}的表决票文件 {vote.ballots} 登记以后有改动（{step.article}）"
    try:
        found = count_votes(path.resolution, one.day, content, vote.ballots, files)
    except Refused as refused:
        return f"{called(path, step)}：{refused}（{step.article}）"
    path.done[step.code] = Done(one.day, (one,))
    failed = majority_fault(path.resolution, found, files, one.day)
    if failed:
        path.ended_on = one.day
        path.ended = f"在{called(path, step)}没有通过表决（{failed}）"
    return ""


def _publish(path: Path, step: Step, one: Entered, publication: Publication, files: OfficeFiles) -> str:
    said = signers_fault(step, publication.by, one.day, files, path.hats, called(path, step))
    days = (publication.until - one.day).days + 1
    if said or days < step.days_min:
        return said or f"{called(path, step)}须满 {step.days_min} 日，只有 {max(days, 0)} 日（{step.article}）"
    path.done[step.code] = Done(publication.until, (one,))
    return ""


def _file(path: Path, step: Step, one: Entered, filing: Filing, files: OfficeFiles) -> str:
    said = signers_fault(step, filing.by, one.day, files, path.hats, called(path, step))
    if not said:
        path.done[step.code] = Done(one.day, (one,))
    return said


def _object(path: Path, one: Entered) -> str:
    objection = one.record
    if objection.answer:
        if objection.number not in path.objections:
            return f"没有业主异议 {objection.number}，不能答复"
        del path.objections[objection.number]
        return ""
    if not objection.text:
        return f"业主异议 {objection.number} 没有写内容"
    path.objections[objection.number] = one.day
    return ""


def orphans(records: Iterable[Entered], paths: Mapping[str, Path]) -> list[Entered]:
    """Records of resolutions that nobody proposed, or that stand before the proposal."""
    known = {id(one) for path in paths.values() for one in (path.opened, *path.records)}
    faulted = {path.code for path in paths.values() if path.fault is not None}
    return [one for one in records if id(one) not in known and one.record.code not in faulted]
