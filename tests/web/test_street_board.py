"""The street's board on the page 三方: every compound's month at a glance, read again only where a file changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from sealed_street import AUDITOR, BANK, NEXT, PARTIES, POSTER, SEALED, close, present, remark, sign, sign_all

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.close.attesting import Word
from jiezhang.domain.period import Month
from jiezhang.street.board import BoardRow
from jiezhang.street.board import board as rows_of
from jiezhang.web import street_board
from jiezhang.web.street_board import Board, BoardView
from tests.signed_in import client_as, open_app

TODAY = date(2026, 9, 20)


def groups(view: BoardView) -> dict[str, list[str]]:
    return {name: [line.code for line in lines] for name, lines in view.groups}


def test_groups_follow_what_happens(sealed: StreetFolder) -> None:
    board = Board()
    found = [groups(board.view(sealed, SEALED, TODAY)), groups(board.view(sealed, NEXT, TODAY))]
    present(sealed)
    found.append(groups(board.view(sealed, NEXT, TODAY)))
    sign_all(sealed)
    close(sealed)
    view = board.view(sealed, NEXT, TODAY)
    assert [*found, groups(view)] == [
        {"已封月": ["C0001", "C0002"]},
        {"未报送": ["C0001", "C0002"]},
        {"待签署": ["C0001", "C0002"]},
        {"待签署": ["C0002"], "已封月": ["C0001"]},
    ]
    assert (view.total, view.closed, view.left) == (2, 1, 0)


def test_a_row(sealed: StreetFolder) -> None:
    present(sealed, "C0001")
    sign(sealed, BANK, "bank")
    sign(sealed, AUDITOR, "auditor", Word(differences=(remark("收据"),)))
    ((_, (line,)), _) = Board().view(sealed, NEXT, TODAY).groups
    assert line.row is not None
    assert dict(line.row.legs) == {"bank": "确认", "auditor": "确认，有例外", "community": "未签", "owners": "未签"}
    assert (line.missing, line.row.open_differences, line.row.late_days) == ("社区", 1, 5)


def test_what_did_not_change_is_not_read_again(sealed: StreetFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def counted(street: StreetFolder, folders: Sequence[CompoundFolder], month: Month, today: date) -> list[BoardRow]:
        asked.append([folder.code for folder in folders])
        return rows_of(street, folders, month, today)

    monkeypatch.setattr(street_board, "board", counted)
    board = Board()
    board.view(sealed, NEXT, TODAY)
    board.view(sealed, NEXT, TODAY)
    present(sealed, "C0002")
    board.view(sealed, NEXT, TODAY)
    assert asked == [["C0001", "C0002"], ["C0002"]]


def test_a_request_ends_in_time_and_the_next_goes_on(sealed: StreetFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(street_board, "_AT_ONCE", 1)
    board = Board(seconds=-1)
    views = [board.view(sealed, SEALED, TODAY) for _ in range(3)]
    assert [(view.left, groups(view)) for view in views] == [
        (1, {"已封月": ["C0001"]}),
        (0, {"已封月": ["C0001", "C0002"]}),
        (0, {"已封月": ["C0001", "C0002"]}),
    ]


def test_seals_that_cannot_be_read_hide_no_other_compound(sealed: StreetFolder) -> None:
    (sealed.compound("C0001").path / "seals" / "2026-07.json").write_text("{}", "utf-8")
    view = Board().view(sealed, SEALED, TODAY)
    assert groups(view) == {"读不出来": ["C0001"], "已封月": ["C0002"]}
    assert "不是程序写的封月文件" in view.groups[0][1][0].wrong


def test_it_forgets_what_is_too_much(sealed: StreetFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(street_board, "KEPT_MAX", 2)
    board = Board()
    for month in (SEALED, NEXT):
        board.view(sealed, month, TODAY)
    assert len(board._known) == 2


def test_the_page_leads_to_every_compound(sealed: StreetFolder) -> None:
    client = client_as(open_app(sealed), POSTER)
    page = client.get(f"{PARTIES}?view=street&month=2026-07").text
    assert "已封月 2 / 2 个小区" in page
    links = re.findall(r'<a href="(/c\d+/extension/PartiesPage/\?month=2026-07)" data-remote>', page)
    assert len(links) == 2
    for link in links:
        assert "已封月，不能再记、再改" in client.get(link).text
