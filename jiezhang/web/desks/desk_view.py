"""A person's desk as a value: what waits for them in every compound they serve, the oldest first, with its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from jiezhang.domain.duties.actions import Action
from jiezhang.domain.duties.may import may
from jiezhang.domain.people import has_role
from jiezhang.domain.period import Month
from jiezhang.domain.questions import about_words
from jiezhang.domain.register import Person
from jiezhang.domain.tri_party.differences import PARTY_NAMES
from jiezhang.street.asking import HEAD
from jiezhang.street.read_model import Kept
from jiezhang.street.standing_parties import awaits
from jiezhang.street.standing_value import (
    CompoundStanding,
    MonthStanding,
    Pile,
    QuestionStanding,
    StepStanding,
    count,
    due_day,
    oldest,
    posting_due,
)

from . import addresses
from .wording import accounts_named, step_words

SHOWN = 15
"""How many items of a group stand open; the others a click away."""

GROUPS: Mapping[str, tuple[str, str]] = {
    "faults": ("违反规则，须改正", "处"), "statements": ("缺对账单", "份"), "complete": ("待查明，须补录", "笔"),
    "review": ("待复核", "张"), "post": ("待过账", "张"), "present": ("可以报送", "个月"),
    "refused": ("被拒绝签署", "个月"), "close": ("可以封月", "个月"), "sign": ("待签署", "份"),
    "bank_first": ("等银行先签", "份"), "key": ("等登记公钥", "份"), "publish": ("公示表待张贴", "份"),
    "seal": ("待用印", "项"), "decide": ("决议待办", "项"), "answer": ("疑问待答复", "个"),
    "confirm": ("答复待我确认", "个"),
}  # fmt: skip
"""In the order of the work: title, and what is counted everywhere on the page."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do in one compound. `since`: since when it waits; `due`: by when it is to be done."""

    code: str
    name: str
    what: str
    address: str
    count: int = 1
    since: date | None = None
    due: date | None = None
    days_late: int = 0
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind, the oldest first."""

    key: str
    title: str
    unit: str
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        """Rows, vouchers or steps in `unit`, not compounds."""
        return sum(item.count for item in self.items)

    @property
    def rest_total(self) -> int:
        """Those that do not stand open, in the same unit."""
        return sum(item.count for item in self.rest)

    @property
    def first(self) -> tuple[Item, ...]:
        return self.items[:SHOWN]

    @property
    def rest(self) -> tuple[Item, ...]:
        return self.items[SHOWN:]


@dataclass(frozen=True, slots=True)
class DeskView:
    """Everything the desk shows. `compounds`: how many the person serves; `wrong`: those that can't be read, and why;
    `updating`: how many have older figures, or none yet."""

    groups: tuple[Group, ...]
    compounds: int
    late: int
    updating: int
    wrong: tuple[tuple[str, str], ...]


def desk_view(kept: Mapping[str, Kept], person: Person, today: date) -> DeskView:
    """What waits for `person` on `today`."""
    own = {code: one for code, one in kept.items() if _serves(person, code, today)}
    found: dict[str, list[Item]] = {key: [] for key in GROUPS}
    for one in own.values():
        if one.standing is not None:
            for key, item in _Desk(person, one.standing, one.is_stale, today).items():
                found[key].append(item)
    groups = [Group(key, *GROUPS[key], tuple(sorted(items, key=_age))) for key, items in found.items() if items]
    return DeskView(
        groups=tuple(groups),
        compounds=len(own),
        late=sum(item.days_late > 0 for group in groups for item in group.items),
        updating=sum(one.is_stale for one in own.values()),
        wrong=tuple((code, one.wrong) for code, one in own.items() if one.wrong and may(person, "books", code, today)),
    )


def _serves(person: Person, code: str, today: date) -> bool:
    return may(person, "decisions", code, today) or may(person, "parties", code, today)


def _age(item: Item) -> tuple[date, date, str]:
    return min(item.since or date.max, item.due or date.max), item.due or date.max, item.code


@dataclass(frozen=True, slots=True)
class _Desk:
    """One compound on one person's desk."""

    person: Person
    standing: CompoundStanding
    is_stale: bool
    today: date

    def items(self) -> Iterator[tuple[str, Item]]:
        yield from self._books()
        for month in sorted(self.standing.months, key=lambda one: one.month):
            yield from self._vouchers(month)
            if month.state == "presented":
                yield from self._presented(month)
            if self.standing.is_unpublished(month.month, self.today) and self._may("publish"):
                place = addresses.parties_page(self.person, self.standing.code, month.month, self.today)
                due = posting_due(month.month)
                yield "publish", self._item(f"{month.month} 收支公示表", f"{place}#jz-posted", due=due)
        for step in self.standing.steps:
            if step.is_ready(self.today):
                yield from self._step(step)
        for question in self.standing.questions:
            yield from self._question(question)

    def _may(self, action: Action) -> bool:
        return may(self.person, action, self.standing.code, self.today)

    def _item(
        self, what: str, address: str, count: int = 1, since: date | None = None, due: date | None = None
    ) -> Item:
        late = max(0, (self.today - due).days) if due is not None else 0
        return Item(self.standing.code, self.standing.name, what, address, count, since, due, late, self.is_stale)

    def _books(self) -> Iterator[tuple[str, Item]]:
        """What is wrong with the books, and the month that is laid before the parties next."""
        one, month = self.standing, self.standing.first_open
        if one.faults and self._may("complete"):
            yield (
                "faults",
                self._item(f"{one.faults} 处：{one.fault}", addresses.month_page(one.code, month), one.faults),
            )
        if self._may("import"):
            yield from self._statements()
        found = one.month(month)
        ready = found is not None and found.state == "open" and not found.unposted and not found.unstated
        if ready and not one.faults and self.today > month.last_day and self._may("present"):
            address = addresses.parties_page(self.person, one.code, month, self.today)
            yield "present", self._item(f"{month} 已全部过账", address, due=due_day(month))

    def _statements(self) -> Iterator[tuple[str, Item]]:
        """Months that are over and lack statements; those after the newest known one lack all."""
        one, newest = self.standing, Month.of(self.today).shift(-1)
        for month in one.months:
            if month.unstated and month.month >= one.first_open and month.month <= newest:
                yield "statements", self._statement(month.month, accounts_named(month.unstated), len(month.unstated))
        after = max(month.month for month in one.months).next if one.months else one.first_open
        if after <= newest:
            months = str(after) if after == newest else f"{after} 至 {newest}"
            accounts = one.months[0].accounts if one.months else 0  # of the newest month known
            number = max(accounts, 1) * (newest.year * 12 + newest.number - after.year * 12 - after.number + 1)
            yield "statements", self._statement(after, f"{months} 还没有导入对账单", number, is_whole=True)

    def _statement(self, month: Month, said: str, count: int, *, is_whole: bool = False) -> Item:
        what = said if is_whole else f"{month}：{said}"
        what += f"（{count} 份）" if count > 1 else ""
        return self._item(what, addresses.month_page(self.standing.code, month), count, month.next.first_day,
                          due_day(month))  # fmt: skip

    def _vouchers(self, month: MonthStanding) -> Iterator[tuple[str, Item]]:
        code = self.standing.code
        vouchers = addresses.vouchers_page(code, month.month)
        tasks: tuple[tuple[Action, tuple[Pile, ...], str, str], ...] = (
            ("complete", month.waiting, "笔流水", addresses.month_page(code, month.month)),
            ("review", month.entered, "张凭证", vouchers),
            ("post", month.reviewed, "张凭证", vouchers),
        )
        for action, piles, unit, address in tasks:
            number = count(piles, self.person.id)
            if number and self._may(action):
                what = f"{month.month}：{number} {unit}"
                yield action, self._item(what, address, number, oldest(piles, self.person.id))

    def _presented(self, month: MonthStanding) -> Iterator[tuple[str, Item]]:
        code, due = self.standing.code, due_day(month.month)
        address = addresses.parties_page(self.person, code, month.month, self.today)
        refused = [PARTY_NAMES[one.party] for one in month.parties if one.has_refused]
        if refused and self._may("present"):
            yield "refused", self._item(f"{month.month} {'、'.join(refused)}拒绝签署", address, due=due)
        if not refused and not month.missing and self._may("close"):
            yield "close", self._item(f"{month.month} 各方已签署", address, due=due)
        if self._may("sign"):
            for one in month.parties:
                if awaits(one, self.person, code, self.today):
                    what = f"{month.month} 三方对账单（{PARTY_NAMES[one.party]}）"
                    if not self.person.key:  # nothing that they are late with
                        yield "key", self._item(f"{what}：登记以后才能签署", address)
                    elif one.waits:  # nor this
                        yield "bank_first", self._item(f"{what}：{one.waits}", address)
                    else:
                        yield "sign", self._item(what, address, due=due)

    def _step(self, step: StepStanding) -> Iterator[tuple[str, Item]]:
        key: Action = "seal" if step.seals else "decide"
        is_theirs = has_role(self.person, step.roles, self.standing.code, self.today)
        if step.keepers:
            is_theirs = self.person.id in step.keepers
        if is_theirs and self._may(key):
            address = addresses.decisions_page(self.person, self.standing.code, step.resolution, self.today)
            yield key, self._item(step_words(step), address, due=step.due)

    def _question(self, question: QuestionStanding) -> Iterator[tuple[str, Item]]:
        """To be answered by the office, by its head once it is escalated; or confirmed by whoever asked."""
        what = f"{question.code} {about_words(question.about)}"
        address = addresses.questions_page(self.standing.code, question=question.code)
        if question.state == "answered":
            if question.asker == self.person.id and self._may("alert"):
                yield "confirm", self._item(what, address, since=question.since)
        elif self._may("answer") and question.asker != self.person.id:
            is_up = question.state == "escalated"
            if not is_up or has_role(self.person, HEAD, self.standing.code, self.today):
                said = f"{what}（已上报）" if is_up else what
                yield "answer", self._item(said, address, since=question.since, due=question.due)
