"""What no party signs of the newest month (who closed it, what the office said) is held by a kept receipt; the next
month is not presented over a sealed one that was tampered with."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jiezhang.book.layout import CompoundFolder, StreetFolder
from jiezhang.book.seal_files import explanations_name, read_months, seal_name
from jiezhang.domain.history.receipt import Receipt, SignedReceipt
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.domain.tri_party.month_seal import MonthSeal, seal_bytes
from jiezhang.street.attesting import sign_street, write_notes
from jiezhang.street.closing import close_street
from jiezhang.street.party_words import Saying, word_by
from jiezhang.street.presenting import present_street
from jiezhang.street.verifying import read_kept, trust_from
from tests.tri_party.sealed_street import (
    SEPTEMBER,
    TODAY,
    act_of,
    contents,
    key_of,
    present,
    run,
    sealed_street,
    sign,
)
from tests.tri_party.test_ways_round_the_seal import _sheets

DIFFERENCE = "D2026-09-B01-01"


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return sealed_street(tmp_path / "street")


def close_explained(street: StreetFolder, place: Path) -> None:
    """September with a difference that the bank states and the office explains; the receipts go to `place/回执`."""
    present(street)
    no = {"result": "不符", "reason": "印章看不清"}
    sign(street, "B01", Saying(_sheets(street, "B01", place / "sheets", "期末", **no)))
    sign(street, "A01")
    notes = sign_street(street, street.compounds(), SEPTEMBER, act_of(street, "S01"), word_by(Saying()))
    write_notes(notes, SEPTEMBER, place / "回执")
    explain = ("attest", "explain", "2026-09", DIFFERENCE, "原件已补", "--compound", "C0001")
    assert run(street, *explain, by="K01").exit_code == 0
    key = str(street.path / "example-keys/K02.pem")
    done = run(street, "close", "2026-09", "--keep", str(place / "回执"), "--key", key, by="K02")
    assert done.exit_code == 0, done.output
    assert f"封月回执 2 份，写在 {place / '回执'}，请交各方自行保管。" in done.output


def reseal(street: StreetFolder, change: Callable[[MonthSeal], dict[str, object]]) -> None:
    folder = street.compound("C0001")
    seal = read_months(folder).seals[-1]
    (folder.path / seal_name(seal.month)).write_bytes(seal_bytes(seal.model_copy(update=change(seal))))


def another_closer(street: StreetFolder) -> None:
    reseal(street, lambda _: {"closed_by": "K01"})


def other_words(street: StreetFolder) -> None:
    """In the seal and in the file beside it, so that both agree."""
    reseal(street, lambda seal: {"explanations": tuple((code, "经研究无误") for code, _ in seal.explanations)})
    path = street.compound("C0001").path / explanations_name(SEPTEMBER)
    path.write_text(path.read_text("utf-8").replace("原件已补", "经研究无误"), "utf-8")


def another_speaker(street: StreetFolder) -> None:
    """Who said it stands in the file alone."""
    path = street.compound("C0001").path / explanations_name(SEPTEMBER)
    path.write_text(path.read_text("utf-8").replace("K01", "K02"), "utf-8")


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (another_closer, "C0001 2026-09：封月文件与各方留存的封月回执不同：封月人、差异的说明或签署在封月以后被换过"),
        (other_words, "C0001 2026-09：封月文件与各方留存的封月回执不同：封月人、差异的说明或签署在封月以后被换过"),
        (another_speaker, "C0001 2026-09：差异的说明与各方留存的封月回执不同：说明文件在封月以后被改动或删去"),
    ],
)
def test_a_receipt_holds_what_nobody_signed(
    street: StreetFolder, tmp_path: Path, tamper: Callable[[StreetFolder], None], said: str
) -> None:
    close_explained(street, tmp_path)
    kept = str(tmp_path / "回执")
    whole = run(street, "verify", "--kept", kept)
    assert whole.exit_code == 0 and "与留存的 2 份存证一致" in whole.output
    tamper(street)
    assert run(street, "verify").exit_code == 0
    found = run(street, "verify", "--kept", kept)
    assert found.exit_code == 1 and said in found.output


@pytest.mark.parametrize("tamper", [another_closer, other_words])
def test_without_a_receipt_the_next_month_signed_covers_it(
    street: StreetFolder, tmp_path: Path, tamper: Callable[[StreetFolder], None]
) -> None:
    """October is posted and laid before the parties: from then on its figures name September's seal."""
    close_explained(street, tmp_path)
    keys, sheet = street.path / "example-keys", street.path / "completions/2026-10.csv"
    for by, command in (
        ("K01", ("import",)), ("K01", ("complete", str(sheet))), ("F01", ("review", "2026-10")),
        ("K02", ("post", "2026-10", "--key", str(keys / "K02.pem"))),
    ):  # fmt: skip
        assert run(street, *command, by=by).exit_code == 0
    present(street, SEPTEMBER.next)
    late = 1_794_000_000
    for person in ("B01", "A01", "S01"):
        sign_street(street, street.compounds(), SEPTEMBER.next, act_of(street, person, late), word_by(Saying()))
    tamper(street)
    with pytest.raises(ManyRefused) as caught:
        close_street(street, street.compounds(), SEPTEMBER.next, "K02", TODAY)
    assert "报送以后账簿或登记资料变了" in caught.value.refusals[0].message


def test_a_receipt_is_the_offices_word(street: StreetFolder, tmp_path: Path) -> None:
    close_explained(street, tmp_path)
    kept = tmp_path / "回执/C0001-2026-09-封月回执.txt"
    text, trust = kept.read_text("utf-8"), trust_from(street)
    (receipt,) = read_kept([kept])
    assert isinstance(receipt, SignedReceipt) and receipt.is_believed(trust) and receipt.text() == text
    other = Receipt(receipt.receipt.origin, "2026-09", bytes(32), receipt.receipt.explanations)
    kept.write_text(SignedReceipt(other, receipt.signature).text(), "utf-8")
    found = run(street, "verify", "--kept", str(kept))
    assert "留存的封月回执没有街道的签名，或签名与公钥不符，不能作为依据" in found.output
    kept.write_text(text.replace("month 2026-09", "month 2026-9"), "utf-8")
    with pytest.raises(Refused, match="封月回执不合格式"):
        read_kept([kept])


def test_a_seal_taken_away_is_missed_by_its_receipt(street: StreetFolder, tmp_path: Path) -> None:
    close_explained(street, tmp_path)
    (street.compound("C0001").path / seal_name(SEPTEMBER)).unlink()
    found = run(street, "verify", "--kept", str(tmp_path / "回执"))
    assert "各方留存了这个月的封月回执，街道却没有这个月的封月文件" in found.output


def test_a_receipt_needs_the_closers_key(street: StreetFolder, tmp_path: Path) -> None:
    before = contents(street)
    done = run(street, "close", "2026-09", "--keep", str(tmp_path / "回执"), by="K02")
    assert done.exit_code == 2 and "封月回执须签名：用 --key 私钥文件" in done.output
    key = str(street.path / "example-keys/K01.pem")
    done = run(street, "close", "2026-09", "--keep", str(tmp_path / "回执"), "--key", key, by="K02")
    assert "私钥与 K02 代理会计2号在街道登记的公钥不符" in done.output and contents(street) == before


# ------------------------------------------------------------------------------------------ presenting the next month
def _seal(folder: CompoundFolder, month: str, **update: object) -> None:
    seal = next(one for one in read_months(folder).seals if str(one.month) == month)
    (folder.path / seal_name(seal.month)).write_bytes(seal_bytes(seal.model_copy(update=update)))


def _sign_gone(folder: CompoundFolder) -> None:
    """A signature taken out of the seal; the checkpoint still has it."""
    seal = read_months(folder).seals[-1]
    _seal(folder, "2026-08", signed=seal.signed[:-1])


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda f: _seal(f, "2026-08", closed_by="B01"), "C0001 2026-08：封月人 B01 当时不是记账人员"),
        (_sign_gone, "C0001 2026-08：存证上的签名与各方的签署不一致"),
        (lambda f: (f.path / "seals/2026-08-evidence-X01.csv").write_text("x"), "封月以后才放进已封的月份"),
        (lambda f: _seal(f, "2026-08", explanations=(("D2026-08-A01-01", "补写"),)), "差异的说明被改动过"),
    ],
)
def test_nothing_is_presented_over_a_month_that_was_tampered_with(
    street: StreetFolder, tamper: Callable[[CompoundFolder], object], said: str
) -> None:
    tamper(street.compound("C0001"))
    before = contents(street)
    with pytest.raises(ManyRefused) as caught:
        present_street(street, street.compounds(), SEPTEMBER, "K02", key_of("K02"), TODAY)
    (refused,) = caught.value.refusals
    assert refused.message.startswith("已封的月份与签署时不同，须先恢复原样，再报送下一个月：")
    assert said in refused.message and contents(street) == before


# ------------------------------------------------------------------------------------------ what waits in the inbox
def _waits(street: StreetFolder, name: str, content: bytes) -> None:
    path = street.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _statement(street: StreetFolder) -> Path:
    """A kept statement of September of C0001, whose account is in the file."""
    return next((street.compound("C0001").path / "statements/2026-09").glob("中行*.csv"))


def _ready(street: StreetFolder) -> None:
    present(street)
    for person in ("B01", "A01", "S01"):
        sign(street, person)


def test_a_statement_that_waits_unimported_keeps_the_month_open(street: StreetFolder) -> None:
    kept = _statement(street)
    _waits(street, "补/再下载.csv", kept.read_bytes() + b"\r\n")
    _ready(street)
    with pytest.raises(ManyRefused) as caught:
        close_street(street, street.compounds(), SEPTEMBER, "K02", TODAY)
    said = "C0001：2026-09 不能封月：收件夹里还有没导入的对账单 inbox/补/再下载.csv，先导入、过账，再重新报送；"
    assert [str(one) for one in caught.value.refusals] == [f"{said}不要的移出收件夹"]
    close_street(street, [street.compound("C0002")], SEPTEMBER, "K02", TODAY)
    shutil.rmtree(street.inbox / "补")
    close_street(street, [street.compound("C0001")], SEPTEMBER, "K02", TODAY)


def test_what_was_imported_may_stay_in_the_inbox(street: StreetFolder) -> None:
    kept = _statement(street)
    _waits(street, f"2026-09/C0001/{kept.name}", kept.read_bytes())
    _waits(street, kept.name, kept.read_bytes())
    _ready(street)
    assert close_street(street, street.compounds(), SEPTEMBER, "K02", TODAY)[0].unknown == ()


def test_what_nobody_can_tell_whose_it_is_is_said(street: StreetFolder) -> None:
    _waits(street, "说明.csv", "甲,乙\n1,2\n".encode())
    _waits(street, "C0002/说明.csv", "丙,丁\n1,2\n".encode())
    _ready(street)
    done = run(street, "close", "2026-09", "--compound", "C0001", by="K02")
    assert done.exit_code == 0
    assert "提醒：inbox/说明.csv 认不出是哪个小区的对账单，没有导入（认不出这是哪家银行的对账单" in done.output
    assert "inbox/C0002" not in done.output
