"""From presenting to the seal: what keeps a month from it, and that the seal is the same bytes whoever makes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.book.seal_files import read_months
from jiezhang.domain.period import Month
from jiezhang.domain.problem import ManyRefused, Refused
from jiezhang.street.attesting import sign_street
from jiezhang.street.closing import close_street
from jiezhang.street.party_words import Saying, word_by
from jiezhang.street.presenting import present_street
from tests.tri_party.sealed_street import (
    SEPTEMBER,
    TODAY,
    act_of,
    all_sign,
    contents,
    key_of,
    present,
    run,
    sealed_street,
    sign,
)

OCTOBER = SEPTEMBER.next


@pytest.fixture
def street(tmp_path: Path) -> StreetFolder:
    return sealed_street(tmp_path / "street")


def close(street: StreetFolder, month: Month = SEPTEMBER) -> None:
    close_street(street, street.compounds(), month, "K02", TODAY)


def refusal(act: Callable[[], object]) -> str:
    """The sentence that `act` is refused with, the first where there are several."""
    with pytest.raises((Refused, ManyRefused)) as caught:
        act()
    return str(caught.value.refusals[0] if isinstance(caught.value, ManyRefused) else caught.value)


def test_a_signed_month_is_closed_and_links_to_the_one_before(street: StreetFolder) -> None:
    present(street)
    all_sign(street)
    close(street)
    for folder in street.compounds():
        july, august, september = read_months(folder).seals
        assert [str(one.month) for one in (july, august, september)] == ["2026-07", "2026-08", "2026-09"]
        assert september.missing == ("owners",)
        assert september.figures.vouchers.tree_size > august.figures.vouchers.tree_size
        assert read_months(folder).presented == {}
    assert run(street, "check").exit_code == 0
    assert run(street, "verify").exit_code == 0


def _by(street: StreetFolder, person: str, month: Month = SEPTEMBER, today: date = TODAY) -> None:
    present_street(street, street.compounds(), month, person, key_of(person), today)


@pytest.mark.parametrize(
    ("doing", "said"),
    [
        (lambda s: _by(s, "K02", Month(2026, 8)), "2026-08 已经封月"),
        (lambda s: _by(s, "K02", OCTOBER), "上一个封月的是 2026-08，须按月依次封月"),
        (lambda s: _by(s, "K02", today=date(2026, 9, 30)), "2026-09 还没有过完，月末以后才能报送"),
        (lambda s: _by(s, "F01"), "不能报送"),
        (lambda s: present_street(s, s.compounds(), SEPTEMBER, "K02", None, TODAY), "报送须签名"),
        (lambda s: present_street(s, s.compounds(), SEPTEMBER, "K02", key_of("K01"), TODAY), "私钥与 K02"),
        (lambda s: sign(s, "B01"), "2026-09 还没有报送给各方"),
        (close, "2026-09 还没有报送给各方"),
    ],
)
def test_what_is_too_early_or_not_ones_own_is_refused(
    street: StreetFolder, doing: Callable[[StreetFolder], None], said: str
) -> None:
    before = contents(street)
    assert said in refusal(lambda: doing(street))
    assert contents(street) == before


def test_a_month_with_rows_waiting_is_not_presented(street: StreetFolder) -> None:
    run(street, "import", by="K01")
    present(street)
    all_sign(street)
    close(street)
    assert "没有过账" in refusal(lambda: present(street, OCTOBER))


@pytest.mark.parametrize(
    ("signing", "said"),
    [
        ((), "银行、专业审计、社区还没有签署"),
        (("B01",), "专业审计、社区还没有签署"),
        (("B01", "A01"), "社区还没有签署"),
        (("B01", "A01", "C0001R1"), "社区还没有签署"),
    ],
)
def test_each_required_party_must_sign(street: StreetFolder, signing: tuple[str, ...], said: str) -> None:
    present(street)
    for person in signing:
        folders = [street.compound(person[:5])] if person.startswith("C0") else street.compounds()
        sign_street(street, folders, SEPTEMBER, act_of(street, person), word_by(Saying()))
    assert said in refusal(lambda: close(street))


def test_a_refusal_is_kept_and_stops_the_closing(street: StreetFolder) -> None:
    present(street)
    sign(street, "B01")
    sign(street, "A01", Saying(refusal="余额没有函证"))
    sign(street, "S01")
    assert "专业审计 A01 拒绝签署：余额没有函证" in refusal(lambda: close(street))
    paper = run(street, "attest", "paper", "2026-09", "--out", str(street.path.parent / "out"))
    assert paper.exit_code == 0
    sign(street, "A01")
    close(street)


def test_the_auditor_draws_after_the_bank_has_signed(street: StreetFolder) -> None:
    present(street)
    assert "银行还没有签署，样本要由银行和审计两方的随机数抽取" in refusal(lambda: sign(street, "A01"))


def test_what_was_signed_is_void_once_the_books_move(street: StreetFolder) -> None:
    present(street)
    all_sign(street)
    register = street.compound("C0001").path / "register" / "contracts.csv"
    register.write_bytes(register.read_bytes().replace(b"\n", b" \n", 1))
    assert "报送以后账簿或登记资料变了" in refusal(lambda: close(street))
    present(street)
    signed = {code: read_months(street.compound(code)).presented["2026-09"].signed for code in ("C0001", "C0002")}
    assert [len(signed["C0001"]), len(signed["C0002"])] == [0, 3]
    assert run(street, "check").exit_code == 0


def test_presenting_again_without_a_change_leaves_every_byte(street: StreetFolder) -> None:
    present(street)
    all_sign(street)
    before = contents(street)
    present(street)
    assert contents(street) == before


def test_sealing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    streets = [sealed_street(tmp_path / name / "street") for name in ("one", "other")]
    for street in streets:
        present(street)
        all_sign(street)
        close(street)
    assert contents(streets[0]) == contents(streets[1])


def test_another_machine_seals_the_same_bytes(tmp_path: Path) -> None:
    """Another process with other hash seeds, time zone, locale and folder."""
    script = (
        "import sys; from pathlib import Path; from jiezhang.book.layout import StreetFolder;"
        "from tests.tri_party.sealed_street import *;"
        "from jiezhang.street.closing import close_street;"
        "street = sealed_street(Path(sys.argv[1]));"
        "present(street); all_sign(street); close_street(street, street.compounds(), SEPTEMBER, 'K02', TODAY);"
        "print(*(f.path.joinpath('seals/2026-09.json').read_bytes().hex() for f in street.compounds()))"
    )
    found = set()
    for number, (zone, locale) in enumerate((("UTC", "C"), ("Asia/Shanghai", "zh_CN.UTF-8"))):
        environment = {**os.environ, "PYTHONHASHSEED": str(number + 1), "TZ": zone, "LC_ALL": locale}
        ran = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / f"街道 {number}")],
            env=environment, capture_output=True, check=True, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        found.add(ran.stdout)
    assert len(found) == 1


def test_the_office_goes_on_while_the_parties_sign(street: StreetFolder) -> None:
    """October is imported and posted, an original is kept, a person added: September's signatures stay."""
    present(street)
    sign(street, "B01")
    keys, sheet = street.path / "example-keys", street.path / "completions/2026-10.csv"
    october = (
        ("K01", ("import",)),
        ("K01", ("complete", str(sheet))),
        ("F01", ("review", "2026-10")),
        ("K02", ("post", "2026-10", "--key", str(keys / "K02.pem"))),
    )
    for by, command in october:
        assert run(street, *command, by=by).exit_code == 0
    (street.compound("C0001").path / "documents" / "0f1e2d3c4b5a-later.pdf").write_bytes(b"%PDF-1.4 later")
    added = street.toml.read_text("utf-8") + '\n[[people]]\nid = "K09"\nname = "新来的会计"\nroles = ["bookkeeper"]\n'
    street.toml.write_text(added, "utf-8")
    present(street)
    assert [len(read_months(f).presented["2026-09"].signed) for f in street.compounds()] == [1, 1]
    sign(street, "A01")
    sign(street, "S01")
    close(street)
    assert run(street, "verify").exit_code == 0
