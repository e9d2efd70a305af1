"""The digests of a voucher: what changes them, what does not, and that a link goes on from the one before."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data
from beancount.core.amount import Amount

from jiezhang.domain.chain import GENESIS, content_digest, next_head, posted_digest


def entry(leg: dict[str, Any] | None = None, second: dict[str, Any] | None = None, **fields: Any) -> data.Transaction:
    """A voucher with one leg's metadata `leg`; `fields` replace its own."""
    postings = [
        data.Posting("Assets:A", Amount(Decimal("1.00"), "CNY"), None, None, None, leg),
        data.Posting("Assets:B", Amount(Decimal("-1.00"), "CNY"), None, None, None, second),
    ]
    about = {"filename": "x", "lineno": 3, "maker": "K01"}
    made = data.Transaction(
        about, date(2026, 3, 1), "!", "某公司", "租金", frozenset({"t", "s"}), frozenset(), postings
    )
    return made._replace(**fields)


PLAIN = entry({"bank-ref": "A/1"})
MORE = {**PLAIN.meta, "invoice": "2433"}


def test_what_a_digest_is_of() -> None:
    """Kept as it is: a digest made once is compared for ten years."""
    text = (
        '["2026-03-01","某公司","租金",["s","t"],[],{"maker":"K01"},'
        '[["Assets:A","1.00 CNY",{"bank-ref":"A/1"}],["Assets:B","-1.00 CNY",{}]]]'
    )
    assert content_digest(PLAIN) == hashlib.sha256(text.encode()).hexdigest()
    bare = entry(payee=None, narration=None, tags=None, links=None)
    text = '["2026-03-01","","",[],[],{"maker":"K01"},[["Assets:A","1.00 CNY",{}],["Assets:B","-1.00 CNY",{}]]]'
    assert content_digest(bare) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("A", "A"), (Decimal("2.50"), "2.50"), (date(2026, 3, 1), "2026-03-01"), (True, "TRUE"), (False, "FALSE"),
        (None, "None"), (Amount(Decimal("1.00"), "CNY"), repr(Amount(Decimal("1.00"), "CNY"))),
    ],
)  # fmt: skip
def test_values_as_text(value: object, text: str) -> None:
    said = entry(meta={"filename": "x", "lineno": 1, "own": value})
    assert content_digest(said) == content_digest(entry(meta={"own": text}))


@pytest.mark.parametrize(
    "changed",
    [
        PLAIN._replace(flag="*"),
        PLAIN._replace(tags=frozenset({"s", "t"})),
        PLAIN._replace(meta={**PLAIN.meta, "filename": "y", "lineno": 9}),
        PLAIN._replace(meta={**PLAIN.meta, "__line_number__": 9}),
        PLAIN._replace(
            meta={**PLAIN.meta, "reviewer": "F01", "reviewed-sha256": "x", "voucher": "记-0001", "poster": "T01"}
        ),
        entry({"bank-ref": "A/1", "filename": "x", "lineno": 4}, {}),
    ],
)
def test_what_a_reviewer_does_not_look_at(changed: data.Transaction) -> None:
    assert content_digest(changed) == content_digest(PLAIN)


@pytest.mark.parametrize(
    "changed",
    [
        PLAIN._replace(date=date(2026, 3, 2)),
        PLAIN._replace(payee="某公"),
        PLAIN._replace(narration="租"),
        PLAIN._replace(tags=frozenset({"s"})),
        PLAIN._replace(links=frozenset({"l"})),
        PLAIN._replace(meta=MORE),
        PLAIN._replace(meta={**PLAIN.meta, "_own": "1"}),
        PLAIN._replace(meta={**PLAIN.meta, "maker": "K02"}),
        PLAIN._replace(postings=PLAIN.postings[::-1]),
        entry({"bank-ref": "A/2"}),
        entry({"bank-ref": "A/1"}, {"poster": "T01"}),
        entry({"bank-ref": "A/1", "poster": "T01"}),
    ],
)
def test_what_a_reviewer_looks_at(changed: data.Transaction) -> None:
    assert content_digest(changed) != content_digest(PLAIN)


def test_a_posted_voucher() -> None:
    said = {"poster": "T01", "reviewed-sha256": "ab", "reviewer": "F01", "voucher": "记-0001"}
    posted = PLAIN._replace(flag="*", meta={**PLAIN.meta, **said})
    text = "\x1f".join([content_digest(PLAIN), "T01", "ab", "F01", "记-0001"])
    assert posted_digest(posted) == hashlib.sha256(text.encode()).hexdigest()
    assert posted_digest(posted, content_digest(PLAIN)) == posted_digest(posted)
    assert posted_digest(posted, "other") != posted_digest(posted)
    opening = "\x1f".join([content_digest(PLAIN), "", "", "", ""])
    assert posted_digest(PLAIN) == hashlib.sha256(opening.encode()).hexdigest()


def test_heads() -> None:
    said = f"{GENESIS}|2026-03|记-0001|{'a' * 64}|T01"
    assert next_head(GENESIS, "2026-03", "记-0001", "a" * 64, "T01") == hashlib.sha256(said.encode()).hexdigest()
