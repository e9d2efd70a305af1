"""A statement's open items: every difference once, under the names and masks of paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jiezhang.domain.corrections import KINDS
from jiezhang.domain.register import BANK_NAMES
from jiezhang.domain.text import clean
from jiezhang.domain.tri_party.differences import LEGS, PARTY_NAMES, Difference
from jiezhang.domain.tri_party.figures import AccountFigures, MonthFigures

from .tri_party_opinions import Word
from .tri_party_value import Item, Late, Seen
from .wording import mask_number


def differences_of(
    figures: MonthFigures, words: Sequence[Word]
) -> tuple[tuple[Difference, ...], tuple[tuple[Difference, str], ...]]:
    """The open differences, and those that came to an end with how; one that the figures and a party
    name in the same words is one. Only a party itself closes what it stated."""
    good = [word.signed.attestation for word in words if word.counts]
    settled = {(said.party, name): clean(said.name) for said in good for name in said.closes}
    once: dict[tuple[object, ...], Difference] = {}
    for one in (*figures.differences, *(found for said in good for found in said.differences)):
        once.setdefault((one.id, *one.key, one.day, one.amount_fen, one.text), one)
    still, ended = [], []
    for one in once.values():
        who = settled.get((one.party, one.id)) if one.id else None
        if one.closed or who is not None:
            ended.append((one, one.closed or f"{PARTY_NAMES[one.party]}（{who}）确认已经解决"))
        else:
            still.append(one)
    return tuple(still), tuple(ended)


def account_name(one: AccountFigures) -> str:
    """Bank or platform, and masked number."""
    name = BANK_NAMES.get(one.bank, clean(one.bank))
    return " ".join(filter(None, (name, mask_number(clean(one.number)))))


class Items:
    """Differences as printed: names for accounts, masked numbers, the office's words."""

    def __init__(self, figures: MonthFigures, said: Mapping[str, str]) -> None:
        """`said` are the office's words on a difference, by its id."""
        accounts = [one for fund in figures.funds for one in fund.accounts]
        self.names = {one.account: account_name(one) for one in accounts}
        self._numbers = {one.number: mask_number(one.number) for one in accounts if len(one.number) > 4}
        self._figures, self._said = figures, said

    def text(self, words: str) -> str:
        """`words` on one line; a full account number in it is masked as everywhere."""
        shown = clean(words)
        for number, masked in self._numbers.items():
            shown = shown.replace(number, masked)
        return shown

    def all_of(self, found: Iterable[tuple[Difference, str]]) -> tuple[Item, ...]:
        """In the statement's order; with each what ended it, or nothing."""
        made = [self._item(one, ended) for one, ended in found]
        return tuple(sorted(made, key=lambda one: (LEGS.index(one.party), one.since, one.id)))

    def _item(self, one: Difference, ended: str) -> Item:
        is_fund = one.account == one.fund  # a paper stands under its fund, and a record under none
        account = "" if is_fund else self.names.get(one.account, self.text(one.account.rpartition(":")[2]))
        return Item(
            id=one.id,
            party=one.party,
            kind=one.kind,
            fund="" if one.fund == "-" else one.fund,  # a record of a resolution is of none
            account=account,
            ref=self.text(one.ref),
            day=str(one.day or ""),
            amount_fen=one.amount_fen,
            since=one.since,
            age_months=one.age_months(self._figures.period),
            text=self.text(one.text),
            explanation=self.text(self._said.get(one.id) or one.explanation if one.id else one.explanation),
            ended=self.text(ended),
        )

    def late(self) -> tuple[Late, ...]:
        """Corrections of sealed months."""
        return tuple(
            Late(
                voucher=one.voucher, corrects=one.corrects, kind=KINDS.get(one.kind, one.kind), text=self.text(one.text)
            )
            for one in self._figures.late
        )  # fmt: skip

    def papers(self) -> tuple[Seen, ...]:
        """What the community has seen."""
        return tuple(
            Seen(
                ref=one.ref, kind=one.kind, day=str(one.day), amount_fen=one.amount_fen, fund=one.fund,
                text=self.text(one.text),
            )
            for one in self._figures.papers
        )  # fmt: skip
