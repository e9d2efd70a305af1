"""The run over mutants takes many minutes, so what it reckons with is tried here: its words, its list, its figures."""

from __future__ import annotations

import ast
import json
import textwrap
from pathlib import Path

import pytest

from tests.mutants import run
from tests.mutants.diffs import Change, changes_in
from tests.mutants.survivors import LIST, Count, Kept, by_folder, count, outlived, read_kept, unexplained

ROOT = Path(__file__).parents[2]

MUTATED = textwrap.dedent(
    '''
    def x_fee__mutmut_orig(amount, rate=2):
        """What the bank takes."""
        if amount > 0:
            return amount * rate
        return 0


    def x_fee__mutmut_1(amount, rate=3):
        """What the bank takes."""
        if amount > 0:
            return amount * rate
        return 0


    def x_fee__mutmut_2(amount, rate=2):
        """What the bank takes."""
        if amount >= 0:
            return amount * rate
        return 0


    class Book:
        def xǁBookǁsum__mutmut_orig(self):
            return self.a + self.b

        def xǁBookǁsum__mutmut_1(self):
            return self.a - self.b


    def untouched(amount):
        return amount
    '''
)
MODULE = "jiezhang/domain/fee.py"


def test_a_mutant_in_words() -> None:
    assert {name: str(change) for name, change in changes_in(MODULE, MUTATED).items()} == {
        "x_fee__mutmut_1": f"{MODULE} fee: def (amount, rate=2): => def (amount, rate=3):",
        "x_fee__mutmut_2": f"{MODULE} fee: if amount > 0: => if amount >= 0:",
        "xǁBookǁsum__mutmut_1": f"{MODULE} Book.sum: return self.a + self.b => return self.a - self.b",
    }


ONE = Change(MODULE, "fee", "if amount > 0:", "if amount >= 0:")
OTHER = Change(MODULE, "fee", "a", "b")


def test_the_list_is_read_with_its_reasons() -> None:
    text = f"# Nothing is\n# asked for.\n{ONE}\n{OTHER}\n\n# Words.\n{MODULE} f: c => d\n"
    assert read_kept(text) == [
        Kept(3, str(ONE), "Nothing is asked for."), Kept(4, str(OTHER), "Nothing is asked for."),
        Kept(7, f"{MODULE} f: c => d", "Words."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{ONE}\n", "line 1: no reason above it"),
        (f"# Why.\n\n{ONE}\n", "line 3: no reason above it"),
        (f"# Why.\n{ONE}\n{ONE}\n", "line 3: said before"),
        (f"# Why.\n{ONE}\n# More.\n", "line 3: an empty line goes before a reason"),
        ("# Why.\nfee\n", "line 2: not `module function: before => after`"),
    ],
)
def test_a_list_without_reasons_is_none(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_kept(text)


def test_figures() -> None:
    assert count([1, 3, 36, 0, 33, 5, None, -11]) == Count(8, 3, 3, 2)
    assert count([]).rate == 100.0
    assert Count(4, 3, 1, 0).rate == 75.0
    halves = {"a/b.py": Count(4, 3, 1, 0), "a/c.py": Count(2, 1, 0, 1), "d/e.py": Count(1, 1)}
    assert by_folder(halves) == {"a": Count(6, 4, 1, 1), "d": Count(1, 1)}


def test_survivors_against_the_list() -> None:
    kept = read_kept(f"# Why.\n{ONE}\n{MODULE} f: c => d\nother.py f: c => d\n")
    assert unexplained([ONE, OTHER, OTHER], kept) == [OTHER]
    assert [one.line for one in outlived([ONE], kept, [MODULE])] == [3]


def test_results_are_read_from_what_mutmut_wrote(tmp_path: Path) -> None:
    place = tmp_path / "mutants" / MODULE
    place.parent.mkdir(parents=True)
    place.write_text(MUTATED, "utf-8")
    codes = {"jiezhang.domain.fee.x_fee__mutmut_1": 1, "jiezhang.domain.fee.x_fee__mutmut_2": 0}
    Path(f"{place}.meta").write_text(json.dumps({"exit_code_by_key": codes}), "utf-8")
    Path(f"{place.with_name('empty.py')}.meta").write_text('{"exit_code_by_key": {}}', "utf-8")
    assert run.read_results(tmp_path) == ({MODULE: Count(2, 1, 1, 0)}, [ONE])


@pytest.mark.parametrize(
    ("counts", "alive", "good"),
    [
        ({MODULE: Count(10, 9, 1, 0)}, [ONE], True),
        ({MODULE: Count(10, 9, 1, 0)}, [OTHER], False),
        ({MODULE: Count(10, 8, 1, 1)}, [ONE], False),
        ({MODULE: Count(10, 8, 2, 0), "plugins/a.py": Count(90, 90)}, [ONE], False),
    ],
)
def test_when_the_run_is_good(
    counts: dict[str, Count], alive: list[Change], good: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "survivors.txt"
    kept.write_text(f"# Why.\n{ONE}\n", "utf-8")
    monkeypatch.setattr(run, "LIST", kept)
    assert run.report(counts, alive, 1.0) is good


def test_the_modules_are_there() -> None:
    assert "jiezhang/domain/approval/path.py" in run.modules_named(["approval/path"])
    assert run.modules_named(["nothing"]) == []
    assert all((ROOT / name).is_file() for name in run.modules_named([]))
    assert all((ROOT / name).exists() for name in (*run.TESTS, *run.LEFT_OUT, *run.COPIED))


def test_every_survivor_has_a_reason_and_is_in_a_function_there_is() -> None:
    modules = set(run.modules_named([]))
    known: dict[str, set[str]] = {}
    for one in read_kept(LIST.read_text("utf-8")):
        module, _, rest = one.change.partition(" ")
        assert module in modules, f"line {one.line}: {module} is not looked at"
        if module not in known:
            nodes = ast.walk(ast.parse((ROOT / module).read_text("utf-8")))
            known[module] = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
        function = rest.partition(":")[0].rpartition(".")[2]
        assert function in known[module], f"line {one.line}: {module} has no {function}"
