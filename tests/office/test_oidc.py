"""The office's own sign-in service, played by a few lines with a real key; and those who would pass for it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from jiezhang.domain.problem import Refused
from jiezhang.office.oidc import OidcSettings, Provider, read_settings, subject_of
from tests.office.signing_in import NOW, make_home

ISSUER, BACK = "https://id.example", "https://office.example/jiezhang/oidc"
SETTINGS = OidcSettings(ISSUER, "jiezhang", "s" * 40)
KEY = RSAKey.generate_key(2048, parameters={"kid": "1"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "1"})
FAILED = "单位的统一登录没有成功，请再试一次，或用密码登录"
UNREACHABLE = "单位的统一登录现在连不上，请用密码登录"

Claims = dict[str, Any]


class Service:
    """Issuer of id tokens; `claims` and `key` may be spoiled, `metadata` too."""

    def __init__(self) -> None:
        self.metadata: Claims = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }  # fmt: skip
        self.claims: Claims = {}
        self.key: Any = KEY
        self.header: Claims = {"alg": "RS256", "kid": "1"}
        self.asked: Claims = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx2.Response(200, json=self.metadata)
            case "/keys":
                return httpx2.Response(200, json={"keys": [KEY.as_dict(private=False)]})
            case "/token":
                return self.token(parse_qs(request.content.decode()))
        return httpx2.Response(404)

    def token(self, form: dict[str, list[str]]) -> httpx2.Response:
        """As RFC 7636 asks: only who knows the verifier of the challenge gets a token."""
        challenge = urlsafe_b64encode(sha256(form["code_verifier"][0].encode()).digest()).decode().rstrip("=")
        if [challenge] != self.asked["code_challenge"] or form["code"] != ["good"]:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        at = int(NOW.timestamp())
        claims = {
            "iss": ISSUER, "aud": "jiezhang", "sub": "17", "iat": at, "exp": at + 300, "nonce": self.asked["nonce"][0],
        } | self.claims  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode(self.header, kept, self.key, algorithms=["RS256", "HS256", "none"])
        return httpx2.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": signed})


def sign_in(service: Service, change: Callable[[str], str] = lambda answer: answer) -> str:
    provider = Provider(SETTINGS, httpx2.MockTransport(service))
    started = provider.start(BACK)
    service.asked = parse_qs(urlsplit(started.url).query)
    return provider.finish(started, change(f"{BACK}?code=good&state={started.state}"), NOW)


def test_whom_the_service_names() -> None:
    service = Service()
    assert sign_in(service) == subject_of(ISSUER, "17") == "https://id.example 17"
    asked = {name: values[0] for name, values in service.asked.items()}
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", "jiezhang", "openid")
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == (BACK, "S256")
    assert len(asked["nonce"]) == 64
    assert len(asked["state"]) >= 30


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://id.example.evil"},
        {"iss": None},
        {"aud": "another"},
        {"aud": "another", "azp": "jiezhang"},
        {"aud": ["jiezhang", "another"]},
        {"aud": None},
        {"azp": "another"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 120},
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
    ],
    ids=str,
)
def test_what_the_token_must_say(claims: Claims) -> None:
    service = Service()
    service.claims = claims
    with pytest.raises(Refused, match=FAILED):
        sign_in(service)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "RS256", "kid": "1"}, OTHER_KEY),
        ({"alg": "none"}, None),
        ({"alg": "HS256"}, OctKey.import_key(SETTINGS.client_secret)),
        ({"alg": "HS256", "kid": "1"}, OctKey.import_key({"kty": "oct", "k": KEY.as_dict(private=False)["n"]})),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_who_must_have_signed_it(header: Claims, key: Any) -> None:
    service = Service()
    service.header, service.key = header, key or OctKey.import_key("x" * 40)
    with pytest.raises(Refused, match=FAILED):
        sign_in(service)


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: answer[:-1],
        lambda answer: answer.partition("&")[0],
        lambda answer: answer.replace("code=good", "code=bad"),
        lambda answer: answer.replace("code=good", "error=access_denied"),
        lambda answer: answer.replace("code=good&", ""),
        lambda answer: BACK,
    ],
)
def test_an_answer_that_is_not_ours(change: Callable[[str], str]) -> None:
    with pytest.raises(Refused, match=FAILED):
        sign_in(Service(), change)


def test_an_answer_is_good_for_the_sign_in_it_belongs_to() -> None:
    """Somebody else's answer, put before a person who began a sign-in of their own."""
    service = Service()
    provider = Provider(SETTINGS, httpx2.MockTransport(service))
    theirs, mine = provider.start(BACK), provider.start(BACK)
    service.asked = parse_qs(urlsplit(theirs.url).query)
    for state in (theirs.state, mine.state):
        with pytest.raises(Refused, match=FAILED):
            provider.finish(mine, f"{BACK}?code=good&state={state}", NOW)


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ({"issuer": "https://id.example/"}, UNREACHABLE),
        ({"authorization_endpoint": "http://id.example/auth"}, UNREACHABLE),
        ({"authorization_endpoint": "javascript:alert(1)"}, UNREACHABLE),
        ({"authorization_endpoint": None}, UNREACHABLE),
        ({"token_endpoint": "http://id.example/token"}, FAILED),
        ({"jwks_uri": "http://id.example/keys"}, FAILED),
        ({"jwks_uri": f"{ISSUER}/nowhere"}, FAILED),
    ],
)
def test_what_the_service_must_say_of_itself(metadata: Claims, sentence: str) -> None:
    service = Service()
    service.metadata |= metadata
    with pytest.raises(Refused, match=sentence):
        sign_in(service)


@pytest.mark.parametrize(
    "answer", [httpx2.Response(503), httpx2.Response(200, text="<html>"), httpx2.ConnectError("no")]
)
def test_a_service_that_is_down(answer: httpx2.Response | Exception) -> None:
    def service(request: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(Refused, match=UNREACHABLE):
        Provider(SETTINGS, httpx2.MockTransport(service)).start(BACK)


GOOD = 'issuer = "https://id.example"\nclient_id = "jiezhang"\nclient_secret = "geheim"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, ""),
        (GOOD.replace("https://id.example", "http://127.0.0.1:8080"), ""),
        (GOOD.replace("https", "http"), "统一登录的地址须以 https:// 开头"),
        (GOOD.replace("https://id.example", "https://"), "统一登录的地址须以 https:// 开头"),
        (GOOD.replace('"geheim"', "7"), "统一登录的设置应写明 issuer、client_id、client_secret 三项，不多不少"),
        (GOOD.replace("geheim", ""), "统一登录的设置应写明 issuer、client_id、client_secret 三项，不多不少"),
        (GOOD + "more = 1\n", "统一登录的设置应写明 issuer、client_id、client_secret 三项，不多不少"),
        ("issuer", "统一登录的设置不是 TOML 文件"),
    ],
)
def test_settings(text: str, expected: str, tmp_path: Path) -> None:
    home = make_home(tmp_path)
    assert read_settings(home) is None
    (home.path / "oidc.toml").write_text(text, "utf-8")
    if not expected:
        settings = read_settings(home)
        assert settings is not None and settings.client_secret == "geheim"
        return
    with pytest.raises(Refused) as refused:
        read_settings(home)
    assert (refused.value.message, refused.value.file) == (expected, str(home.path / "oidc.toml"))
