"""Which credential opens what."""

import asyncio
from collections.abc import Callable

import pytest

from conduet.accounts.key_store import list_keys, remove_key
from conduet.accounts.principal import ProjectScope, revocation_topic
from conduet.accounts.store import Member, list_tokens, remove_token
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from tests.accounts.conftest import Door
from tests.accounts.owners import a_key, a_project, a_token, an_owner

PAST = 1_000


async def test_a_secret_key_opens_its_project(door: Door, ada: Member, shop: ProjectScope) -> None:
    key, secret = await a_key(door.database, shop, ada)
    for path in ("/secret", "/widget", "/turn"):
        assert await door.opens(path, secret) == 200
        assert door.principal is not None
        assert (door.principal.scope, door.principal.account) == (shop, ada.account)
        assert (door.principal.credential_id, door.principal.is_widget) == (key.id, False)


async def test_a_developer_token_opens_the_projects_of_its_account(door: Door, ada: Member, shop: ProjectScope) -> None:
    token_id, token = await a_token(door.database, ada)
    assert await door.opens(f"/projects/{shop.project_id}", token) == 200
    assert door.principal is not None
    assert (door.principal.scope, door.principal.account) == (shop, ada.account)
    assert (door.principal.member_id, door.principal.role) == (ada.id, "owner")
    assert (door.principal.kind, door.principal.credential_id) == ("token", token_id)


async def test_a_project_of_somebody_else_and_none_look_the_same(door: Door, shop: ProjectScope) -> None:
    _, token = await a_token(door.database, await an_owner(door.database))
    async with door.client(token) as client:
        foreign = await client.get(f"/projects/{shop.project_id}")
        missing = await client.get("/projects/proj_missing")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()


async def test_each_family_opens_only_its_own_half(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, token = await a_token(door.database, ada)
    _, secret = await a_key(door.database, shop, ada)
    _, widget = await a_key(door.database, shop, ada, type="widget")
    for path in ("/secret", "/widget", "/turn"):
        assert await door.opens(path, token) == 401
    for path in ("/developer", f"/projects/{shop.project_id}"):
        assert await door.opens(path, secret) == 401
        assert await door.opens(path, widget) == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic {secret}",
        "{secret}",
        "Bearer {secret} ",
        "Bearer {secret}, Bearer {secret}",
        "Bearer {secret}x",
        "Bearer\t{secret}",
        "Bearer cdt_",
        "Bearer sk_{secret}",
        "Bearer cdt_äöü",
        "Bearer " + "cdt_" + "a" * 100_000,
    ],
)
async def test_a_malformed_header_opens_nothing(header: str, door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada)
    shown = header.replace("{secret}", secret).encode()
    async with door.client() as client:
        for path in ("/secret", "/widget", "/turn", "/developer"):
            assert (await client.get(path, headers=[(b"authorization", shown)])).status_code == 401


async def test_two_authorization_headers_open_nothing(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada)
    shown = ("authorization", f"Bearer {secret}")
    async with door.client() as client:
        assert (await client.get("/secret", headers=[shown, shown])).status_code == 401
        assert (await client.get("/secret", headers=[("authorization", f"bearer  {secret}")])).status_code == 200


async def test_an_expired_credential_opens_nothing(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada, expires_at=PAST)
    _, token = await a_token(door.database, ada, expires_at=PAST)
    assert await door.opens("/secret", secret) == 401
    assert await door.opens("/developer", token) == 401
    soon = milliseconds(now()) + 300
    _, secret = await a_key(door.database, shop, ada, expires_at=soon)
    assert await door.opens("/secret", secret) == 200
    principal = door.principal
    assert principal is not None
    assert await door.access.still_valid(principal)
    await asyncio.sleep(0.35)
    assert await door.opens("/secret", secret) == 401
    assert not await door.access.still_valid(principal)


async def test_a_revoked_credential_opens_nothing_at_once_and_its_streams_are_woken(
    door: Door, ada: Member, shop: ProjectScope
) -> None:
    key, secret = await a_key(door.database, shop, ada)
    token_id, token = await a_token(door.database, ada)
    revocations: tuple[tuple[str, str, Callable[[Tx], None]], ...] = (
        ("/secret", secret, lambda tx: remove_key(tx, shop, key.id)),
        ("/developer", token, lambda tx: remove_token(tx, ada.account, token_id)),
    )
    for path, shown, revoke in revocations:
        assert await door.opens(path, shown) == 200
        principal = door.principal
        assert principal is not None
        topic = revocation_topic(principal.credential_id)
        waiting = door.database.wake.begin(topic)
        assert await door.access.still_valid(principal)
        await door.database.write(revoke)
        await door.database.wake.wait(topic, waiting, seconds=5)
        assert not waiting.cancelled()
        assert not await door.access.still_valid(principal)
        assert await door.opens(path, shown) == 401


async def test_nobody_revokes_what_is_somebody_elses(door: Door, ada: Member, shop: ProjectScope) -> None:
    key, _ = await a_key(door.database, shop, ada)
    token_id, _ = await a_token(door.database, ada)
    eve = await an_owner(door.database)
    hers = await a_project(door.database, eve)
    with pytest.raises(NotFound):
        await door.database.write(lambda tx: remove_key(tx, hers, key.id))
    with pytest.raises(NotFound):
        await door.database.write(lambda tx: remove_token(tx, eve.account, token_id))
    assert await door.database.read(lambda tx: list_keys(tx, hers)) == []
    assert await door.database.read(lambda tx: list_tokens(tx, eve.account)) == []


async def test_only_a_hash_of_a_secret_is_stored(door: Door, ada: Member, shop: ProjectScope) -> None:
    key, secret = await a_key(door.database, shop, ada)
    _, token = await a_token(door.database, ada)
    assert secret.startswith(key.prefix)
    assert len(key.prefix) == len("cdt_") + 6
    shown = repr(await door.database.read(lambda tx: (list_keys(tx, shop), list_tokens(tx, ada.account))))
    assert secret[12:] not in shown
    assert token[16:] not in shown


async def test_the_last_use_is_written_together_a_moment_later(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada)
    _, token = await a_token(door.database, ada)
    before = milliseconds(now())
    for _ in range(3):
        assert await door.opens("/secret", secret) == 200
        assert await door.opens("/developer", token) == 200
    await door.access.close()
    first = (await door.database.read(lambda tx: list_keys(tx, shop)))[0].last_used_at
    assert first is not None
    assert before <= first <= milliseconds(now())
    assert (await door.database.read(lambda tx: list_tokens(tx, ada.account)))[0].last_used_at is not None
    # Used again within the minute: nothing is written.
    assert await door.opens("/secret", secret) == 200
    await door.access.close()
    assert (await door.database.read(lambda tx: list_keys(tx, shop)))[0].last_used_at == first


async def test_a_key_that_is_refused_was_not_used(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada, type="widget", origins=("https://shop.example",))
    assert await door.opens("/widget", secret, Origin="https://evil.example") == 401
    await door.access.close()
    assert (await door.database.read(lambda tx: list_keys(tx, shop)))[0].last_used_at is None


async def test_who_shows_no_valid_key_is_counted_by_address(door: Door) -> None:
    door.address = "198.51.100.251"
    async with door.client("cdt_guess") as client:
        # Twice as many, because a new minute may begin meanwhile.
        statuses = [(await client.get("/secret")).status_code for _ in range(602)]
        assert statuses[:300].count(401) == 300
        assert 429 in statuses
        refused = await client.get("/developer")
    if refused.status_code == 429:
        assert 1 <= int(refused.headers["retry-after"]) <= 60
    door.address = "198.51.100.252"
    assert await door.opens("/secret", "cdt_guess") == 401
