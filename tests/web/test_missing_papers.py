"""A payment that a standing rule allows but for its papers is told which papers, and not that nobody decided it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from asking import CLEANING, COST, complete
from flask.testing import FlaskClient
from little_street import make_street, subject

from tests import decisions
from tests.signed_in import client_as, open_app

UNDECIDED = "付款 350.00 元没有写明业主的决定（决议编号），不能支付（民法典第278条）"


def lacks(papers: str) -> str:
    return f"决议 R2026-00 的付款须附{papers}（会计基础工作规范第48条、165号令第22条）"


@pytest.fixture
def street_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The little street, whose standing rule asks for a contract, an invoice and an acceptance up to 400 yuan."""
    stricter = partial(decisions.decide, papers="contract invoice acceptance")

    def decide(*given: object, **terms: object) -> None:
        stricter(*given, **{**terms, "subjects": "5001 5103", "each_max_yuan": "400.00"})  # type: ignore[arg-type]

    monkeypatch.setattr(decisions, "decide", decide)
    return client_as(open_app(make_street(tmp_path / "street", "C0001")), "K01")


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({}, 422, lacks("合同、发票、验收单")),
        ({"contract": "HT-9", "accepted": "2026-10-04"}, 422, lacks("发票")),
        ({"contract": "HT-9", "invoice": "0012"}, 422, lacks("验收单")),
        ({"contract": "HT-9", "invoice": "0012", "accepted": "2026-10-04"}, 200, "已补录 1 笔，等待复核"),
        ({"contract": "HT-9", "invoice": "0012", "accepted": "2026-10-09"}, 422,
         "付款早于验收日期 2026-10-09（165号令第22条）"),
        ({"other": subject("C0001", "Expenses", "5102设施增设")}, 422, UNDECIDED),
    ],
)
def test_what_is_really_missing(street_of: FlaskClient, more: dict[str, str], status: int, said: str) -> None:
    assert complete(street_of, {**CLEANING, "other": COST, **more}) == (status, said)
