"""OpenID Connect: an identity provider asked who somebody is, by the code flow with PKCE."""

import asyncio
import hashlib
import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote_plus, urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from conduet.kit.http import Outgoing, OutgoingError, Place, Response
from conduet.kit.json import Json

if TYPE_CHECKING:
    from jwt import PyJWK

WELL_KNOWN: Final = "/.well-known/openid-configuration"
SCOPE: Final = "openid email profile"
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""What a token may be signed by: a private key. Never `none`, and never a secret that two know."""
LEEWAY_SECONDS: Final = 60
TIMEOUT_SECONDS: Final = 10
KNOWN_SECONDS: Final = 3_600
MAX_BYTES: Final = 1024 * 1024

_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))


class OidcError(Exception):
    """The provider cannot be asked, or what it says cannot be believed; in words for the log."""


@dataclass(frozen=True, slots=True)
class OidcClient:
    """What the operator has agreed with the provider."""

    issuer: str
    client_id: str
    client_secret: str

    @classmethod
    def of(cls, issuer: str | None, client_id: str | None, client_secret: str | None) -> "OidcClient | None":
        """`None` where nothing is set. Raises `ValueError` where only a part is, or the issuer is no https address."""
        if not (issuer or client_id or client_secret):
            return None
        if not (issuer and client_id and client_secret):
            raise ValueError("CONDUET_OIDC_ISSUER, CONDUET_OIDC_CLIENT_ID and CONDUET_OIDC_CLIENT_SECRET go together")
        if not _is_safe(issuer):
            raise ValueError("CONDUET_OIDC_ISSUER has to begin with https://")
        return cls(issuer, client_id, client_secret)

    @property
    def host(self) -> str:
        """What people are told the provider is."""
        return urlsplit(self.issuer).netloc


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who it is: `subject` never changes and is of this issuer; `email` only where the provider says it is theirs."""

    subject: str
    email: str | None
    claims_email: bool


@dataclass(frozen=True, slots=True)
class Secrets:
    """What one sign-in has to bring back: `verifier` at the token endpoint, `nonce` in the token."""

    nonce: str
    verifier: str


class _Known(BaseModel):
    """What a provider tells of itself (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: list[str] = ["RS256"]
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


class Oidc:
    """The provider. Its addresses come from the operator, so that they may be private.

    What it tells of itself is asked for once an hour, its keys when a token names one that is not known yet.
    """

    def __init__(self, client: OidcClient, outgoing: Outgoing) -> None:
        self.client = client
        self._outgoing = outgoing
        self._known: tuple[float, _Known] | None = None
        self._keys: Mapping[str | None, PyJWK] = {}

    async def address(self, *, state: str, secrets: Secrets, redirect_uri: str) -> str:
        """Where the browser is sent. Raises `OidcError`."""
        known = await self._discover()
        challenge = urlsafe_b64encode(hashlib.sha256(secrets.verifier.encode()).digest()).decode().rstrip("=")
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self.client.client_id,
                "redirect_uri": redirect_uri,
                "scope": SCOPE,
                "state": state,
                "nonce": secrets.nonce,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        joint = "&" if urlsplit(known.authorization_endpoint).query else "?"
        return f"{known.authorization_endpoint}{joint}{query}"

    async def who(self, *, code: str, issuer: str | None, secrets: Secrets, redirect_uri: str) -> Somebody:
        """Trades the code for the token, and believes that only when all of it is right.

        `issuer` is the one that the browser came back with (RFC 9207). Raises `OidcError`.
        """
        known = await self._discover()
        if issuer is not None or known.authorization_response_iss_parameter_supported:
            _same(issuer, known.issuer, "the answer's issuer")
        token = await self._trade(known, code=code, verifier=secrets.verifier, redirect_uri=redirect_uri)
        claims = await self._believed(known, token)
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), secrets.nonce.encode()):
            raise OidcError("the token's nonce is another")
        email, verified = claims.get("email"), claims.get("email_verified")
        told = email if isinstance(email, str) and email else None
        # Some write the word (Cognito).
        believed = told if verified is True or verified == "true" else None
        return Somebody(f"{known.issuer} {claims['sub']}", believed, claims_email=told is not None)

    async def _discover(self) -> _Known:
        moment = asyncio.get_running_loop().time()
        if self._known is not None and moment - self._known[0] < KNOWN_SECONDS:
            return self._known[1]
        answer = await self._ask("GET", self.client.issuer.rstrip("/") + WELL_KNOWN)
        try:
            known = _Known.model_validate(_json(answer))
        except ValidationError as error:
            raise OidcError(f"what the provider tells of itself is not valid: {error.errors()[0]['loc']}") from None
        _same(known.issuer.rstrip("/"), self.client.issuer.rstrip("/"), "what the provider calls itself")
        for endpoint in (known.authorization_endpoint, known.token_endpoint, known.jwks_uri):
            if not _is_safe(endpoint):
                raise OidcError(f"{endpoint} is no https address")
        self._known = moment, known
        return known

    async def _trade(self, known: _Known, *, code: str, verifier: str, redirect_uri: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if "client_secret_basic" in known.token_endpoint_auth_methods_supported:
            pair = f"{quote_plus(self.client.client_id)}:{quote_plus(self.client.client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self.client.client_id, "client_secret": self.client.client_secret}
        answer = _json(await self._ask("POST", known.token_endpoint, headers=headers, body=urlencode(form).encode()))
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise OidcError("the token endpoint answered without an id_token")
        return token

    async def _believed(self, known: _Known, token: str) -> dict[str, Any]:
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            algorithm = header.get("alg")
            allowed = known.id_token_signing_alg_values_supported
            if algorithm not in ALGORITHMS or algorithm not in allowed:
                raise OidcError(f"the token is signed by {algorithm!r}, which is not allowed")
            key = await self._key(known, header.get("kid"))
            if key.algorithm_name[:2] != algorithm[:2] and not {key.algorithm_name[:2], algorithm[:2]} <= {"RS", "PS"}:
                raise OidcError("the token's key is for another algorithm")
            claims: dict[str, Any] = await asyncio.to_thread(
                jwt.decode,
                token,
                key.key,
                algorithms=[algorithm],
                audience=self.client.client_id,
                issuer=known.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OidcError(f"the token is not believed: {error}") from None
        audiences = claims["aud"]
        if claims.get("azp", self.client.client_id) != self.client.client_id or (
            isinstance(audiences, list) and len(audiences) > 1 and "azp" not in claims  # pyright: ignore[reportUnknownArgumentType]  # any JSON
        ):
            raise OidcError("the token was made for another client")
        if not claims["sub"]:
            raise OidcError("the token names nobody")
        return claims

    async def _key(self, known: _Known, name: str | None) -> "PyJWK":
        """The provider's key of this name; asked for anew where it is not known, as after a rotation."""
        if name not in self._keys:
            self._keys = await self._load_keys(known)
        try:
            return self._keys[name]
        except KeyError:
            raise OidcError(f"the provider has no key {name!r}") from None

    async def _load_keys(self, known: _Known) -> "dict[str | None, PyJWK]":
        from jwt import PyJWKSet, PyJWTError

        told = _json(await self._ask("GET", known.jwks_uri))
        try:
            keys = PyJWKSet.from_dict(told).keys if isinstance(told, dict) else []
        except PyJWTError as error:
            raise OidcError(f"the provider's keys cannot be read: {error}") from None
        signing = [key for key in keys if key.public_key_use in (None, "sig") and key.key_type != "oct"]
        named: dict[str | None, PyJWK] = {key.key_id: key for key in signing}
        if len(signing) == 1:
            # A token that names none was signed by the only one.
            named[None] = signing[0]
        return named

    async def _ask(
        self,
        method: Literal["GET", "POST"],
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        parts = urlsplit(url)
        place = Place(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        try:
            answer = await self._outgoing.request(
                method,
                url,
                headers=headers or {"Accept": "application/json"},
                body=body,
                timeout_seconds=TIMEOUT_SECONDS,
                max_bytes=MAX_BYTES,
                redirects=0,
                admit=(place,),
            )
        except OutgoingError as error:
            raise OidcError(f"{method} {url}: {error}") from None
        if not answer.ok:
            raise OidcError(f"{method} {url} answered {answer.status}: {answer.text()[:300]}")
        return answer


def _json(answer: Response) -> Json:
    try:
        return answer.json()
    except OutgoingError as error:
        raise OidcError(f"{answer.url}: {error}") from None


def _same(told: str | None, wanted: str, what: str) -> None:
    if told != wanted:
        raise OidcError(f"{what} is {told!r}, not {wanted!r}")


def _is_safe(url: str) -> bool:
    """Whether nobody on the way can read or change what is said there."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        )
    except ValueError:
        return False
