"""An office's home with accounts whose passwords cost nothing to hash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from argon2 import PasswordHasher

from jiezhang.book.layout import StreetFolder
from jiezhang.office.accounts import Accounts
from jiezhang.office.home import OfficeHome, open_home

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "三只燕子 落在电线杆上了"
OTHER = "walnut trolley umbrella 7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def later(**spans: int) -> datetime:
    return NOW + timedelta(**spans)


def make_home(folder: Path) -> OfficeHome:
    (folder / "street").mkdir()
    return open_home(StreetFolder(folder / "street"), folder / "home")


def make_accounts(folder: Path) -> Accounts:
    """K01 signs in with a password alone, F01 with codes too."""
    accounts = Accounts(make_home(folder), CHEAP)
    accounts.add("K01", PASSWORD, NOW, must_change=False)
    accounts.add("F01", PASSWORD, NOW, must_change=False)
    accounts.set_totp("F01", SECRET, code_at(later(hours=-1)), later(hours=-1))
    return accounts


def code_at(moment: datetime, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(moment)
