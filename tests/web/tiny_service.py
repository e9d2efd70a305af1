"""A sign-in service (OpenID Connect) of a few lines, on this machine, with a key made anew; it can be told to cheat."""

from __future__ import annotations

import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Claims = dict[str, Any]
SECRET = "geheim-" * 6


class TinyService:
    """The service: `person` sits before its own page; `claims`, `header`, `key`, `spoil` change what it signs."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock, self.issuer = clock, ""
        self.person = "17"
        self.claims: Claims = {}
        self.header: Claims = {"alg": "RS256", "kid": "1"}
        self.own_key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        self.key: Any = self.own_key
        self.spoil: Callable[[str], str] = str
        self.codes: dict[str, Claims] = {}
        self.asked: Claims = {}
        self.tokens = 0

    def metadata(self) -> Claims:
        names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys",
                 "end_session_endpoint": "out"}  # fmt: skip
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in names.items()}}

    def keys(self) -> Claims:
        return {"keys": [self.own_key.as_dict(private=False)]}

    def log_in(self, url: str) -> str:
        """What the person's browser is sent back with."""
        self.asked = asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, list[str]]) -> Claims | None:
        """RFC 6749 and 7636: a code is good once, and for who knows the verifier."""
        asked = self.codes.pop(form.get("code", [""])[0], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"][0].encode()).digest()).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"]:
            return None
        self.tokens += 1
        at = int(self.clock())
        fresh = {"auth_time": at} if "max_age" in asked else {}
        claims = {
            "iss": self.issuer, "aud": "jiezhang", "sub": self.person, "iat": at, "exp": at + 300,
            "nonce": asked["nonce"], **fresh, **self.claims,
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        signed = self.spoil(jwt.encode(self.header, kept, self.key, algorithms=["RS256", "HS256", "none"]))
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running(service: TinyService) -> Iterator[TinyService]:
    """`service` under an address of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {"/.well-known/openid-configuration": service.metadata, "/keys": service.keys}
            page = pages.get(self.path)
            self.answer(200 if page else 404, page() if page else {})

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            made = service.token(form) if self.path == "/token" else None
            self.answer(*((200, made) if made else (400, {"error": "invalid_grant"})))

        def answer(self, status: int, body: Claims) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


def settings_text(service: TinyService, more: str = "") -> str:
    """`oidc.toml` for an office of this service."""
    return f'issuer = "{service.issuer}"\nclient_id = "jiezhang"\nclient_secret = "{SECRET}"\n{more}'
