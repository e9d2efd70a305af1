"""The statement as a value: whose word counts, what a column may show, what is open and what has ended."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.tri_party.attestation import Signed
from jiezhang.domain.tri_party.differences import Difference
from jiezhang.domain.tri_party.figures import FundFigures, MonthFigures, identity_fen
from reports.tri_party import TriPartyStatement, tri_party_statement
from reports.tri_party_value import ASKED, AccountPart, Equation, statement_json
from tests.tri_party.little_month import G_ICBC, J_BOC, W_ABC, W_CCB, empty_month, little_month, little_words, word

FIGURES = little_month(differences=())
DIFFERS = Difference(
    party="auditor", kind="wrong_amount", fund="W维修资金", account=W_CCB, amount_fen=-7, since="2026-10"
)


def made(*signed: Signed, figures: MonthFigures = FIGURES, **other: Any) -> TriPartyStatement:
    return tri_party_statement(figures, signed, **({"closed": True} | other))


def part_of(statement: TriPartyStatement, account: str) -> AccountPart:
    return next(one for fund in statement.funds for one in fund.accounts if one.account == account)


def auditor(verdict: Any = "confirmed", person: str = "A01", **other: Any) -> Signed:
    return word(FIGURES, "auditor", person, "丙", verdict, **other)


def at(account: str, amount: int = -7, **other: Any) -> Difference:
    return DIFFERS.model_copy(update={"account": account, "amount_fen": amount} | other)


OTHER = little_month(previous="11" * 32)
SAID = {
    "nobody": ((), "unsigned", ()),
    "confirms": ((auditor(),), "confirmed", ()),
    "refuses": ((auditor("refused", reason="无"),), "refused", ()),
    "one of two refuses": ((auditor(), auditor("refused", "A02")), "refused", ()),
    "refused, then confirmed": ((auditor(time=9), auditor("refused", time=5)), "confirmed", ()),
    "confirmed, then refused": ((auditor("refused", time=9), auditor(time=5)), "refused", ()),
    "signed other figures": ((word(OTHER, "auditor", "A01", "丙", "confirmed"),), "faulty", ()),
    "signature is wrong": ((auditor(person="A09"),), "faulty", ()),
    "wrong one beside a good one": ((auditor(person="A09"), auditor()), "confirmed", ()),
    "exception here": ((auditor("excepted", differences=(at(W_CCB),)),), "excepted", (-7,)),
    "exceptions are not netted": (
        (auditor("excepted", differences=(at(W_CCB, 5), at(W_CCB, -5))),), "excepted", (5, -5),
    ),
    "exception on another account": ((auditor("excepted", differences=(at(W_ABC),)),), "confirmed", ()),
    "exception on the whole fund": ((auditor("excepted", differences=(at("", 0),)),), "excepted", (0,)),
    "exception on everything": ((auditor("excepted", differences=(at("", 0, fund=""),)),), "excepted", (0,)),
    "exception without saying what": ((auditor("excepted"),), "excepted", ()),
    "for another account only": ((auditor(accounts=(W_ABC,)),), "unsigned", ()),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_the_auditors_column_has_a_figure_only_when_it_was_confirmed(case: str) -> None:
    signed, state, amounts = SAID[case]
    part = part_of(made(*signed, faults={"A09": "公钥不在名册"}), W_CCB)
    assert (part.auditor.state, part.auditor.exceptions_fen) == (state, amounts)
    figures = [row.auditor_fen for row in part.rows]
    opening, _, _, closing = (row.book_fen for row in part.rows)
    asked = [opening, None, None, closing]  # what came and went is on no sheet
    assert figures == (asked if state == "confirmed" else [None] * 4)
    assert [row.community_fen for row in part.rows] == [None] * 4


def test_an_open_item_of_the_auditor_takes_the_figure_away_even_when_it_confirms() -> None:
    figures = little_month(differences=(at(W_CCB, id="D2026-09-01"),))
    part = part_of(made(word(figures, "auditor", "A01", "丙", "confirmed"), figures=figures), W_CCB)
    assert (part.auditor.state, part.auditor.exceptions_fen) == ("excepted", (-7,))


def test_a_wrong_signature_is_shown_and_counts_for_nothing() -> None:
    signed = auditor("excepted", "A09", differences=(at(W_CCB, id="D2026-10-09"),), closes=("D2026-06-03",))
    statement = made(signed, faults={"A09": "公钥不在名册"})
    assert statement.open_items == ()
    party = statement.parties[1]
    assert (party.state, party.signings[0].state, party.signings[0].fault) == ("faulty", "faulty", "公钥不在名册")


def test_a_word_on_another_compound_or_other_figures_says_so() -> None:
    strange = auditor(compound="C0099")
    assert made(strange).parties[1].signings[0].fault == "签的是别的小区或别的月份"
    assert made(SAID["signed other figures"][0][0]).parties[1].signings[0].fault.startswith("签的是另一份数据（摘要 ")


def test_accounts_no_bank_signed_for_are_named() -> None:
    bank = made(*little_words(FIGURES)).parties[0]
    assert (bank.state, bank.required, bank.unsigned) == ("partial", True, ("微信支付 **** **** 7001",))
    whole = made(word(FIGURES, "bank", "B01", "甲", "confirmed")).parties[0]
    assert (whole.state, whole.unsigned) == ("confirmed", ())
    assert [part.state for part in made().parties] == ["unsigned"] * 4


def test_the_difference_is_the_banks_figure_less_the_books_and_none_without_a_statement() -> None:
    statement = made(figures=little_month())
    icbc = part_of(statement, G_ICBC)
    assert [row.difference_fen for row in icbc.rows] == [0, -20_000, 0, -20_000]
    assert (icbc.listed, icbc.listed_fen) == (1, -20_000)
    total = statement.funds[0].total
    assert total is not None and [row.bank_fen for row in total.rows] == [None] * 4
    assert [row.book_fen for row in total.rows] == [10_904_950, 1_450_000, 500_007, 11_854_943]


def test_a_fund_with_one_account_has_no_sum_of_accounts() -> None:
    assert [fund.total is None for fund in made().funds] == [False, False, True]


def test_open_and_ended_items_and_who_ended_them() -> None:
    figures = little_month()
    statement = made(*little_words(figures), figures=figures, explanations={"D2026-10-05": "已通知施工方退款"})
    assert [(one.id, one.age_months) for one in statement.open_items] == [
        ("D2026-10-01", 1), ("D2026-10-02", 1), ("D2026-10-05", 1), ("D2026-09-04", 2),
    ]  # fmt: skip
    assert [(one.id, one.ended) for one in statement.ended_items] == [
        ("D2026-08-01", "2026-10 核对时已经相符"),
        ("D2026-06-03", "专业审计（明衡会计师事务所 丙）确认已经解决"),
    ]
    said = {one.id: one.explanation for one in statement.open_items}
    assert said["D2026-10-05"] == "已通知施工方退款"
    assert said["D2026-10-02"] == "平台账单下月 5 日后提供"


@pytest.mark.parametrize(("party", "item"), [("bank", "D2026-06-03"), ("auditor", "D2026-09-04")])
def test_only_the_party_itself_settles_what_it_stated(party: Any, item: str) -> None:
    figures = little_month()
    other = word(figures, party, "P01", "甲", "confirmed", closes=(item,))
    assert item in {one.id for one in made(other, figures=figures).open_items}


def test_what_figures_and_party_both_name_is_listed_once_and_two_alike_ids_are_two() -> None:
    one = at(W_CCB, id="D2026-10-01")
    figures = little_month(differences=(one,))
    signed = word(figures, "auditor", "A01", "丙", "excepted", differences=(one, at(W_ABC, 8, id="D2026-10-01")))
    assert [item.amount_fen for item in made(signed, figures=figures).open_items] == [-7, 8]


def test_no_full_account_number_leaves_the_value() -> None:
    figures = little_month()
    data = statement_json(made(*little_words(figures), figures=figures)).decode()
    assert [one.number for fund in figures.funds for one in fund.accounts if one.number in data] == []
    assert "**** **** 3021" in data


def test_the_json_is_canonical_and_has_every_part() -> None:
    statement = made(*little_words(FIGURES))
    data = statement_json(statement)
    assert TriPartyStatement.model_validate_json(data) == statement
    plain = json.loads(data)
    assert data == json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert plain["funds"][1]["accounts"][0]["rows"][3]["book_fen"] == 87_154_322


def test_both_sides_are_the_identity_and_what_fails_is_named() -> None:
    statement = made()
    for fund, figures in zip(statement.funds, FIGURES.funds, strict=True):
        assert (fund.identity.left_fen, fund.identity.right_fen) == identity_fen(figures)
    assert all(one.holds for one in statement.all_equations)
    w = FIGURES.funds[1]
    broken = w.model_copy(
        update={"households_fen": w.households_fen - 1, "credit_fen": 0, "money_fen": w.money_fen + 3}
    )
    failing = made(figures=little_month(funds=(broken,))).all_equations
    assert [one.name for one in failing if not one.holds] == [
        "资金与归属", "账户合计", "试算平衡", "幢与户", "结余归户", "户汇总树",
    ]  # fmt: skip


def bridges(*funds: FundFigures, **other: Any) -> list[Equation]:
    statement = made(figures=little_month(funds=funds, **other))
    return [one for one in statement.all_equations if one.name == "银行到账簿"]


def test_what_is_in_no_account_leads_from_the_banks_balance_to_the_books() -> None:
    w = FIGURES.funds[1]
    banks = sum(one.bank_closing_fen or 0 for one in w.accounts)
    assert bridges(w.model_copy(update={"bonds_fen": 0, "advance_fen": 0})) == []
    [bridge] = bridges(w.model_copy(update={"bonds_fen": 700, "advance_fen": 1590}))
    assert [(term.name, term.fen) for term in bridge.left] == [
        ("银行对账单余额", banks), ("国债", 700), ("备用金、在途等", 1590),
    ]  # fmt: skip
    assert bridge.holds and bridge.right_fen == sum(one.closing_fen for one in w.accounts) + 2290


@pytest.mark.parametrize("listed", [True, False])
def test_what_the_bank_has_not_yet_is_bridged_only_by_its_open_items(listed: bool) -> None:
    g = FIGURES.funds[0]
    known = tuple(one for one in g.accounts if one.bank_closing_fen is not None)
    items = tuple(one for one in little_month().differences if one.account == G_ICBC) if listed else ()
    [bridge] = bridges(g.model_copy(update={"accounts": known, "advance_fen": 0}), differences=items)
    assert [term.name for term in bridge.left[1:]] == ["银行未结事项 1 项"] * listed
    assert (bridge.holds, bridge.left_fen - bridge.right_fen) == (listed, 0 if listed else -20_000)


def test_no_bridge_starts_from_a_balance_that_no_bank_states() -> None:
    g = FIGURES.funds[0]
    assert any(one.bank_closing_fen is None for one in g.accounts)
    assert bridges(g.model_copy(update={"advance_fen": 1590})) == []


def test_a_paper_is_of_a_fund_and_of_no_account_and_a_record_of_neither() -> None:
    paid = at("W维修资金", fund="W维修资金", id="D2026-09-01", party="community")
    record = at("-", fund="-", id="D2026-09-02", party="community")
    found = made(figures=little_month(differences=(paid, record))).open_items
    assert [(item.fund, item.account) for item in found] == [("W维修资金", ""), ("", "")]


def test_an_empty_month_is_a_statement() -> None:
    statement = made(figures=empty_month())
    assert (statement.funds, statement.open_items, statement.equations) == ((), (), ())


VERDICTS = st.sampled_from(["confirmed", "excepted", "refused"])
WHERE = st.sampled_from(["", G_ICBC, W_CCB, W_ABC, J_BOC])


@given(st.lists(st.tuples(VERDICTS, st.lists(WHERE, max_size=2), st.booleans(), st.integers(0, 3)), max_size=4))
def test_no_figure_stands_where_somebody_refused_or_nobody_confirmed(said: list[Any]) -> None:
    """Any words of four people in any order, some with wrong signatures."""
    signed = [
        auditor(verdict, f"A{n}", differences=tuple(at(w) for w in where) if verdict == "excepted" else (), time=time)
        for n, (verdict, where, _, time) in enumerate(said)
    ]
    faults = {f"A{n}": "不符" for n, (_, _, wrong, _) in enumerate(said) if wrong}
    good = [one.attestation for one in signed if one.attestation.person not in faults]
    statement = made(*signed, faults=faults)
    for fund in statement.funds:
        for part in fund.accounts:
            touched = {d.account for one in good for d in one.differences if d.account or d.fund == fund.fund}
            vague = any(one.verdict == "excepted" and not one.differences for one in good)
            clean = bool(good) and not vague and not {part.account, ""} & touched
            clean = clean and all(one.verdict != "refused" for one in good)
            assert all((part.row(side).auditor_fen is not None) == clean for side in ASKED)
            assert part.row("came").auditor_fen is None and part.row("went").auditor_fen is None
