"""Whose keys are believed: real keys, each registered once, never the office as a witness of itself."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from jiezhang.domain.history.note import COSIGNER, LOG, key_id
from jiezhang.domain.history.trust import Trust, TrustedKey, as_json
from tests.history.made import public_key, trust

BANK = {"party": "bank", "name": "B01", "public": public_key("B01").hex()}


def test_the_json_is_the_form_that_was_agreed() -> None:
    one = Trust(street="长吴街道", keys=(TrustedKey.model_validate(BANK),))
    assert json.loads(as_json(one)) == {
        "street": "长吴街道", "required": ["bank", "auditor", "community"], "keys": [BANK],
    }  # fmt: skip
    assert Trust.model_validate_json(as_json(trust())) == trust()


def test_a_party_may_be_named_in_chinese() -> None:
    assert TrustedKey.model_validate({**BANK, "party": "专户银行"}).party == "bank"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"keys": [BANK, {**BANK, "party": "auditor", "name": "S01"}]}, "登记了两次，每一方要有自己的钥匙"),
        ({"keys": [{**BANK, "public": "01" + "00" * 31}]}, "公钥 01000000… 不是有效的 Ed25519 公钥"),
        ({"keys": [{**BANK, "public": "ee" + "ff" * 30 + "7f"}]}, "不是有效的 Ed25519 公钥"),
        ({"keys": [{**BANK, "public": "02" + "00" * 31}]}, "不是有效的 Ed25519 公钥"),
        ({"keys": [{**BANK, "public": BANK["public"].upper()}]}, "public"),
        ({"keys": [{**BANK, "party": "manager"}]}, "party"),
        ({"keys": [{**BANK, "name": "长吴街道/B01"}]}, "name"),
        ({"required": ["office"]}, "required"),
        ({"street": "长吴/街道"}, "street"),
        ({"street": "长吴 街道"}, "street"),
        ({"street": "长吴\ufeff街道"}, "street"),
        ({"street": ""}, "street"),
    ],
)
def test_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Trust.model_validate({"street": "长吴街道", **given})


def test_which_signature_is_whose() -> None:
    office, bank = trust().keys[:2]
    public = public_key("T01")
    for origin in ("长吴街道/C0001", "长吴街道/C0002"):
        assert office.signs_as("长吴街道", origin) == (origin, LOG, key_id(origin, LOG, public))
    assert bank.signs_as("长吴街道", "长吴街道/C0001")[:2] == ("长吴街道/B01", COSIGNER)
