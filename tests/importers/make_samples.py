"""Write `samples/<layout>/`: a made-up statement in every layout, and beside it what it must be read as.

Run by hand when a layout changes: `python tests/importers/make_samples.py`. What is expected comes from the book the
file was written from, never from the importers. Tests only read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from expected import expected_statement
from forms import FORMS
from statement_books import MARCH
from trade_bills import BILLS

from jiezhang.domain.statement import Statement

SAMPLES = Path(__file__).parent / "samples"


def as_json(statement: Statement) -> dict[str, Any]:
    """A statement as plain JSON values; default row fields left out to keep the files readable."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(statement), default=str))
    plain["rows"] = [{key: value for key, value in row.items() if value not in ("", None)} for row in plain["rows"]]
    return plain


def write(folder: Path, name: str, data: bytes, expected: Statement) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    text = json.dumps([as_json(expected)], ensure_ascii=False, indent=1)
    (folder / f"{name}.expected.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    for form in FORMS:
        book = form.carried(MARCH)
        data, name = form.render(book), f"march{form.suffix}"
        write(SAMPLES / form.layout, name, data, expected_statement(form, book, data, name))
    for layout, (name, data, statement) in BILLS.items():
        digest = hashlib.sha256(data).hexdigest()
        write(SAMPLES / layout, name, data, statement(digest))


if __name__ == "__main__":
    main()
