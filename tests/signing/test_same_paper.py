"""One paper may be packed in other bytes by another machine; another figure is another paper."""

from __future__ import annotations

import zlib

import pytest

from reports.render.tri_party_pdf import render_pdf
from reports.signing.same_paper import keywords_of, same_paper
from reports.tri_party import tri_party_statement
from tests.tri_party.little_month import little_month, little_words


def paper(name: str = "长吴公寓") -> bytes:
    figures = little_month(name=name)
    return render_pdf(tri_party_statement(figures, little_words(figures), closed=True))


def test_another_packing_is_the_same_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    first, compress = paper(), zlib.compress
    monkeypatch.setattr(zlib, "compress", lambda data, *_, **__: compress(data, 1))
    other = paper()
    assert other != first
    assert same_paper(first, other)


def test_another_content_is_another_paper() -> None:
    assert not same_paper(paper(), paper("桂花苑"))


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.4", paper()[:-200]])
def test_what_is_no_pdf_is_no_paper(broken: bytes) -> None:
    assert not same_paper(paper(), broken)


def test_any_damage_is_a_verdict_and_no_error() -> None:
    """One byte anywhere: in the compressed streams, in the objects, in the table of them."""
    whole = paper()
    for at in range(0, len(whole), 997):
        damaged = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        assert same_paper(whole, damaged) in (True, False)
        assert isinstance(keywords_of(damaged), str)
