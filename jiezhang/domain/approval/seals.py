"""Two seals, two keepers (双章): a seal set is the signature of its keeper's key over the digest of exact bytes.

Nobody who has one key can make the other's signature; a lost, revoked or handed-over key signs nothing from that day
on. Sources: 杭州市物业管理条例 2021 art. 27 (custody), art. 30 (the register of seal use, every half year); 电子签名法
2019 art. 13, 14. The custody of 东湖's 双章三审 is told by the news (待核实); a street binds itself by its procedure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, StringConstraints

from ..meanings import Means, allowed_values
from ..money import show
from ..register import Code, Day, Row, Text
from .procedure import SEAL_NAMES, SealName
from .records import Entered, said_of

SEALS_FILE = "register/seals.csv"

KEEPERS: dict[str, tuple[str, ...]] = {
    "assembly": ("community",),
    "committee": ("committee",),
}
"""Role of a seal's keeper: 业主大会章 is kept by the community, 业主委员会章 by the committee."""

_SMALL_ORDER = frozenset(
    {
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        *(low + "ff" * 30 + "7f" for low in ("ec", "ed", "ee")),
    }
)
"""Points of small order on edwards25519 in every encoding, sign bit cleared: under them one signature fits many
messages (RFC 8032 §5.1.7 leaves the check to the application)."""

KeyEnd = Annotated[
    Literal["", "lost", "revoked", "handed_over"],
    Means({"": "在用", "lost": "遗失", "revoked": "吊销", "handed_over": "移交"}),
]


class SealKey(Row):
    """`register/seals.csv`: a key that a seal's keeper signs with. Rows are only added, and ended.

    `public` is the key in hex: 32 bytes of Ed25519, or an uncompressed point on P-256 (65 bytes). A later key of the
    same seal names in `vouched_by` the key that vouches for it, with that key's signature over `vouching_digest`: the
    key before it when it was handed over, the other seal's when it was lost or revoked.
    """

    code: Code
    seal: Annotated[SealName, Means(SEAL_NAMES)]
    keeper: Code
    """A person of `street.toml`."""
    algorithm: Annotated[Literal["ed25519", "p256"], Means({"ed25519": "Ed25519", "p256": "ECDSA P-256"})] = "ed25519"
    public: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64}|04[0-9a-f]{128})$"), Field(examples=["9f…"])]
    starts: Day
    ended: Day | None = None
    """From this day on it signs nothing."""
    why: KeyEnd = ""
    vouched_by: Text = ""
    voucher_signature: Text = ""

    def in_use_on(self, day: date) -> bool:
        """Whether what it signs on `day` counts."""
        return self.starts <= day and (self.ended is None or day < self.ended)


def digest_of(fields: object) -> str:
    """The digest of a value of text, numbers, lists and mappings, whatever the order of its keys."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def path_digest(records: Iterable[Entered]) -> str:
    """What the seals on a resolution sign: everything recorded of it before, word for word."""
    return digest_of([dict(said_of(one)) for one in records])


def payment_digest(path: str, payment: str, payee: str, amount_yuan: Decimal) -> str:
    """What the seals on a payment sign: the resolution's digest, the payment's code, who gets how much."""
    return digest_of({"path": path, "payment": payment, "payee": payee, "amount": show(amount_yuan)})


def vouching_digest(key: SealKey) -> str:
    """What is signed to vouch for a later key."""
    return digest_of({"code": key.code, "seal": key.seal, "keeper": key.keeper, "public": key.public,
                      "starts": key.starts.isoformat()})


def successor_voucher(key: SealKey, before: SealKey, everybody: Iterable[SealKey]) -> SealKey | None:
    """Who vouches for `key`, which follows `before`: `before` itself when it was handed over, otherwise the other
    seal's key in use on the day `key` starts; `None` when there is none."""
    if before.why == "handed_over":
        return before
    return next((one for one in everybody if one.seal != key.seal and one.in_use_on(key.starts)), None)


def key_end_names() -> Mapping[str, str]:
    """Why a key is no longer used, in Chinese."""
    return allowed_values(SealKey, "why")


def is_usable(key: SealKey) -> bool:
    """Whether `public` is a key of its algorithm, and none that would pass a signature anybody can make."""
    public = bytes.fromhex(key.public)
    if key.algorithm == "ed25519":
        return len(public) == 32 and bytes((*public[:31], public[31] & 0x7F)).hex() not in _SMALL_ORDER
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public)
    except ValueError:
        return False
    return True


def verifies(key: SealKey, digest: str, signature: str) -> bool:
    """Whether `signature` (hex) is the key's over `digest` (hex, signed as its 32 bytes)."""
    return verifies_with(key.algorithm, key.public, digest, signature)


def verifies_with(algorithm: str, public: str, digest: str, signature: str) -> bool:
    """As `verifies`, for a bare public key in hex."""
    try:
        signed, message = bytes.fromhex(signature), bytes.fromhex(digest)
        if algorithm == "ed25519":
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signed, message)
        else:
            point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), bytes.fromhex(public))
            point.verify(signed, message, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def seal_message(compound: str, keys: Iterable[SealKey], seal: str, key: str, day: date, digest: str) -> str:
    """What a key signs (hex): the digest, as which seal and key, on which day, in which compound; and every key that
    was registered by then. So a seal can't be moved to another day, seal or compound, and no key can be put into the
    register afterwards as if it had always been there."""
    known = sorted(
        [one.seal, one.code, one.keeper, one.public, one.starts.isoformat()]
        for one in keys
        if one.starts < day or one.code == key
    )
    said = {"compound": compound, "seal": seal, "key": key, "day": day.isoformat(), "digest": digest, "keys": known}
    return digest_of(said)


def seal_fault(
    keys: Mapping[str, SealKey], compound: str, seal: str, key: str, digest: str, signature: str, day: date
) -> str:
    """Why a seal's signature of `day` over `digest` does not count in `compound`; empty when it does."""
    name, found = SEAL_NAMES[seal], keys.get(key)
    if found is None:
        return f"{name}的钥匙 {key} 没有登记在 seals.csv"
    if found.seal != seal:
        return f"钥匙 {key} 是{SEAL_NAMES[found.seal]}的，不能代盖{name}"
    if found.ended is not None and day >= found.ended:
        why = {"lost": "遗失", "revoked": "吊销", "handed_over": "移交"}.get(found.why, "停用")
        return f"{name}的钥匙 {key} 自 {found.ended} 起已{why}，不能再用"
    if day < found.starts:
        return f"{name}的钥匙 {key} 自 {found.starts} 起才启用"
    if not verifies(found, seal_message(compound, keys.values(), seal, key, day, digest), signature):
        return f"{name}的签名与钥匙 {key} 不符"
    return ""


def keys_by_code(keys: Sequence[tuple[int, SealKey]]) -> dict[str, SealKey]:
    """Every registered key by its code."""
    return {key.code: key for _, key in keys}
