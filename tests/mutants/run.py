"""Mutants of the rules: the code is changed in one place at a time, and a test should fail for each change.

    python -m tests.mutants.run [MODULE …] [--workers 2]

prints how many of mutmut's mutants are killed. Those that survive stand in `survivors.txt` with the reason why no
test has to find them; exit code 1 when one does not, or when fewer than 90 in a hundred are killed in a folder.
`MODULE` is a path or a part of one, e.g. `approval/path`. It works in a copy; mutmut is fetched on first use.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path, PurePosixPath

from tests.mutants.diffs import Change, changes_in, module_of
from tests.mutants.survivors import KILLED, LIST, Count, by_folder, count, outlived, read_kept, unexplained

ROOT = Path(__file__).parents[2]
MUTMUT = "mutmut==3.8.1"
LIBRARY = ROOT / "out" / "mutmut-3.8.1"
NEEDED = 90.0

FOLDERS = ("jiezhang/domain/rules", "jiezhang/domain/approval")
FILES = tuple(
    f"jiezhang/domain/{name}.py" for name in ("capital_amount", "chain", "corrections", "levy", "pack_log", "people")
)
COPIED = ("jiezhang", "importers", "plugins", "reports", "rules", "tests", "ledgers")
TESTS = ("tests/plugins", "tests/approval", "tests/domain", "tests/resolving/test_seal_register_rule.py")
"""Tests that are quick and pure; what goes through a street on disk takes too long for thousands of runs."""
LEFT_OUT = ("tests/approval/test_no_way_around.py",)
"""Takes most of a minute for each mutant. Tests by chance are left out too: what only they find, a table should."""


def modules_named(words: list[str]) -> list[str]:
    """The modules under test whose path has one of `words`, or all of them."""
    every = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))] + [ROOT / f for f in FILES]
    names = [path.relative_to(ROOT).as_posix() for path in every]
    return [name for name in names if not words or any(word in name for word in words)]


def fetch() -> None:
    """Put mutmut beside the project, not into it: nothing else needs it."""
    if not LIBRARY.exists():
        print(f"Fetching {MUTMUT} ...", flush=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]
        with tempfile.TemporaryDirectory() as fresh:
            subprocess.run([*command, fresh, MUTMUT], check=True)
            shutil.copytree(fresh, LIBRARY)


def copy_tree(scratch: Path, modules: list[str]) -> None:
    """The project in `scratch`, with mutmut's settings."""
    for name in COPIED:
        shutil.copytree(ROOT / name, scratch / name, ignore=shutil.ignore_patterns("__pycache__"))
    options = ["-p", "no:cacheprovider", "-m", "not hypothesis", *(f"--ignore={test}" for test in LEFT_OUT)]
    settings = {
        "source_paths": [name for name in COPIED if name not in ("tests", "ledgers")],
        "only_mutate": modules,
        "also_copy": ["ledgers"],
        "pytest_add_cli_args": options,
        "pytest_add_cli_args_test_selection": list(TESTS),
    }
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (scratch / "pyproject.toml").write_text(f"{project}\n[tool.mutmut]\n{lines}", "utf-8")


def run_mutmut(scratch: Path, workers: int) -> int:
    """Run all mutants, saying now and then how far it is; mutmut's exit code."""
    program = f"import sys; sys.path.append({str(LIBRARY)!r}); from mutmut.__main__ import cli; cli()"
    command = [sys.executable, "-c", program, "run", "--max-children", str(workers)]
    shown = 0.0
    with subprocess.Popen(command, cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        tail = b""
        while chunk := os.read(process.stdout.fileno(), 65536):
            tail = (tail + chunk)[-4000:]
            far = re.findall(rb"(\d+)/(\d+)", tail)
            if far and time.monotonic() - shown > 10:
                shown = time.monotonic()
                print(f"\r{far[-1][0].decode()} of {far[-1][1].decode()} mutants", end="", flush=True)
    print("\r", end="")
    if process.returncode:
        print(tail.decode("utf-8", "replace"))
    return process.returncode


def read_results(scratch: Path) -> tuple[dict[str, Count], list[Change]]:
    """Counts by module, and everything that no test found."""
    counts: dict[str, Count] = {}
    alive: list[Change] = []
    made = scratch / "mutants"
    for meta in sorted(made.rglob("*.py.meta")):
        module = module_of(PurePosixPath(meta.relative_to(made).as_posix()))
        codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        if codes:
            counts[module] = count(codes.values())
            changes = changes_in(module, (made / module).read_text("utf-8"))
            alive += [changes[key.rpartition(".")[2]] for key, code in codes.items() if code not in KILLED]
    return counts, alive


def report(counts: dict[str, Count], alive: list[Change], seconds: float) -> bool:
    """Print the figures; whether they are good enough."""
    folders = by_folder(counts)
    rows = {**counts, **folders, "all": sum(counts.values(), Count())}
    width = max(len(name) for name in rows)
    print(f"{'':{width}}  mutants  killed  survived  not covered    rate")
    for name, row in rows.items():
        figures = f"{row.mutants:9,}{row.killed:8,}{row.survived:10,}{row.not_covered:13,}{row.rate:7.1f} %"
        print(f"{name:{width}}{figures}")
    kept = read_kept(LIST.read_text("utf-8"))
    missing = unexplained(alive, kept)
    print(f"\n{len(alive)} alive, {len(missing)} of them without a reason in {LIST.name}; {seconds:.0f} s")
    for change in missing:
        print(f"  {change}")
    for old in outlived(alive, kept, counts):
        print(f"  line {old.line} of {LIST.name} is no survivor any more")
    low = [name for name, row in {**folders, "all": rows["all"]}.items() if row.rate < NEEDED]
    for name in low:
        print(f"{name}: fewer than {NEEDED:.0f} % are killed")
    return not missing and not low


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.mutants.run", description="mutants of the rules")
    parser.add_argument("module", nargs="*", help="part of a module's path, e.g. approval/path")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    modules = modules_named(given.module)
    if not modules:
        parser.error("no such module")
    fetch()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jiezhang-mutants-") as folder:
        copy_tree(Path(folder), modules)
        if run_mutmut(Path(folder), given.workers):
            return 2
        counts, alive = read_results(Path(folder))
    return 0 if report(counts, alive, time.monotonic() - start) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
