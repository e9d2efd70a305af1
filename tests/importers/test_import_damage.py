"""Whatever happens to a file's bytes, it is read and proven, or refused; nothing else ever comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.registry import IMPORTERS, statements_of
from importers.source import source_of
from jiezhang.domain.problem import Refused
from jiezhang.domain.statement import Statement, prove

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.suffix != ".json")
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


STARTS = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b\x08", b"<?xml", b":20:"]


def _read(data: bytes) -> tuple[Statement, ...] | None:
    try:
        return statements_of(source_of(data, Path("a")))
    except Refused as refused:
        assert refused.message
        return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
@SLOW
@given(data=st.data())
def test_damaged_bytes(path: Path, data: st.DataObject) -> None:
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    read = _read(bytes(whole[: data.draw(st.integers(len(whole) // 4, len(whole)))]))
    assert read is None or not any(prove(statement) for statement in read)


@SLOW
@given(st.binary(max_size=300), st.sampled_from(STARTS))
def test_any_bytes(data: bytes, start: bytes) -> None:
    assert _read(start + data) is None


@SLOW
@given(st.text("交易时间余额,\t|\r\n\"'=`0123456789.-:/ 年月日", max_size=200))
def test_any_text(text: str) -> None:
    assert _read(text.encode()) is None


def test_identify_never_raises(tmp_path: Path) -> None:
    for path in FILES:
        cut = tmp_path / path.name
        cut.write_bytes(path.read_bytes()[:700])
        assert [type(importer().identify(str(cut))) for importer in IMPORTERS] == [bool] * len(IMPORTERS)
    assert not any(importer().identify(str(tmp_path)) for importer in IMPORTERS)
