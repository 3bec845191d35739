"""Which credential opens what."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable

import pytest

from conduet.accounts.identity import new_secret
from conduet.accounts.identity_store import put_identity_secret
from conduet.accounts.key_store import list_keys, remove_key
from conduet.accounts.principal import ProjectScope, revocation_topic
from conduet.accounts.store import Member, list_tokens, remove_token
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from tests.accounts.conftest import Door
from tests.accounts.owners import a_key, a_project, a_token, an_owner

PAST = 1_000


@pytest.fixture
async def ada(door: Door) -> Member:
    return await an_owner(door.database)


@pytest.fixture
async def project(door: Door, ada: Member) -> ProjectScope:
    return await a_project(door.database, ada)


async def opens(door: Door, path: str, secret: str | None, **headers: str) -> int:
    async with door.client(secret, **headers) as client:
        return (await client.get(path)).status_code


async def test_a_secret_key_opens_its_project(door: Door, ada: Member, project: ProjectScope) -> None:
    key, secret = await a_key(door.database, project, ada)
    for path in ("/secret", "/widget", "/turn"):
        assert await opens(door, path, secret) == 200
        assert door.principal is not None
        assert (door.principal.scope, door.principal.account) == (project, ada.account)
        assert (door.principal.credential_id, door.principal.is_widget) == (key.id, False)


async def test_a_developer_token_opens_the_projects_of_its_account(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    token_id, token = await a_token(door.database, ada)
    assert await opens(door, f"/projects/{project.project_id}", token) == 200
    assert door.principal is not None
    assert (door.principal.scope, door.principal.account) == (project, ada.account)
    assert (door.principal.member_id, door.principal.role) == (ada.id, "owner")
    assert (door.principal.kind, door.principal.credential_id) == ("token", token_id)


async def test_a_project_of_somebody_else_and_none_look_the_same(door: Door, project: ProjectScope) -> None:
    _, token = await a_token(door.database, await an_owner(door.database))
    async with door.client(token) as client:
        foreign = await client.get(f"/projects/{project.project_id}")
        missing = await client.get("/projects/proj_missing")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()


async def test_each_family_opens_only_its_own_half(door: Door, ada: Member, project: ProjectScope) -> None:
    _, token = await a_token(door.database, ada)
    _, secret = await a_key(door.database, project, ada)
    _, widget = await a_key(door.database, project, ada, type="widget")
    for path in ("/secret", "/widget", "/turn"):
        assert await opens(door, path, token) == 401
    for path in ("/developer", f"/projects/{project.project_id}"):
        assert await opens(door, path, secret) == 401
        assert await opens(door, path, widget) == 401


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
async def test_a_malformed_header_opens_nothing(header: str, door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada)
    shown = header.replace("{secret}", secret).encode()
    async with door.client() as client:
        for path in ("/secret", "/widget", "/turn", "/developer"):
            assert (await client.get(path, headers=[(b"authorization", shown)])).status_code == 401


async def test_two_authorization_headers_open_nothing(door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada)
    shown = ("authorization", f"Bearer {secret}")
    async with door.client() as client:
        assert (await client.get("/secret", headers=[shown, shown])).status_code == 401
        assert (await client.get("/secret", headers=[("authorization", f"bearer  {secret}")])).status_code == 200


async def test_an_expired_credential_opens_nothing(door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada, expires_at=PAST)
    _, token = await a_token(door.database, ada, expires_at=PAST)
    assert await opens(door, "/secret", secret) == 401
    assert await opens(door, "/developer", token) == 401
    soon = milliseconds(now()) + 300
    _, secret = await a_key(door.database, project, ada, expires_at=soon)
    assert await opens(door, "/secret", secret) == 200
    principal = door.principal
    assert principal is not None
    assert await door.access.still_valid(principal)
    await asyncio.sleep(0.35)
    assert await opens(door, "/secret", secret) == 401
    assert not await door.access.still_valid(principal)


async def test_a_revoked_credential_opens_nothing_at_once_and_its_streams_are_woken(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    key, secret = await a_key(door.database, project, ada)
    token_id, token = await a_token(door.database, ada)
    revocations: tuple[tuple[str, str, Callable[[Tx], None]], ...] = (
        ("/secret", secret, lambda tx: remove_key(tx, project, key.id)),
        ("/developer", token, lambda tx: remove_token(tx, ada.account, token_id)),
    )
    for path, shown, revoke in revocations:
        assert await opens(door, path, shown) == 200
        principal = door.principal
        assert principal is not None
        topic = revocation_topic(principal.credential_id)
        waiting = door.database.wake.begin(topic)
        assert await door.access.still_valid(principal)
        await door.database.write(revoke)
        await door.database.wake.wait(topic, waiting, seconds=5)
        assert not waiting.cancelled()
        assert not await door.access.still_valid(principal)
        assert await opens(door, path, shown) == 401


async def test_nobody_revokes_what_is_somebody_elses(door: Door, ada: Member, project: ProjectScope) -> None:
    key, _ = await a_key(door.database, project, ada)
    token_id, _ = await a_token(door.database, ada)
    eve = await an_owner(door.database)
    hers = await a_project(door.database, eve)
    with pytest.raises(NotFound):
        await door.database.write(lambda tx: remove_key(tx, hers, key.id))
    with pytest.raises(NotFound):
        await door.database.write(lambda tx: remove_token(tx, eve.account, token_id))
    assert await door.database.read(lambda tx: list_keys(tx, hers)) == []
    assert await door.database.read(lambda tx: list_tokens(tx, eve.account)) == []


async def test_only_a_hash_of_a_secret_is_stored(door: Door, ada: Member, project: ProjectScope) -> None:
    key, secret = await a_key(door.database, project, ada)
    _, token = await a_token(door.database, ada)
    assert secret.startswith(key.prefix)
    assert len(key.prefix) == len("cdt_") + 6
    shown = repr(await door.database.read(lambda tx: (list_keys(tx, project), list_tokens(tx, ada.account))))
    assert secret[12:] not in shown
    assert token[16:] not in shown


async def test_the_last_use_is_written_together_a_moment_later(door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada)
    _, token = await a_token(door.database, ada)
    before = milliseconds(now())
    for _ in range(3):
        assert await opens(door, "/secret", secret) == 200
        assert await opens(door, "/developer", token) == 200
    await door.access.close()
    first = (await door.database.read(lambda tx: list_keys(tx, project)))[0].last_used_at
    assert first is not None
    assert before <= first <= milliseconds(now())
    assert (await door.database.read(lambda tx: list_tokens(tx, ada.account)))[0].last_used_at is not None
    # Used again within the minute: nothing is written.
    assert await opens(door, "/secret", secret) == 200
    await door.access.close()
    assert (await door.database.read(lambda tx: list_keys(tx, project)))[0].last_used_at == first


async def test_a_key_that_is_refused_was_not_used(door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada, type="widget", origins=("https://shop.example",))
    assert await opens(door, "/widget", secret, Origin="https://evil.example") == 401
    await door.access.close()
    assert (await door.database.read(lambda tx: list_keys(tx, project)))[0].last_used_at is None


# Widget keys.

ALLOWED = ("https://shop.example", "http://localhost:3000")


async def test_a_widget_key_opens_only_what_pages_may_use(door: Door, ada: Member, project: ProjectScope) -> None:
    key, secret = await a_key(door.database, project, ada, type="widget", origins=ALLOWED)
    assert await opens(door, "/secret", secret) == 401
    assert await opens(door, "/widget", secret) == 200
    assert door.principal is not None
    assert (door.principal.is_widget, door.principal.scope) == (True, project)
    assert door.principal.key is not None
    assert (door.principal.key.id, door.principal.key.allowed_origins) == (key.id, ALLOWED)


@pytest.mark.parametrize(
    "origin", ["https://shop.example", "https://shop.example:443", "HTTPS://SHOP.EXAMPLE", "http://localhost:3000"]
)
async def test_a_widget_key_opens_for_its_origins(origin: str, door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada, type="widget", origins=ALLOWED)
    assert await opens(door, "/widget", secret, Origin=origin) == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "*",
        "http://shop.example",
        "https://shop.example:444",
        "https://shop.example.evil.com",
        "https://evil-shop.example",
        "https://a.shop.example",
        "https://shop.example@evil.com",
        "https://evil.com/https://shop.example",
        "https://shop.example/",
        "https://shop.example, https://evil.com",
        "https://shop.example https://evil.com",
        "https://shop.example.",
        "https://shop.example:",
        "https://shop.example:0443",
        "https://shopxexample",
        "http://localhost",
        "http://127.0.0.1:3000",
        "https://shop.еxample".encode().decode("latin-1"),
    ],
)
async def test_a_widget_key_opens_for_no_other_origin(
    origin: str, door: Door, ada: Member, project: ProjectScope
) -> None:
    _, secret = await a_key(door.database, project, ada, type="widget", origins=ALLOWED)
    async with door.client(secret) as client:
        for path in ("/widget", "/turn"):
            refused = await client.get(path, headers=[(b"origin", origin.encode("latin-1"))])
            assert refused.status_code == 401
            assert "allowedOrigins" in refused.json()["error"]


async def test_of_two_origins_both_have_to_be_allowed(door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada, type="widget", origins=ALLOWED)
    async with door.client(secret) as client:
        both = [("origin", "https://shop.example"), ("origin", "https://evil.com")]
        assert (await client.get("/widget", headers=both)).status_code == 401


async def test_a_widget_key_without_origins_opens_nothing_that_comes_with_one(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    _, secret = await a_key(door.database, project, ada, type="widget")
    assert await opens(door, "/widget", secret) == 200
    assert await opens(door, "/widget", secret, Origin="https://shop.example") == 401
    assert await opens(door, "/widget", secret, Origin="null") == 401


async def test_a_secret_key_is_no_matter_of_origins(door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada)
    assert await opens(door, "/secret", secret, Origin="https://anything.example") == 200


async def test_preflights_are_answered_for_what_a_live_widget_key_names(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    mine = f"https://{project.project_id.replace('_', '-')}.example"
    assert not await door.access.is_widget_origin(mine)
    await a_key(door.database, project, ada, type="widget", origins=(mine,), expires_at=PAST)
    assert not await door.access.is_widget_origin(mine)
    key, _ = await a_key(door.database, project, ada, type="widget", origins=(mine,))
    assert await door.access.is_widget_origin(mine)
    assert await door.access.is_widget_origin(f"{mine}:443")
    assert not await door.access.is_widget_origin(f"{mine}:8443")
    assert not await door.access.is_widget_origin("null")
    await door.database.write(lambda tx: remove_key(tx, project, key.id))
    assert not await door.access.is_widget_origin(mine)


# Whose conversation it is.


def hash_of(secret: str, user: str) -> str:
    return hmac.new(secret.encode(), user.encode(), hashlib.sha256).hexdigest()


async def an_identity(door: Door, project: ProjectScope) -> str:
    secret, stored = new_secret(door.ring, project)
    await door.database.write(lambda tx: put_identity_secret(tx, project, stored, now_ms=milliseconds(now())))
    return secret


async def proven(door: Door, secret: str, user: str, given: str | None = None) -> bool | int:
    """Whether the user is proven, or the status that it was refused with. From an address of its own each time."""
    door.address = f"198.51.100.{proven.calls % 250}"  # pyright: ignore[reportFunctionMemberAccess]
    proven.calls += 1  # pyright: ignore[reportFunctionMemberAccess]
    async with door.client(secret) as client:
        answer = await client.get(f"/users/{user}", headers={"X-User-Hash": given} if given is not None else {})
        return answer.json()["proven"] if answer.status_code == 200 else answer.status_code


proven.calls = 0  # pyright: ignore[reportFunctionMemberAccess]


async def test_a_widget_key_proves_its_user_by_the_hash_of_that_user(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    identity = await an_identity(door, project)
    _, widget = await a_key(door.database, project, ada, type="widget")
    right = hash_of(identity, "u1")
    assert await proven(door, widget, "u1", right) is True
    assert await proven(door, widget, "u1", right.upper()) is True
    for wrong in (None, "", "0" * 64, right[:-1], right + "0", hash_of(identity, "u2"), hash_of("", "u1")):
        assert await proven(door, widget, "u1", wrong) is False
    assert await proven(door, widget, "u2", right) is False


async def test_a_hash_outside_ascii_proves_nothing(door: Door, ada: Member, project: ProjectScope) -> None:
    await an_identity(door, project)
    _, widget = await a_key(door.database, project, ada, type="widget")
    async with door.client(widget) as client:
        answer = await client.get("/users/u1", headers=[(b"x-user-hash", "é".encode() * 32)])
    assert answer.json() == {"proven": False}


async def test_without_an_identity_secret_nothing_is_proven(door: Door, ada: Member, project: ProjectScope) -> None:
    _, widget = await a_key(door.database, project, ada, type="widget")
    assert await proven(door, widget, "u1", hash_of("", "u1")) is False
    assert await proven(door, widget, "u1", hash_of("None", "u1")) is False


async def test_the_identity_secret_of_another_project_proves_nothing(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    await an_identity(door, project)
    other = await an_identity(door, await a_project(door.database, ada))
    _, widget = await a_key(door.database, project, ada, type="widget")
    assert await proven(door, widget, "u1", hash_of(other, "u1")) is False


async def test_rotating_the_identity_secret_voids_what_was_signed(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    _, widget = await a_key(door.database, project, ada, type="widget")
    before = hash_of(await an_identity(door, project), "u1")
    assert await proven(door, widget, "u1", before) is True
    after = hash_of(await an_identity(door, project), "u1")
    assert await proven(door, widget, "u1", before) is False
    assert await proven(door, widget, "u1", after) is True


async def test_a_key_that_requires_identity_needs_the_hash_always(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    identity = await an_identity(door, project)
    _, widget = await a_key(door.database, project, ada, type="widget", require_identity=True)
    assert await proven(door, widget, "u1", hash_of(identity, "u1")) is True
    assert await proven(door, widget, "u1") == 401
    assert await proven(door, widget, "u1", hash_of(identity, "u2")) == 401


async def test_a_secret_key_need_not_prove_anything(door: Door, ada: Member, project: ProjectScope) -> None:
    _, secret = await a_key(door.database, project, ada)
    assert await proven(door, secret, "u1") is True


# Counting.


async def test_who_shows_no_valid_key_is_counted_by_address(door: Door) -> None:
    door.address = "198.51.100.251"
    async with door.client("cdt_guess") as client:
        statuses = [(await client.get("/secret")).status_code for _ in range(301)]
        assert statuses == [401] * 300 + [429]
        refused = await client.get("/developer")
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
    door.address = "198.51.100.252"
    assert await opens(door, "/secret", "cdt_guess") == 401


async def test_a_widget_keys_turns_are_counted_by_address_and_a_secret_keys_are_not(
    door: Door, ada: Member, project: ProjectScope
) -> None:
    _, widget = await a_key(door.database, project, ada, type="widget")
    _, secret = await a_key(door.database, project, ada)
    door.address = "198.51.100.253"
    async with door.client(widget) as client:
        assert [(await client.get("/turn")).status_code for _ in range(41)] == [200] * 40 + [429]
        assert (await client.get("/widget")).status_code == 200
    async with door.client(secret) as client:
        assert {(await client.get("/turn")).status_code for _ in range(50)} == {200}
