"""Signing in: a one-time link, an invitation or a password is traded for a dashboard session."""

from functools import partial
from typing import Annotated, Final

from fastapi import Request, Response
from pydantic import Field

from conduet.accounts.beginning import SIGN_IN_ERRORS, WHO, Begun, begin, check_page, shown, told
from conduet.accounts.invitation_store import Invitation, find_invitation, trade_invitation
from conduet.accounts.member_schemas import Acceptance, Invited, NamePassword, Token
from conduet.accounts.member_store import Lock, find_lock, put_password
from conduet.accounts.passwords import Passwords, folded
from conduet.accounts.schemas import Session
from conduet.accounts.session_store import trade_link
from conduet.accounts.tokens import digest
from conduet.errors import BadRequest, NotFound, Unauthorized
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import exchange
from conduet.kit.json import parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import Wire, parsed
from conduet.limits.wide import WideLimits

OVER: Final = (
    "This link was used already, or is older than 15 minutes: "
    "`conduet link` on the server, with the same --data, prints a new one."
)
UNINVITED: Final = "This invitation was used already, was taken back, or is older than 7 days: ask for a new one."
WRONG: Final = "The sign-in name or the password is wrong."


class SignIn(Wire):
    """The token of a one-time link."""

    token: Annotated[str, Field(max_length=200)]


class Asked(Wire):
    """The token of an invitation."""

    token: Token


def sign_in_routes(database: Database, *, limits: WideLimits, passwords: Passwords) -> Router:
    """Signing in, for a browser; looking at a link uses nothing up, as whatever previews a link does that too."""
    router = Router()
    door = _Door(database, limits, passwords)
    traded = success(WHO) | failures(*SIGN_IN_ERRORS)
    router.add_api_route(
        "/sign-in",
        door.by_link,
        methods=["POST"],
        tags=["Session"],
        summary="Trade a one-time link for a dashboard session",
        responses=traded,
        openapi_extra=takes(SignIn, {"token": "k3J9…"}),
    )
    router.add_api_route(
        "/sign-in/password",
        door.by_password,
        methods=["POST"],
        tags=["Session"],
        summary="Sign in by name and password",
        responses=traded,
        openapi_extra=takes(NamePassword, {"login": "ada@example.com", "password": "correct horse battery"}),
    )
    router.add_api_route(
        "/sign-in/invitation",
        door.by_invitation,
        methods=["POST"],
        tags=["Session"],
        summary="Become a member by an invitation, with a password of one's own",
        responses=traded | failures(409),
        openapi_extra=takes(
            Acceptance, {"token": "k3J9…", "login": "grace@example.com", "password": "correct horse battery"}
        ),
    )
    router.add_api_route(
        "/sign-in/invited",
        door.look,
        methods=["POST"],
        tags=["Session"],
        summary="Look whom an invitation is for; it is not used up",
        responses=success({"account": "My account", "name": "Grace", "role": "agent"}) | failures(*SIGN_IN_ERRORS, 404),
        openapi_extra=takes(Asked, {"token": "k3J9…"}),
    )
    return router


class _Door:
    def __init__(self, database: Database, limits: WideLimits, passwords: Passwords) -> None:
        self._database = database
        self._limits = limits
        self._passwords = passwords

    async def by_link(self, request: Request, response: Response) -> Session:
        """The session is a cookie, which no script can read. `conduet link` prints links: each works once.

        Only a page of this server may ask.
        """
        await check_page(request, self._limits)
        asked = parsed(SignIn, parse(await request.body()))
        traded = await self._database.write(partial(_trade, token=asked.token))
        if traded is None:
            raise Unauthorized(OVER)
        return shown(request, response, traded)

    async def by_password(self, request: Request, response: Response) -> Session:
        """10 tries in 5 minutes from one address, 100 an hour for a name. Only a page of this server may ask."""
        await check_page(request, self._limits)
        asked = parsed(NamePassword, parse(await request.body()))
        login = folded(asked.login)
        await self._limits.count_sign_in(exchange(request.scope), login)
        lock = await self._database.read(partial(find_lock, login=login))
        if not await self._passwords.fits(asked.password, lock and lock.password) or lock is None:
            raise Unauthorized(WRONG)
        signed_in = await self._database.write(partial(_enter, login=login, lock=lock))
        if signed_in is None:
            raise Unauthorized(WRONG)
        return shown(request, response, signed_in)

    async def by_invitation(self, request: Request, response: Response) -> Session:
        """The invitation is used up. Only a page of this server may ask."""
        await check_page(request, self._limits)
        asked = parsed(Acceptance, parse(await request.body()))
        login = folded(asked.login)
        if login in asked.password.casefold():
            raise BadRequest.at("password", "A password that does not hold the sign-in name is needed.")
        # Before the hashing, which is dear, and is nobody's who has no invitation.
        await self._limits.count_sign_in(exchange(request.scope), f"invitation {asked.token}")
        if await self._invitation(asked.token) is None:
            raise Unauthorized(UNINVITED)
        kept = await self._passwords.hash(asked.password)

        def work(tx: Tx) -> Begun | None:
            moment = milliseconds(now())
            made = trade_invitation(tx, digest(asked.token), name=asked.name, subject=None, now_ms=moment)
            if made is None:
                return None
            put_password(tx, made.id, login=login, password=kept)
            return begin(tx, made.id, action="member.joined")

        joined = await self._database.write(work)
        if joined is None:
            raise Unauthorized(UNINVITED)
        return shown(request, response, joined)

    async def look(self, request: Request) -> Invited:
        """Tells whom it is for, so that its page can greet them."""
        await check_page(request, self._limits)
        asked = parsed(Asked, parse(await request.body()))
        found = await self._invitation(asked.token)
        if found is None:
            raise NotFound(UNINVITED)
        account, invitation = found
        return Invited(account=account, name=invitation.name, role=invitation.role)

    async def _invitation(self, token: str) -> tuple[str, Invitation] | None:
        work = partial(find_invitation, digest=digest(token), now_ms=milliseconds(now()))
        return await self._database.read(work)


def _trade(tx: Tx, token: str) -> Begun | None:
    secret = trade_link(tx, digest(token), now_ms=milliseconds(now()))
    return None if secret is None else told(tx, secret)


def _enter(tx: Tx, login: str, lock: Lock) -> Begun | None:
    """A session of whom the password fits still: while it was checked, another may have been set, which ends them."""
    return begin(tx, lock.member_id) if find_lock(tx, login, stays=True) == lock else None
