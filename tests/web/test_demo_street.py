"""Which street may be shown without passwords: one whose people sign with the sample's own keys, and no other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jiezhang.book.layout import StreetFolder
from jiezhang.domain.period import Month
from jiezhang.domain.problem import Refused
from jiezhang.office.home import open_home
from jiezhang.street.sampling import write_sample
from jiezhang.web.demo import KEYS, open_demo


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sampled") / "street"
    write_sample(path, compounds=1, dwellings=4, months=1, booked=0, first_month=Month(2026, 9), seed=7)
    return path


def emptied(street: Path) -> None:
    shutil.rmtree(street / KEYS)
    (street / KEYS).mkdir()


def anothers(street: Path) -> None:
    shutil.copyfile(street / KEYS / "K02.pem", street / KEYS / "K01.pem")


def set_key(street: Path, person: str, key: str) -> None:
    toml = street / "street.toml"
    text, count = re.subn(
        rf'(id = "{person}"(?:\n(?!\[).*)*?\nkey = ")[^"]*', rf"\g<1>{key}", toml.read_text("utf-8"), count=1
    )
    assert count == 1
    toml.write_text(text, "utf-8")


CHANGES = [
    # what is done to the sample                                 is it one still?
    (lambda street: None,                                        True),
    (emptied,                                                    False),
    (anothers,                                                   False),
    (lambda street: (street / KEYS / "K01.pem").unlink(),        False),
    (lambda street: set_key(street, "K01", "ab" * 32),           False),
    (lambda street: set_key(street, "F01", "ab" * 32),           False),
]  # fmt: skip


@pytest.mark.parametrize(("change", "is_sample"), CHANGES)
def test_only_a_sample_is_shown_without_passwords(
    sampled: Path, tmp_path: Path, change: Callable[[Path], object], is_sample: bool
) -> None:
    street = StreetFolder(tmp_path / "street")
    shutil.copytree(sampled, street.path)
    change(street.path)
    home = open_home(street, tmp_path / "home")
    if is_sample:
        assert open_demo(street, home).demo == "K01"
    else:
        with pytest.raises(Refused, match="只有样例街道能演示"):
            open_demo(street, home)


def test_a_real_street_with_an_empty_folder(street: StreetFolder, tmp_path: Path) -> None:
    (street.path / KEYS).mkdir()
    with pytest.raises(Refused, match="只有样例街道能演示"):
        open_demo(street, open_home(street, tmp_path / "home"))
