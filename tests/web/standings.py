"""Standings made by hand, for what desks and the board show of them."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

from jiezhang.domain.period import Month
from jiezhang.domain.register import Community, Person, Street
from jiezhang.domain.tri_party.differences import LEGS, Party
from jiezhang.street.read_model import Kept
from jiezhang.street.standing_value import (
    CompoundStanding,
    FundBalance,
    MonthStanding,
    PartyWord,
    Pile,
    StepStanding,
)
from jiezhang.web.frame import LINKS
from jiezhang.web.pages import environment

AUGUST, SEPTEMBER, OCTOBER = Month(2026, 8), Month(2026, 9), Month(2026, 10)
TODAY = date(2026, 10, 20)
"""September was due on the 15th."""

PEOPLE = (
    Person(id="K01", name="代理会计1号", roles=("bookkeeper",)),
    Person(id="K02", name="代理会计2号", roles=("bookkeeper",), compounds=("C0002",)),
    Person(id="F01", name="复核员", roles=("reviewer",)),
    Person(id="T01", name="负责人", roles=("street_head",)),
    Person(id="S01", name="社区甲", roles=("community",), compounds=("C0001",), key="51" * 32),
    Person(id="Y01", name="业委会主任", roles=("committee",), compounds=("C0001",)),
    Person(id="A01", name="审计", roles=("auditor",), key="a1" * 32),
    Person(id="B01", name="工行", roles=("bank",), key="b1" * 32),
    Person(id="D01", name="业主代表", roles=("owner_representative",), compounds=("C0001",), key="d1" * 32),
    Person(id="D02", name="业主代表乙", roles=("owner_representative",), compounds=("C0001",)),
)
WHO = {person.id: person for person in PEOPLE}
STREET = Street(
    name="样例街道", city="huzhou", people=PEOPLE,
    communities=(Community(code="SQ1", name="一社区"), Community(code="SQ2", name="二社区")),
)  # fmt: skip


def pile(count: int, day: date = date(2026, 9, 3), *apart: str) -> Pile:
    return Pile(count=count, oldest=day, apart=apart)


def month(month: Month = SEPTEMBER, **fields: Any) -> MonthStanding:
    """A month of one account, all posted and agreed, unless `fields` say otherwise."""
    return MonthStanding(month=month, **{"posted": 5, "accounts": 1, "verdict": "agreed", **fields})


def parties(*signed: str, refused: str = "") -> tuple[PartyWord, ...]:
    """The parties of a month that the persons `signed`; owners need not."""
    who: dict[Party, str] = {"bank": "B01", "auditor": "A01", "community": "S01", "owners": "D01"}
    return tuple(
        PartyWord(
            party=party,
            word="确认" if who[party] in signed else "未签",
            persons=(who[party],) if who[party] in (*signed, refused) else (),
            is_in=who[party] in signed,
            is_required=party != "owners",
            has_refused=who[party] == refused,
        )
        for party in LEGS
    )


def step(**fields: Any) -> StepStanding:
    given = {"resolution": "R2026-01", "title": "垃圾房", "state": "next", "kind": "review", "step": "review",
             "name": "社区审核", "roles": ("community",)}  # fmt: skip
    return StepStanding(**{**given, **fields})


def standing(code: str = "C0001", *months: MonthStanding, **fields: Any) -> CompoundStanding:
    given = {"name": f"小区{code[-1]}", "community": "SQ1", "start": AUGUST, "closed": AUGUST,
             "published": (AUGUST, SEPTEMBER, OCTOBER),
             "balances": (FundBalance(fund="G公共收益", balance_fen=1_000_00),)}  # fmt: skip
    return CompoundStanding(code=code, months=months or (month(),), **{**given, **fields})


def kept(*standings: CompoundStanding, stale: tuple[str, ...] = ()) -> dict[str, Kept]:
    return {one.code: Kept(one, one.code in stale, "") for one in standings}


def rendered(template: str, view: object, person: Person = PEOPLE[0]) -> str:
    """The page as the frame shows it to `person`."""
    visitor = SimpleNamespace(person=person, roles="", session=SimpleNamespace(csrf="t"))
    return environment.get_template(template).render(
        view=view, street=STREET.name, visitor=visitor, links=LINKS, here="", demo=()
    )


class Markup(HTMLParser):
    """What a page is made of: its tags, its addresses, and whatever would need a script or a style of its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.forbidden: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.forbidden += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        if tag in ("script", "style"):
            self.forbidden.append(tag)
        self.addresses += [value or "" for name, value in attrs if name == "href"]
