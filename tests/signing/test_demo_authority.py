"""The demo authority: the same seed gives the same bytes, another seed another authority of the same name."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from jiezhang.street.sample.demo_ca import AUTHORITY, VALID, credentials_of, demo_ca
from reports.signing.certificates import name_of, read_certificates

NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)


@settings(max_examples=25)
@given(seed=st.text(max_size=8), person=st.text(max_size=8), name=NAMES, org=NAMES)
def test_the_same_seed_gives_the_same_bytes_and_the_authority_signs_them(
    seed: str, person: str, name: str, org: str
) -> None:
    key, certificate = credentials_of(seed, person, name, org)
    assert (key, certificate) == credentials_of(seed, person, name, org)
    leaf, authority = read_certificates(certificate)[0], read_certificates(demo_ca(seed))[0]
    leaf.verify_directly_issued_by(authority)
    assert leaf.public_key() == load_pem_private_key(key, None).public_key()  # type: ignore[union-attr]


def test_the_bytes_are_those_of_any_other_machine() -> None:
    """Pinned: a change here changes every file that is sealed in the example street."""
    assert read_certificates(demo_ca("2026"))[0].serial_number == 0x23cf5c516c42997d4a377c0ae22e824dcc4404
    assert demo_ca("2026").decode().splitlines()[-2] == "BXeiYwzbbADltI9w"


def test_every_name_says_that_it_is_for_trial() -> None:
    assert name_of(read_certificates(demo_ca("a"))[0]) == AUTHORITY == "街账演示 CA（仅供试用）"
    _, certificate = credentials_of("a", "Y01", "张三", "长吴公寓业主大会")
    leaf = read_certificates(certificate)[0]
    assert name_of(leaf) == "张三（演示）"
    assert (leaf.not_valid_before_utc, leaf.not_valid_after_utc) == VALID


def test_another_seed_is_another_authority_of_the_same_name() -> None:
    one, other = (read_certificates(demo_ca(seed))[0] for seed in ("a", "b"))
    assert one.subject == other.subject
    assert one.public_key() != other.public_key()
