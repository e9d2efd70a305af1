"""Whoever tampers with a sealed month is found; who goes on working is not: a few of `make tampering`, same code."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.seal_files import figures_name, seal_name
from jiezhang.book.sealed_files import sealed_files
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.street.verifying import trust_from
from tests.faults.tamper_honest import STEPS, plan, run_honest, variation
from tests.faults.tamper_office import EDITS, Edit, forged_key, rewritten
from tests.faults.tamper_street import (
    FIRST,
    OPEN,
    SECOND,
    Outside,
    Sealed,
    draws_remembered,
    make_street,
    present,
    sign_plainly,
)
from tests.faults.tampering import CODES, KINDS, Outcome, honest_table, kinds_of, outcomes, table

SEED, HONEST = 7, 9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[StreetFolder, Outside]:
    return make_street(tmp_path_factory.mktemp("tampering") / "street")


@pytest.fixture
def copy(made: tuple[StreetFolder, Outside], tmp_path: Path) -> StreetFolder:
    """The street, to be changed."""
    return StreetFolder(Path(shutil.copytree(made[0].path, tmp_path / "street")))


def said(outside: Outside, street: StreetFolder, codes: Sequence[str] = CODES) -> list[str]:
    return [fault.message for one in outside.verify(street, codes) for fault in one.faults]


def signed_first(outside: Outside) -> tuple[SignedCheckpoint, ...]:
    """What the bank kept, before anybody else had signed."""
    return tuple(one for one in outside.kept if isinstance(one, SignedCheckpoint) and len(one.signatures) == 2)


def test_the_street_is_as_it_was_signed(made: tuple[StreetFolder, Outside]) -> None:
    street, outside = made
    found = outside.verify(street, CODES)
    assert [(one.months, one.kept, one.faults) for one in found] == [(("2026-07", "2026-08"), 7, ())] * 2


def test_every_tampering_is_found(made: tuple[StreetFolder, Outside]) -> None:
    street, outside = made
    kinds = kinds_of(Sealed(street, CODES[0]))
    found = outcomes(street.path, outside, SEED, kinds, range(len(kinds)))
    missed = [one for one in found if not one.said]
    assert not missed, f"{table(found)}\n{missed[:5]}"
    assert {one.kind for one in found} >= set(KINDS) - {"seals: the signed PDF"}


def test_who_goes_on_working_is_not_accused(made: tuple[StreetFolder, Outside]) -> None:
    street, outside = made
    with draws_remembered():
        found = [variation(street.path, outside, SEED, number) for number in range(HONEST)]
    assert [one for one in found if one.said] == []
    done = {step for one in found for step in one.steps}
    assert len(done) > len(STEPS) * 3 // 4, honest_table(found)


def test_another_machine_says_the_same(made: tuple[StreetFolder, Outside]) -> None:
    """A process with another time zone, language and hashing."""
    street, outside = made
    (found,) = run_honest(street.path, outside, SEED, 1, workers=1)
    assert found == variation(street.path, outside, SEED, 0)


def test_steps_stand_in_the_order_an_office_takes_them() -> None:
    for seed in range(50):
        steps = plan(Random(seed))
        assert [name for name in STEPS if name in steps] == steps
        assert all(before in steps for name in steps for before in STEPS[name][1])


@pytest.mark.parametrize("edit", EDITS)
def test_an_office_with_all_its_keys_agrees_with_itself(
    made: tuple[StreetFolder, Outside], copy: StreetFolder, edit: Edit
) -> None:
    """Believing the street's own list of keys and without what was kept, nothing is found: so it is those that find."""
    street, outside = made
    sealed = Sealed(street, "C0001")
    for name, content in rewritten(sealed, edit(sealed, Random(SEED))).items():
        path = copy.path / name
        path.unlink() if content is None else path.write_bytes(content)
    assert said(Outside(trust_from(copy), ()), copy, ["C0001"]) == []
    forged = replace(outside, trust=trust_from(copy))
    assert any("与各方留存的存证" in one or "留存的存证" in one for one in said(forged, copy, ["C0001"]))
    assert "存证上有不认识的公钥的签名" in said(replace(outside, kept=()), copy, ["C0001"])
    assert forged_key("B01").public in copy.toml.read_text()


def test_a_tampering_is_taken_back(made: tuple[StreetFolder, Outside]) -> None:
    """Twice the same numbers, the same outcomes: nothing of the first is left for the second."""
    street, outside = made
    kinds = [name for name in KINDS if name.startswith(("seals: removed", "street: a compound", "statements"))]
    numbers = list(range(9))
    assert outcomes(street.path, outside, SEED, kinds, numbers * 2)[9:] == outcomes(
        street.path, outside, SEED, kinds, numbers
    )


def test_what_is_missed_is_counted() -> None:
    found = [Outcome(0, "votes", (), ("改动",)), Outcome(1, "votes", (), ()), Outcome(2, "votes", (), (), "Error")]
    assert table(found).splitlines()[-1].split() == ["3", "1", "2"]


# ------------------------------------------------------------------------------------------ what it taught verify
def test_who_signed_first_holds_the_office_to_it(made: tuple[StreetFolder, Outside]) -> None:
    """The bank's own copy, under which nobody else had signed yet, is as good as one signed by all."""
    street, outside = made
    first = signed_first(outside)
    assert len(first) == 2 and said(replace(outside, kept=first), street) == []


def test_a_seal_taken_away_does_not_open_its_month(made: tuple[StreetFolder, Outside], copy: StreetFolder) -> None:
    """What was laid before the parties still lies there; whoever kept a checkpoint of it holds the office to it."""
    _, outside = made
    folder = copy.compound("C0001")
    (folder.path / seal_name(SECOND)).unlink()
    assert (folder.path / figures_name(SECOND)).exists()
    assert any("封月文件被删去" in one for one in said(outside, copy, ["C0001"]))
    first = replace(outside, kept=signed_first(outside))
    assert said(first, copy, ["C0001"]) == []
    book = folder.path / "2026/2026-08.beancount"
    book.write_text(book.read_text().replace("停车费", "停车费等", 1))
    assert "与封月时的内容不同，被改动过" in said(first, copy, ["C0001"])


def test_a_month_before_the_parties_is_no_fault(made: tuple[StreetFolder, Outside], copy: StreetFolder) -> None:
    _, outside = made
    present(copy, OPEN)
    kept = (*outside.kept, *map(SignedCheckpoint.parse, sign_plainly(copy, OPEN, "B01")))
    assert said(replace(outside, kept=kept), copy) == []


def test_the_streets_own_procedures_are_sealed(copy: StreetFolder) -> None:
    place = copy.path / "procedures"
    place.mkdir()
    (place / "own.toml").write_text("")
    assert ("../procedures/own.toml", "whole") in [
        (one.path, one.mode) for one in sealed_files(copy.compound("C0001"), FIRST)
    ]
