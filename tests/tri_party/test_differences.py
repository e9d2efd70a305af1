"""Differences are carried under one id, aged, and closed by what ends them; none is netted against another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jiezhang.domain.period import Month
from jiezhang.domain.tri_party.differences import KIND_NAMES, TOLERATED, Difference, Kind, carried

JULY, AUGUST, OCTOBER = Month(2026, 7), Month(2026, 8), Month(2026, 10)


def timing(ref: str, fen: int = 100, **more: object) -> Difference:
    return Difference(party="bank", kind="timing", account="A", ref=ref, amount_fen=fen, since="2026-07").model_copy(
        update=more
    )


def told(found: tuple[Difference, ...]) -> list[tuple[str, str, str, str]]:
    return [(one.id, one.ref, one.since, one.closed) for one in found]


def test_a_month_of_differences() -> None:
    first = carried((timing("r1"), timing("r2", -100)), (), JULY)
    assert told(first) == [("D2026-07-01", "r1", "2026-07", ""), ("D2026-07-02", "r2", "2026-07", "")]
    second = carried((timing("r2", -100), timing("r3")), first, AUGUST)
    assert told(second) == [
        ("D2026-07-02", "r2", "2026-07", ""),
        ("D2026-08-01", "r3", "2026-08", ""),
        ("D2026-07-01", "r1", "2026-07", "2026-08 核对时已经相符"),
    ]
    assert [one.age_months(OCTOBER) for one in second] == [4, 3, 4]


def test_what_was_said_of_a_difference_goes_along() -> None:
    (first,) = carried((timing("r1"),), (), JULY)
    said = first.model_copy(update={"explanation": "银行次月入账"})
    assert carried((timing("r1"),), (said,), AUGUST)[0].explanation == "银行次月入账"


def test_only_a_party_closes_its_own_remark() -> None:
    remark = timing("r1", 0, kind="exception", party="auditor", id="D2026-07-A01-01", stated=True)
    assert told(carried((), (remark,), AUGUST)) == [("D2026-07-A01-01", "r1", "2026-07", "")]


def test_every_kind_has_a_name_and_a_mistake_is_never_tolerated() -> None:
    assert set(KIND_NAMES) >= TOLERATED
    mistakes: set[Kind] = {
        "doubled", "wrong_fund", "wrong_amount", "forged_closing", "edited_file", "other_account", "future_dated",
        "missing_in_book", "missing_at_party",
    }  # fmt: skip
    assert mistakes & TOLERATED == set()


REFS = st.lists(st.sampled_from("abcdef"), unique=True).map(lambda refs: tuple(timing(ref) for ref in refs))


@given(st.lists(REFS, min_size=1, max_size=6))
def test_ids_are_never_used_twice_and_open_ones_are_those_found(months: list[tuple[Difference, ...]]) -> None:
    before: tuple[Difference, ...] = ()
    seen: dict[str, str] = {}
    for number, found in enumerate(months):
        now = carried(found, before, JULY.shift(number))
        assert sorted(one.ref for one in now if not one.closed) == sorted(one.ref for one in found)
        for one in now:
            assert seen.setdefault(one.id, one.ref) == one.ref
        assert len({one.id for one in now}) == len(now)
        assert sum(one.amount_fen for one in now if not one.closed) == 100 * len(found)
        before = tuple(one for one in now if not one.closed)
