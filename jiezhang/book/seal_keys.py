"""Files of private keys. They are kept by a seal's keeper, never beside the books."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jiezhang.domain.problem import Refused

from .keys import PrivateKey
from .messages import failure

STREET_TOML = "street.toml"


def make_private(path: Path, *, p256: bool = False) -> PrivateKey:
    """A new key in the PEM file `path` (PKCS#8), which only its owner may read.

    `Refused` when the file is there already, or lies in a street's folder, where everybody at the office reads it.
    """
    if any((folder / STREET_TOML).exists() for folder in path.resolve().parents):
        raise Refused("私钥不得放在街道文件夹里，请换一个只有保管人能读的地方", str(path))
    key = ec.generate_private_key(ec.SECP256R1()) if p256 else ed25519.Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused("已有同名的文件，私钥不得覆盖", str(path)) from None
    except OSError as wrong:
        raise Refused(f"写不了私钥文件（{failure(wrong)}）", str(path)) from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return PrivateKey(key)
