"""The page 三方 as a value: a month's figures, what each party signed of them, what differs, what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from jiezhang.close.presenting import figure_faults
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.people import POSTERS, has_role, role_names
from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.attestation import ROLES
from jiezhang.domain.tri_party.differences import PARTY_NAMES
from jiezhang.domain.tri_party.figures import MonthFigures
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_digest
from jiezhang.domain.tri_party.signing import banks_named, missing_parties, signed_fault, unconfirmed
from jiezhang.street.board import STATE_NAMES
from jiezhang.street.board import State as MonthState
from reports.render.tri_party_words import (
    SIDE_NAMES,
    account_note,
    anchor_facts,
    beijing,
    equation_words,
    figure_cells,
    fund_name,
    grouped,
    item_cells,
    need_words,
    signing_note,
)
from reports.render.tri_party_words import STATE_NAMES as WORDS
from reports.tri_party import tri_party_statement
from reports.tri_party_value import Item, PartyPart, State, TriPartyStatement

from .decisions_view import Mark
from .wording import subject_of

_MARKS: Mapping[State, Mark] = {
    "confirmed": "good", "excepted": "wait", "partial": "wait", "unsigned": "wait", "refused": "bad", "faulty": "bad",
}  # fmt: skip
_STATE_MARKS: Mapping[MonthState, Mark] = {"closed": "good", "presented": "wait", "open": "over"}
_VOID = "作废"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the books say of a month now: its figures made anew (`None` where they can't be or needn't be), and every
    sentence that keeps it from being presented or closed."""

    now: MonthFigures | None = None
    hindrances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SigningShown:
    """What one person signed; `void` says why it does not count."""

    who: str
    word: str
    mark: Mark
    time: str
    note: str
    void: str


@dataclass(frozen=True, slots=True)
class LegShown:
    """A party: its word as a whole, whether the month needs it, and whose signature is awaited while there is none."""

    name: str
    need: str
    word: str
    mark: Mark
    signings: tuple[SigningShown, ...]
    awaited: str
    unsigned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountShown:
    """One account: four rows of cells as the statement's columns have them; `differs`: bank and book don't agree."""

    name: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    note: str
    differs: bool


@dataclass(frozen=True, slots=True)
class FundShown:
    """One fund: accounts, and its equations in words with whether each holds, that of money and owners first."""

    name: str
    accounts: tuple[AccountShown, ...]
    equations: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """One difference; `cells` are those of the statement's list."""

    id: str
    cells: tuple[str, ...]
    about: str
    explanation: str
    ended: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do now. `waits`: whose part it is; `action`: which button does it."""

    sentence: str
    waits: str = ""
    action: Literal["present", "sign", "close"] | None = None
    folded: str = ""
    """What no button does, as the title of a fold with its `commands`."""
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A month's figures and everything said of them."""

    funds: tuple[FundShown, ...]
    compound_equations: tuple[tuple[str, str, bool], ...]
    facts: tuple[tuple[str, str], ...]
    legs: tuple[LegShown, ...]
    open: tuple[DifferenceShown, ...]
    ended: tuple[DifferenceShown, ...]
    late: tuple[tuple[str, str, str, str], ...]
    changed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every equation does."""
        ours = [one for fund in self.funds for one in fund.equations]
        return all(holds for _, _, holds in (*ours, *self.compound_equations))


@dataclass(frozen=True, slots=True)
class PartiesView:
    """Everything the page shows of one compound's month. `shown` is `None` where no figures can be made."""

    month: Month
    state: MonthState
    word: str
    mark: Mark
    hindrances: tuple[str, ...]
    next: NextStep
    shown: Shown | None
    seal: tuple[tuple[str, str], ...] = field(default=())
    """What the seal says of itself: label and value."""
    signable: bool = False
    """Whether what is before the parties is what the books say, so that a party's word on it counts."""


def parties_view(office: OfficeView, month: Month, standing: Standing) -> PartiesView:
    """The view of `month`: what is sealed, or before the parties, or, before that, what the books say now."""
    months = office.files.months
    seal, presented = months.seal_of(month), months.presented.get(str(month))
    state: MonthState = "closed" if seal is not None else "open" if presented is None else "presented"
    statement = statement_of(office, month)
    if statement is None and standing.now is not None:
        statement = tri_party_statement(standing.now, (), closed=False)
    return PartiesView(
        month=month,
        state=state,
        word=STATE_NAMES[state],
        mark=_STATE_MARKS[state],
        hindrances=standing.hindrances,
        next=next_step(office, month, standing),
        shown=_shown(office, statement, state) if statement is not None else None,
        seal=_seal(office, seal) if seal is not None else (),
        signable=presented is not None and seal is None and standing.now == presented.figures
        and not figure_faults(presented.figures),
    )


def statement_of(office: OfficeView, month: Month) -> TriPartyStatement | None:
    """The statement of a month that is sealed or before the parties; `None` of any other."""
    months, people = office.files.months, office.files.people
    seal = months.seal_of(month)
    found = seal or months.presented.get(str(month))
    if found is None:
        return None
    return tri_party_statement(
        found.figures,
        found.signed,
        faults={one.attestation.person: signed_fault(one, found.figures, people) for one in found.signed},
        closed=seal is not None,
        explanations=dict(found.explanations),
    )


def next_step(office: OfficeView, month: Month, standing: Standing) -> NextStep:
    """What to do now with `month`, and whose part it is."""
    code, months = office.files.compound.code, office.files.months
    posters = _named(office, POSTERS)
    presented = months.presented.get(str(month))
    if months.seal_of(month) is not None:
        said = "已封月，不能再记、再改；更正记在以后的月份。各方拿自己留存的公钥和存证，随时可以验证。"
        verify = f"jiezhang verify --compound {code} --trust 信任.toml --kept 存证文件夹"
        return NextStep(said, folded="怎样验证（在装有街账的电脑上，用命令）", commands=(verify,))
    if presented is None:
        if standing.hindrances or standing.now is None:
            return NextStep("还没有报送。先解决下列问题，再报送。")
        return NextStep("还没有报送。记账人用自己的私钥签名，报送银行、专业审计和社区核对。", posters, "present")
    if standing.now is None:
        return NextStep("已报送。先解决下列问题。")
    if figure_faults(standing.now):
        return NextStep("先改正账簿，再重新报送，各方重新签署。", posters)
    if standing.now != presented.figures:
        return NextStep("报送以后有了变动，须重新报送，各方重新签署。", posters, "present")
    missing = missing_parties(presented.signed, presented.figures.required)
    banks = unconfirmed(presented.figures, presented.signed, banks_named(office.files.people, code))
    if banks and "bank" not in missing:
        missing = ("bank", *missing)  # one of them has signed, of its own accounts
    if missing:
        named = "、".join(PARTY_NAMES[party] for party in missing)
        return NextStep(f"已报送，等{named}核对签署。", action="sign")
    if standing.hindrances:
        return NextStep("各方已经签署。先解决下列问题，再封月。")
    return NextStep("各方已经签署，可以封月。", posters, "close")


def _named(office: OfficeView, roles: Sequence[str]) -> str:
    """Who of `roles` can sign for the compound: those with a key; where nobody has one, everybody, and that."""
    code = office.files.compound.code
    people = [one for one in office.files.people.values() if has_role(one, roles, code)]
    people.sort(key=lambda person: person.id)
    with_key = [one for one in people if one.key]
    said = "、".join(f"{one.id} {one.name}" for one in with_key or people)
    return said if with_key else f"{said}（还没有登记公钥）" if people else f"{role_names(roles)}（还没有登记人员）"


def _shown(office: OfficeView, statement: TriPartyStatement, state: MonthState) -> Shown:
    return Shown(
        funds=tuple(
            FundShown(
                name=fund_name(fund.fund),
                accounts=tuple(
                    AccountShown(
                        name=subject_of(part.account),
                        rows=tuple((SIDE_NAMES[row.side], figure_cells(part, row)) for row in part.rows),
                        note=account_note(part),
                        differs=bool(part.row("closing").difference_fen),
                    )
                    for part in fund.accounts
                ),
                equations=tuple((one.name, equation_words(one), one.holds) for one in (fund.identity, *fund.equations)),
            )
            for fund in statement.funds
        ),
        compound_equations=tuple((one.name, equation_words(one), one.holds) for one in statement.equations),
        facts=tuple(anchor_facts(statement)) if state != "open" else (),
        legs=tuple(_leg(office, part, state) for part in statement.parties) if state != "open" else (),
        open=tuple(_difference(item) for item in statement.open_items),
        ended=tuple(_difference(item) for item in statement.ended_items),
        late=tuple((one.voucher, one.corrects, one.kind, one.text) for one in statement.late),
        changed=statement.changed,
    )


def _leg(office: OfficeView, part: PartyPart, state: MonthState) -> LegShown:
    """A party that needn't sign is not waited for."""
    is_awaited = part.state in ("unsigned", "partial", "faulty") and state == "presented"
    return LegShown(
        name=PARTY_NAMES[part.party],
        need=need_words(part),
        word=_word(part.state),
        mark="over" if part.state == "unsigned" and not part.required else _MARKS[part.state],
        signings=tuple(
            SigningShown(
                who=f"{one.person} {one.name}",
                word=_word(one.state) + ("" if one.current else "（后又重签）"),
                mark=_MARKS[one.state] if one.current else "over",
                time=beijing(one.time),
                note=signing_note(one.model_copy(update={"fault": ""})),
                void=one.fault,
            )
            for one in part.signings
        ),
        awaited=_named(office, ROLES[part.party]) if is_awaited else "",
        unsigned=part.unsigned,
    )


def _word(state: State) -> str:
    """The statement's word, but of a signature that does not hold what that comes to."""
    return _VOID if state == "faulty" else WORDS[state]


def _difference(item: Item) -> DifferenceShown:
    about = item.text if item.ref in item.text else f"{item.ref}：{item.text}"
    return DifferenceShown(item.id, item_cells(item), about, item.explanation, item.ended)


def _seal(office: OfficeView, seal: MonthSeal) -> tuple[tuple[str, str], ...]:
    person = office.files.people.get(seal.closed_by)
    missing = "、".join(PARTY_NAMES[party] for party in seal.missing)
    return (
        ("封月人", f"{seal.closed_by} {person.name}" if person else seal.closed_by),
        ("封存指纹", grouped(seal_digest(seal))),
        ("缺签", missing or "没有"),
    )
