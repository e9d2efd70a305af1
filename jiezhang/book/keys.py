"""A person's private key, read from the file they keep; it is never stored with the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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

from jiezhang.domain.problem import Refused
from jiezhang.domain.register import Person


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An Ed25519 or P-256 key that signs digests."""

    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

    @property
    def public(self) -> str:
        """The public half in hex: 32 bytes of Ed25519, or the 65 bytes of an uncompressed P-256 point."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()

    def sign(self, digest: str) -> str:
        """The signature (hex) over the bytes that `digest` (hex) stands for; P-256 signs with SHA-256, in DER."""
        message = bytes.fromhex(digest)
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(message).hex()
        return self.key.sign(message, ec.ECDSA(SHA256())).hex()

    def sign_bytes(self, message: bytes) -> bytes:
        """The signature over a message as it is."""
        return bytes.fromhex(self.sign(message.hex()))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes of an Ed25519 key; `Refused` for another kind of key."""
        if not isinstance(self.key, ed25519.Ed25519PrivateKey):
            raise Refused("须用 Ed25519 私钥")
        return self.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    def __reduce__(self) -> tuple[Callable[[bytes], PrivateKey], tuple[bytes]]:
        """Posting hands the key to the processes that do it, as PEM, for the library's own objects can't be handed."""
        return _of_pem, (self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),)


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


def refuse_unlike(person: Person, key: PrivateKey | None, doing: str) -> PrivateKey:
    """`key`, when it is the one registered for `person`; `Refused` without one or with another. `doing`: 签署, 封月."""
    if not person.key:
        raise Refused(f"{person.id} {person.name}没有在 street.toml 登记公钥，不能{doing}")
    if key is None:
        raise Refused(f"{doing}须签名：用 --key 私钥文件，或设环境变量 JIEZHANG_KEY")
    if key.public != person.key:
        raise Refused(f"私钥与 {person.id} {person.name}在街道登记的公钥不符")
    return key
