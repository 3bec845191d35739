"""The API of passkeys: one's own, and signing in by one."""

import asyncio
import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final

import structlog
from fastapi import Path, Request, Response
from pydantic import JsonValue

from conduet.accounts import ceremony
from conduet.accounts.access import Access
from conduet.accounts.audit_store import Deed, audited
from conduet.accounts.beginning import SIGN_IN_ERRORS, WHO, Begun, begin, check_page, shown
from conduet.accounts.ceremony import CeremonyError, Party
from conduet.accounts.challenges import Challenges
from conduet.accounts.fresh import Fresh
from conduet.accounts.member_schemas import Current, NewPasskey, PasskeyAnswer, PasskeyChange, WirePasskey
from conduet.accounts.member_store import get_member
from conduet.accounts.passkey_store import (
    FoundPasskey,
    add_passkey,
    find_passkey,
    list_credentials,
    list_passkeys,
    remove_passkey,
    rename_passkey,
    use_passkey,
)
from conduet.accounts.principal import Principal
from conduet.accounts.public_address import PublicAddress
from conduet.accounts.schemas import Session
from conduet.errors import BadRequest, Unauthorized
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import exchange
from conduet.kit.json import parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import parsed
from conduet.limits.wide import WideLimits

PasskeyId = Annotated[str, Path(alias="passkeyId", examples=["psk_18bd2f7a9c3e41d0a1b2c3d4e5f60718"])]

OVER: Final = "This took longer than 5 minutes, or was answered already: try again."
UNFIT: Final = "Your browser's answer is not one to what this server asked: try again."
UNKNOWN: Final = "This passkey opens nothing here: it may have been removed. Sign in another way."

_PASSKEY: Final = {
    "id": "psk_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "name": "Laptop",
    "lastUsedAt": None,
    "createdAt": "2026-11-26T12:00:00.000Z",
}
_MADE: Final = {
    "id": "q83v…",
    "rawId": "q83v…",
    "type": "public-key",
    "response": {"clientDataJSON": "eyJ0…", "attestationObject": "o2Nm…"},
}
_SIGNED: Final = {
    "id": "q83v…",
    "rawId": "q83v…",
    "type": "public-key",
    "response": {"clientDataJSON": "eyJ0…", "authenticatorData": "SZYN…", "signature": "MEUC…", "userHandle": "bWVt…"},
}
_CREATION: Final = {
    "rp": {"name": "Conduet", "id": "conduet.example"},
    "user": {"id": "bWVt…", "name": "ada@example.com", "displayName": "Ada"},
    "challenge": "9Yx0…",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
}
_REQUEST: Final = {"challenge": "9Yx0…", "rpId": "conduet.example", "userVerification": "preferred"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ground:
    """What passkeys stand on."""

    database: Database
    limits: WideLimits
    challenges: Challenges
    address: PublicAddress

    def party(self, request: Request) -> Party:
        """Who asks the authenticator. Raises `BadRequest` where the request names no host."""
        return Party(self.address.origin(request), self.address.host(request))

    async def challenge(self, credential: ceremony.Credential, asked: Any) -> tuple[bytes, dict[str, Any]] | None:
        """Uses up the challenge that an answer is to, with what was kept of it. Raises `CeremonyError`."""
        challenge = ceremony.challenge_of(credential)
        facts = await self.challenges.answered(hashlib.sha256(challenge).digest(), asked)
        return None if facts is None else (challenge, facts)


def passkey_routes(access: Access, ground: Ground, fresh: Fresh) -> Router:
    """One's passkeys, and the door that they open."""
    router = Router()
    _add_own(router, _Own(access, ground, fresh))
    _add_door(router, _Door(ground))
    return router


def _add_own(router: Router, own: "_Own") -> None:
    add = partial(router.add_api_route, tags=["Passkeys"])
    add(
        "/passkeys",
        own.list,
        methods=["GET"],
        summary="List one's passkeys",
        responses=success([_PASSKEY]) | failures(401, 403, 429),
    )
    add(
        "/passkeys/options",
        own.options,
        methods=["POST"],
        summary="Begin to add a passkey: what the browser hands its authenticator",
        description="The answer is a `PublicKeyCredentialCreationOptionsJSON`, good once and for five minutes. "
        "`current` is one's password, unless the session is younger than 15 minutes.",
        responses=success(_CREATION) | failures(*SIGN_IN_ERRORS),
        openapi_extra=takes(Current, {"current": None}),
    )
    add(
        "/passkeys",
        own.add,
        methods=["POST"],
        status_code=201,
        summary="Add a passkey: what the authenticator answered",
        responses=success(_PASSKEY, status=201) | failures(*SIGN_IN_ERRORS, 409),
        openapi_extra=takes(NewPasskey, {"name": "Laptop", "credential": _MADE}),
    )
    add(
        "/passkeys/{passkeyId}",
        own.rename,
        methods=["PATCH"],
        summary="Name a passkey",
        responses=success(_PASSKEY) | failures(*SIGN_IN_ERRORS, 404),
        openapi_extra=takes(PasskeyChange, {"name": "Old laptop"}),
    )
    add(
        "/passkeys/{passkeyId}",
        own.remove,
        methods=["DELETE"],
        status_code=204,
        summary="Remove a passkey: it signs nobody in any more",
        responses=failures(401, 403, 404, 429),
    )


def _add_door(router: Router, door: "_Door") -> None:
    add = partial(router.add_api_route, methods=["POST"], tags=["Session"])
    add(
        "/sign-in/passkey/options",
        door.options,
        summary="Begin to sign in by a passkey: what the browser hands its authenticator",
        description="The answer is a `PublicKeyCredentialRequestOptionsJSON`, good once and for five minutes.",
        responses=success(_REQUEST) | failures(400, 403, 429),
    )
    add(
        "/sign-in/passkey",
        door.enter,
        summary="Sign in by a passkey: what the authenticator answered",
        responses=success(WHO) | failures(*SIGN_IN_ERRORS),
        openapi_extra=takes(PasskeyAnswer, {"credential": _SIGNED}),
    )


class _Own:
    def __init__(self, access: Access, ground: Ground, fresh: Fresh) -> None:
        self._access = access
        self._ground = ground
        self._database = ground.database
        self._fresh = fresh

    async def list(self, request: Request) -> "list[WirePasskey]":
        principal = await self._access.by_developer(request)
        work = partial(list_passkeys, member_id=_member(principal))
        return [WirePasskey.of(each) for each in await self._database.read(work)]

    async def options(self, request: Request) -> dict[str, JsonValue]:
        principal = await self._access.by_developer(request)
        asked = parsed(Current, parse(await request.body()))
        member_id = await self._fresh.check(request, principal, asked.current)
        member = await self._database.read(partial(get_member, scope=principal.account, member_id=member_id))
        known = await self._database.read(partial(list_credentials, member_id=member_id))
        made = await asyncio.to_thread(
            ceremony.ask_to_make,
            self._ground.party(request),
            member_id=member_id,
            login=member.login or member.name,
            name=member.name,
            known=known,
        )
        await self._ground.challenges.ask(made.digest, "passkey.add", {"session": principal.credential_id})
        return made.options

    async def add(self, request: Request) -> WirePasskey:
        """What was asked is for the session that asked: nobody adds a passkey to somebody else."""
        principal = await self._access.by_developer(request)
        asked = parsed(NewPasskey, parse(await request.body()))
        try:
            asked_for = await self._ground.challenge(asked.credential, "passkey.add")
            if asked_for is None or asked_for[1]["session"] != principal.credential_id:
                raise BadRequest.at("credential", OVER)
            made = await asyncio.to_thread(
                ceremony.check_made, asked.credential, self._ground.party(request), asked_for[0]
            )
        except CeremonyError as error:
            log.warning("passkey_refused", reason=str(error))
            raise BadRequest.at("credential", UNFIT) from None
        work = partial(
            add_passkey,
            member_id=_member(principal),
            name=asked.name,
            credential=made.credential,
            public_key=made.public_key,
            sign_count=made.sign_count,
            now_ms=milliseconds(now()),
        )
        added = await self._database.write(
            audited(principal, work, lambda done: Deed("passkey.added", done.id, after={"name": done.name}))
        )
        return WirePasskey.of(added)

    async def rename(self, request: Request, passkey_id: PasskeyId) -> WirePasskey:
        principal = await self._access.by_developer(request)
        asked = parsed(PasskeyChange, parse(await request.body()))
        work = partial(rename_passkey, member_id=_member(principal), passkey_id=passkey_id, name=asked.name)
        _, after = await self._database.write(
            audited(
                principal,
                work,
                lambda done: Deed("passkey.renamed", done[1].id, {"name": done[0].name}, {"name": done[1].name}),
            )
        )
        return WirePasskey.of(after)

    async def remove(self, request: Request, passkey_id: PasskeyId) -> None:
        principal = await self._access.by_developer(request)
        work = partial(remove_passkey, member_id=_member(principal), passkey_id=passkey_id)
        await self._database.write(
            audited(principal, work, lambda removed: Deed("passkey.removed", removed.id, {"name": removed.name}))
        )


class _Door:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._database = ground.database

    async def options(self, request: Request) -> dict[str, JsonValue]:
        """Nobody is named: the authenticator finds the passkey by itself."""
        await check_page(request, self._ground.limits)
        asked = await asyncio.to_thread(ceremony.ask_to_sign, self._ground.party(request))
        await self._ground.challenges.ask(asked.digest, "passkey.sign-in", {})
        return asked.options

    async def enter(self, request: Request, response: Response) -> Session:
        """Counted as a password is, by the passkey. Only a page of this server may ask."""
        await check_page(request, self._ground.limits)
        asked = parsed(PasskeyAnswer, parse(await request.body()))
        try:
            begun = await self._enter(request, asked.credential)
        except CeremonyError as error:
            log.warning("passkey_refused", reason=str(error))
            raise Unauthorized(UNFIT) from None
        return shown(request, response, begun)

    async def _enter(self, request: Request, credential: ceremony.Credential) -> Begun:
        called = ceremony.credential_of(credential)
        await self._ground.limits.count_sign_in(exchange(request.scope), f"passkey {called.hex()}")
        asked_for = await self._ground.challenge(credential, "passkey.sign-in")
        if asked_for is None:
            raise Unauthorized(OVER)
        found = await self._database.read(partial(find_passkey, credential=called))
        if found is None or ceremony.member_of(credential) != found.member_id:
            raise Unauthorized(UNKNOWN)
        party = self._ground.party(request)
        counted = await asyncio.to_thread(ceremony.check_signed, credential, party, asked_for[0], found)
        begun = await self._database.write(partial(_begin, found=found, counted=counted))
        if begun is None:
            raise Unauthorized(OVER)
        return begun


def _begin(tx: Tx, found: FoundPasskey, counted: int) -> Begun | None:
    if not use_passkey(tx, found, sign_count=counted, now_ms=milliseconds(now())):
        return None
    return begin(tx, found.member_id, by="passkey")


def _member(principal: Principal) -> str:
    if principal.member_id is None:
        raise LookupError("a developer's principal has a member")
    return principal.member_id
