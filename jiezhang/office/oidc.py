"""Signing in by an office's own service (OpenID Connect): the settings, and the questions put to the service.

The code flow with PKCE, a state and a nonce; whom the service names is a person by the link in the accounts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from jiezhang.domain.problem import Refused

from .clock import seconds
from .home import OfficeHome

SETTINGS_FILE = "oidc.toml"
WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a public key only: never none, never the client's own secret."""

LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 10
_VERIFIER_CHARS = 64
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_KEYS = {"issuer", "client_id", "client_secret"}


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """`oidc.toml` in the office's home."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in on its way: `url` is where the browser goes; the rest is kept at the server until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str


def read_settings(home: OfficeHome) -> OidcSettings | None:
    """The settings; `None` when the office has no such service. `Refused` when they can't be used."""
    path = home.path / SETTINGS_FILE
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Refused("统一登录的设置不是 TOML 文件", str(path)) from None
    if set(given) != _KEYS or not all(isinstance(value, str) and value for value in given.values()):
        raise Refused("统一登录的设置应写明 issuer、client_id、client_secret 三项，不多不少", str(path))
    settings = OidcSettings(**given)
    if not _is_safe(settings.issuer):
        raise Refused("统一登录的地址须以 https:// 开头", str(path))
    return settings


def subject_of(issuer: str, sub: str) -> str:
    """Who somebody is, by the service that says so; as accounts keep it."""
    return f"{issuer} {sub}"


class Provider:
    """The office's service. `transport` is for tests."""

    def __init__(self, settings: OidcSettings, transport: httpx2.BaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport

    def start(self, redirect_uri: str) -> Started:
        """Begin a sign-in that comes back to `redirect_uri`; `Refused` when the service can't be reached."""
        nonce, verifier = generate_token(_VERIFIER_CHARS), generate_token(_VERIFIER_CHARS)
        try:
            with self._client(redirect_uri) as client:
                endpoint = _endpoint(self._metadata(client), "authorization_endpoint")
                url, state = client.create_authorization_url(endpoint, nonce=nonce, code_verifier=verifier)
        except (httpx2.HTTPError, ValueError):
            raise Refused("单位的统一登录现在连不上，请用密码登录") from None
        return Started(url, state, nonce, verifier, redirect_uri)

    def finish(self, started: Started, answer: str, now: datetime) -> str:
        """Whom the service names in `answer`, the address the browser came back to: a subject of the accounts.

        `Refused` when it names nobody, or the answer is another's, too old, or not the service's.
        """
        try:
            with self._client(started.redirect_uri) as client:
                metadata = self._metadata(client)
                token = client.fetch_token(
                    _endpoint(metadata, "token_endpoint"), authorization_response=answer, state=started.state,
                    code_verifier=started.verifier,
                )  # fmt: skip
                keys = _json(client, _endpoint(metadata, "jwks_uri"))
            return self._subject(token, KeySet.import_key_set(keys), started.nonce, now)  # type: ignore[arg-type]
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError):
            raise Refused("单位的统一登录没有成功，请再试一次，或用密码登录") from None

    def _subject(self, token: dict[str, Any], keys: KeySet, nonce: str, now: datetime) -> str:
        signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        expected = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        known = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(signed.claims, signed.header, expected, known)
        claims.validate(now=seconds(now), leeway=LEEWAY_SECONDS)
        sub = claims["sub"]
        if not isinstance(sub, str) or not sub:
            raise ValueError(sub)
        return subject_of(self._settings.issuer, sub)

    def _client(self, redirect_uri: str) -> Any:
        return OAuth2Client(
            self._settings.client_id, self._settings.client_secret, scope="openid", redirect_uri=redirect_uri,
            code_challenge_method="S256", transport=self._transport, timeout=TIMEOUT_SECONDS, trust_env=False,
        )  # fmt: skip

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
