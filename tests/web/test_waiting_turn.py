"""An act that waited for another one: its person must still have their part when it is their turn."""

from __future__ import annotations

import threading
from time import sleep

import pytest
from asking import CLEANING, COST, version
from flask import Flask
from little_street import MAKER, ORIGIN, PAGE

from jiezhang.book.layout import StreetFolder
from jiezhang.office.flocks import flock
from jiezhang.office.operation_log import Asked
from tests.signed_in import client_as, office_of


@pytest.mark.parametrize(
    ("before", "after", "status", "said"),
    [
        (f'id = "{MAKER}"', 'id = "K77"', 422, "已不在街道的人员名单里"),
        ('roles = ["bookkeeper"]', 'roles = ["branch"]', 422, "不能补录、制单"),
        ("", "", 200, "已补录 1 笔"),
    ],
)
def test_a_part_lost_while_waiting(
    app: Flask, street: StreetFolder, before: str, after: str, status: int, said: str
) -> None:
    browser, answers = client_as(app, MAKER), []
    row = {**CLEANING, "other": COST, "narration": "保洁费"}
    body = {"month": "2026-10", "version": version(browser), "rows": [row]}
    office = office_of(app)

    def press() -> None:
        answers.append(browser.post(f"{PAGE}complete", json=body, headers=ORIGIN))

    with flock(office.serving.home.locks / "C0001"):
        waiting = threading.Thread(target=press)
        waiting.start()
        sleep(1)
        assert waiting.is_alive()
        if before:
            street.toml.write_text(street.toml.read_text("utf-8").replace(before, after), "utf-8")
    waiting.join()
    [answer] = answers
    assert (answer.status_code, said in answer.json["message"]) == (status, True), answer.json
    newest = office.told.log.search(Asked(action="complete"), 1)[0]
    assert newest.phase == ("done" if status == 200 else "refused")
