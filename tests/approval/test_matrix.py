"""Whatever is done wrongly in whatever step of whatever procedure is refused, with its own sentence."""

from __future__ import annotations

import pytest

from tests.approval.breaks import BREAKS
from tests.approval.matrix import Case, cases, golden
from tests.approval.office import shipped

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_broken_step_is_refused_with_its_sentence(case: Case) -> None:
    said, named = case.refusal()
    assert said == golden()[case.name]
    assert BREAKS[case.kind].says in said
    assert [name for name in named if name not in said] == []


def test_the_matrix_is_large_and_whole() -> None:
    assert len(CASES) >= 150
    assert {case.kind for case in CASES} == set(BREAKS), "a way to break a step that no procedure tries"
    assert {(case.setting.procedure.code, case.step.code) for case in CASES} == {
        (procedure.code, step.code) for procedure in shipped().values() for step in procedure.steps
    }
    assert list(golden()) == [case.name for case in CASES], "write the sentences anew, and read them"
