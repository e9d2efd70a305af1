"""Passwords: which may be set, and how they are kept (Argon2id)."""

from __future__ import annotations

import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from jiezhang.domain.problem import Refused

LENGTH_MIN = 12
LENGTH_MAX = 200
DIFFERENT_MIN = 5

_ROWS = (
    "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "qazwsxedcrfvtgbyhnujmikolp", "q1w2e3r4t5y6u7i8o9p0", "a1b2c3d4e5f6g7h8i9j0",
)  # fmt: skip
"""Straight ways over the keyboard; any part of one, from either end, is among the commonest passwords."""

_COMMON = """
password passwords passw0rd p@ssw0rd p@ssword administrator admin root user guest test login welcome letmein changeme
changeit default secret master iloveyou woaini woaiwojia wodemima mima aini ailaopo nihao zhongguo beijing hangzhou
jiezhang jiedao kuaiji caiwu shequ yewu wuye yinhang bank finance accounting china sunshine princess dragon monkey
football computer internet trustno superman batman michael charlie hello helloworld abc abcd abcdef qwe qwert qwerty
asd asdf asdfgh asdfghjkl zxc zxcvbnm qweasd qweasdzxc qazwsx 密码 我的密码 账号密码 街道 街账 会计 代理会计
"""
"""Words that most passwords are made of; with digits or marks about them, or said twice, they are as bad."""
_WORDS = frozenset(_COMMON.split())

_MARKS = "0123456789!@#$%^&*()-_=+.,?~` /\\|;:'\"<>[]{}！＠＃￥。，"


class Passwords:
    """Hashes passwords and compares them; another `hasher` than the strong one is for tests."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self.hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        made_of = f"m={self.hasher.memory_cost},t={self.hasher.time_cost},p={self.hasher.parallelism}"
        salt, nothing = (_base64(bytes(size)) for size in (self.hasher.salt_len, self.hasher.hash_len))
        self._nobody = f"$argon2id$v=19${made_of}${salt}${nothing}"

    def hash(self, password: str) -> str:
        """`password` as it is stored."""
        return self.hasher.hash(_bytes(password))

    def matches(self, stored: str, password: str) -> bool:
        """Whether `stored` was made of `password`. An empty `stored` matches nothing, and takes as long to say so."""
        try:
            self.hasher.verify(stored or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters than are used now."""
        return self.hasher.check_needs_rehash(stored)


def refuse_weak(password: str, *own: str) -> None:
    """`Refused` when `password` is too short or easily guessed; `own`: the person's id and name."""
    if len(password) < LENGTH_MIN:
        raise Refused(f"密码至少要 {LENGTH_MIN} 个字符，可以是一句话")
    if len(password) > LENGTH_MAX:
        raise Refused(f"密码太长，最多 {LENGTH_MAX} 个字符")
    plain = unicodedata.normalize("NFKC", password).lower()
    rest = plain
    for word in own:
        rest = rest.replace(unicodedata.normalize("NFKC", word).lower(), "")
    if _is_common(plain) or _is_common(rest):
        raise Refused("密码太常见，容易被猜中，请换一个")


def _is_common(plain: str) -> bool:
    core = _once(_once(plain).strip(_MARKS))
    if len(set(plain)) < DIFFERENT_MIN or not core or core in _WORDS:
        return True
    return any(plain in row or plain in row[::-1] for row in _ROWS)


def _once(text: str) -> str:
    """`abcabc` as `abc`."""
    parts = (text[:size] for size in range(1, len(text)) if len(text) % size == 0)
    return next((part for part in parts if part * (len(text) // len(part)) == text), text)


def _bytes(password: str) -> bytes:
    """The same bytes for the same letters, however a keyboard puts them together."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _base64(content: bytes) -> str:
    return b64encode(content).decode().rstrip("=")
