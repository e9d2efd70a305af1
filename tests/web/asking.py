"""Pressing the buttons of our pages, as their scripts do."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from little_street import MAKER, ORIGIN, PAGE, ROWS, VOUCHERS, bank, subject

from jiezhang.domain.statement import references
from tests.signed_in import sign_in

CLEANING = {"account": bank("C0001"), "ref": references(ROWS)[1]}
"""The row of 350 yuan paid for cleaning, as the page names it."""
COST = subject("C0001", "Expenses", "5001经营成本")
INCOME = subject("C0001", "Income", "4002电梯广告")
INTEREST = subject("C0001", "Income", "4101利息")


def version(client: FlaskClient, page: str = PAGE) -> str:
    """The state of the books that `page` was built from."""
    return client.get(page).text.partition('data-version="')[2].partition('"')[0]


def ask(
    client: FlaskClient, button: str, *, page: str = PAGE, actor: str = MAKER, **more: Any
) -> tuple[int, str]:
    """The status and the sentence that `button` of `page` is answered with, when `actor` presses it."""
    sign_in(client, actor)
    body = {"month": "2026-10", "version": version(client, page), **more}
    answer = client.post(page + button, json=body, headers=ORIGIN)
    assert answer.json is not None
    assert answer.json["ok"] is (answer.status_code == 200)
    return answer.status_code, answer.json["message"]


def complete(client: FlaskClient, *rows: dict[str, Any], **more: Any) -> tuple[int, str]:
    """Press 完成 on `rows`."""
    return ask(client, "complete", **{"rows": list(rows), **more})


def digests(client: FlaskClient, section: str) -> list[str]:
    """The vouchers that the page 凭证 lists in a section, `entered` or `reviewed`."""
    listed = client.get(VOUCHERS).text.partition(f'id="jz-{section}"')[2].partition("</section>")[0]
    return [part.partition('"')[0] for part in listed.split('data-digest="')[1:]]


def press(client: FlaskClient, button: str, actor: str, **more: Any) -> tuple[int, str]:
    """Tick everything on the page 凭证 and press 复核 (`review`) or 过账 (`post`)."""
    return ask(client, button, page=VOUCHERS, actor=actor, **{"everything": True, **more})
