"""Signing in by an office's own service (OpenID Connect): the settings, and the questions put to the service.

The code flow with PKCE, a state and a nonce; whom the service names is a person by the link in the accounts.
"""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from jiezhang.domain.problem import Refused

from .clock import moment_of, seconds
from .home import OfficeHome

SETTINGS_FILE = "oidc.toml"
WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a public key only: never none, never the client's own secret."""

LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 10
_VERIFIER_CHARS = 64
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_MUST, _MAY = {"issuer", "client_id", "client_secret"}, {"name", "second_factor"}
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
ASKING_MAX = 4
"""So many requests at most wait for the service at a time: one that hangs must not hold every thread of the office."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """`oidc.toml` in the office's home. `name`: what the button calls the service. `second_factor`: the words in its
    `acr` or `amr` by which its sign-in stands for the code of the telephone too; none: the code is asked."""

    issuer: str
    client_id: str
    client_secret: str
    name: str = "单位统一登录"
    second_factor: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in on its way: `url` is where the browser goes; the rest is kept at the server until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the service named: `at`, when they last showed it who they are; `factors`, how. Both only if it says so."""

    subject: str
    at: datetime | None
    factors: frozenset[str]


def read_settings(home: OfficeHome) -> OidcSettings | None:
    """The settings; `None` when the office has no such service. `Refused` when they can't be used."""
    path = home.path / SETTINGS_FILE
    try:
        if path.stat().st_mode & _OTHERS:
            raise Refused("统一登录的设置别人也能打开，请把权限改为 0600（chmod 600）", str(path))
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Refused("统一登录的设置不是 TOML 文件", str(path)) from None
    factors = given.pop("second_factor", [])
    if not _are_words([*given.values(), *factors] if isinstance(factors, list) else [None]) or not (
        set(given) >= _MUST and set(given) <= _MUST | _MAY
    ):
        raise Refused("统一登录的设置应写明 issuer、client_id、client_secret，可另写 name、second_factor", str(path))
    settings = OidcSettings(**given, second_factor=tuple(factors))
    if not _is_safe(settings.issuer):
        raise Refused("统一登录的地址须以 https:// 开头", str(path))
    return settings


def _are_words(given: list[object]) -> bool:
    return all(isinstance(value, str) and value for value in given)


def subject_of(issuer: str, sub: str) -> str:
    """Who somebody is, by the service that says so; as accounts keep it."""
    return f"{issuer} {sub}"


class Provider:
    """The office's service. `transport` is for tests."""

    def __init__(self, settings: OidcSettings, transport: httpx2.BaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport
        self._asking = BoundedSemaphore(ASKING_MAX)

    @property
    def name(self) -> str:
        """What the button calls it."""
        return self._settings.name

    def start(self, redirect_uri: str, *, again: bool = False) -> Started:
        """Begin a sign-in that comes back to `redirect_uri`; `Refused` when the service can't be reached.

        `again`: the service is to ask the person anew, also one it knows to be signed in.
        """
        nonce, verifier = generate_token(_VERIFIER_CHARS), generate_token(_VERIFIER_CHARS)
        asked = {"acr_values": " ".join(self._settings.second_factor)} if self._settings.second_factor else {}
        if again:
            asked |= {"prompt": "login", "max_age": "0"}
        try:
            with self._client(redirect_uri) as client:
                endpoint = _endpoint(self._metadata(client), "authorization_endpoint")
                url, state = client.create_authorization_url(endpoint, nonce=nonce, code_verifier=verifier, **asked)
        except (httpx2.HTTPError, ValueError):
            raise Refused("单位的统一登录现在连不上，请用密码登录") from None
        return Started(url, state, nonce, verifier, redirect_uri)

    def finish(self, started: Started, answer: str, now: datetime) -> Named:
        """Whom the service names in `answer`, the address the browser came back to.

        `Refused` when it names nobody, or the answer is another's, too old, or not the service's.
        """
        try:
            if parse_qs(urlsplit(answer).query).get("iss", [self._settings.issuer]) != [self._settings.issuer]:
                raise ValueError("another service's answer (RFC 9207)")
            with self._client(started.redirect_uri) as client:
                metadata = self._metadata(client)
                token = client.fetch_token(
                    _endpoint(metadata, "token_endpoint"), authorization_response=answer, state=started.state,
                    code_verifier=started.verifier,
                )  # fmt: skip
                keys = _json(client, _endpoint(metadata, "jwks_uri"))
            return self._named(token, KeySet.import_key_set(keys), started.nonce, now)  # type: ignore[arg-type]
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError, OverflowError):
            raise Refused("单位的统一登录没有成功，请再试一次，或用密码登录") from None

    def is_second_factor(self, named: Named) -> bool:
        """Whether the service asked for more than a password, by the words that the settings take for it."""
        return bool(named.factors & set(self._settings.second_factor))

    def sign_out_address(self, after: str) -> str:
        """Where the person signs out of the service itself, then to go to `after`; empty when it has no such page."""
        try:
            with self._client(after) as client:
                metadata = self._metadata(client)
            if "end_session_endpoint" not in metadata:
                return ""
            asked = {"client_id": self._settings.client_id, "post_logout_redirect_uri": after}
            endpoint = _endpoint(metadata, "end_session_endpoint")
        except (httpx2.HTTPError, ValueError):
            raise Refused("单位的统一登录现在连不上，请到它自己的页面上退出") from None
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def _named(self, token: dict[str, Any], keys: KeySet, nonce: str, now: datetime) -> Named:
        signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        expected = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        known = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(signed.claims, signed.header, expected, known)
        claims.validate(now=seconds(now), leeway=LEEWAY_SECONDS)
        sub, at, ways = claims["sub"], claims.get("auth_time"), claims.get("amr")
        if not isinstance(sub, str) or not sub:
            raise ValueError(sub)
        said = [claims.get("acr"), *(ways if isinstance(ways, list) else [])]
        return Named(
            subject_of(self._settings.issuer, sub),
            min(moment_of(at), now) if isinstance(at, int) and at > 0 else None,
            frozenset(word for word in said if isinstance(word, str)),
        )

    @contextmanager
    def _client(self, redirect_uri: str) -> Iterator[Any]:
        if not self._asking.acquire(blocking=False):
            raise Refused("单位的统一登录正忙，请过一会儿再试，或用密码登录")
        try:
            with OAuth2Client(
                self._settings.client_id, self._settings.client_secret, scope="openid", redirect_uri=redirect_uri,
                code_challenge_method="S256", transport=self._transport, timeout=TIMEOUT_SECONDS, trust_env=False,
            ) as client:  # fmt: skip
                yield client
        finally:
            self._asking.release()

    def _metadata(self, client: Any) -> dict[str, Any]:
        found = _json(client, self._settings.issuer.rstrip("/") + WELL_KNOWN)
        if found.get("issuer") != self._settings.issuer:
            raise ValueError("another issuer")
        return found


def _json(client: Any, url: str) -> dict[str, Any]:
    answer = client.request("GET", url, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError(url)
    return found


def _endpoint(metadata: dict[str, Any], name: str) -> str:
    url = metadata.get(name)
    if not isinstance(url, str) or not _is_safe(url):
        raise ValueError(name)
    return url


def _is_safe(url: str) -> bool:
    """Over TLS, or on this very machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )
