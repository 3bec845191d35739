"""Whose conversation it is: the hash that proves a user of a widget key."""

import hashlib
import hmac
import itertools

from conduet.accounts.identity import new_secret
from conduet.accounts.identity_store import put_identity_secret
from conduet.accounts.principal import ProjectScope
from conduet.accounts.store import Member
from conduet.kit.clock import milliseconds, now
from tests.accounts.conftest import Door
from tests.accounts.owners import a_key, a_project

ADDRESSES = (f"198.51.100.{number}" for number in itertools.cycle(range(250)))


def hash_of(secret: str, user: str) -> str:
    return hmac.new(secret.encode(), user.encode(), hashlib.sha256).hexdigest()


async def an_identity(door: Door, shop: ProjectScope) -> str:
    secret, stored = new_secret(door.ring, shop)
    await door.database.write(lambda tx: put_identity_secret(tx, shop, stored, now_ms=milliseconds(now())))
    return secret


async def proven(door: Door, secret: str, user: str, given: str | None = None) -> bool | int:
    """Whether the user is proven, or the status that it was refused with. From an address of its own each time."""
    door.address = next(ADDRESSES)
    async with door.client(secret) as client:
        answer = await client.get(f"/users/{user}", headers={"X-User-Hash": given} if given is not None else {})
        return answer.json()["proven"] if answer.status_code == 200 else answer.status_code


async def test_a_widget_key_proves_its_user_by_the_hash_of_that_user(
    door: Door, ada: Member, shop: ProjectScope
) -> None:
    identity = await an_identity(door, shop)
    _, widget = await a_key(door.database, shop, ada, type="widget")
    right = hash_of(identity, "u1")
    assert await proven(door, widget, "u1", right) is True
    assert await proven(door, widget, "u1", right.upper()) is True
    for wrong in (None, "", "0" * 64, right[:-1], right + "0", hash_of(identity, "u2"), hash_of("", "u1")):
        assert await proven(door, widget, "u1", wrong) is False
    assert await proven(door, widget, "u2", right) is False


async def test_a_hash_outside_ascii_proves_nothing(door: Door, ada: Member, shop: ProjectScope) -> None:
    await an_identity(door, shop)
    _, widget = await a_key(door.database, shop, ada, type="widget")
    async with door.client(widget) as client:
        answer = await client.get("/users/u1", headers=[(b"x-user-hash", "é".encode() * 32)])
    assert answer.json() == {"proven": False}


async def test_without_an_identity_secret_nothing_is_proven(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, widget = await a_key(door.database, shop, ada, type="widget")
    assert await proven(door, widget, "u1", hash_of("", "u1")) is False
    assert await proven(door, widget, "u1", hash_of("None", "u1")) is False


async def test_the_identity_secret_of_another_project_proves_nothing(
    door: Door, ada: Member, shop: ProjectScope
) -> None:
    await an_identity(door, shop)
    other = await an_identity(door, await a_project(door.database, ada))
    _, widget = await a_key(door.database, shop, ada, type="widget")
    assert await proven(door, widget, "u1", hash_of(other, "u1")) is False


async def test_rotating_the_identity_secret_voids_what_was_signed(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, widget = await a_key(door.database, shop, ada, type="widget")
    before = hash_of(await an_identity(door, shop), "u1")
    assert await proven(door, widget, "u1", before) is True
    after = hash_of(await an_identity(door, shop), "u1")
    assert await proven(door, widget, "u1", before) is False
    assert await proven(door, widget, "u1", after) is True


async def test_a_key_that_requires_identity_needs_the_hash_always(door: Door, ada: Member, shop: ProjectScope) -> None:
    identity = await an_identity(door, shop)
    _, widget = await a_key(door.database, shop, ada, type="widget", require_identity=True)
    assert await proven(door, widget, "u1", hash_of(identity, "u1")) is True
    assert await proven(door, widget, "u1") == 401
    assert await proven(door, widget, "u1", hash_of(identity, "u2")) == 401


async def test_a_secret_key_need_not_prove_anything(door: Door, ada: Member, shop: ProjectScope) -> None:
    _, secret = await a_key(door.database, shop, ada)
    assert await proven(door, secret, "u1") is True
