"""The notice of the street's keys: every key whole and in fours, who holds it, since when; one page, one command."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jiezhang.cli.main import main
from jiezhang.domain.history.trust import Trust
from jiezhang.domain.register import Person, Street
from reports.render.canvas import Boxes, Page, qr_boxes
from reports.render.trust_notice_pdf import grouped_key, lay_out, render_pdf
from reports.trust_notice import trust_notice
from tests.js.little_proof import public_of, trust_json
from tests.reports.paper_checks import check_pages, texts
from tests.tri_party.sealed_street import sealed_street

TRUST = Trust.model_validate(trust_json())
DAY = date(2026, 11, 22)
ADDRESS = "https://example.cn/hedui.html"


def street(**other: Any) -> Street:
    people = tuple(
        Person(
            id=key.name, name=f"{key.name}的人", roles=("bank",), key=key.public, compounds=("C0001", "C0007"),
            since=date(2026, 3, 1), until=date(2027, 2, 28) if key.party == "bank" else None,
        )
        for key in reversed(TRUST.keys)
    )  # fmt: skip
    return Street(**({"name": "长吴街道", "city": "hangzhou", "people": people} | other))


def words_of(pages: list[Page]) -> list[str]:
    return [text.text for page in pages for text in page.texts]


def test_every_key_stands_whole_in_fours_with_who_holds_it_and_since_when() -> None:
    pages = lay_out(trust_notice(street(), TRUST, DAY))
    said = words_of(pages)
    assert len(pages) == 1
    for key in TRUST.keys:
        public = public_of(key.name).hex()
        assert f"全文　{grouped_key(public)}" in said
        assert grouped_key(public).split(" ") == [public[at : at + 4] for at in range(0, 64, 4)]
        assert {f"{public[:4]} {public[4:8]}", f"{key.name}的人", f"编号 {key.name}"} <= set(said)
    assert said.count("2026-03-01") == len(TRUST.keys)
    assert said.count("至 2027-02-28") == 1
    assert f"截至 2026-11-22，共 {len(TRUST.keys)} 把" in said


def test_parties_stand_in_the_order_of_the_owners_page() -> None:
    said = words_of(lay_out(trust_notice(street(), TRUST, DAY)))
    found = [one for one in said if one in ("街道办事处", "专户银行", "审计机构", "社区", "业主代表")]
    assert found == ["街道办事处", "专户银行", "审计机构", "社区", "业主代表"]


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_the_code_opens_the_owners_page_where_it_has_an_address(address: str) -> None:
    pages = lay_out(trust_notice(street(check_url=address), TRUST, DAY))
    codes = [shape for shape in pages[0].shapes if isinstance(shape, Boxes) and len(shape.boxes) > 50]
    said = "".join(words_of(pages))
    assert (ADDRESS in said, "网页向社区、街道索取" in said) == (bool(address), not address)
    assert [modules(code) for code in codes] == [modules(qr_boxes(ADDRESS, 0, 0, 104))] * bool(address)


def modules(code: Boxes) -> list[tuple[float, ...]]:
    """The code's dark runs, wherever it stands on the page."""
    left, low = (min(box[at] for box in code.boxes) for at in (0, 1))
    return [tuple(round(n, 3) for n in (x - left, y - low, wide, high)) for x, y, wide, high in code.boxes]


@pytest.mark.parametrize("count", [9, 60])
def test_nothing_overlaps_however_many_keys(count: int) -> None:
    keys = [{"party": "owners", "name": f"C{n:04d}R1", "public": public_of(f"R{n}").hex()} for n in range(count)]
    trust = Trust.model_validate(trust_json() | {"keys": keys})
    people = tuple(
        Person(id=key["name"], name="业主代表" * 8, roles=("owner_representative",), compounds=("C0001",) * 9)
        for key in keys
    )
    pages = lay_out(trust_notice(street(people=people, contact="电话 000-0000 0000"), trust, DAY))
    check_pages(pages)
    assert sum(one.startswith("全文　") for one in words_of(pages)) == count


def test_the_same_notice_gives_the_same_bytes() -> None:
    notice = trust_notice(street(), TRUST, DAY)
    assert render_pdf(notice) == render_pdf(notice)


def trust(place: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(place), "attest", "trust", *words], prog_name="jiezhang")


def test_the_command_prints_the_keys_that_it_writes(tmp_path: Path) -> None:
    place = sealed_street(tmp_path / "street").path
    out, pdf = tmp_path / "信任.toml", tmp_path / "公告.pdf"
    answer = trust(place, "--out", str(out), "--pdf", str(pdf))
    assert answer.exit_code == 0, answer.output
    [page] = texts(pdf.read_bytes())
    keys = [line.split('"')[1] for line in out.read_text("utf-8").splitlines() if line.startswith("public")]
    assert len(keys) > 5
    assert [key for key in keys if key not in page] == []


@pytest.mark.parametrize("there", ["信任.toml", "公告.pdf", ""])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    place = sealed_street(tmp_path / "street").path
    out, pdf = tmp_path / "信任.toml", tmp_path / ("公告.pdf" if there else "信任.toml")
    if there:
        (tmp_path / there).write_text("原来的", "utf-8")
    answer = trust(place, "--out", str(out), "--pdf", str(pdf))
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "文件已经存在，请换一个名字" in answer.stderr
    assert [path.read_text("utf-8") for path in (out, pdf) if path.exists()] == ["原来的"] * bool(there)
