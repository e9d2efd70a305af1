"""Build the month's statement of three parties from the figures they sign, and from what they signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jiezhang.domain.canonical import canonical_digest
from jiezhang.domain.people import POSTERS
from jiezhang.domain.text import clean
from jiezhang.domain.tri_party.attestation import Signed
from jiezhang.domain.tri_party.differences import Difference
from jiezhang.domain.tri_party.figures import AccountFigures, FundFigures, MonthFigures, identity_fen

from .tri_party_items import Items, account_name, differences_of
from .tri_party_opinions import Word, opinion, party_parts, words_of
from .tri_party_value import (
    ASKED,
    KEY_SHOWN,
    WORST_FIRST,
    AccountPart,
    Anchor,
    Equation,
    FigureRow,
    FundPart,
    Opinion,
    Side,
    Term,
    TriPartyStatement,
)

__all__ = ["TriPartyStatement", "tri_party_statement"]

_SIDES: tuple[Side, ...] = ("opening", "came", "went", "closing")


def tri_party_statement(
    figures: MonthFigures,
    signed: Sequence[Signed],
    *,
    faults: Mapping[str, str] | None = None,
    closed: bool,
    explanations: Mapping[str, str] | None = None,
) -> TriPartyStatement:
    """The statement of `figures` with what was `signed` of them.

    `faults` says, by person, why a signature does not hold: it then counts for nothing. `explanations` are the office's
    words on a difference, by its id. `closed`: the month has its seal; before, the paper is a draft.
    """
    words = words_of(figures, signed, faults or {})
    found, ended = differences_of(figures, words)
    items = Items(figures, explanations or {})
    funds = tuple(_fund(fund, words, found) for fund in figures.funds)
    bank = {one.account: one.bank for fund in funds for one in fund.accounts}
    return TriPartyStatement(
        street=clean(figures.street),
        compound=figures.compound,
        name=clean(figures.name),
        month=figures.month,
        closed=closed,
        anchor=_anchor(figures),
        vouchers=figures.vouchers.count,
        first_voucher=figures.vouchers.first,
        last_voucher=figures.vouchers.last,
        funds=funds,
        equations=_equations(figures),
        open_items=items.all_of((one, "") for one in found),
        ended_items=items.all_of(ended),
        late=items.late(),
        changed=tuple(clean(path) for path in figures.changed),
        papers=items.papers(),
        parties=party_parts(figures, words, bank, items.names),
    )


def _anchor(figures: MonthFigures) -> Anchor:
    return Anchor(
        office=tuple(
            f"{person.id} {person.key[:KEY_SHOWN]}"
            for person in figures.people
            if person.key and set(person.roles) & set(POSTERS)
        ),
        figures=canonical_digest(figures),
        tree_size=figures.vouchers.tree_size,
        tree_root=figures.vouchers.tree_root,
        households=figures.households.count,
        households_fen=figures.households.total_fen,
        households_root=figures.households.root,
        previous=figures.previous,
    )


def _fund(fund: FundFigures, words: Sequence[Word], found: Sequence[Difference]) -> FundPart:
    accounts = tuple(_account(one, fund.fund, words, found) for one in fund.accounts)
    return FundPart(
        fund=fund.fund,
        accounts=accounts,
        total=_total(accounts) if len(accounts) > 1 else None,
        identity=_identity(fund),
        equations=(*_bridge(fund, accounts), *_fund_equations(fund)),
        households=fund.households,
    )


def _account(one: AccountFigures, fund: str, words: Sequence[Word], found: Sequence[Difference]) -> AccountPart:
    auditor = opinion(words, "auditor", one, fund, found)
    community = opinion(words, "community", one, fund, found)
    listed = [item for item in found if item.party == "bank" and item.account == one.account]
    rows = []
    for side in _SIDES:
        book, bank = getattr(one, f"{side}_fen"), getattr(one, f"bank_{side}_fen")
        rows.append(
            FigureRow(
                side=side,
                book_fen=book,
                bank_fen=bank,
                auditor_fen=book if side in ASKED and auditor.state == "confirmed" else None,
                community_fen=book if side in ASKED and community.state == "confirmed" else None,
                difference_fen=None if bank is None else bank - book,
            )
        )
    return AccountPart(
        account=one.account,
        name=account_name(one),
        rows=tuple(rows),
        book_rows=one.rows,
        bank_rows=one.bank_rows,
        bank=opinion(words, "bank", one, fund, found),
        auditor=auditor,
        community=community,
        listed=len(listed),
        listed_fen=sum(item.amount_fen for item in listed),
    )


def _total(parts: Sequence[AccountPart]) -> AccountPart:
    """The sum of a fund's accounts: a column has one only when each account has a figure in it."""
    rows = []
    for side in _SIDES:
        own = [part.row(side) for part in parts]
        rows.append(
            FigureRow(
                side=side,
                book_fen=sum(row.book_fen for row in own),
                bank_fen=_sum([row.bank_fen for row in own]),
                auditor_fen=_sum([row.auditor_fen for row in own]),
                community_fen=_sum([row.community_fen for row in own]),
                difference_fen=_sum([row.difference_fen for row in own]),
            )
        )
    return AccountPart(
        account="",
        name="",
        rows=tuple(rows),
        book_rows=sum(part.book_rows for part in parts),
        bank_rows=sum(part.bank_rows for part in parts),
        bank=_worst([part.bank for part in parts]),
        auditor=_worst([part.auditor for part in parts]),
        community=_worst([part.community for part in parts]),
        listed=sum(part.listed for part in parts),
        listed_fen=sum(part.listed_fen for part in parts),
    )


def _sum(figures: Sequence[int | None]) -> int | None:
    known = [fen for fen in figures if fen is not None]
    return sum(known) if len(known) == len(figures) else None


def _worst(words: Sequence[Opinion]) -> Opinion:
    return Opinion(state=min((said.state for said in words), key=WORST_FIRST.index))


def _identity(fund: FundFigures) -> Equation:
    """Where the money is, and whose it is (`identity_fen`)."""
    where = (
        Term(name="银行、支付平台存款", fen=fund.money_fen),
        Term(name="国债", fen=fund.bonds_fen),
        Term(name="备用金、在途等", fen=fund.advance_fen),
    )
    if fund.households:
        whose = [
            Term(name=f"各户余额（{fund.households:,} 个分户账）", fen=fund.households_fen),
            Term(name="未分配收益", fen=fund.undistributed_fen),
        ]
    else:
        whose = [Term(name="资金结余", fen=fund.closing_fen)]
    whose += [Term(name="应付款项", fen=fund.payable_fen), Term(name="待查款项", fen=fund.unexplained_fen)]
    made = Equation(name="资金与归属", left=where, right=tuple(whose))
    assert (made.left_fen, made.right_fen) == identity_fen(fund)
    return made


def _bridge(fund: FundFigures, accounts: Sequence[AccountPart]) -> tuple[Equation, ...]:
    """From the bank's balances to the book's: what the bank lists as open, and what the book has in no account, as
    money between platform and bank. Nothing where a balance is not known, or both are the same without it."""
    closings = [part.row("closing") for part in accounts]
    known = [row.bank_fen for row in closings if row.bank_fen is not None]
    beside = [("国债", fund.bonds_fen), ("备用金、在途等", fund.advance_fen)]
    differing = [part for part in accounts if part.row("closing").difference_fen]
    if len(known) < len(closings) or not (differing or any(fen for _, fen in beside)):
        return ()
    listed, count = sum(part.listed_fen for part in differing), sum(part.listed for part in differing)
    left = [
        Term(name="银行对账单余额", fen=sum(known)),
        *([Term(name=f"银行未结事项 {count} 项", fen=abs(listed), minus=listed > 0)] if count else []),
        *(Term(name=name, fen=fen) for name, fen in beside if fen),
    ]
    there = sum(row.book_fen for row in closings) + fund.bonds_fen + fund.advance_fen
    return (_equation("银行到账簿", left, [Term(name="账上资金", fen=there)]),)


def _fund_equations(fund: FundFigures) -> tuple[Equation, ...]:
    accounts = [Term(name="上列账户", fen=sum(one.closing_fen for one in fund.accounts))]
    flow = [
        Term(name="期初结余", fen=fund.opening_fen),
        Term(name="收入", fen=fund.income_fen),
        Term(name="支出", fen=fund.expense_fen, minus=True),
        *([Term(name="其他变动", fen=fund.other_fen)] if fund.other_fen else []),
    ]
    made = [
        _equation("账户合计", accounts, [Term(name="银行、支付平台存款", fen=fund.money_fen)]),
        _equation("本月收支", flow, [Term(name="期末结余", fen=fund.closing_fen)]),
        _equation("试算平衡", [Term(name="借方", fen=fund.debit_fen)], [Term(name="贷方", fen=fund.credit_fen)]),
    ]
    if fund.households:
        homes = Term(name="各户合计", fen=fund.households_fen)
        whose = [homes, Term(name="未分配收益", fen=fund.undistributed_fen)]
        made.append(_equation("幢与户", [Term(name="各幢合计", fen=fund.buildings_fen)], [homes]))
        made.append(_equation("结余归户", [Term(name="期末结余", fen=fund.closing_fen)], whose))
    return tuple(made)


def _equations(figures: MonthFigures) -> tuple[Equation, ...]:
    """The tree in which each household finds itself holds what the funds say."""
    own = [fund for fund in figures.funds if fund.households]
    if not own and not figures.households.count:
        return ()
    homes = sum(fund.households for fund in own)
    there = [Term(name=f"各户合计（{homes:,} 个分户账）", fen=sum(fund.households_fen for fund in own))]
    tree = [Term(name=f"户汇总树（{figures.households.count:,} 个分户账）", fen=figures.households.total_fen)]
    return (_equation("户汇总树", there, tree),)


def _equation(name: str, left: Sequence[Term], right: Sequence[Term]) -> Equation:
    return Equation(name=name, left=tuple(left), right=tuple(right))
