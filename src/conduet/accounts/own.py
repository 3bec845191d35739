"""The API of what is one's own: developer tokens, the places where one is signed in, and one's password."""

from functools import partial
from typing import Annotated, Final

from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.accounts.audit_store import Deed, audited
from conduet.accounts.cookie import SESSION
from conduet.accounts.fresh import Fresh
from conduet.accounts.member_schemas import MadeToken, NewPassword, NewToken, OwnName, WireSession, WireToken
from conduet.accounts.member_store import change_member, get_member, put_password
from conduet.accounts.members import changed
from conduet.accounts.passwords import Passwords, folded
from conduet.accounts.principal import Principal
from conduet.accounts.session_store import list_sessions, remove_session, remove_sessions
from conduet.accounts.store import DeveloperToken, Member, add_token, list_tokens, remove_token
from conduet.errors import BadRequest, NotFound
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.json import Json, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import parsed

TokenId = Annotated[str, Path(alias="tokenId", examples=["tok_18bd2f7a9c3e41d0a1b2c3d4e5f60718"])]
SessionId = Annotated[str, Path(alias="sessionId", examples=["sess_18bd2f7a9c3e41d0a1b2c3d4e5f60718"])]

_TOKEN: Final = {
    "id": "tok_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "memberId": "mem_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "name": "Deploy",
    "prefix": "cdt_acc_8fK2mQ",
    "expiresAt": None,
    "lastUsedAt": None,
    "createdAt": "2026-11-26T12:00:00.000Z",
}
_SESSION: Final = {
    "id": "sess_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "current": True,
    "expiresAt": "2026-12-26T12:00:00.000Z",
    "createdAt": "2026-11-26T12:00:00.000Z",
}


def own_routes(access: Access, database: Database, *, fresh: Fresh, passwords: Passwords) -> Router:
    """What each member does for themselves, whatever their role."""
    router = Router()
    own = _Own(access, database, fresh, passwords)
    _add_tokens(router, own)
    _add_sessions(router, own)
    return router


def _add_tokens(router: Router, own: "_Own") -> None:
    router.add_api_route(
        "/tokens",
        own.tokens,
        methods=["GET"],
        tags=["Tokens"],
        summary="List one's developer tokens; an owner sees everybody's",
        responses=success([_TOKEN]) | failures(401, 403, 429),
    )
    router.add_api_route(
        "/tokens",
        own.make_token,
        methods=["POST"],
        status_code=201,
        tags=["Tokens"],
        summary="Make a developer token, shown once; it may what its member may",
        responses=success(_TOKEN | {"token": "cdt_acc_8fK2mQ…"}, status=201) | failures(400, 401, 403, 413, 415, 429),
        openapi_extra=takes(NewToken, {"name": "Deploy"}),
    )
    router.add_api_route(
        "/tokens/{tokenId}",
        own.remove_token,
        methods=["DELETE"],
        status_code=204,
        tags=["Tokens"],
        summary="Revoke a developer token at once",
        responses=failures(401, 403, 404, 429),
    )


def _add_sessions(router: Router, own: "_Own") -> None:
    router.add_api_route(
        "/sessions",
        own.sessions,
        methods=["GET"],
        tags=["Session"],
        summary="List where one is signed in",
        responses=success([_SESSION]) | failures(401, 403, 429),
    )
    router.add_api_route(
        "/sessions",
        own.sign_out,
        methods=["DELETE"],
        status_code=204,
        tags=["Session"],
        summary="Sign out everywhere",
        responses=failures(401, 403, 429),
    )
    router.add_api_route(
        "/sessions/{sessionId}",
        own.end_session,
        methods=["DELETE"],
        status_code=204,
        tags=["Session"],
        summary="Sign out in one place",
        responses=failures(401, 403, 404, 429),
    )
    router.add_api_route(
        "/session/name",
        own.put_name,
        methods=["PUT"],
        status_code=204,
        tags=["Session"],
        summary="Say what one is called; users whom one answers read it",
        responses=failures(400, 401, 403, 413, 415, 429),
        openapi_extra=takes(OwnName, {"name": "Ada"}),
    )
    router.add_api_route(
        "/session/password",
        own.put_password,
        methods=["PUT"],
        status_code=204,
        tags=["Session"],
        summary="Set what one signs in by; all other sessions end",
        responses=failures(400, 401, 403, 409, 413, 415, 429),
        openapi_extra=takes(NewPassword, {"login": "ada@example.com", "password": "correct horse battery"}),
    )


class _Own:
    def __init__(self, access: Access, database: Database, fresh: Fresh, passwords: Passwords) -> None:
        self._access = access
        self._database = database
        self._fresh = fresh
        self._passwords = passwords

    async def tokens(self, request: Request) -> list[WireToken]:
        principal = await self._access.by_developer(request)
        work = partial(list_tokens, scope=principal.account, member_id=_whose(principal))
        return [WireToken.of(each) for each in await self._database.read(work)]

    async def make_token(self, request: Request) -> MadeToken:
        principal = await self._access.by_developer(request)
        asked = parsed(NewToken, parse(await request.body()))
        moment = milliseconds(now())
        expires_at = None if asked.expires_at is None else milliseconds(asked.expires_at)

        def work(tx: Tx) -> tuple[DeveloperToken, str]:
            member = get_member(tx, principal.account, _member(principal))
            owner = Member(member.id, principal.account.account_id, member.name, member.role)
            token_id, secret = add_token(tx, owner, name=asked.name, now_ms=moment, expires_at=expires_at)
            return next(each for each in list_tokens(tx, principal.account) if each.id == token_id), secret

        facts: dict[str, Json] = {"name": asked.name}
        made, secret = await self._database.write(
            audited(principal, work, lambda done: Deed("token.made", done[0].id, after=facts))
        )
        return MadeToken(**WireToken.of(made).model_dump(), token=secret)

    async def remove_token(self, request: Request, token_id: TokenId) -> None:
        principal = await self._access.by_developer(request)
        work = partial(remove_token, scope=principal.account, token_id=token_id, member_id=_whose(principal))
        await self._database.write(audited(principal, work, Deed("token.revoked", token_id)))

    async def sessions(self, request: Request) -> list[WireSession]:
        principal = await self._access.by_developer(request)
        work = partial(list_sessions, member_id=_member(principal), now_ms=milliseconds(now()))
        return [
            WireSession(
                id=each.id,
                current=each.id == principal.credential_id,
                expires_at=iso(from_milliseconds(each.expires_at)),
                created_at=iso(from_milliseconds(each.created_at)),
            )
            for each in await self._database.read(work)
        ]

    async def sign_out(self, request: Request, response: Response) -> None:
        principal = await self._access.by_developer(request)
        work = partial(remove_sessions, member_id=_member(principal))
        await self._database.write(audited(principal, work, Deed("session.ended", "everywhere")))
        SESSION.remove(request, response)

    async def end_session(self, request: Request, session_id: SessionId) -> None:
        principal = await self._access.by_developer(request)
        member_id = _member(principal)

        def work(tx: Tx) -> None:
            if all(each.id != session_id for each in list_sessions(tx, member_id, now_ms=milliseconds(now()))):
                raise NotFound("There is no such session.")
            remove_session(tx, session_id)

        await self._database.write(audited(principal, work, Deed("session.ended", session_id)))

    async def put_name(self, request: Request) -> None:
        principal = await self._access.by_developer(request)
        name = parsed(OwnName, parse(await request.body())).name
        work = partial(change_member, scope=principal.account, member_id=_member(principal), changes={"name": name})
        await self._database.write(audited(principal, work, changed))

    async def put_password(self, request: Request) -> None:
        principal = await self._access.by_developer(request)
        asked = parsed(NewPassword, parse(await request.body()))
        login = folded(asked.login)
        if login in asked.password.casefold():
            raise BadRequest.at("password", "A password that does not hold the sign-in name is needed.")
        member_id = await self._fresh.check(request, principal, asked.current)
        kept = await self._passwords.hash(asked.password)

        def work(tx: Tx) -> None:
            put_password(tx, member_id, login=login, password=kept)
            remove_sessions(tx, member_id, but=principal.credential_id)

        await self._database.write(audited(principal, work, Deed("password.set", member_id, after={"login": login})))


def _member(principal: Principal) -> str:
    if principal.member_id is None:
        raise LookupError("a developer's principal has a member")
    return principal.member_id


def _whose(principal: Principal) -> str | None:
    """Whose tokens they may see and revoke: an owner everybody's."""
    return None if principal.role == "owner" else _member(principal)
