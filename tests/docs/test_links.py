"""Links lead somewhere, images exist, and nothing of the workshop is named."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown import PAGES, ROOT, anchor, headings, links, read

pytestmark = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def test_links_and_images_resolve(page: Path) -> None:
    for link in links(read(page)):
        target, _, place = unquote(link).partition("#")
        if target.startswith(("http://", "https://")):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{link}: no such file"
        assert file.is_relative_to(ROOT), f"{link} leads out of the project"
        if place:
            assert place in {anchor(heading) for heading in headings(read(file))}, f"{link}: no such heading"


def test_pages_have_one_title_and_end_with_one_newline(page: Path) -> None:
    text = read(page)
    assert text.startswith("# ")
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_nothing_is_left_to_be_written(page: Path) -> None:
    text = read(page)
    assert not [word for word in ("待补", "TODO", "FIXME") if word in text]
