"""Which passwords may be set."""

from __future__ import annotations

import pytest

from jiezhang.domain.problem import Refused
from jiezhang.office.passwords import refuse_weak

SHORT, LONG = "密码至少要 12 个字符，可以是一句话", "密码太长，最多 200 个字符"
COMMON = "密码太常见，容易被猜中，请换一个"


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", SHORT),
        ("Tr0ub4dor&3", SHORT),
        ("x7" * 101, LONG),
        ("aaaaaaaaaaaa", COMMON),
        ("abababababab", COMMON),
        ("123456789012", COMMON),
        ("987654321098", COMMON),
        ("20261122202611", COMMON),
        ("135792468013", COMMON),
        ("138-0013-8000 2026", COMMON),
        ("qwertyuiopas", COMMON),
        ("1qaz2wsx3edc", COMMON),
        ("1QAZ2WSX3EDC", COMMON),
        ("abcdefghijkl", COMMON),
        ("Password1234!", COMMON),
        ("passwordpassword", COMMON),
        ("password1password1", COMMON),
        ("woaini5201314", COMMON),
        ("admin@2026!!!!", COMMON),
        ("ｐａｓｓｗｏｒｄ１２３４", COMMON),
        ("K01代理会计1号2026", COMMON),
        ("代理会计1号代理会计1号", COMMON),
        ("K01password2026", COMMON),
    ],
)
def test_refused(password: str, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        refuse_weak(password, "K01", "代理会计1号")
    assert refused.value.message == expected


@pytest.mark.parametrize(
    "password",
    [
        "三只燕子 落在电线杆上了",
        "correct horse battery staple",
        "walnut trolley 7",
        "mK4-vv9Lq2Tz",
        "password of my grandmother's radio",
        "春眠不觉晓处处闻啼鸟夜来风雨声",
    ],
)
def test_good(password: str) -> None:
    refuse_weak(password, "K01", "代理会计1号")
