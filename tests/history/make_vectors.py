"""Writes `vectors.json`, which both verifiers are tested against: `python -m tests.history.make_vectors`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from jiezhang.domain.history.household_proof import verify
from jiezhang.domain.history.trust import as_json
from tests.history.made import REQUIRED, make, trust
from tests.history.vectors_of_forms import malformed
from tests.history.vectors_of_signatures import badly_signed
from tests.history.vectors_of_sums import not_in_total

VECTORS = Path(__file__).with_name("vectors.json")

Case = tuple[str, str, str]
"""What it is, the code, the result it must have."""


def believed() -> Iterator[Case]:
    """Proofs that are in order."""
    big = make(1176, "C0007")
    yield from ((f"1,176 households, leaf {at}", big.proof(at).code(), "ok") for at in (0, 587, 1175))
    yield from ((f"{count} households, the last", make(count).proof(count - 1).code(), "ok") for count in (1, 2, 3))
    yield "7 households, leaf 6 has no neighbour", make(7).proof(6).code(), "ok"
    yield "100 households, leaf 41", make(100).proof(41).code(), "ok"
    yield "the owners signed too", make(7, parties=(*REQUIRED, "owners")).proof(2).code(), "ok"
    yield "no voucher yet, nobody has money", make({"1": 0, "2": 0}, vouchers=0).proof(1).code(), "ok"
    yield "the largest total, 2^53 - 1", make({"1": 2**53 - 3, "2": 2}).proof(0).code(), "ok"
    yield "a household named in Chinese", make({"甲幢-101室": 12345, "甲幢-102室": 1}).proof(1).code(), "ok"
    yield "the first month there can be", make(3, month="1990-01").proof(0).code(), "ok"
    yield "the last month there can be", make(3, "C9999", "2199-12").proof(0).code(), "ok"


def cases() -> list[Case]:
    return [*believed(), *malformed(), *not_in_total(), *badly_signed()]


def content() -> str:
    """What the file holds; the facts are what the Python verifier says."""
    rows = []
    for name, code, result in cases():
        row: dict[str, object] = {"name": name, "code": code, "result": result}
        facts = verify(code, trust()).facts
        rows.append({**row, "facts": facts.as_json()} if facts else row)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"trust": {as_json(trust())},\n"cases": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    wrong = [(name, want, got) for name, code, want in cases() if (got := verify(code, trust()).result) != want]
    assert not wrong, "\n".join(map(str, wrong))
    VECTORS.write_text(content(), "utf-8")
