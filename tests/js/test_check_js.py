"""The page's own check.js, run under node: published vectors, and every reason a proof can be refused for."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jiezhang.domain.history.household_proof import verify
from jiezhang.domain.history.trust import Trust
from tests.js.little_proof import (
    COSIGNER,
    LINES,
    OFFICE,
    STREET,
    TIME,
    Line,
    LittleProof,
    key_of,
    office_line,
    party_line,
    public_of,
    trust_json,
    uvar,
)

RUNNER = Path(__file__).parent / "check_lines.mjs"
VECTORS_OF_PROOFS = Path(__file__).parents[1] / "history" / "vectors.json"
ORDER = 2**252 + 27742317777372353535851937790883648493

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="check.js is run by node, which is not installed")


def node(lines: list[str], *flags: str) -> list[str]:
    told = "".join(line + "\n" for line in lines)
    done = subprocess.run(["node", str(RUNNER), *flags], input=told.encode(), capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def check(codes: list[str], trust: dict[str, object] | None = None) -> list[str]:
    return node([json.dumps(trust or trust_json()), *codes])


# RFC 8032, 7.1: key, message, signature
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        ("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        ("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
        ("dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
         "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
    ),
)


def test_ed25519_says_yes_to_the_vectors_of_rfc_8032_and_no_to_their_neighbours() -> None:
    lines, said = [], []
    for key, message, signature in VECTORS:
        s = int.from_bytes(bytes.fromhex(signature[64:]), "little")
        larger = signature[:64] + (s + ORDER).to_bytes(32, "little").hex()
        other = f"{int(signature[:2], 16) ^ 1:02x}{signature[2:]}"
        for shown, word in ((signature, "true"), (larger, "false"), (other, "false"), (signature[:-2], "false")):
            lines.append(json.dumps(["ed25519", key, message, shown]))
            said.append(word)
        lines.append(json.dumps(["ed25519", key, message + "00", signature]))
        said.append("false")
    assert node(lines, "--primitives") == said


def test_ed25519_agrees_with_openssl_about_points_of_small_order_and_odd_spellings() -> None:
    """y ≥ p, x = 0 with a sign, no point at all, torsion in the key or in R: what one accepts the other does."""
    p = 2**255 - 19
    small = [0, 1, p - 1, p, p + 1, 2, 3, 2**255 - 1]
    torsion = int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7", 16)
    keys = [n.to_bytes(32, "little") for n in small] + [torsion.to_bytes(32, "big")]
    keys += [bytes([*key[:31], key[31] | 128]) for key in keys] + [public_of("K01")]
    lines, said = [], []
    for key in keys:
        for r in keys:
            for s in (0, 1, ORDER - 1, ORDER):
                signature = r + s.to_bytes(32, "little")
                try:
                    Ed25519PublicKey.from_public_bytes(key).verify(signature, b"month")
                    said.append("true")
                except (InvalidSignature, ValueError):
                    said.append("false")
                lines.append(json.dumps(["ed25519", key.hex(), b"month".hex(), signature.hex()]))
    assert node(lines, "--primitives") == said
    assert {"true", "false"} == set(said)


def test_ed25519_agrees_with_openssl_about_random_signatures() -> None:
    chance = random.Random(8032)
    lines, said = [], []
    for number in range(200):
        message = chance.randbytes(number * 3)
        signature = bytearray(key_of(f"k{number % 7}").sign(message))
        if number % 2:
            signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
        lines.append(json.dumps(["ed25519", public_of(f"k{number % 7}").hex(), message.hex(), signature.hex()]))
        said.append("false" if number % 2 else "true")
    assert node(lines, "--primitives") == said


@pytest.mark.parametrize("name", ["sha256", "sha512"])
def test_hashes_of_every_length_around_the_blocks(name: str) -> None:
    data = [random.Random(size).randbytes(size) for size in (*range(260), 1000, 5000)]
    lines = [json.dumps([name, one.hex()]) for one in [b"", b"abc", *data]]
    assert node(lines, "--primitives") == [hashlib.new(name, one).hexdigest() for one in [b"", b"abc", *data]]


def test_a_good_proof_and_its_facts() -> None:
    [told] = node([json.dumps(trust_json()), LittleProof().code()], "--facts")
    assert json.loads(told) == {
        "result": "ok",
        "facts": {
            "origin": "长吴街道/C0001", "month": "2026-10", "household": "01-1-005", "balance_fen": 1_039_595,
            "total_fen": 37 * 1_000_000 + 7_919 * 666, "count": 37, "size": 57,
            "signers": [
                ["office", "K01", None], ["bank", "B01", TIME], ["community", "Q01", TIME], ["auditor", "S01", TIME],
            ],
        },
    }  # fmt: skip


def test_every_household_of_trees_of_every_shape_is_in_the_total() -> None:
    codes = [
        LittleProof(balances=tuple(range(size)), place=place).code() for size in range(1, 20) for place in range(size)
    ]
    assert set(check(codes)) == {"ok"}


GOOD, MOST = LittleProof(), 2**53
NEW = Line("长吴街道/Z09", COSIGNER, "Z09")
_PATH = ([(b"h" * 32, 0)],)
CASES: dict[str, tuple[LittleProof, str]] = {
    "as it is": (GOOD, "ok"),
    "owners signed too": (GOOD.but(lines=(*LINES, party_line("Y01"))), "ok"),
    "a whole street's total": (LittleProof(balances=(MOST - 2, 1), place=0), "ok"),
    "one fen more": (GOOD.but(forged={"balance": 1_039_596}), "not_in_total"),
    "another household": (GOOD.but(forged={"household": "01-1-006"}), "not_in_total"),
    "total one fen less": (GOOD.but(forged={"total": 42_274_053}), "not_in_total"),
    "another root": (GOOD.but(forged={"root": bytes(32)}), "not_in_total"),
    "another salt": (GOOD.but(forged={"salt": bytes(16)}), "not_in_total"),
    "wrong sum before wrong key": (GOOD.but(forged={"balance": 0}, lines=(*LINES, NEW)), "not_in_total"),
    "another street": (GOOD.but(origin="短吴街道/C0001", lines=(office_line("短吴街道/C0001"),)), "untrusted"),
    "an unknown key among good ones": (GOOD.but(lines=(*LINES, NEW)), "untrusted"),
    "office by another key": (GOOD.but(lines=(office_line(key="K99"), *LINES[1:])), "untrusted"),
    "office of another compound": (GOOD.but(lines=(office_line("长吴街道/C0002"), *LINES[1:])), "untrusted"),
    "bank in the auditor's name": (GOOD.but(lines=(*LINES[:3], Line("长吴街道/S01", COSIGNER, "B01"))), "untrusted"),
    "party as an office": (GOOD.but(lines=(Line("长吴街道/B01", OFFICE, "B01"), *LINES[2:])), "untrusted"),
    "party without its street": (GOOD.but(lines=(*LINES[:3], Line("长吴街道/长吴街道/S01", 4, "S01"))), "untrusted"),
    "unknown key before false signature": (GOOD.but(lines=(office_line(wrong=9), NEW)), "untrusted"),
    "office's R": (GOOD.but(lines=(office_line(wrong=9), *LINES[1:])), "signature"),
    "office's S": (GOOD.but(lines=(office_line(wrong=300), *LINES[1:])), "signature"),
    "last party's": (GOOD.but(lines=(*LINES[:3], party_line("S01", wrong=1))), "signature"),
    "no more needed, but false": (GOOD.but(lines=(*LINES, party_line("Y01", wrong=1))), "signature"),
    "false before missing": (GOOD.but(lines=(party_line("B01", wrong=1),)), "signature"),
    "no office": (GOOD.but(lines=LINES[1:]), "missing"),
    "no bank": (GOOD.but(lines=(LINES[0], *LINES[2:])), "missing"),
    "no signature": (GOOD.but(lines=()), "missing"),
    "office last": (GOOD.but(lines=(*LINES[1:], LINES[0])), "malformed"),
    "two offices": (GOOD.but(lines=(LINES[0], LINES[0], *LINES[1:])), "malformed"),
    "bank twice": (GOOD.but(lines=(*LINES[:2], *LINES[1:])), "malformed"),
    "parties not in order": (GOOD.but(lines=(*LINES[:2], LINES[3], LINES[2])), "malformed"),
    "party in the office's name": (GOOD.but(lines=(LINES[0], Line(f"{STREET}/C0001", 4, "B01"))), "malformed"),
    "a third kind of signature": (GOOD.but(lines=(*LINES[:3], Line("长吴街道/S01", 2, "S01"))), "malformed"),
    "time too large": (GOOD.but(lines=(*LINES[:3], party_line("S01", time=MOST))), "malformed"),
    "a name of nothing": (GOOD.but(lines=(*LINES, Line("", COSIGNER, "S01"))), "malformed"),
    "control character": (GOOD.but(forged={"household": "01\x7f1"}), "malformed"),
    "next line": (GOOD.but(forged={"household": "01\x851"}), "malformed"),
    "zero households": (GOOD.but(forged={"count": 0}), "malformed"),
    "index past the end": (GOOD.but(forged={"index": 37}), "malformed"),
    "path too short": (GOOD.but(forged={"path": []}), "malformed"),
    "path too long": (GOOD.but(forged={"path": _PATH[0] * 9}), "malformed"),
    "balance of 2**53": (GOOD.but(forged={"balance": MOST}), "malformed"),
    "total of 2**53": (LittleProof(balances=(MOST - 1, 1), place=0), "malformed"),
    "sum of 2**53": (LittleProof(balances=(MOST - 1, 1), place=0, forged={"total": 5}), "malformed"),
    "size of 2**53": (GOOD.but(size=MOST), "malformed"),
    "month 0": (GOOD.but(month=0), "malformed"),
    "month 13": (GOOD.but(month=13), "malformed"),
    "year 1989": (GOOD.but(year=1989), "malformed"),
    "year 2200": (GOOD.but(year=2200), "malformed"),
    "space in the origin": (GOOD.but(origin="长吴 街道/C0001"), "malformed"),
    "wide space in the origin": (GOOD.but(origin="长吴\u3000街道/C0001"), "malformed"),
    "byte order mark in the origin": (GOOD.but(origin="\ufeff长吴街道/C0001"), "malformed"),
    "plus in the origin": (GOOD.but(origin="长吴+街道/C0001"), "malformed"),
    "three digits": (GOOD.but(origin="长吴街道/C001"), "malformed"),
    "wide digits": (GOOD.but(origin="长吴街道/C０００１"), "malformed"),
    "two strokes": (GOOD.but(origin="长吴/街道/C0001"), "malformed"),
}


def test_every_case_has_its_one_word() -> None:
    told = check([proof.code() for proof, _ in CASES.values()])
    assert dict(zip(CASES, told, strict=True)) == {name: word for name, (_, word) in CASES.items()}


def test_what_is_required_is_the_trusts_own() -> None:
    codes = [GOOD.code(), GOOD.but(lines=LINES[:2]).code(), GOOD.but(lines=LINES[:1]).code()]
    assert check(codes, trust_json(required=("owners",))) == ["missing"] * 3
    assert check(codes, trust_json(required=("bank",))) == ["ok", "ok", "missing"]
    assert check(codes, trust_json(required=())) == ["ok"] * 3
    assert check(codes, trust_json(street="短吴街道")) == ["untrusted"] * 3


def test_the_code_has_one_spelling() -> None:
    good, raw = GOOD.code(), GOOD.raw()
    assert len(raw) % 5 != 0
    spare = good[:-1] + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"["ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".index(good[-1]) + 1]
    long = raw.replace(uvar(57), b"\xb9\x00", 1)
    others = [
        good.lower(), good + "=", " " + good, good[:9] + "1" + good[10:], good[:9] + "\u2028" + good[10:], good + "A",
        spare, good[:-1], "", "A", *(base64.b32encode(x).decode().rstrip("=") for x in (raw + b"\0", raw[:-1], long)),
    ]  # fmt: skip
    assert check([good, *others, good]) == ["ok", *["malformed"] * len(others), "ok"]


def test_no_single_bit_of_a_proof_can_be_turned() -> None:
    chance, raw = random.Random(17), GOOD.raw()
    codes = []
    for bit in sorted(chance.sample(range(len(raw) * 8), 800)):
        turned = bytearray(raw)
        turned[bit // 8] ^= 1 << bit % 8
        codes.append(base64.b32encode(turned).decode().rstrip("="))
    words = check(codes)
    assert "ok" not in words
    assert set(words) == {"malformed", "not_in_total", "untrusted", "signature"}


def test_the_golden_cases_have_the_results_and_facts_python_gives() -> None:
    golden = json.loads(VECTORS_OF_PROOFS.read_text("utf-8"))
    codes = [json.dumps(case["code"]) for case in golden["cases"]]
    told = node([json.dumps(golden["trust"]), *codes], "--facts", "--json")
    found = {case["name"]: json.loads(line) for case, line in zip(golden["cases"], told, strict=True)}
    assert found == {c["name"]: {"result": c["result"], "facts": c.get("facts")} for c in golden["cases"]}
    assert {said["result"] for said in found.values()} == {
        "ok", "malformed", "not_in_total", "untrusted", "signature", "missing"}


def test_python_agrees_about_the_cases_here() -> None:
    trust = Trust.model_validate(trust_json())
    codes = {name: proof.code() for name, (proof, _) in CASES.items()}
    assert {name: verify(code, trust).result for name, code in codes.items()} == {
        name: word for name, (_, word) in CASES.items()
    }
