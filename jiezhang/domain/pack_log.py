"""Which rule packs a street works by, and who agreed to each: `rulepacks.csv`, added to and never changed.

财会〔2024〕11号 (2025-01-01) art. 17: rules by which the system reviews by itself can be looked up and traced, and
"其设立与变更应当履行审签程序，严格管理，留档备查". One person proposes a change of a pack, another approves it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from .people import ROLES, by_id, role_names
from .problem import Refused
from .register import Day, Name, Person, Row, Text

Numbered = Sequence[tuple[int, "PackAdoption"]]
"""Rows of the log, each with its line in the file."""

FOUNDERS = "建账"
"""Stands for both persons in the rows that a new street begins with."""
FOUNDING_REASON = "建账时采用"

PROPOSERS = ("bookkeeper", "reviewer", "street_head")
APPROVERS = ("reviewer", "street_head")


class PackAdoption(Row):
    """One line of `rulepacks.csv`: a proposal while `approved_by` is empty, else an adoption.

    `pack` is `hangzhou` or `procedures/four_steps`, `sha256` the digest of its file; `document` what the decision is
    written in.
    """

    day: Day
    pack: Annotated[
        str, StringConstraints(pattern=r"^(procedures/)?[a-z][a-z0-9_]*$", max_length=60), Field(examples=["hangzhou"])
    ]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    proposed_by: Name
    approved_by: Text = ""
    reason: Annotated[Text, StringConstraints(min_length=1)]
    document: Text = ""

    @property
    def is_founding(self) -> bool:
        """Whether it is of the day the books were opened, before there were persons."""
        return self.proposed_by == self.approved_by == FOUNDERS


def founding(digests: Mapping[str, str], day: date) -> list[PackAdoption]:
    """What a new street's log begins with: every pack (name → sha256) as it is on that day."""
    return [
        PackAdoption(
            day=day, pack=pack, sha256=digests[pack], proposed_by=FOUNDERS, approved_by=FOUNDERS, reason=FOUNDING_REASON
        )
        for pack in sorted(digests)
    ]


def current(log: Sequence[PackAdoption]) -> Mapping[str, str]:
    """Pack → sha256 of what was last approved; proposals do not count."""
    return {pack: row.sha256 for pack, row in adopted(log).items()}


def adopted(log: Sequence[PackAdoption]) -> Mapping[str, PackAdoption]:
    """Pack → the row by which it was last approved."""
    return {row.pack: row for row in log if row.approved_by}


def waiting(log: Sequence[PackAdoption]) -> Mapping[str, PackAdoption]:
    """Pack → the proposal that nobody has approved yet; a later row of the pack takes its place."""
    return {pack: row for pack, row in {row.pack: row for row in log}.items() if not row.approved_by}


def check_log(rows: Numbered, people: Sequence[Person], file: str) -> None:
    """`Refused` at the first row that one person alone made, or somebody who may not.

    Roles are asked only of the rows that count today, and not of persons who have none any more: they have left, and
    what they approved stays approved.
    """
    known = by_id(people)
    counting = {row.pack: line for line, row in rows if row.approved_by}
    founded: set[str] = set()
    for number, (line, row) in enumerate(rows):
        if not row.is_founding:
            _check_persons(row, known, counting.get(row.pack) == line, file, line)
        elif row.pack in founded or len(founded) < number:
            raise Refused(f"“{FOUNDERS}”只能写在最前面，每个规则包一次，以后的改动须由两个人提出、批准", file, line)
        else:
            founded.add(row.pack)


def _check_persons(row: PackAdoption, known: Mapping[str, Person], counts: bool, file: str, line: int) -> None:
    for who in (row.proposed_by, row.approved_by):
        if who and who not in known:
            raise Refused(f"人员 {who} 没有登记在街道的人员名单里", file, line)
    if row.proposed_by == row.approved_by:
        raise Refused(f"规则包 {row.pack} 由 {row.proposed_by} 一个人提出、批准，须由两个人办理", file, line)
    if counts and known[row.proposed_by].roles:
        _may(known[row.proposed_by], PROPOSERS, "提出", file, line)
    if counts and known[row.approved_by].roles:
        _may(known[row.approved_by], APPROVERS, "批准", file, line)


def _may(person: Person, roles: Sequence[str], act: str, file: str = "", line: int = 0) -> None:
    """A pack rules all compounds of the street, so whoever serves only some of them may not."""
    if person.compounds or not set(person.roles) & set(roles):
        who = f"{person.id}（{_offices(person)}）"
        raise Refused(f"{who}不能{act}规则包的改动，须是负责全街道的{role_names(roles)}", file, line)


def _offices(person: Person) -> str:
    """`代理会计、出纳`; a role the program does not know is shown as it is written."""
    return "、".join(ROLES.get(role, role) for role in person.roles) or "没有角色"


def propose(
    log: Sequence[PackAdoption], pack: str, sha256: str, by: Person, day: date, reason: str, document: str = ""
) -> PackAdoption:
    """The row to be added when `by` proposes to work by `pack` as it is now; `Refused` when there is nothing to do."""
    _may(by, PROPOSERS, "提出")
    if current(log).get(pack) == sha256:
        raise Refused(f"规则包 {pack} 没有改动，不用提出")
    pending = waiting(log).get(pack)
    if pending is not None and pending.sha256 == sha256:
        raise Refused(f"规则包 {pack} 的改动已由 {pending.proposed_by} 提出，等待批准")
    return PackAdoption(day=day, pack=pack, sha256=sha256, proposed_by=by.id, reason=reason, document=document)


def approve(log: Sequence[PackAdoption], pack: str, sha256: str, by: Person, day: date) -> PackAdoption:
    """The row to be added when `by` approves what was proposed for `pack`, whose file is `sha256` now."""
    _may(by, APPROVERS, "批准")
    pending = waiting(log).get(pack)
    if pending is None:
        raise Refused(f"规则包 {pack} 没有待批准的改动，请先用 jiezhang packs propose 提出")
    if pending.sha256 != sha256:
        raise Refused(f"规则包 {pack} 提出以后又有改动，须重新提出")
    if pending.proposed_by == by.id:
        raise Refused(f"规则包 {pack} 的改动由 {by.id} 提出，不能由同一个人批准")
    return pending.model_copy(update={"day": day, "approved_by": by.id})
