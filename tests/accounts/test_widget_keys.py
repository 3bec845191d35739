"""What a key that everybody can read opens, and for which pages."""

import pytest

from conduet.accounts.key_store import remove_key
from conduet.accounts.principal import ProjectScope
from conduet.accounts.store import Member
from tests.accounts.conftest import Door
from tests.accounts.owners import a_key

PAST = 1_000
ALLOWED = ("https://shop.example", "http://localhost:3000")


async def test_a_widget_key_opens_only_what_pages_may_use(door: Door, ada: Member, shop: ProjectScope) -> None:
    key, secret = await a_key(door.database, shop, ada, type="widget", origins=ALLOWED)
    assert await door.opens("/secret", secret) == 401
    assert await door.opens("/widget", secret) == 200
    assert door.principal is not None
    assert (door.principal.is_widget, door.principal.scope) == (True, shop)
    assert door.principal.key is not None
    assert (door.principal.key.id, door.principal.key.allowed_origins) == (key.id, ALLOWED)


@pytest.mark.parametrize(
    "origin", ["https://shop.example", "https://shop.example:443", "HTTPS://SHOP.EXAMPLE", "http://localhost:3000"]
)
async def test_a_widget_key_opens_for_its_origins(origin: str, door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada, type="widget", origins=ALLOWED)
    assert await door.opens("/widget", secret, Origin=origin) == 200


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
async def test_a_widget_key_opens_for_no_other_origin(origin: str, door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada, type="widget", origins=ALLOWED)
    async with door.client(secret) as client:
        for path in ("/widget", "/turn"):
            refused = await client.get(path, headers=[(b"origin", origin.encode("latin-1"))])
            assert refused.status_code == 401
            assert "allowedOrigins" in refused.json()["error"]


async def test_of_two_origins_both_have_to_be_allowed(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada, type="widget", origins=ALLOWED)
    async with door.client(secret) as client:
        both = [("origin", "https://shop.example"), ("origin", "https://evil.com")]
        assert (await client.get("/widget", headers=both)).status_code == 401


async def test_a_widget_key_without_origins_opens_nothing_that_comes_with_one(
    door: Door, ada: Member, shop: ProjectScope
) -> None:
    _, secret = await a_key(door.database, shop, ada, type="widget")
    assert await door.opens("/widget", secret) == 200
    assert await door.opens("/widget", secret, Origin="https://shop.example") == 401
    assert await door.opens("/widget", secret, Origin="null") == 401


async def test_a_secret_key_is_no_matter_of_origins(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada)
    assert await door.opens("/secret", secret, Origin="https://anything.example") == 200


async def test_preflights_are_answered_for_what_a_live_widget_key_names(
    door: Door, ada: Member, shop: ProjectScope
) -> None:
    mine = f"https://{shop.project_id.replace('_', '-')}.example"
    assert not await door.access.is_widget_origin(mine)
    await a_key(door.database, shop, ada, type="widget", origins=(mine,), expires_at=PAST)
    assert not await door.access.is_widget_origin(mine)
    key, _ = await a_key(door.database, shop, ada, type="widget", origins=(mine,))
    assert await door.access.is_widget_origin(mine)
    assert await door.access.is_widget_origin(f"{mine}:443")
    assert not await door.access.is_widget_origin(f"{mine}:8443")
    assert not await door.access.is_widget_origin("null")
    await door.database.write(lambda tx: remove_key(tx, shop, key.id))
    assert not await door.access.is_widget_origin(mine)


async def test_a_widget_keys_turns_are_counted_by_address_and_a_secret_keys_are_not(
    door: Door, ada: Member, shop: ProjectScope
) -> None:
    _, widget = await a_key(door.database, shop, ada, type="widget")
    _, secret = await a_key(door.database, shop, ada)
    door.address = "198.51.100.253"
    async with door.client(widget) as client:
        # Twice as many, because a new minute may begin meanwhile.
        statuses = [(await client.get("/turn")).status_code for _ in range(82)]
        assert statuses[:40] == [200] * 40
        assert 429 in statuses
        assert (await client.get("/widget")).status_code == 200
    async with door.client(secret) as client:
        assert {(await client.get("/turn")).status_code for _ in range(50)} == {200}
