"""“公示已张贴” on the page 三方: recorded once, by who hangs it up, with a commit and a row of the log."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from sealed_street import NEXT, SEALED

from jiezhang.book.layout import StreetFolder
from jiezhang.office.operation_log import Asked
from jiezhang.street import posting
from jiezhang.street.checking import check_street
from jiezhang.street.posting import read_postings
from tests.signed_in import ORIGIN, client_as, office_of, open_app

DOOR = "/jiezhang/c0001/posted"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def office(sealed: StreetFolder) -> Flask:
    return open_app(sealed)


def post(
    office: Flask, person: str = "S01", photo: bytes = b"", name: str = "北门.png", **more: str
) -> tuple[int, str]:
    given = {"month": str(SEALED), "day": "2026-08-09", "place": " 北门公告栏 ", **more}
    files = {"photo": (BytesIO(photo), name)} if photo else {}
    headers = {**ORIGIN, "Accept": "application/json"}
    answer = client_as(office, person).post(DOOR, data={**given, **files}, headers=headers)
    assert answer.json is not None
    return answer.status_code, answer.json["message"]


def shown(office: Flask, person: str) -> str:
    return client_as(office, person).get(f"/jiezhang/c0001/parties/?month={SEALED}").text.partition('id="jz-posted"')[2]


def test_it_is_recorded_shown_and_kept(office: Flask, sealed: StreetFolder) -> None:
    assert office_of(office).model.refresh(60) == 0
    before = client_as(office, "S01").get("/jiezhang/desk").text.count(f"{SEALED} 收支公示表")
    assert 'class="jz-posting-form"' in shown(office, "S01")
    assert post(office, photo=PNG) == (200, f"已登记：{SEALED} 公示表 2026-08-09 张贴在北门公告栏")
    (record,) = read_postings(sealed.compound("C0001"))
    said = (record.month, str(record.day), record.place, record.person)
    assert said == (str(SEALED), "2026-08-09", "北门公告栏", "S01")
    row = next(one for one in office_of(office).acts.log.search(Asked(), None) if one.action == "publish")
    assert (row.person, row.phase, bool(row.commit_id), row.compound) == ("S01", "done", True, "C0001")
    page = shown(office, "B01")
    assert "北门公告栏" in page and "S01 " in page and "jz-posting-form" not in page
    assert f"{DOOR}?photo=" in page
    photo = client_as(office, "B01").get(DOOR, query_string={"photo": record.photo}, buffered=True)
    assert (photo.data, photo.mimetype) == (PNG, "application/octet-stream")
    assert photo.headers["Content-Disposition"].startswith("attachment")
    assert office_of(office).model.refresh(60) == 0
    after = client_as(office, "S01").get("/jiezhang/desk").text.count(f"{SEALED} 收支公示表")
    assert (before, after) == (2, 1), "of the two compounds that S01 serves, one is done"


@pytest.mark.parametrize(
    ("person", "more", "status", "message"),
    [
        ("K01", {}, 403, "K01 代理会计1号（代理会计）不能登记公示张贴"),
        ("B01", {}, 403, "B01 银行对账员（银行）不能登记公示张贴"),
        ("S01", {"place": " "}, 422, "张贴在哪里没有写，或写得太长，或有不能使用的字符"),
        ("S01", {"place": "长" * 61}, 422, "张贴在哪里没有写，或写得太长，或有不能使用的字符"),
        ("S01", {"day": "2026-07-31"}, 422, "张贴的日期须在 2026-07 月末以后，不能晚于今天"),
        ("S01", {"day": "2199-01-01"}, 422, "张贴的日期须在 2026-07 月末以后，不能晚于今天"),
        ("S01", {"month": "2020-01"}, 422, "小区 C0001 还没有 2020-01 的公示表"),
        ("S01", {"month": "2198-01"}, 422, "小区 C0001 还没有 2198-01 的公示表"),
        ("S01", {"month": "x"}, 400, "请求写法有误，请刷新页面后再做"),
        ("S01", {"day": "八月"}, 400, "请求写法有误，请刷新页面后再做"),
    ],
)
def test_what_is_not_taken(
    office: Flask, sealed: StreetFolder, person: str, more: dict[str, str], status: int, message: str
) -> None:
    assert post(office, person, **more) == (status, message)
    assert read_postings(sealed.compound("C0001")) == []


@pytest.mark.parametrize(
    ("name", "photo"),
    [
        ("北门.exe", b"MZ\x90"), ("北门.html", b"<script>"), ("北门.svg", b"<svg>"), ("北门.jpg", b"<script>"),
        ("北门.html", PNG), ("北门", PNG), ("北门.jpg", PNG), ("北门.png.exe", PNG), ("北门.pdf", b" %PDF-"),
    ],
)  # fmt: skip
def test_a_photo_is_a_picture(office: Flask, sealed: StreetFolder, name: str, photo: bytes) -> None:
    assert post(office, photo=photo, name=name) == (422, "照片须是 JPEG、PNG 或 PDF 文件")
    assert read_postings(sealed.compound("C0001")) == []
    assert not list((sealed.compound("C0001").path).glob("postings*"))


@pytest.mark.parametrize(
    ("name", "photo"),
    [("北门.JPG", b"\xff\xd8\xff\xe0"), ("北门.jpeg", b"\xff\xd8\xff\xe1"), ("北门.pdf", b"%PDF-1.7")],
)
def test_what_telephones_and_scanners_make(office: Flask, name: str, photo: bytes) -> None:
    assert post(office, photo=photo, name=name)[0] == 200


def test_photos_do_not_fill_the_disk(office: Flask, sealed: StreetFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "PHOTO_BYTES_MAX", 100)
    status, said = post(office, photo=PNG + bytes(101 - len(PNG)))
    assert (status, said.startswith("照片超过 ")) == (422, True)
    monkeypatch.setattr(posting, "PHOTOS_MAX", 2)
    for place in ("东门", "西门"):
        assert post(office, photo=PNG + place.encode(), place=place)[0] == 200
    said = "2026-07 的公示表已有 2 张照片，不能再附，只登记即可"
    assert post(office, photo=PNG, place="南门") == (422, said)
    assert post(office, place="南门")[0] == 200
    monkeypatch.setattr(posting, "RECORDS_MAX", 3)
    assert post(office, place="后门") == (422, "2026-07 的公示表已登记 3 处张贴，最多 3 处")
    assert len(list((sealed.compound("C0001").path / "postings").iterdir())) == 2


def test_twice_the_same_is_recorded_once(office: Flask, sealed: StreetFolder) -> None:
    assert post(office)[0] == 200
    assert post(office) == (422, "2026-07 的公示表 2026-08-09 张贴在北门公告栏，已经登记过")
    assert post(office, place="南门")[0] == 200
    assert len(read_postings(sealed.compound("C0001"))) == 2


def test_a_draft_is_not_posted(office: Flask, sealed: StreetFolder) -> None:
    path = sealed.compound("C0001").path
    (month,) = path.glob(f"20*/{NEXT}.beancount")
    month.write_text(month.read_text("utf-8").replace(" * ", " ! ", 1), "utf-8")
    status, said = post(office, month=str(NEXT), day="2026-09-03")
    assert status == 422
    assert "公示表还是样稿，全部过账以后再张贴" in said or "错误" in said, said


def test_no_other_file_is_given(office: Flask, sealed: StreetFolder) -> None:
    client = client_as(office, "S01")
    for wanted in ("", "../street.toml", "000000000000-x.png"):
        assert client.get(DOOR, query_string={"photo": wanted}).status_code == 404


def test_what_cannot_be_read_is_told(office: Flask, sealed: StreetFolder) -> None:
    (sealed.compound("C0001").path / "postings.csv").write_text("month,day\n2026-07,x\n", "utf-8")
    assert "张贴登记 postings.csv 读不出来" in shown(office, "S01")
    assert "jz-posting-form" not in shown(office, "S01")
    (one,) = check_street(sealed, [sealed.compound("C0001")])
    assert [fault.rule for fault in one.faults] == ["postings"]
