"""Acts signed in the browser: the key never comes here, and nothing is done before every signature is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import CLEANING, COST, complete
from asking import press as tick_and_press
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from little_street import DECISIONS, ORIGIN, REVIEWER, SIGNER, VOUCHERS, WAITING, give_key, resolve, say_step
from sealed_street import (
    BANK,
    NEXT,
    PARTIES,
    POSTER,
)
from signing_hand import press, press_and_sign, rows_of, signatures, version

from jiezhang.book.keys import PrivateKey
from jiezhang.book.layout import StreetFolder
from jiezhang.book.office_files import read_chain
from jiezhang.book.write import WouldWriteError, trying, write_all, write_atomically
from jiezhang.domain.approval.seals import verifies_with
from tests.decisions import COMMITTEE, KEY
from tests.signed_in import client_as, office_of, open_app, sign_in

SIGNER_PRIVATE = PrivateKey(
    Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
)
ALL: dict[str, Any] = {"month": "2026-10", "everything": True}
MONTH = {"month": str(NEXT)}


@pytest.fixture
def reviewed(street: StreetFolder, client: FlaskClient) -> FlaskClient:
    """Two vouchers to be posted, in a street where who posts signs."""
    complete(client, {**CLEANING, "other": COST, "invoice": "0012"})
    tick_and_press(client, "review", REVIEWER)
    give_key(street)
    return client


def test_a_poster_signs(reviewed: FlaskClient, street: StreetFolder, month_file: Path) -> None:
    begun = len(rows_of(reviewed.application))
    before = month_file.read_bytes()
    asked = press(reviewed, VOUCHERS, "post", SIGNER, **ALL)
    assert asked.json is not None
    assert (asked.status_code, asked.json["kind"], asked.json["public"]) == (202, "sign", SIGNER_PRIVATE.public)
    (wanted,) = asked.json["wanted"]
    assert (wanted["kind"], wanted["says"]) == ("ed25519", "过账 C0001 甲子花园 2026-10 凭证 2 张")
    assert "key" not in asked.json, "only a demonstration has one at hand"
    assert month_file.read_bytes() == before
    assert len(rows_of(reviewed.application)) == begun, "to be asked for a signature is no act"
    answer, kinds = press_and_sign(reviewed, VOUCHERS, "post", SIGNER, SIGNER_PRIVATE, **ALL)
    assert (answer.status_code, kinds) == (200, ["ed25519"])
    assert answer.json is not None
    assert answer.json["message"] == "已过账 2 张，1 笔待查明"
    last = read_chain(street.compound("C0001"))[-1]
    assert verifies_with("ed25519", SIGNER_PRIVATE.public, last.head, last.signature)
    assert last.head == wanted["message"]
    assert [row.action for row in rows_of(reviewed.application)][:-begun] == ["post"]
    assert not office_of(reviewed.application).acts.log.unended()


def _other(wanted: dict[str, str]) -> dict[str, str]:
    return {f"ed25519:{wanted['message']}": PrivateKey(Ed25519PrivateKey.generate()).sign(wanted["message"])}


def _of_another_message(wanted: dict[str, str]) -> dict[str, str]:
    return {f"ed25519:{wanted['message']}": SIGNER_PRIVATE.sign("00" * 32)}


def _garbled(wanted: dict[str, str]) -> dict[str, str]:
    return {f"ed25519:{wanted['message']}": "00"}


@pytest.mark.parametrize("wrong", [_other, _of_another_message, _garbled])
def test_a_signature_that_is_not_theirs(
    reviewed: FlaskClient, month_file: Path, wrong: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    before = month_file.read_bytes()
    told = press(reviewed, VOUCHERS, "post", SIGNER, **ALL).json
    assert told is not None
    made = wrong(told["wanted"][0])
    answer = press(reviewed, VOUCHERS, "post", SIGNER, signatures=made, at=told["at"], **ALL)
    assert answer.json is not None
    assert (answer.status_code, answer.json["message"]) == (422, "签名与登记的公钥不符，没有办理")
    assert month_file.read_bytes() == before
    assert not office_of(reviewed.application).acts.log.unended()


def test_a_signature_of_what_was_is_asked_for_anew(reviewed: FlaskClient, append: Callable[[str], None]) -> None:
    """The books changed after the person signed: another message, and the old signature is good for nothing."""
    told = press(reviewed, VOUCHERS, "post", SIGNER, **ALL).json
    assert told is not None
    made = signatures(told["wanted"], SIGNER_PRIVATE)
    told_of_one = press(reviewed, VOUCHERS, "post", SIGNER, signatures=made, at=told["at"], month="2026-10",
                        vouchers=_digests(reviewed)[:1]).json  # fmt: skip
    assert told_of_one is not None
    assert (told_of_one["kind"], told_of_one["wanted"] == told["wanted"]) == ("sign", False)
    stale = version(reviewed, VOUCHERS)
    append("\n")
    body = {**ALL, "version": stale, "signatures": made, "at": told["at"]}
    assert reviewed.post(f"{VOUCHERS}post", json=body, headers=ORIGIN).status_code == 409


def _digests(client: FlaskClient) -> list[str]:
    listed = client.get(VOUCHERS).text.partition('id="jz-reviewed"')[2].partition("</section>")[0]
    return [part.partition('"')[0] for part in listed.split('data-digest="')[1:]]


@pytest.mark.parametrize(
    ("seconds", "status"), [(-700, 422), (-500, 202), (60, 422)]
)
def test_the_time_that_is_signed_is_of_now(reviewed: FlaskClient, seconds: int, status: int) -> None:
    """The clock of the office counts, and ten minutes are enough to sign."""
    now = int(office_of(reviewed.application).serving.now().timestamp())
    answer = press(reviewed, VOUCHERS, "post", SIGNER, at=now + seconds, **ALL)
    assert answer.json is not None
    assert answer.status_code == status
    late = answer.json["message"] == "从要签名到签好超过了 10 分钟，没有办理，请再办一次"
    assert late is (status == 422)


@pytest.mark.parametrize(
    "more",
    [
        {"signatures": {"x": "00"}},
        {"signatures": {"ed25519:00": "zz"}},
        {"signatures": {f"ed25519:{n:02x}": "00" for n in range(9)}},
        {"at": "1"},
    ],
)
def test_what_is_written_wrongly(reviewed: FlaskClient, more: dict[str, Any]) -> None:
    assert press(reviewed, VOUCHERS, "post", SIGNER, **ALL, **more).status_code == 400


def test_a_trial_writes_nothing_and_ends(tmp_path: Path) -> None:
    with trying():
        with pytest.raises(WouldWriteError):
            write_all(tmp_path, {"a": b"1"})
        with pytest.raises(WouldWriteError):
            write_atomically(tmp_path / "b", b"1")
    assert not list(tmp_path.iterdir())
    write_all(tmp_path, {"a": b"1"})
    assert (tmp_path / "a").read_bytes() == b"1"


def test_a_keeper_sets_a_seal(street: StreetFolder, client: FlaskClient) -> None:
    resolve(street)
    _ready_to_seal(street)
    page = f"{DECISIONS}?code={WAITING}"
    assert "jz-do-seal" not in client.get(page).text, "a bookkeeper keeps no seal"
    button = f'data-code="{WAITING}" data-seal="committee">盖业主委员会印章'
    assert button in sign_in(client, COMMITTEE.id).get(page).text
    more = {"month": "2026-10", "code": WAITING, "seal": "committee"}
    wrong = press(client, DECISIONS, "seal", "Y02", **more)
    assert wrong.json is not None
    assert wrong.json["message"] == f"决议 {WAITING} 现在不用盖 Y02 委员甲保管的业主委员会印章"
    answer, kinds = press_and_sign(client, DECISIONS, "seal", COMMITTEE.id, PrivateKey(KEY), **more)
    assert (answer.status_code, kinds) == (200, ["ed25519"]), answer.json
    shown = client.get(page).text
    assert "相符" in shown
    assert "jz-do-seal" not in shown
    assert press(client, DECISIONS, "seal", COMMITTEE.id, **more).status_code == 422


def _ready_to_seal(street: StreetFolder) -> None:
    say_step(street, WAITING, 3, step="branch_review", by="Z01", opinion="同意")
    say_step(street, WAITING, 4, step="committee_decision", by=f"{COMMITTEE.id},Y02")


def test_the_samples_keys_only_in_a_demonstration(sealed: StreetFolder) -> None:
    real = client_as(open_app(sealed), BANK)
    assert real.get("/jiezhang/demo-key", follow_redirects=True).status_code in (403, 404, 405)
    demo = open_app(sealed, demo=POSTER)
    assert demo.test_client().get("/jiezhang/demo-key").status_code == 303
    for person in (BANK, POSTER):
        answer = client_as(demo, person).get("/jiezhang/demo-key", buffered=True)
        assert answer.data == (sealed.path / "example-keys" / f"{person}.pem").read_bytes()
        assert answer.headers["Cache-Control"] == "no-store"
    assert client_as(demo, "T01").get("/jiezhang/demo-key").status_code == 404, "has no key"
    told = press(demo.test_client(), PARTIES, "present", POSTER, **MONTH).json
    assert told is not None
    assert told["key"] == "/jiezhang/demo-key"
