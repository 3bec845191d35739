"""The API of signing in by an identity provider: to it, and back."""

from functools import partial
from typing import Annotated, Final

import structlog
from fastapi import Request, Response
from pydantic import Field
from starlette.responses import RedirectResponse

from conduet.accounts.beginning import SIGN_IN_ERRORS, Begun, begin, check_page, count_door, shown
from conduet.accounts.cookie import ERRAND
from conduet.accounts.invitation_store import list_invited, trade_invitation
from conduet.accounts.member_schemas import Token
from conduet.accounts.member_store import find_subject, link_subject, list_unlinked
from conduet.accounts.oidc import Oidc, OidcError, Secrets, Somebody
from conduet.accounts.passkey_routes import Ground
from conduet.accounts.passwords import folded
from conduet.accounts.tokens import digest, mint
from conduet.errors import NotFound, Unavailable
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from conduet.kit.json import parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import Wire, parsed

CALLBACK: Final = "/sign-in/oidc/callback"
BASE: Final = "/api/v1"
REFUSED: Final = "/sign-in?refused="
# An address of this server's own pages, as the dashboard's route has it.
_OWN_PATH: Final = r"^/([^/\\\x00-\x1f][^\\\x00-\x1f]*)?$"

log = structlog.get_logger()


class Refusal(Exception):  # an answer, no fault
    """Why somebody does not come in: the word by which the sign-in page knows what to say."""


class Ways(Wire):
    """How one may sign in here, beside a link and a password; `provider` is the identity provider's host."""

    provider: str | None


class Errand(Wire):
    """Where to go afterwards, and the invitation that is to be taken."""

    next: Annotated[str, Field(max_length=2000, pattern=_OWN_PATH)] = "/"
    invitation: Token | None = None


class Sent(Wire):
    """Where the browser is to go."""

    url: str


def oidc_routes(ground: Ground, oidc: Oidc | None) -> Router:
    """Signing in by `oidc`, where the operator has set one."""
    router = Router(tags=["Session"])
    door = _Door(ground, oidc)
    router.add_api_route(
        "/sign-in",
        door.ways,
        methods=["GET"],
        summary="How one may sign in here",
        responses=success({"provider": "accounts.example"}) | failures(429),
    )
    router.add_api_route(
        "/sign-in/oidc",
        door.start,
        methods=["POST"],
        summary="Begin to sign in by the identity provider: where the browser is to go",
        responses=success({"url": "https://accounts.example/authorize?…"}) | failures(*SIGN_IN_ERRORS, 404, 503),
        openapi_extra=takes(Errand, {"next": "/p/proj_demo/build"}),
    )
    router.add_api_route(
        CALLBACK,
        door.back,
        methods=["GET"],
        status_code=303,
        response_class=RedirectResponse,
        summary="Where the identity provider sends the browser back to",
        description="Leads to where one was going, or to the sign-in page with the reason. "
        "Only the browser that began it comes in, once, within five minutes.",
        responses=failures(404, 429),
        openapi_extra={
            "parameters": [
                {"name": name, "in": "query", "schema": {"type": "string"}, "example": example}
                for name, example in (("code", "SplxlOBe…"), ("state", "k3J9…"), ("iss", "https://accounts.example"))
            ]
        },
    )
    return router


class _Door:
    def __init__(self, ground: Ground, oidc: Oidc | None) -> None:
        self._ground = ground
        self._oidc = oidc

    async def ways(self, request: Request) -> Ways:
        await count_door(request, self._ground.limits)
        return Ways(provider=self._oidc and self._oidc.client.host)

    async def start(self, request: Request, response: Response) -> Sent:
        """Only a page of this server may ask; the answer is for this browser alone."""
        await check_page(request, self._ground.limits)
        errand = parsed(Errand, parse(await request.body()))
        state, browser, nonce, verifier = (mint().secret for _ in range(4))
        invitation = errand.invitation and digest(errand.invitation).hex()
        try:
            url = await self._provider().address(
                state=state, secrets=Secrets(nonce, verifier), redirect_uri=self._redirect_uri(request)
            )
        except OidcError as error:
            log.warning("oidc_failed", reason=str(error))
            raise Unavailable("The identity provider does not answer: try again, or sign in another way.") from None
        facts = {"nonce": nonce, "verifier": verifier, "next": errand.next, "invitation": invitation}
        await self._ground.challenges.ask(_key(state, browser), "oidc", facts)
        ERRAND.put(request, response, browser)
        return Sent(url=url)

    async def back(self, request: Request) -> Response:
        await count_door(request, self._ground.limits)
        oidc = self._provider()
        response: Response
        try:
            begun, following = await self._enter(request, oidc)
            response = RedirectResponse(following, 303)
            shown(request, response, begun)
        except Refusal as refusal:
            response = RedirectResponse(f"{REFUSED}{refusal}", 303)
        ERRAND.remove(request, response)
        return response

    async def _enter(self, request: Request, oidc: Oidc) -> tuple[Begun, str]:
        asked = request.query_params
        state, browser = asked.get("state", ""), ERRAND.read(request) or ""
        facts = await self._ground.challenges.answered(_key(state, browser), "oidc")
        if facts is None:
            raise Refusal("over")
        if "code" not in asked:
            log.warning("oidc_refused", reason=asked.get("error", "")[:200])
            raise Refusal("denied")
        try:
            who = await oidc.who(
                code=asked["code"],
                issuer=asked.get("iss"),
                secrets=Secrets(facts["nonce"], facts["verifier"]),
                redirect_uri=self._redirect_uri(request),
            )
        except OidcError as error:
            log.warning("oidc_failed", reason=str(error))
            raise Refusal("failed") from None
        invitation = facts["invitation"] and bytes.fromhex(facts["invitation"])
        begun = await self._ground.database.write(partial(_admit, who=who, invitation=invitation, by=oidc.client.host))
        return begun, facts["next"]

    def _provider(self) -> Oidc:
        if self._oidc is None:
            raise NotFound("No identity provider is set: see CONDUET_OIDC_ISSUER.")
        return self._oidc

    def _redirect_uri(self, request: Request) -> str:
        return f"{self._ground.address.origin(request)}{BASE}{CALLBACK}"


def _key(state: str, browser: str) -> bytes:
    """What is kept of both: a state that somebody else began is none of this browser's."""
    return digest(f"{state} {browser}")


def _admit(tx: Tx, who: Somebody, invitation: bytes | None, by: str) -> Begun:
    """The session of whoever it is. Raises `Refusal`.

    Who they are counts before what their address is; an address counts once, and only one that an owner has named.
    """
    moment = milliseconds(now())
    known = find_subject(tx, who.subject)
    if invitation is not None:
        if known is not None:
            raise Refusal("member")
        joined = trade_invitation(tx, invitation, name=None, subject=who.subject, now_ms=moment)
        if joined is None:
            raise Refusal("uninvited")
        return begin(tx, joined.id, action="member.joined", by=by)
    if known is not None:
        return begin(tx, known, by=by)
    if who.email is None:
        raise Refusal("unverified" if who.claims_email else "unknown")
    email = folded(who.email)
    members, invited = list_unlinked(tx, email), list_invited(tx, email, now_ms=moment)
    if len(members) + len(invited) != 1:
        # Of two accounts that expect them nobody can tell which is meant: a link tells it.
        raise Refusal("unknown")
    if members:
        link_subject(tx, members[0], subject=who.subject)
        return begin(tx, members[0], action="member.linked", by=by)
    joined = trade_invitation(tx, invited[0], name=None, subject=who.subject, now_ms=moment)
    if joined is None:
        raise Refusal("unknown")
    return begin(tx, joined.id, action="member.joined", by=by)
