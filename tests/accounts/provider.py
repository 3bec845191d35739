"""An identity provider at a port of its own: OpenID Connect as specified, with every lie it could tell."""

import hashlib
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "conduet", "s3cr:t with/odd+signs"


@dataclass(slots=True)
class SigningKey:
    name: str
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def jwk(self) -> dict[str, Any]:
        return {
            **RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True),
            "kid": self.name,
            "use": "sig",
        }


@dataclass(slots=True)
class Provider:
    """`claims` are laid over those of the next token, `sign` makes it where it is to be signed oddly."""

    issuer: str = ""
    keys: list[SigningKey] = field(default_factory=lambda: [SigningKey("first")])
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    told: dict[str, Any] = field(default_factory=dict[str, Any])
    sign: Any = None
    asked: list[str] = field(default_factory=list[str])
    _codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def agree(self, url: str, *, subject: str, email: str | None = None, verified: object = True) -> dict[str, str]:
        """Somebody has signed in there and agreed: what the browser comes back with."""
        query = dict(parse_qsl(urlsplit(url).query))
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = {**query, "sub": subject, "email": email or "", "verified": dumps(verified)}
        return {"code": code, "state": query["state"], "iss": self.issuer}

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.told,
        }

    def trade(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        pair = b64decode(authorization.removeprefix("Basic ")).decode()
        if tuple(map(unquote_plus, pair.split(":"))) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        if (
            asked is None
            or urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        moment = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": asked["sub"],
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": asked["nonce"],
        }
        if asked["email"]:
            claims |= {"email": asked["email"], "email_verified": asked["verified"] == "true"}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        newest = self.keys[-1]
        token = (
            self.sign(claims)
            if self.sign
            else jwt.encode(claims, newest.key, algorithm="RS256", headers={"kid": newest.name})
        )
        return 200, {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": token}


@contextmanager
def serving(provider: Provider) -> Generator[Provider]:
    """The provider at a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            known = {
                "/.well-known/openid-configuration": provider.document,
                "/keys": lambda: {"keys": [each.jwk() for each in provider.keys]},
            }
            if urlsplit(self.path).path == "/authorize":
                # Whoever comes by a browser is Grace, and agrees.
                asked = urlsplit(self.path)
                back = provider.agree(self.path, subject="grace", email="grace@example.com")
                self.send_response(302)
                self.send_header("Location", f"{parse_qs(asked.query)['redirect_uri'][0]}?{urlencode(back)}")
                self.end_headers()
            elif self.path in known:
                self._answer(200, known[self.path]())
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*provider.trade(dict(parse_qsl(body)), self.headers.get("Authorization", "")))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            """Nothing."""

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
