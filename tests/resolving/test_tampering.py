"""One character of what was sealed is changed, taken out or put in: the seal no longer stands on it."""

from __future__ import annotations

import pytest
from beancount.parser import parser
from hypothesis import given, note
from hypothesis import strategies as st

from jiezhang.book.fund_files import read_fund_register
from jiezhang.book.layout import CompoundFolder
from jiezhang.book.office_files import read_office_files
from jiezhang.domain.approval.files import OfficeFiles
from jiezhang.domain.approval.path import walk_all
from jiezhang.domain.approval.path_value import Path as ResolutionPath
from jiezhang.domain.approval.records import read_records, said_of
from tests.resolving.little_office import make_office, seal, walk

PAID = ("--payment", "P1", "--payee", "甲防水公司", "--amount", "9000")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, OfficeFiles]:
    """A resolution's records, sealed, with one sealed payment; and everything beside them."""
    office = walk(make_office(tmp_path_factory.mktemp("sealed")))
    seal(office, "04-01", *PAID)
    folder = CompoundFolder(office.compound)
    files = read_office_files(folder, read_fund_register(folder))
    return (office.compound / "resolutions.beancount").read_bytes(), files


def walked(content: bytes, files: OfficeFiles) -> tuple[list[tuple[str, ...]], ResolutionPath | None]:
    """What the records say, and where the resolution is."""
    entries, _, _ = parser.parse_string(content.decode())
    records, _ = read_records(entries)
    said = [tuple(f"{name}={value}" for name, value in said_of(one).items()) for one in records]
    return said, walk_all(records, files).get("R1")


def both_seals(path: ResolutionPath | None) -> bool:
    """Whether the payment of 9,000 yuan is still sealed by both."""
    uses = path.payments.get("P1", {}) if path is not None and path.fault is None else {}
    return {(use.seal, use.payee, str(use.amount_yuan)) for use in uses.values()} == {
        (name, "甲防水公司", "9000.00") for name in ("assembly", "committee")
    }


@given(data=st.data())
def test_a_changed_byte(sealed: tuple[bytes, OfficeFiles], data: st.DataObject) -> None:
    content, files = sealed
    said, path = walked(content, files)
    assert path is not None
    assert path.approved is not None
    assert both_seals(path)
    place = data.draw(st.integers(content.index(b"2025-"), len(content) - 1))
    put = data.draw(st.binary(min_size=0, max_size=1))
    out = data.draw(st.integers(0, 1))
    changed = content[:place] + put + content[place + out :]
    try:
        now, after = walked(changed, files)
    except UnicodeDecodeError:
        return  # the gate refuses such a file
    note(repr(changed[max(place - 30, 0) : place + 30]))
    if now == said:
        return  # a blank more or less: the records say what they said
    assert not both_seals(after)
    if place < content.index(b"2025-04-01 custom"):
        assert after is None or after.approved is None


def test_a_changed_ballot(sealed: tuple[bytes, OfficeFiles]) -> None:
    content, files = sealed
    [(name, ballots)] = files.ballots.items()
    for place in range(len(ballots)):
        changed = ballots[:place] + bytes([ballots[place] ^ 1]) + ballots[place + 1 :]
        files.ballots[name] = changed  # type: ignore[index]
        _, path = walked(content, files)
        assert path is not None
        assert path.approved is None
    files.ballots[name] = ballots  # type: ignore[index]
