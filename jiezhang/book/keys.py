"""What a person signs with: a private key read from the file they keep, which is never stored with the books, or their
key far away, which signs what it is asked to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from jiezhang.domain.approval.seals import verifies_with
from jiezhang.domain.history import vrf
from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person

Kind = Literal["ed25519", "p256", "vrf"]
"""What a key is asked for: a signature by its algorithm, or the proof of a verifiable chance."""

_ED25519_HEX = 64


class Key(Protocol):
    """What can sign for a person, wherever the key is."""

    @property
    def public(self) -> str:
        """The public half in hex: 32 bytes of Ed25519, or the 65 bytes of an uncompressed P-256 point."""

    def sign(self, digest: str) -> str:
        """The signature (hex) over the bytes that `digest` (hex) stands for; P-256 signs with SHA-256, in DER."""

    def sign_bytes(self, message: bytes) -> bytes:
        """The signature over a message as it is."""

    def prove(self, alpha: bytes) -> bytes:
        """The VRF proof (80 bytes) for `alpha`; `Refused` for another kind of key than Ed25519."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An Ed25519 or P-256 key that signs digests."""

    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

    @property
    def public(self) -> str:
        """As `Key.public`."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()

    def sign(self, digest: str) -> str:
        """As `Key.sign`."""
        message = bytes.fromhex(digest)
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(message).hex()
        return self.key.sign(message, ec.ECDSA(SHA256())).hex()

    def sign_bytes(self, message: bytes) -> bytes:
        """As `Key.sign_bytes`."""
        return bytes.fromhex(self.sign(message.hex()))

    def prove(self, alpha: bytes) -> bytes:
        """As `Key.prove`."""
        return vrf.prove(self.seed, alpha)

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes of an Ed25519 key; `Refused` for another kind of key."""
        if not isinstance(self.key, ed25519.Ed25519PrivateKey):
            raise Refused("须用 Ed25519 私钥")
        return self.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    def __reduce__(self) -> tuple[Callable[[bytes], PrivateKey], tuple[bytes]]:
        """Posting hands the key to the processes that do it, as PEM, for the library's own objects can't be handed."""
        return _of_pem, (self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),)


class SignatureAwaited(Exception):
    """The key `public` has to sign `message`, or to prove for it, before what was asked for can be done."""

    def __init__(self, public: str, kind: Kind, message: bytes) -> None:
        super().__init__(public, kind, message)
        self.public, self.kind, self.message = public, kind, message


@dataclass(frozen=True, slots=True)
class AwaitedKey:
    """A key that only its owner has, elsewhere: it gives what came from there, and asks for what did not.

    `answers`: signatures and proofs in hex, by `answer_name`. None is believed before it is verified.
    """

    public: str
    answers: Mapping[str, str]

    def sign(self, digest: str) -> str:
        """As `Key.sign`; `SignatureAwaited` without an answer, `Refused` with one that is not this key's."""
        algorithm: Kind = "ed25519" if len(self.public) == _ED25519_HEX else "p256"
        found = self._answer(algorithm, bytes.fromhex(digest))
        if not verifies_with(algorithm, self.public, digest, found):
            raise _unlike()
        return found

    def sign_bytes(self, message: bytes) -> bytes:
        """As `Key.sign_bytes`."""
        return bytes.fromhex(self.sign(message.hex()))

    def prove(self, alpha: bytes) -> bytes:
        """As `Key.prove`."""
        if len(self.public) != _ED25519_HEX:
            raise Refused("须用 Ed25519 私钥")
        try:
            proof = bytes.fromhex(self._answer("vrf", alpha))
        except ValueError:
            raise _unlike() from None
        if vrf.verify(bytes.fromhex(self.public), alpha, proof) is None:
            raise _unlike()
        return proof

    def _answer(self, kind: Kind, message: bytes) -> str:
        found = self.answers.get(answer_name(kind, message))
        if found is None:
            raise SignatureAwaited(self.public, kind, message)
        return found


def _unlike() -> Refused:
    return Refused("签名与登记的公钥不符，没有办理")


def answer_name(kind: Kind, message: bytes) -> str:
    """Under which name the answer to what was asked of a key comes back."""
    return f"{kind}:{message.hex()}"


def _of_pem(content: bytes) -> PrivateKey:
    key = load_pem_private_key(content, password=None)
    assert isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey)
    return PrivateKey(key)


def load_private(path: Path) -> PrivateKey:
    """The key in the PEM file `path` (PKCS#8, without a password); `Refused` when it is no such key."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Refused("不是没有口令的 PEM 私钥文件", str(path)) from None
    except OSError:
        raise Refused("私钥文件读不出来", str(path)) from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return PrivateKey(key)
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return PrivateKey(key)
    raise Refused("私钥须是 Ed25519 或 P-256", str(path))


def refuse_unlike(person: Person, key: Key | None, doing: str) -> Key:
    """`key`, when it is the one registered for `person`; `Refused` without one or with another. `doing`: 签署, 封月."""
    if not person.key:
        raise Refused(f"{person.id} {person.name}没有在 street.toml 登记公钥，不能{doing}")
    if key is None:
        raise Refused(f"{doing}须签名：用 --key 私钥文件，或设环境变量 JIEZHANG_KEY")
    if key.public != person.key:
        raise Refused(f"私钥与 {person.id} {person.name}在街道登记的公钥不符")
    return key
