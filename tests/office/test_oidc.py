"""The office's own sign-in service, played by a few lines with a real key; and those who would pass for it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from jiezhang.domain.problem import Refused
from jiezhang.office.oidc import ASKING_MAX, Named, OidcSettings, Provider, read_settings, subject_of
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


def sign_in(
    service: Service, change: Callable[[str], str] = lambda answer: answer, settings: OidcSettings = SETTINGS
) -> Named:
    provider = Provider(settings, httpx2.MockTransport(service))
    started = provider.start(BACK)
    service.asked = parse_qs(urlsplit(started.url).query)
    return provider.finish(started, change(f"{BACK}?code=good&state={started.state}"), NOW)


def test_whom_the_service_names() -> None:
    service = Service()
    named = sign_in(service)
    assert named.subject == subject_of(ISSUER, "17") == "https://id.example 17"
    assert (named.at, named.factors) == (None, frozenset())
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
        lambda answer: answer + "&iss=https://evil.example",
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


UNFIT = "统一登录的设置应写明 issuer、client_id、client_secret，可另写 name、second_factor"
GOOD = 'issuer = "https://id.example"\nclient_id = "jiezhang"\nclient_secret = "geheim"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, ""),
        (GOOD.replace("https://id.example", "http://127.0.0.1:8080"), ""),
        (GOOD.replace("https", "http"), "统一登录的地址须以 https:// 开头"),
        (GOOD.replace("https://id.example", "https://"), "统一登录的地址须以 https:// 开头"),
        (GOOD.replace('"geheim"', "7"), UNFIT),
        (GOOD.replace("geheim", ""), UNFIT),
        (GOOD + "more = 1\n", UNFIT),
        (GOOD.replace("issuer", "name"), UNFIT),
        (GOOD + 'name = ""\n', UNFIT),
        (GOOD + 'second_factor = "mfa"\n', UNFIT),
        (GOOD + "second_factor = [1]\n", UNFIT),
        (GOOD + 'name = "区政务登录"\nsecond_factor = ["mfa"]\n', ""),
        ("issuer", "统一登录的设置不是 TOML 文件"),
    ],
)
def test_settings(text: str, expected: str, tmp_path: Path) -> None:
    home = make_home(tmp_path)
    assert read_settings(home) is None
    file = home.path / "oidc.toml"
    file.write_text(text, "utf-8")
    file.chmod(0o644)
    with pytest.raises(Refused, match="统一登录的设置别人也能打开，请把权限改为 0600（chmod 600）"):
        read_settings(home)
    file.chmod(0o600)
    if not expected:
        settings = read_settings(home)
        assert settings is not None and settings.client_secret == "geheim"
        return
    with pytest.raises(Refused) as refused:
        read_settings(home)
    assert (refused.value.message, refused.value.file) == (expected, str(home.path / "oidc.toml"))


@pytest.mark.parametrize(
    ("claims", "taken", "ago"),
    [
        ({"amr": ["pwd", "otp"]}, True, None),
        ({"acr": "mfa"}, True, None),
        ({"amr": ["pwd"], "acr": "1"}, False, None),
        ({"amr": "otp"}, False, None),
        ({"amr": [["otp"]]}, False, None),
        ({"auth_time": int(NOW.timestamp()) - 90}, False, 90),
        ({"auth_time": int(NOW.timestamp()) + 9_000}, False, 0),
        ({"auth_time": "soon"}, False, None),
        ({"auth_time": 0}, False, None),
    ],
    ids=str,
)
def test_how_and_when_somebody_showed_it_who_they_are(claims: Claims, taken: bool, ago: int | None) -> None:
    service, settings = Service(), OidcSettings(ISSUER, "jiezhang", "s" * 40, "区政务登录", ("mfa", "otp"))
    service.claims = claims
    if claims in ({"auth_time": "soon"}, {"amr": "otp"}):
        with pytest.raises(Refused, match=FAILED):
            sign_in(service, settings=settings)
        return
    named = sign_in(service, settings=settings)
    assert service.asked["acr_values"] == ["mfa otp"]
    assert Provider(settings).is_second_factor(named) is taken
    assert not Provider(SETTINGS).is_second_factor(named), "settings that name no words take none"
    assert (None if named.at is None else (NOW - named.at).total_seconds()) == ago


def test_asking_anew() -> None:
    service = Service()
    url = Provider(SETTINGS, httpx2.MockTransport(service)).start(BACK, again=True).url
    asked = parse_qs(urlsplit(url).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize(
    ("metadata", "address"),
    [
        ({}, ""),
        ({"end_session_endpoint": f"{ISSUER}/out"}, f"{ISSUER}/out?client_id=jiezhang&post_logout_redirect_uri=x"),
        ({"end_session_endpoint": f"{ISSUER}/o?a=1"}, f"{ISSUER}/o?a=1&client_id=jiezhang&post_logout_redirect_uri=x"),
    ],
)
def test_where_one_signs_out_of_the_service(metadata: Claims, address: str) -> None:
    service = Service()
    service.metadata |= metadata
    assert Provider(SETTINGS, httpx2.MockTransport(service)).sign_out_address("x") == address


def test_a_page_to_sign_out_that_is_not_safe() -> None:
    service = Service()
    service.metadata["end_session_endpoint"] = "http://id.example/out"
    with pytest.raises(Refused, match="单位的统一登录现在连不上，请到它自己的页面上退出"):
        Provider(SETTINGS, httpx2.MockTransport(service)).sign_out_address("x")


def test_a_service_that_hangs_holds_a_few_requests_only() -> None:
    arrived, leave = Barrier(ASKING_MAX + 1), Event()

    def hanging(request: httpx2.Request) -> httpx2.Response:
        arrived.wait(timeout=30)
        leave.wait(timeout=30)
        return httpx2.Response(503)

    provider = Provider(SETTINGS, httpx2.MockTransport(hanging))
    said: list[str] = []

    def ask() -> None:
        with pytest.raises(Refused) as refused:
            provider.start(BACK)
        said.append(refused.value.message)

    threads = [Thread(target=ask) for _ in range(ASKING_MAX)]
    for thread in threads:
        thread.start()
    arrived.wait(timeout=30)
    ask()
    assert said == ["单位的统一登录正忙，请过一会儿再试，或用密码登录"]
    leave.set()
    for thread in threads:
        thread.join()
    assert said[1:] == [UNREACHABLE] * ASKING_MAX
