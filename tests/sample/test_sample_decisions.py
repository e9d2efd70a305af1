"""What the sample's owners decide: every procedure is shown, every payment rests on a decision."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from jiezhang.book.keys import load_private
from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import Ledger, load_street, office_of
from jiezhang.book.registers import read_street
from jiezhang.domain.applicable import stop_value
from jiezhang.domain.approval.path import orphans
from jiezhang.domain.approval.path_value import Path as Way
from jiezhang.domain.approval.seals import verifies_with
from jiezhang.domain.approval.spending import Payment, all_payments
from jiezhang.domain.approval.spent import AUDIT
from jiezhang.domain.approval.view import OfficeView
from jiezhang.domain.approval.voting import count_votes
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused
from jiezhang.street.booking import complete_street, post_street, review_street
from jiezhang.street.checking import faults_of
from jiezhang.street.importing import import_files
from jiezhang.street.sample.decided import decide_all
from jiezhang.street.sample.generate import truths
from jiezhang.street.sample.levies import plan_levy
from jiezhang.street.sample.plan import MAKER, POSTER, REVIEWER, plan_street
from jiezhang.street.sampling import write_sample

SEED = 2026
FIRST = Month(2026, 7)
SIX = {
    "four_steps", "one_proposal_three_reviews", "three_reviews_two_publications", "two_seals",
    "community_keeps_finances", "street_supervises_tenders",
}  # fmt: skip
OCTOBER = date(2026, 10, 31)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> StreetFolder:
    """As the example street: three months booked, the fourth waits."""
    path = tmp_path_factory.mktemp("decisions") / "street"
    write_sample(path, compounds=4, dwellings=None, months=4, booked=3, first_month=FIRST, seed=SEED)
    return StreetFolder(path)


@pytest.fixture(scope="module")
def ledgers(street: StreetFolder) -> list[Ledger]:
    return list(load_street(street))


def views(ledgers: list[Ledger]) -> Iterator[OfficeView]:
    for ledger in ledgers:
        view = office_of(ledger)
        assert view is not None
        yield view


def ways(ledgers: list[Ledger]) -> list[Way]:
    return [path for view in views(ledgers) for path in view.paths.values()]


def paid(view: OfficeView) -> list[Payment]:
    return list(all_payments(view.entries))


def test_the_books_are_clean(ledgers: list[Ledger]) -> None:
    assert [error.message for ledger in ledgers for error in ledger.errors] == []
    for view in views(ledgers):
        assert view.misread == ()
        assert orphans(view.records, view.paths) == []


def test_every_procedure_is_shown_by_one_that_was_paid_under(ledgers: list[Ledger]) -> None:
    used = Counter(
        path.resolution.procedure
        for view in views(ledgers)
        for path in view.paths.values()
        if any(payment.resolution == path.code for payment in paid(view))
    )
    assert set(used) == {*SIX, "standing", "emergency", "owners_vote"}


def test_all_but_one_carry_and_nothing_is_recorded_that_has_not_happened(ledgers: list[Ledger]) -> None:
    assert [path.fault for path in ways(ledgers) if path.fault] == []
    (failed,) = (path for path in ways(ledgers) if path.approved is None)
    assert "没有通过表决（参与表决的面积不足" in failed.ended
    assert not any(payment.resolution == failed.code for view in views(ledgers) for payment in paid(view))
    assert max(one.day for view in views(ledgers) for one in view.records) <= OCTOBER


def test_every_payment_rests_on_a_decision_and_most_on_a_standing_rule(ledgers: list[Ledger]) -> None:
    for view in views(ledgers):
        cited = Counter(payment.resolution for payment in paid(view))
        assert "" not in cited
        assert cited.keys() >= {"S-01", "S-03"}
        assert cited["S-01"] > sum(count for code, count in cited.items() if code.startswith("R"))


def test_an_owner_objected_and_was_answered_before_the_next_step(ledgers: list[Ledger]) -> None:
    said = [one for view in views(ledgers) for one in view.records if one.kind == "objection"]
    assert [bool(one.record.answer) for one in said] == [False, True]
    assert said[0].day < said[1].day


def test_the_emergency_has_a_listed_cause_and_its_duties_are_done(ledgers: list[Ledger]) -> None:
    ((view, path),) = (
        (view, path)
        for view in views(ledgers)
        for path in view.paths.values()
        if path.resolution.matter == "emergency"
    )
    causes = stop_value(view.files.rules_on(path.opened.day), "fund.emergency_causes", tuple)
    assert causes is not None
    assert path.resolution.cause in causes
    (payment,) = (one for one in paid(view) if one.resolution == path.code)
    assert payment.fund == "W"
    assert {step.code for step in path.after_payment()} <= set(path.done)
    assert path.done[AUDIT].day <= payment.day


def test_tenders_have_three_sealed_bids_and_the_lowest_wins(ledgers: list[Ledger]) -> None:
    tendered = [path for path in ways(ledgers) if path.prices]
    assert len(tendered) == 2
    for path in tendered:
        assert len(path.sealed) == len(path.prices) == 3
        assert path.supplier == min(path.prices, key=path.prices.__getitem__)
        assert path.resolution.supplier == ""


def test_sealed_payments_are_those_that_were_made(ledgers: list[Ledger]) -> None:
    both = 0
    for view in views(ledgers):
        made = {(one.resolution, str(one.entry.meta.get("payment", "")), one.total_fen) for one in paid(view)}
        for path in view.paths.values():
            for number, seals in path.payments.items():
                amounts = {int((use.amount_yuan or 0) * 100) for use in seals.values()}
                assert len(amounts) == 1
                days = [one.day for one in path.records if getattr(one.record, "payment", None) == number]
                if max(days) < date(2026, 9, 25):
                    assert (path.code, number, amounts.pop()) in made
                both += seals.keys() == {"assembly", "committee"}
    assert both >= 2


def test_settlements_above_the_citys_sum_were_audited_first(ledgers: list[Ledger]) -> None:
    audited = 0
    for view in views(ledgers):
        for payment in paid(view):
            path = view.paths[payment.resolution]
            if payment.fund == "W" and "project" in payment.entry.meta and payment.total_fen > 3_000_000:
                assert path.done[AUDIT].day <= payment.day
                audited += 1
    assert audited


def test_owners_take_part_as_owners_do(ledgers: list[Ledger]) -> None:
    for view in views(ledgers):
        for path in view.paths.values():
            for one in path.records:
                if one.kind == "vote" and path.approved is not None and path.resolution.scope == "compound":
                    content = view.files.ballots[one.record.ballots]
                    found = count_votes(path.resolution, one.day, content, one.record.ballots, view.files)
                    percent = 100 * found.took_part.area_dm2 // found.everybody.area_dm2
                    assert 66 < percent < 96


def test_a_levy_is_paid_in_spent_and_given_back_to_the_fen(ledgers: list[Ledger]) -> None:
    (planned,) = (one.levy for one in plan_street(SEED, 4, None, 4, FIRST, 3).compounds if one.levy is not None)
    (view,) = (view for view in views(ledgers) if view.files.levies)
    ((_, levy),) = view.files.levies
    assert (view.files.compound.code, levy) == ("C0003", planned.levy)
    rows = {month: planned.of(month) for month in (FIRST.shift(count) for count in range(4))}
    assert [{row.other for row in rows[month]} for month in rows] == [{"4001"}, {"4001"}, {"5001"}, {"5202"}]
    assert sum(row.amount for month in rows for row in rows[month]) == 0
    dues = dict(line.split(",") for line in planned.dues.decode().splitlines()[1:])
    paid_in: Counter[str] = Counter()
    for row in (*rows[FIRST], *rows[FIRST.shift(1)]):
        paid_in[row.whose.household] += row.amount
    assert {code: str(amount) for code, amount in paid_in.items()} == dues
    assert not any(code.split("-")[2].startswith("1") for code in dues)  # the ground floor needs no lift
    sealed = view.paths[levy.resolution].payments
    assert len(sealed) == 1 + len(rows[FIRST.shift(3)])
    assert all(seals.keys() == {"assembly", "committee"} for seals in sealed.values())


@pytest.mark.parametrize("months", [1, 2, 3, 6, 14])
def test_a_levy_runs_in_the_last_four_months(months: int) -> None:
    (planned,) = (one for one in plan_street(5, 6, 60, months, FIRST, months).compounds if one.levy is not None)
    assert planned.levy is not None
    begins = FIRST.shift(max(0, months - 4))
    assert planned.levy.levy.starts == begins.first_day
    for truth in truths(planned, 5, FIRST, months):
        assert (planned.levy.account.account in truth.statements) == (truth.month >= begins)


def test_a_stair_with_too_few_above_the_ground_raises_nothing() -> None:
    one = plan_street(5, 3, 60, 4, FIRST).compounds[2]
    ground = [home for home in one.dwellings if home.room.startswith("1")]
    assert one.levy is not None
    assert plan_levy(Random(1), one.compound, ground, ("示例业主大会", "assembly"), FIRST, 4, MAKER) is None


def test_invoices_are_numbered_once(ledgers: list[Ledger], street: StreetFolder) -> None:
    entries = [entry for view in views(ledgers) for entry in view.transactions()]
    numbers = [str(entry.meta["invoice"]) for entry in entries if "invoice" in entry.meta]
    with (street.path / "completions/2026-10.csv").open(encoding="utf-8") as file:
        numbers += [row["invoice"] for row in csv.DictReader(file) if row["invoice"]]
    assert len(numbers) > 40
    assert {len(number) for number in numbers} == {20}
    assert max(Counter(numbers).values()) == 1


def test_the_keys_are_those_of_the_registers(ledgers: list[Ledger], street: StreetFolder) -> None:
    known = {person.id: person.key for person in read_street(street).people if person.key}
    owners = {f"{ledger.compound.code}R1" for ledger in ledgers}
    assert known.keys() == {"K01", "K02", "B01", "A01", "S01"} | owners  # who posts, and who signs the month
    for view in views(ledgers):
        known |= {key.keeper: key.public for _, key in view.files.keys}
        assert len({key.keeper for _, key in view.files.keys}) == 2
    keys = [path for path in (street.path / "example-keys").glob("*.pem") if path.stem.count(".") == 0]
    assert {path.stem: load_private(path).public for path in keys if path.stem != "demo-ca"} == known
    assert "虚构" in (street.path / "example-keys/README.txt").read_text("utf-8")


def test_each_months_last_voucher_is_signed(ledgers: list[Ledger]) -> None:
    for view in views(ledgers):
        public = view.files.people["K02"].key
        signed = [link for link in view.files.chain if link.signature]
        assert {link.month for link in signed} == {"2026-07", "2026-08", "2026-09"}
        assert view.files.chain[-1] == signed[-1]
        assert all(verifies_with("ed25519", public, link.head, link.signature) for link in signed)


def test_what_nobody_decided_is_refused_and_stays_in_suspense(street: StreetFolder) -> None:
    import_files(street, [street.inbox], MAKER)
    with pytest.raises(ManyRefused) as refused:
        complete_street(street, street.path / "completions/refused.csv", MAKER)
    (one,) = refused.value.refusals
    assert (one.line, one.message) == (
        2, "付款 2,200.00 元没有写明业主的决定（决议编号），不能支付（民法典第278条）",
    )  # fmt: skip
    complete_street(street, street.path / "completions/2026-10.csv", MAKER)
    left = [
        (ledger.compound.code, entry.payee)
        for ledger in load_street(street)
        for entry in ledger.entries
        if any(":2999" in getattr(leg, "account", "") for leg in getattr(entry, "postings", ()))
    ]
    assert left == [("C0004", "示例建筑修缮工程有限公司")]


def test_the_rest_of_the_month_is_reviewed_and_posted_with_the_posters_key(street: StreetFolder) -> None:
    """After the test before."""
    month, key = Month(2026, 10), load_private(street.path / "example-keys" / f"{POSTER}.pem")
    review_street(street, street.compounds(), month, REVIEWER)
    counts = post_street(street, street.compounds(), month, POSTER, key=key)
    assert [one.left for one in counts] == [0, 0, 0, 1]
    assert [error.message for ledger in load_street(street) for error in ledger.errors] == []


def test_only_the_open_month_of_the_fourth_compound_has_one_that_nobody_decided() -> None:
    for booked in (0, 2, 3):
        for one in plan_street(5, 6, 30, 3, FIRST, booked).compounds:
            months = [truth.month for truth in truths(one, 5, FIRST, 3) for _ in truth.undecided]
            wanted = [FIRST.shift(booked)] if one.compound.code == "C0004" and booked == 2 else []
            assert months == wanted


def test_numbers_go_by_the_day_of_the_proposal() -> None:
    for one in plan_street(5, 8, 30, 14, FIRST, 14).compounds:
        found = decide_all(one, 5, truths(one, 5, FIRST, 14), FIRST.shift(13).last_day)
        opened = [(one.day, one.record.code) for one in found.records if one.kind == "resolution"]
        numbers = [code for _, code in sorted(opened) if code.startswith("R")]
        assert numbers == sorted(numbers)
        assert all(code.startswith(f"R{day.year}-") for day, code in opened if code.startswith("R"))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("一", "二"):
        write_sample(tmp_path / name, compounds=2, dwellings=12, months=2, booked=1, first_month=FIRST, seed=8)
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "一", tmp_path / "二")
    )
    assert first == second


@pytest.mark.parametrize(
    ("seed", "compounds", "dwellings", "months", "first"),
    [
        (11, 1, None, 2, "2025-12"),
        (12, 6, 30, 5, "2026-02"),
        (13, 3, 300, 4, "2026-08"),
        (14, 2, 8, 14, "2025-11"),
    ],
)
def test_a_street_of_any_size_is_clean(
    seed: int, compounds: int, dwellings: int | None, months: int, first: str, tmp_path: Path
) -> None:
    shape = {"compounds": compounds, "dwellings": dwellings, "months": months, "booked": months}
    write_sample(tmp_path / "街", **shape, first_month=Month.parse(first), seed=seed)  # type: ignore[arg-type]
    ledgers = list(load_street(StreetFolder(tmp_path / "街")))
    assert [fault.message for ledger in ledgers for fault in faults_of(ledger)] == []
    assert not any(getattr(entry, "flag", "*") == "!" for ledger in ledgers for entry in ledger.entries)
