"""Who may do what: the roles of `street.toml`, and what the law keeps apart.

Sources: 会计法 2024 art. 25(1) (who keeps the books neither approves, nor handles the business, nor keeps the money),
art. 35 (a cashier neither reviews nor keeps the ledgers of income, expense, claims and debts).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from .duties.actions import roles_for
from .problem import Refused
from .register import Person, Street
from .text import same_name_key

ROLES: dict[str, str] = {
    "bookkeeper": "代理会计",
    "cashier": "出纳",
    "reviewer": "街道复核员",
    "street_head": "街道负责人",
    "street": "街道（审定、备案）",
    "community": "社区（居委会）",
    "community_accountant": "社区会计",
    "branch": "小区党支部",
    "committee": "业主委员会",
    "firm": "物业服务企业",
    "joint_meeting": "联席会议",
    "owner": "业主",
    "owner_representative": "业主代表",
    "auditor": "专业审计",
    "bank": "银行",
}

MAKERS = roles_for("complete")
REVIEWERS = roles_for("review")
POSTERS = roles_for("post")


def by_id(people: Iterable[Person]) -> dict[str, Person]:
    """Every person by `id`."""
    return {person.id: person for person in people}


def meant_by(people: Iterable[Person], typed: str) -> str:
    """The id that who typed `k01` or `Ｋ０１` meant; what they typed when it is nobody's, or several people's."""
    known = [person.id for person in people]
    bare = typed.strip()
    found = [one for one in known if same_name_key(one) == same_name_key(bare)]
    return found[0] if len(found) == 1 and bare not in known else bare


def known_person(street: Street, person: str, file: str = "") -> Person:
    """Who has the id `person`; `Refused` (with `file`, the street's data) when nobody has."""
    found = by_id(street.people).get(person)
    if found is None:
        raise Refused(f"人员 {person} 没有登记在街道的人员名单里", file)
    return found


def in_office(person: Person, day: date | None) -> bool:
    """Whether a person's part had begun and was not over on `day`; `None` asks about no day in particular."""
    return day is None or ((person.since or day) <= day <= (person.until or day))


def serves(person: Person, compound: str) -> bool:
    """Whether a person's part in the office extends to the compound with code `compound`."""
    return not person.compounds or compound in person.compounds


def has_role(person: Person | None, roles: Iterable[str], compound: str, day: date | None = None) -> bool:
    """Whether `person` (`None`: nobody known) has one of `roles` for the compound, and on `day`, if one is given."""
    if person is None or not in_office(person, day):
        return False
    return serves(person, compound) and bool(set(person.roles) & set(roles))


def members(people: Iterable[Person], role: str, compound: str, day: date | None = None) -> list[Person]:
    """Everybody who has `role` for the compound and was named for it: a committee's members, those of `day`."""
    return [
        person for person in people
        if role in person.roles and compound in person.compounds and in_office(person, day)
    ]  # fmt: skip


def somebody_signs(people: Iterable[Person]) -> bool:
    """Whether one of those who may post has a registered key: then everybody who posts needs one."""
    return any(person.key and set(person.roles) & set(POSTERS) for person in people)


def named(people: Mapping[str, Person], person: str) -> str:
    """`K01 代理会计1号`, or the id alone when nobody has it."""
    return f"{person} {people[person].name}" if person in people else person


def role_names(roles: Iterable[str]) -> str:
    """`业主委员会、物业服务企业`."""
    return "、".join(ROLES[role] for role in roles)


def refuse_without(person: Person, roles: Iterable[str], compound: str, doing: str) -> None:
    """`Refused` unless `person` has one of `roles` for the compound; `doing` says what they wanted, e.g. `制单`."""
    asked = tuple(roles)
    if not has_role(person, asked, compound):
        raise Refused(f"{person.id} {person.name}不是小区 {compound} 的{role_names(asked)}，不能{doing}")


def cashier_of(people: Iterable[Person], compound: str) -> str:
    """The id of the compound's one cashier; empty when it has none, or several."""
    found = [person.id for person in people if has_role(person, ("cashier",), compound)]
    return found[0] if len(found) == 1 else ""
