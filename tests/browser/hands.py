"""What people do in a browser, and the office that they do it in."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.period import Month
from jiezhang.domain.register import Completion
from tests.signed_in import office_of

MONTH = Month(2026, 8)
PASSWORD = "白日依山尽 黄河入海流"
NOW = datetime(2026, 9, 7, 1, 30, tzinfo=UTC)
C = "/c0001/extension/"
DESKTOP, PHONE = (1366, 768), (390, 844)
PICTURES = os.environ.get("JIEZHANG_SCREENSHOTS", "")
"""The folder that `make screenshots` wants the handbook's pictures in; any other run keeps none."""


@dataclass
class Clock:
    """The office's clock; it stands still unless a test turns it."""

    now: datetime = NOW

    def turn(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


@dataclass(frozen=True)
class Served:
    """An office that answers at `address`."""

    street: StreetFolder
    app: Flask
    address: str
    clock: Clock = field(default_factory=Clock)

    def key_file(self, person: str) -> Path:
        """The private key that the sample gave a made-up person."""
        return self.street.path / "example-keys" / f"{person}.pem"

    def look_again(self) -> None:
        """What the server's own refresher does every few seconds."""
        office_of(self.app).model.refresh(60)


HEARS = """
    const listen = document.addEventListener;
    document.addEventListener = function (type, ...rest) {
        if (type === "click" && /Page[.]js/.test(new Error().stack)) document.documentElement.dataset.hears = "";
        return listen.call(this, type, ...rest);
    };
"""
"""Marks a page whose own script has come: whoever clicks before that is not heard, and a test is quick."""


class Enter(Protocol):
    """Sign in as somebody, in a browser of their own."""

    def __call__(self, person: str, size: tuple[int, int] = DESKTOP) -> Page: ...


Serve = Callable[[Path], Served]


def answers(office: Served) -> list[Completion]:
    """What the bookkeeper knows of the rows that no rule does, as the sample wrote it down."""
    path = office.street.path / "completions" / f"{MONTH}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        fields = set(Completion.model_fields)
        return [
            Completion.model_validate({name: value or None for name, value in row.items() if name in fields and value})
            for row in csv.DictReader(file)
        ]


def household_of(office: Served, batch: str) -> str:
    """The one dwelling in a batch file: the page asks for it in a box."""
    with (office.street.path / "completions" / batch).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    return row["dwelling"]


def visit(page: Page, place: str = "") -> None:
    """Go to `place`, or see this page anew; a page of ours is there when its script is."""
    page.goto(place) if place else page.reload()
    if "/extension/" in urlsplit(page.url).path or page.locator("script[data-script]").count():
        page.locator("html[data-hears]").wait_for(state="attached")


def row_at(page: Page, row: Completion) -> Locator:
    return page.locator(f'.jz-row[data-ref="{row.bank_ref}"]')


def boxes_of(row: Completion, office: Served) -> dict[str, str]:
    """What goes into which box beside the account."""
    boxes = {
        "narration": row.narration, "contract": row.contract, "resolution": row.resolution, "payment": row.payment,
        "invoice": row.invoice, "whose": row.household, "deposit": row.deposit,
    }  # fmt: skip
    if row.batch:
        boxes["whose"] = household_of(office, row.batch)
    return {name: str(value) for name, value in boxes.items() if value}


def fill(page: Page, row: Completion, office: Served) -> None:
    """Complete one row, as somebody with mouse and keyboard does."""
    at = row_at(page, row)
    at.locator(".jz-other").focus()
    at.locator(".jz-other").select_option(row.other_account)
    for name, value in boxes_of(row, office).items():
        write(at, name, value)
    at.get_by_role("button", name="完成").click()


def write(at: Locator, name: str, value: str) -> None:
    """Put `value` into the box `name`, which hides behind 依据 where it is seldom used."""
    box = at.locator(f".jz-{name}").first
    if not box.is_visible():
        at.locator(".jz-more").click()
    if box.evaluate("box => box.tagName") == "SELECT":
        box.focus()
        box.select_option(value)
    else:
        box.fill(value)


def says(page: Page, words: str) -> None:
    """The page says what came of the button."""
    expect(page.locator(".jz-said")).to_contain_text(words)


def tick_all(page: Page, section: str) -> None:
    page.locator(f"#jz-{section} .jz-all").check()
    page.locator(f"#jz-{section} .jz-act").click()


def agree(page: Page, office: Served, person: str, picture: str = "") -> None:
    """Sign with the key that is kept in a file."""
    dialog = page.locator("dialog.jz-sign")
    expect(dialog).to_be_visible()
    chooser = dialog.locator("input[type=file]")
    if chooser.count():
        chooser.set_input_files(office.key_file(person))
    if picture:
        shot(page, picture)
    dialog.get_by_role("button", name="签名").click()


def agree_if_asked(page: Page, office: Served, person: str) -> None:
    dialog = page.locator("dialog.jz-sign")
    try:
        dialog.wait_for(timeout=3000)
    except Exception:  # noqa: BLE001 - nothing has to be signed
        return
    agree(page, office, person)


def shot(page: Page, name: str, height: int = 0) -> None:
    """A picture for the handbook, where one is wanted; `height`: no more than that much of the page."""
    if not PICTURES:
        return
    size = page.viewport_size
    assert size is not None
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.fonts.ready")
    clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]}
    page.screenshot(path=folder / f"{name}.png", clip=clip, scale="css", animations="disabled")  # type: ignore[arg-type]


def same_time(folder: Path) -> None:
    """Files show when they came: at the office's own time, not at this machine's."""
    for path in folder.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))


def copy_of(street: Path, target: Path) -> StreetFolder:
    shutil.copytree(street, target)
    return StreetFolder(target)
