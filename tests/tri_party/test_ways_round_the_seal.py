"""Ways round the seal that somebody has tried: each is refused, found, or put right by presenting again."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.load import load_ledger
from jiezhang.book.registers import read_street
from jiezhang.book.seal_files import read_months
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.street.attesting import sign_street
from jiezhang.street.closing import close_street
from jiezhang.street.party_papers import seal_papers
from jiezhang.street.party_words import Saying, word_by, write_sheets
from jiezhang.street.presenting import present_street
from jiezhang.street.verifying import trust_from, verify_street
from reports.signing.credentials import read_pem
from tests.tri_party.sealed_street import (
    SEPTEMBER,
    SIGNED,
    TODAY,
    act_of,
    all_sign,
    key_of,
    person_of,
    present,
    run,
    sealed_street,
    sign,
)


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return sealed_street(tmp_path / "street")


def close(street: StreetFolder) -> None:
    close_street(street, street.compounds(), SEPTEMBER, "K02", TODAY)


def refused(street: StreetFolder) -> str:
    with pytest.raises(ManyRefused) as caught:
        close(street)
    return " ".join(one.message for one in caught.value.refusals)


def test_an_older_word_of_a_party_put_back_is_found_by_its_later_one(street: StreetFolder) -> None:
    present(street)
    all_sign(street)
    files = [folder.path / "seals/2026-09-sign-S01.json" for folder in street.compounds()]
    older = [path.read_bytes() for path in files]
    later = sign_street(
        street, street.compounds(), SEPTEMBER, act_of(street, "S01", SIGNED + 86400), word_by(Saying())
    )
    kept = [SignedCheckpoint.parse(one.note) for one in later]
    for path, content in zip(files, older, strict=True):
        path.write_bytes(content)
    close(street)
    found = verify_street(street, street.compounds(), trust_from(street), kept)
    assert all(any("有签名被换过或删去" in fault.message for fault in one.faults) for one in found)


def _sheets(street: StreetFolder, person: str, out: Path, ref: str, **cells: str) -> Path:
    """The party's sheets, every line 相符 but the first one of `ref`, which is filled in with `cells`."""
    for path in write_sheets(street, street.compounds(), SEPTEMBER, act_of(street, person), out):
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        for row in rows:
            row["result"] = "相符"
        if path.name.startswith("C0001"):
            next(row for row in rows if row["ref"] == ref).update(cells)
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(text.getvalue(), "utf-8")
    return out


def test_a_balance_the_bank_denies_can_not_be_explained_away(street: StreetFolder, tmp_path: Path) -> None:
    present(street)
    sign(street, "B01", Saying(_sheets(street, "B01", tmp_path / "b", "期末", result="不符", seen_amount="1.00")))
    sign(street, "A01")
    sign(street, "S01")
    stated = read_months(street.compound("C0001")).presented["2026-09"].signed
    (found,) = [one for signed in stated for one in signed.attestation.differences]
    assert run(street, "attest", "explain", "2026-09", found.id, "小事", "--compound", "C0001", by="K02").exit_code == 0
    assert "银行核对：" in refused(street)


def test_an_objection_that_repeats_the_figures_is_still_one(street: StreetFolder, tmp_path: Path) -> None:
    present(street)
    said = {"result": "不符", "reason": "章是假的"}
    sign(street, "B01", Saying(_sheets(street, "B01", tmp_path / "b", "期末", **said)))
    (signed,) = read_months(street.compound("C0001")).presented["2026-09"].signed
    assert signed.attestation.verdict == "excepted"
    assert [(one.kind, one.stated) for one in signed.attestation.differences] == [("exception", True)]


@pytest.mark.parametrize(
    ("left", "time", "said"),
    [("2026-09-30", SIGNED, "在 2026-10-03 不是小区"), ("", 1_780_000_000, "在月末以前，不能先签")],
)
def test_who_has_left_and_who_is_early_signs_nothing(street: StreetFolder, left: str, time: int, said: str) -> None:
    if left:
        text = street.toml.read_text("utf-8")
        street.toml.write_text(text.replace('id = "B01"', f'id = "B01"\nuntil = {left}'), "utf-8")
    present(street)
    with pytest.raises((ManyRefused, Refused)) as caught:
        sign_street(street, street.compounds(), SEPTEMBER, act_of(street, "B01", time), word_by(Saying()))
    assert said in str(getattr(caught.value, "refusals", [caught.value])[0])


def test_a_presenting_cut_short_is_put_right_by_presenting_again(street: StreetFolder) -> None:
    """The power failed after the figures and before the checkpoint; or old signatures are left beside new figures."""
    present(street)
    sign(street, "B01")
    folder = street.compound("C0001")
    stale = (folder.path / "seals/2026-09-sign-B01.json").read_bytes()
    (folder.path / "seals/2026-09-checkpoint.txt").unlink()
    with pytest.raises(ManyRefused, match="1 处"):
        sign(street, "A01")
    register = folder.path / "register/contracts.csv"
    register.write_bytes(register.read_bytes().replace(b"\n", b" \n", 1))
    present(street)
    (folder.path / "seals/2026-09-sign-B01.json").write_bytes(stale)
    present(street)
    assert read_months(folder).presented["2026-09"].signed == ()
    all_sign(street)
    close(street)
    assert run(street, "verify").exit_code == 0


def test_statements_are_not_kept_outside_the_months(street: StreetFolder) -> None:
    """Where no month's seal would cover them, they could be changed afterwards."""
    folder = street.compound("C0001").path / "statements"
    (folder / "2026-09").rename(folder / "补充")
    with pytest.raises(ManyRefused) as caught:
        present(street)
    assert "C0001/statements/补充/" in str(caught.value.refusals[0])


def test_an_account_opened_back_in_a_closed_month_is_an_error(street: StreetFolder) -> None:
    folder = street.compound("C0001")
    path = folder.path / "accounts.beancount"
    text = path.read_text("utf-8")
    name = next(part for part in text.split() if part.startswith("Income:"))
    path.write_text(f'{text}\n2026-08-15 note {name} "补一句"\n', "utf-8")
    errors = load_ledger(folder, read_street(street).city).errors
    assert any("账户的开立、关闭、备注" in one.message for one in errors)


def test_one_certificate_seals_for_one_party(street: StreetFolder) -> None:
    keys, at = street.path / "example-keys", datetime(2026, 11, 1, tzinfo=UTC)
    community = read_pem(keys / "S01.cert-key.pem", keys / "S01.cert.pem")
    august = SEPTEMBER.shift(-1)
    seal_papers(street.compounds(), august, person_of(street, "S01"), community, at)
    with pytest.raises(Refused, match="这张证书已经盖过另一方的章"):
        seal_papers(street.compounds(), august, person_of(street, "B01"), community, at)


def test_no_statement_at_all_is_no_month_to_sign(street: StreetFolder) -> None:
    present(street)
    all_sign(street)
    close(street)
    with pytest.raises(ManyRefused) as caught:
        present_street(street, street.compounds(), SEPTEMBER.next, "K02", key_of("K02"), TODAY)
    assert "2026-10 一份对账单也没有导入" in str(caught.value.refusals[0])


@pytest.mark.parametrize("name", ["2026-13-figures.json", "0000-09-figures.json", "2026-13.json"])
def test_a_file_of_no_month_is_told_of_and_stops_nothing(street: StreetFolder, name: str) -> None:
    (street.compound("C0001").path / "seals" / name).write_text("{}\n", "utf-8")
    assert run(street, "verify").exit_code == 0
    assert isinstance(run(street, "attest", "board", "2026-08").exception, SystemExit | None)
    assert "已封月 2 个" in run(street, "attest", "board", "2026-08").output
