"""The management API of project keys, the identity secret and one's own session."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import Path, Request, Response

from conduet.accounts import identity
from conduet.accounts.access import Access
from conduet.accounts.audit_store import Deed, audited
from conduet.accounts.beginning import WHO
from conduet.accounts.challenges import Challenges
from conduet.accounts.cookie import SESSION
from conduet.accounts.csrf import csrf_token
from conduet.accounts.fresh import Fresh
from conduet.accounts.identity_store import put_identity_secret
from conduet.accounts.key_store import add_key, list_keys, remove_key
from conduet.accounts.members import member_routes
from conduet.accounts.oidc import Oidc, OidcClient
from conduet.accounts.oidc_routes import oidc_routes
from conduet.accounts.own import own_routes
from conduet.accounts.passkey_routes import Ground, passkey_routes
from conduet.accounts.passwords import Passwords
from conduet.accounts.public_address import PublicAddress
from conduet.accounts.schemas import IdentitySecret, ListedKey, MadeKey, NewKey, Session
from conduet.accounts.session_store import remove_session
from conduet.accounts.sign_in import sign_in_routes
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database
from conduet.kit.http import Outgoing
from conduet.kit.json import Json, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import parsed
from conduet.limits.wide import WideLimits
from conduet.settings import Settings

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
KeyId = Annotated[str, Path(alias="keyId", examples=["key_18bd2f7a9c3e41d0a1b2c3d4e5f60718"])]

_NEW = {"name": "Shop", "type": "widget", "allowedOrigins": ["https://shop.example"]}
_LISTED = {
    "id": "key_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "name": "Shop",
    "type": "widget",
    "prefix": "cdt_8fK2mQ",
    "allowedOrigins": ["https://shop.example"],
    "requireIdentity": False,
    "expiresAt": None,
    "lastUsedAt": None,
    "createdAt": "2026-11-25T12:00:00.000Z",
}
_CHANGE = (400, 401, 403, 404, 413, 415, 429)


def account_routes(
    access: Access, database: Database, settings: Settings, outgoing: Outgoing, *, ring: KeyRing, limits: WideLimits
) -> Sequence[Router]:
    """Rows 22–24 of the management API, the identity secret, who one is, and who else there is.

    Raises `ValueError` for a public address or an identity provider that makes no sense.
    """
    router = Router()
    _add_keys(router, _Keys(access, database, ring))
    _add_sessions(router, _Sessions(access, database))
    passwords = Passwords()
    fresh = Fresh(database, limits, passwords)
    ground = Ground(database, limits, Challenges(database, ring), PublicAddress(settings.public_url))
    client = OidcClient.of(*settings.oidc)
    return (
        router,
        sign_in_routes(database, limits=limits, passwords=passwords),
        own_routes(access, database, fresh=fresh, passwords=passwords),
        passkey_routes(access, ground, fresh),
        oidc_routes(ground, client and Oidc(client, outgoing)),
        member_routes(access, database),
    )


def _add_keys(router: Router, keys: "_Keys") -> None:
    path = "/projects/{projectId}/api-keys"
    router.add_api_route(
        path,
        keys.list,
        methods=["GET"],
        tags=["API keys"],
        summary="List a project's keys",
        responses=success([_LISTED]) | failures(401, 404, 429),
    )
    router.add_api_route(
        path,
        keys.add,
        methods=["POST"],
        status_code=201,
        tags=["API keys"],
        summary="Make a key, shown once",
        responses=success(_LISTED | {"key": "cdt_8fK2mQ…"}, status=201) | failures(*_CHANGE),
        openapi_extra=takes(NewKey, _NEW),
    )
    router.add_api_route(
        path + "/{keyId}",
        keys.remove,
        methods=["DELETE"],
        status_code=204,
        tags=["API keys"],
        summary="Revoke a key at once; its open streams end",
        responses=failures(401, 403, 404, 429),
    )
    router.add_api_route(
        "/projects/{projectId}/identity-secret",
        keys.rotate_identity,
        methods=["POST"],
        status_code=201,
        tags=["API keys"],
        summary="Make or rotate the secret that signs the user ids of widgets, shown once",
        responses=success({"secret": "5TfQ…"}, status=201) | failures(*_CHANGE),
    )


def _add_sessions(router: Router, sessions: "_Sessions") -> None:
    router.add_api_route(
        "/session",
        sessions.get,
        methods=["GET"],
        tags=["Session"],
        summary="Who one is",
        responses=success(WHO) | failures(401, 429),
    )
    router.add_api_route(
        "/session",
        sessions.remove,
        methods=["DELETE"],
        status_code=204,
        tags=["Session"],
        summary="Sign out of a dashboard session",
        responses=failures(401, 403, 429),
    )


class _Keys:
    def __init__(self, access: Access, database: Database, ring: KeyRing) -> None:
        self._access = access
        self._database = database
        self._ring = ring

    async def list(self, request: Request, project_id: ProjectId) -> "list[ListedKey]":
        principal = await self._access.by_project(request, project_id)
        keys = await self._database.read(partial(list_keys, scope=principal.scope))
        return [ListedKey.of(key) for key in keys]

    async def add(self, request: Request, project_id: ProjectId) -> MadeKey:
        principal = await self._access.by_project(request, project_id)
        new = parsed(NewKey, parse(await request.body()))
        work = partial(
            add_key,
            scope=principal.scope,
            account=principal.account,
            name=new.name,
            type=new.type,
            allowed_origins=new.allowed_origins,
            require_identity=new.require_identity,
            expires_at=None if new.expires_at is None else milliseconds(new.expires_at),
            now_ms=milliseconds(now()),
        )
        facts: dict[str, Json] = {"name": new.name, "type": new.type}
        added, secret = await self._database.write(
            audited(principal, work, lambda made: Deed("key.made", made[0].id, after=facts))
        )
        return MadeKey.made(added, secret)

    async def remove(self, request: Request, project_id: ProjectId, key_id: KeyId) -> None:
        principal = await self._access.by_project(request, project_id)
        work = partial(remove_key, scope=principal.scope, key_id=key_id)
        await self._database.write(audited(principal, work, Deed("key.revoked", key_id)))

    async def rotate_identity(self, request: Request, project_id: ProjectId) -> IdentitySecret:
        principal = await self._access.by_project(request, project_id)
        secret, stored = identity.new_secret(self._ring, principal.scope)
        work = partial(put_identity_secret, scope=principal.scope, stored=stored, now_ms=milliseconds(now()))
        await self._database.write(audited(principal, work, Deed("identity-secret.made")))
        return IdentitySecret(secret=secret)


class _Sessions:
    def __init__(self, access: Access, database: Database) -> None:
        self._access = access
        self._database = database

    async def get(self, request: Request) -> Session:
        principal = await self._access.by_developer(request)
        secret = SESSION.read(request) if principal.kind == "session" else None
        return Session(
            kind=principal.kind,
            account_id=principal.account.account_id,
            member_id=principal.member_id,
            role=principal.role,
            csrf_token=secret and csrf_token(secret),
        )

    async def remove(self, request: Request, response: Response) -> None:
        """Signs a dashboard session out; a developer token is no session, and stays."""
        principal = await self._access.by_developer(request)
        if principal.kind == "session":
            await self._database.write(partial(remove_session, session_id=principal.credential_id))
            SESSION.remove(request, response)
