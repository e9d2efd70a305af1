"""The browser's own signing, jiezhang/web/keys.js, run under node: the same bytes as the Python side's."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from jiezhang.book.keys import AwaitedKey, PrivateKey, answer_name
from jiezhang.domain.history import vrf
from jiezhang.web.app import SCRIPTS

RUNNER = Path(__file__).parent / "sign_lines.mjs"
RANDOM = random.Random(20261122)
SEEDS = [RANDOM.randbytes(32) for _ in range(12)]
MESSAGES = [b"", b"\x00", RANDOM.randbytes(32), RANDOM.randbytes(200), "jiezhang-sample-1\n长吴街道/C0001".encode()]

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="keys.js is run by node, which is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts as they are served: side by side."""
    made = tmp_path_factory.mktemp("served")
    (made / "package.json").write_text('{"type": "module"}')
    for name in ("keys", "crypto"):
        shutil.copyfile(SCRIPTS[name], made / f"{name}.js")
    return made


def node(folder: Path, lines: list[list[str]]) -> list[Any]:
    told = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(["node", str(RUNNER), str(folder)], input=told.encode(), capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def pem(key: Any, how: KeySerializationEncryption | None = None) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how or NoEncryption()).decode())


CASES = [(seed, message) for seed in SEEDS for message in MESSAGES]


def test_proofs_are_those_of_python(folder: Path) -> None:
    found = node(folder, [["prove", seed.hex(), message.hex()] for seed, message in CASES])
    assert found == [vrf.prove(seed, message).hex() for seed, message in CASES]


def test_its_own_ed25519_is_the_librarys(folder: Path) -> None:
    """For a browser whose WebCrypto has none."""
    found = node(folder, [["signed", seed.hex(), message.hex()] for seed, message in CASES])
    keys = [ed25519.Ed25519PrivateKey.from_private_bytes(seed) for seed, _ in CASES]
    assert found == [key.sign(message).hex() for key, (_, message) in zip(keys, CASES, strict=True)]


def test_keys_from_files(folder: Path) -> None:
    """What a file's key answers is what the office verifies, P-256 in DER; numbers that begin with zeros among them."""
    ours = [ed25519.Ed25519PrivateKey.from_private_bytes(seed) for seed in SEEDS]
    p256 = [ec.derive_private_key(number, ec.SECP256R1()) for number in (1, 2, 20261122)]
    asked = [(key, "ed25519", message) for key in ours[:3] for message in MESSAGES]
    asked += [(key, "vrf", MESSAGES[2]) for key in ours[:3]]  # type: ignore[misc]
    asked += [(key, "p256", bytes([n])) for key in p256 for n in range(200)]  # type: ignore[misc]
    found = node(folder, [[pem(key), kind, message.hex()] for key, kind, message in asked])
    assert len(found) == len(asked)
    lengths = set()
    for told, (key, kind, message) in zip(found, asked, strict=True):
        public = PrivateKey(key).public
        assert told["public"] == public
        there = AwaitedKey(public, {answer_name(kind, message): told["answer"]})  # type: ignore[arg-type]
        assert there.prove(message) if kind == "vrf" else there.sign_bytes(message)
        if kind == "p256":
            lengths.add(len(told["answer"]) // 2)
    assert {70, 71, 72} <= lengths, "with and without a byte of sign before either number"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (pem(ed25519.Ed25519PrivateKey.from_private_bytes(SEEDS[0]), BestAvailableEncryption(b"x")),
         "不是没有口令的 PEM 私钥文件"),
        ("不是私钥", "不是没有口令的 PEM 私钥文件"),
        (pem(rsa.generate_private_key(65537, 2048)), "私钥须是 Ed25519 或 P-256"),
        (pem(ec.derive_private_key(1, ec.SECP384R1())), "私钥须是 Ed25519 或 P-256"),
    ],
)  # fmt: skip
def test_files_that_are_none(folder: Path, text: str, message: str) -> None:
    assert node(folder, [[text, "ed25519", "00"]]) == [{"wrong": message}]
