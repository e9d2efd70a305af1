"""The handbook's walk through the web: its pictures are there, and its table of roles is the program's."""

from __future__ import annotations

import re
from pathlib import Path

from markdown import PAGES, ROOT, codes, read, section, table

from jiezhang.domain.duties.actions import RULES
from jiezhang.domain.people import ROLES
from jiezhang.web import policy

PAGE = "docs/handbook/网上的第一个月.md"
IMAGES = ROOT / "docs/handbook/images"
BYTES_MAX = 1_500_000


def test_every_picture_is_there_and_every_one_is_shown() -> None:
    shown = set(re.findall(r"!\[[^\]]+\]\(images/([^)]+)\)", "".join(read(page) for page in handbook())))
    assert shown == {path.name for path in IMAGES.iterdir()}
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < BYTES_MAX


def test_every_picture_is_one_that_is_taken() -> None:
    """`make screenshots` takes them all anew."""
    browser = "".join(path.read_text("utf-8") for path in (ROOT / "tests/browser").glob("*.py"))
    for path in IMAGES.iterdir():
        assert f'"{path.stem}"' in browser, path.name


def test_who_may_what_is_the_programs_table() -> None:
    rows = table(section(read(PAGE), "十一、谁看见什么"))
    said = {role: (sees.split("；"), does.split("；")) for role, sees, does in rows}
    assert said == {
        name: tuple(
            [rule.title for rule in RULES.values() if role in rule.roles and rule.changes is changes] or ["—"]
            for changes in (False, True)
        )
        for role, name in ROLES.items()
    }


def test_what_has_no_button_is_named() -> None:
    on_the_web = {
        *(action for methods in policy.OURS.values() for action in methods.values()),
        *(action for page in policy.EXTENSIONS.values() for action in (page[0], *page[1].values())),
        *policy.READING.values(), *policy.REPORTS.values(),
    }  # fmt: skip
    by_command = [rule.title for action, rule in RULES.items() if action not in on_the_web]
    (sentence,) = [line for line in read(PAGE).splitlines() if "在网页上没有按钮" in line]
    assert re.findall("“([^”]+)”", sentence) == by_command
    assert len(codes(sentence)) == len(by_command)


def handbook() -> list[Path]:
    return [page for page in PAGES if page.parent.name == "handbook"]
