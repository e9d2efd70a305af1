"""One-time codes of a telephone (RFC 6238) and the recovery codes for when the telephone is lost."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

import pyotp

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
ISSUER = "街账"


@dataclass(frozen=True, slots=True)
class TotpProposal:
    """A new secret, not yet anybody's; `uri` is what the square code for the telephone says."""

    secret: str
    uri: str


def propose(person: str) -> TotpProposal:
    """A secret of 160 bits for `person`."""
    secret = pyotp.random_base32()
    return TotpProposal(secret, pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=ISSUER))


def step_of(secret: str, code: str, now: int, used: int) -> int | None:
    """Which step's code `code` is, one step to either side; `None` when it is none, or that step or a later is `used`.

    RFC 6238 section 5.2: a code counts once.
    """
    given = tidy(code)
    if len(given) != DIGITS or not given.isascii() or not given.isdecimal():
        return None
    codes, here = pyotp.HOTP(secret, digits=DIGITS), now // STEP_SECONDS
    found = [step for step in (here - 1, here, here + 1) if hmac.compare_digest(codes.at(step), given) and step > used]
    return found[0] if found else None


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 80 bits, `abcd-efgh-ijkl-mnop`."""
    raw = (b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES))
    return tuple("-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in raw)


def recovery_hash(code: str) -> str:
    """How a recovery code is stored. Chance made it, so nobody can try all: a quick hash is enough."""
    return sha256(tidy(code).encode("utf-8", "surrogatepass")).hexdigest()


def tidy(code: str) -> str:
    """`code` without the spaces and dashes it was typed with."""
    return "".join(code.split()).replace("-", "").lower()
