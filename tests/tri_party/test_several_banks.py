"""Where the register says which bank's accounts a person confirms, each bank signs for its own, and the bank's leg is
complete when every bank account is covered."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.seal_files import read_months, seal_name
from jiezhang.domain.history.checkpoint import SignedCheckpoint
from jiezhang.domain.problem import ManyRefused
from jiezhang.domain.tri_party.attestation import Signed
from jiezhang.domain.tri_party.month_seal import seal_bytes
from jiezhang.domain.tri_party.signing import note_of
from jiezhang.street.attesting import sign_street
from jiezhang.street.closing import close_street
from jiezhang.street.party_words import Saying, word_by
from tests.tri_party.sealed_street import SEPTEMBER, TODAY, act_of, key_of, present, run, sealed_street

CODE = ("--compound", "C0001")


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    """The ICBC's person is B01, the Bank of China's B02; nobody is named for the payment platform."""
    made = sealed_street(tmp_path / "street")
    name_banks(made, B01='["icbc"]', B02='["boc"]')
    return made


def name_banks(street: StreetFolder, **banks: str) -> None:
    text = street.toml.read_text("utf-8")
    for person, codes in banks.items():
        if f'id = "{person}"' not in text:
            text += f'\n[[people]]\nid = "{person}"\nname = "另一家银行"\nroles = ["bank"]\n'
            text += f'key = "{key_of(person).public}"\n'
        text = text.replace(f'id = "{person}"', f'id = "{person}"\nbanks = {codes}')
    street.toml.write_text(text, "utf-8")


def sign(street: StreetFolder, person: str, saying: Saying | None = None) -> Signed:
    folders = [street.compound("C0001")]
    made = sign_street(street, folders, SEPTEMBER, act_of(street, person), word_by(saying or Saying()))
    return made[0].signed


def close(street: StreetFolder) -> None:
    close_street(street, [street.compound("C0001")], SEPTEMBER, "K02", TODAY)


def refused(street: StreetFolder) -> str:
    with pytest.raises(ManyRefused) as caught:
        close(street)
    return caught.value.refusals[0].message


def short(signed: Signed) -> list[str]:
    return [one.rpartition("-")[2][:2] for one in signed.attestation.accounts]


def test_each_bank_signs_for_its_own_accounts(street: StreetFolder, tmp_path: Path) -> None:
    present(street, SEPTEMBER, "C0001")
    assert short(sign(street, "B01")) == ["工行"]
    with pytest.raises(ManyRefused) as caught:
        sign(street, "A01")
    assert "还没有银行核对签署，各家银行签齐以后才能抽取样本" in caught.value.refusals[0].message
    board = run(street, "attest", "board", "2026-09", *CODE).output
    assert "银行 确认，缺 中行" in board
    assert "账户 中行" in refused(street)
    assert run(street, "attest", "paper", "2026-09", *CODE, "--out", str(tmp_path / "papers")).exit_code == 0
    paper = next((tmp_path / "papers").glob("*.json")).read_text("utf-8")
    assert '"partial"' in paper
    assert short(sign(street, "B02")) == ["中行"]
    assert "缺" not in run(street, "attest", "board", "2026-09", *CODE).output.partition("社区")[0]
    sign(street, "A01")
    sign(street, "S01")
    close(street)
    assert run(street, "verify").exit_code == 0 and run(street, "check").exit_code == 0


def test_a_bank_is_asked_about_its_own_accounts(street: StreetFolder, tmp_path: Path) -> None:
    present(street, SEPTEMBER, "C0001")
    key = street.path / "example-keys/B01.pem"
    asked = run(street, "attest", "sheets", "2026-09", *CODE, "--key", str(key), "--out", str(tmp_path), by="B01")
    assert asked.exit_code == 0, asked.output
    (sheet,) = tmp_path.glob("*.csv")
    text = sheet.read_text("utf-8-sig")
    assert "工行" in text and "中行" not in text and "微信" not in text


def test_a_refusal_of_one_bank_is_of_its_own_accounts(street: StreetFolder) -> None:
    present(street, SEPTEMBER, "C0001")
    said = sign(street, "B01", Saying(refusal="余额待查"))
    assert short(said) == ["工行"]
    sign(street, "B02")
    sign_all = refused(street)
    assert sign_all.startswith("2026-09 不能封月：银行 B01 拒绝签署：余额待查")


def test_a_platform_is_waited_for_where_the_register_names_who_confirms_it(street: StreetFolder) -> None:
    name_banks(street, B03='["wechat"]')
    present(street, SEPTEMBER, "C0001")
    for person in ("B01", "B02", "A01", "S01"):
        sign(street, person)
    assert "还没有银行核对签署" in refused(street)
    sign(street, "B03")
    close(street)


def test_one_person_for_all_banks_speaks_of_all(street: StreetFolder) -> None:
    name_banks(street, B04="[]")
    present(street, SEPTEMBER, "C0001")
    assert sign(street, "B04").attestation.accounts == ()
    for person in ("A01", "S01"):
        sign(street, person)
    close(street)


def test_who_was_given_other_accounts_since_signs_again(street: StreetFolder) -> None:
    text = street.toml.read_text("utf-8")
    street.toml.write_text(text.replace('banks = ["icbc"]\n', ""), "utf-8")
    present(street, SEPTEMBER, "C0001")
    for person in ("B01", "B02", "A01", "S01"):
        sign(street, person)
    street.toml.write_text(text, "utf-8")
    assert "银行 B01 签署的不是登记由其核对的账户，须重新签署" in refused(street)
    assert "银行 作废、确认" in run(street, "attest", "board", "2026-09", *CODE).output


def test_a_bank_without_an_account_here_has_nothing_to_sign(street: StreetFolder) -> None:
    name_banks(street, B05='["psbc"]')
    present(street, SEPTEMBER, "C0001")
    with pytest.raises(ManyRefused) as caught:
        sign(street, "B05")
    assert caught.value.refusals[0].message == "小区 C0001 在 B05 另一家银行的银行没有账户，不用签署"


def test_a_bank_taken_out_of_the_seal_is_missed(street: StreetFolder) -> None:
    """The checkpoint made to agree: its accounts have nobody's word any more."""
    present(street, SEPTEMBER, "C0001")
    for person in ("B01", "B02", "A01", "S01"):
        sign(street, person)
    close(street)
    folder = street.compound("C0001")
    seal = read_months(folder).seals[-1]
    left = tuple(one for one in seal.signed if one.attestation.person != "B02")
    office = SignedCheckpoint.parse(seal.checkpoint)
    office = SignedCheckpoint(office.checkpoint, office.signatures[:1])
    new = seal.model_copy(update={"signed": left, "checkpoint": note_of(office, left).text()})
    (folder.path / seal_name(SEPTEMBER)).write_bytes(seal_bytes(new))
    found = run(street, "verify").output
    assert "没有银行的签署" in found and "账户 中行" in found
