"""Signing in: a one-time link is traded for a dashboard session."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from conduet.accounts.cookie import set_session
from conduet.accounts.csrf import csrf_token, is_from_own_page
from conduet.accounts.schemas import Session
from conduet.accounts.session_store import find_session, trade_link
from conduet.accounts.tokens import digest
from conduet.errors import Forbidden, Unauthorized
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.json import parse
from conduet.kit.openapi import failures, success
from conduet.kit.schema import Wire, parsed

OVER = "This link was used already, or is older than 15 minutes: `conduet link` prints a new one."
FOREIGN = "This was not sent by the sign-in page: open the link again."
WHO = {"kind": "session", "accountId": "acc_…", "memberId": "mem_…", "role": "owner", "csrfToken": "9f86d0…"}


class SignIn(Wire):
    """The token of a one-time link."""

    token: Annotated[str, Field(max_length=200)]


def sign_in_routes(database: Database) -> APIRouter:
    """Signing in, for a browser; looking at a link uses nothing up, as whatever previews a link does that too."""
    router = APIRouter()

    async def sign_in(request: Request, response: Response) -> Session:
        """The session is a cookie, which no script can read. `conduet link` prints links: each works once.

        Only a page of this server may ask.
        """
        if not is_from_own_page(request):
            raise Forbidden(FOREIGN)
        asked = parsed(SignIn, parse(await request.body()))
        traded = await database.write(partial(_trade, token=asked.token))
        if traded is None:
            raise Unauthorized(OVER)
        secret, session = traded
        set_session(request, response, secret)
        return session

    router.add_api_route(
        "/sign-in",
        sign_in,
        methods=["POST"],
        tags=["Session"],
        summary="Trade a one-time link for a dashboard session",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": SignIn.model_json_schema(), "example": {"token": "k3J9…"}},
                },
            }
        },
        responses=success(WHO) | failures(400, 401, 403, 413, 415, 429),
    )
    return router


def _trade(tx: Tx, token: str) -> tuple[str, Session] | None:
    secret = trade_link(tx, digest(token), now_ms=milliseconds(now()))
    found = secret and find_session(tx, digest(secret))
    if not secret or not found:
        return None
    return secret, Session(
        kind="session",
        account_id=found.account_id,
        member_id=found.member_id,
        role=found.role,
        csrf_token=csrf_token(secret),
    )
