"""`jiezhang seal pdf`: two keepers, one after the other, on the same file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jiezhang.cli.main import main
from jiezhang.street.sample.demo_ca import credentials_of, demo_ca
from reports.signing.check import check_pdf, is_sealed_copy
from reports.signing.fields import fields_of, open_pdf
from tests.signing.sealing import CA, EXPECTED, SEED, plain
from tests.signing.test_seal_credentials import locked, p12


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, the keepers' keys and certificates, and the authority's."""
    keepers = {"a": ("Y01", "长吴公寓业主大会"), "c": ("Y02", "长吴公寓业主委员会")}
    for name, (person, org) in keepers.items():
        key, certificate = credentials_of(SEED, person, f"保管人{person}", org)
        (tmp_path / f"{name}.key").write_bytes(key)
        (tmp_path / f"{name}.pem").write_bytes(certificate)
    (tmp_path / "ca.pem").write_bytes(CA)
    (tmp_path / "twin.pem").write_bytes(demo_ca("another"))
    (tmp_path / "表.pdf").write_bytes(plain())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PASSPHRASE", "口令")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["seal", "pdf", *words])


def seal(name: str, which: str, *words: str) -> Result:
    return run("表.pdf", "--seal", which, "--cert", f"{name}.pem", "--key", f"{name}.key", *words)


def test_two_keepers_seal_one_file(folder: Path) -> None:
    first = seal("a", "assembly", "--ca", "ca.pem")
    assert first.exit_code == 0, first.output
    assert first.output.rstrip().endswith("长吴公寓业主大会 保管人Y01（演示）已盖业主大会章：表.pdf")
    second = seal("c", "committee", "--ca", "ca.pem")
    assert second.exit_code == 0, second.output
    pdf = (folder / "表.pdf").read_bytes()
    verdict = check_pdf(pdf, [CA], expected=EXPECTED)
    assert (verdict.holds, verdict.problem) == (True, "")
    assert is_sealed_copy(verdict, pdf, plain())


def test_either_may_come_first_and_the_seals_stand_side_by_side(folder: Path) -> None:
    assert seal("c", "committee", "--out", "盖章.pdf").exit_code == 0
    assert (folder / "表.pdf").read_bytes() == plain()
    assembly, committee = fields_of(open_pdf((folder / "盖章.pdf").read_bytes()))
    assert (assembly.name, assembly.sealed, committee.sealed) == ("assembly", False, True)
    assert assembly.box[2] < committee.box[0]
    assert assembly.box[1::2] == committee.box[1::2]


def test_keys_with_a_passphrase(folder: Path) -> None:
    (folder / "a.key").write_bytes(locked())
    (folder / "a.p12").write_bytes(p12())
    assert seal("a", "assembly", "--password-env", "PASSPHRASE", "--out", "1.pdf").exit_code == 0
    given = ("表.pdf", "--seal", "assembly", "--p12", "a.p12", "--password-env", "PASSPHRASE", "--out", "2.pdf")
    assert run(*given).exit_code == 0


REFUSED = [
    (("--cert", "a.pem"), "--cert 和 --key 一起写，或者只写 --p12"),
    ((), "--cert 和 --key 一起写，或者只写 --p12"),
    (("--cert", "a.pem", "--key", "a.key", "--p12", "a.p12"), "--cert 和 --key 一起写，或者只写 --p12"),
    (("--cert", "a.pem", "--key", "c.key"), "私钥与证书不相配"),
    (("--cert", "a.pem", "--key", "a.key", "--password-env", "NONE"), "没有环境变量 NONE"),
    (("--cert", "a.pem", "--key", "a.key", "--ca", "a.key"), "a.key：不是 PEM 证书文件"),
    (("--cert", "a.pem", "--key", "a.key", "--ca", "twin.pem"),
     "表.pdf：盖好的文件核验不符，没有写出：业主大会章：证书不是认可的机构签发的"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_refused_in_one_sentence_and_nothing_written(folder: Path, words: tuple[str, ...], said: str) -> None:
    before = sorted(folder.iterdir())
    result = run("表.pdf", "--seal", "assembly", *words)
    assert (result.exit_code, result.output) == (2, f"{said}\n")
    assert (folder / "表.pdf").read_bytes() == plain()
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(("content", "said"), [(b"no", "表.pdf：不是完整的 PDF 文件"), (None, "表.pdf：文件读不出来")])
def test_a_file_that_is_none_is_named(folder: Path, content: bytes | None, said: str) -> None:
    (folder / "表.pdf").unlink()
    if content is not None:
        (folder / "表.pdf").write_bytes(content)
    result = seal("a", "assembly")
    assert (result.exit_code, result.output) == (2, f"{said}\n")


def test_the_same_seal_is_not_set_twice(folder: Path) -> None:
    assert seal("a", "assembly").exit_code == 0
    before = (folder / "表.pdf").read_bytes()
    result = seal("a", "assembly")
    assert (result.exit_code, result.output) == (2, "表.pdf：业主大会章已经盖过了\n")
    assert (folder / "表.pdf").read_bytes() == before
