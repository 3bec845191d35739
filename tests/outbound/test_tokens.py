"""Posts at X by refresh tokens, each of which can be used once, whoever asks and whoever dies."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from conduet.accounts.principal import ProjectScope
from conduet.engine.channel.outbound import SendFailure
from conduet.engine.channel.target import Pair, Revoked
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database, open_database
from conduet.outbound import token_store
from conduet.outbound.tokens import KeptTokens, reseal_tokens
from conduet.settings import Settings
from conduet.targets.x import SPENT, XTarget
from tests.outbound.press import Press
from tests.outbound.vendors import X

SECRETS = [{"name": "X_REFRESH", "value": "refresh-0"}, {"name": "X_APP", "value": "app"}]


@pytest.fixture
def x(press: Press) -> X:
    """X, at the address of the project."""
    found = press.own_place.systems.apis[press.line.project] = X()
    return found


def target(press: Press, **more: str) -> dict[str, Any]:
    config = {"refreshToken": "{{secrets.X_REFRESH}}", "clientId": "{{secrets.X_APP}}"}
    return {"connector": "x", "config": {**config, "baseUrl": press.line.receiver.url, **more}}


async def ready(press: Press, **more: str) -> None:
    """The project publishes at X."""
    await press.save(targets=[target(press, **more)])
    await set_secrets(press, *SECRETS)


async def set_secrets(press: Press, *secrets: dict[str, str]) -> None:
    saved = await press.owner.patch(press.line.path, json={"secrets": [*secrets]})
    assert saved.status_code == 200, saved.text


async def approved(press: Press) -> dict[str, Any]:
    run = await press.waiting()
    answer = await press.post(run, "approve")
    assert answer.status_code == 200, answer.text
    return run


async def test_an_access_token_is_bought_once_and_used_as_long_as_it_is_good(press: Press, x: X) -> None:
    await ready(press)
    for number in (1, 2):
        done = await press.until(await approved(press), "published")
        assert done["targets"][0]["vendorId"] == str(number)
    assert (x.bought, len(x.posts)) == (["refresh-0"], 2)
    assert x.authorized == [""]


async def test_the_next_is_bought_with_what_came_with_the_last(press: Press, x: X) -> None:
    # Void before it was used.
    x.seconds = 1
    await ready(press, clientSecret="{{secrets.X_SECRET}}")
    await set_secrets(press, {"name": "X_SECRET", "value": "hidden"})
    for _ in range(3):
        await press.until(await approved(press), "published")
    assert x.bought == ["refresh-0", "refresh-1", "refresh-2"]
    # Of a confidential app, by its secret (RFC 6749, section 2.3.1).
    assert {*x.authorized} == {"Basic YXBwOmhpZGRlbg=="}


async def test_a_token_that_is_taken_back_early_is_bought_anew_and_the_post_is_sent_once(press: Press, x: X) -> None:
    await ready(press)
    await press.until(await approved(press), "published")
    x.access = "another"
    done = await press.until(await approved(press), "published")
    assert (done["targets"][0]["attempts"], len(x.posts)) == (1, 2)
    assert x.bought == ["refresh-0", "refresh-1"]


async def test_what_buys_nothing_any_more_is_told_in_words_before_the_next_approval(press: Press, x: X) -> None:
    await ready(press)
    x.good = "somebody-else-used-it"
    failed = await press.until(await approved(press), "failed")
    assert failed["problem"] == f"x: {SPENT}"
    assert (failed["targets"][0]["attempts"], x.posts) == (1, [])
    waits = await press.waiting()
    assert waits["problems"] == [{"path": "targets[0]", "message": SPENT}]
    assert (await press.post(waits, "approve")).status_code == 400
    # Signed in anew.
    x.good = "refresh-anew"
    await set_secrets(press, {"name": "X_REFRESH", "value": "refresh-anew"})
    assert (await press.read(waits))["problems"] == []
    assert (await press.post(waits, "approve")).status_code == 200
    await press.until(waits, "published")


async def test_a_fault_at_x_is_waited_out_and_a_wrong_app_is_told(press: Press, x: X) -> None:
    await ready(press)
    x.fails = [503, 502]
    done = await press.until(await approved(press), "published")
    assert done["targets"][0]["attempts"] == 3
    assert x.bought == ["refresh-0"] * 3
    x.access, x.fails = "another", [401]
    failed = await press.until(await approved(press), "failed")
    assert failed["problem"] == "x: X does not accept the credentials: server_error"
    # It is the app that is wrong, not the token: nobody has to sign in anew.
    assert (await press.waiting())["problems"] == []


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, "give an access token, or a refresh token"),
        ({"refreshToken": "{{secrets.CMS}}"}, "only good with the client id"),
        ({"refreshToken": "as it is", "clientId": "{{secrets.CMS}}"}, "{{secrets.NAME}}"),
    ],
)
async def test_half_a_configuration_is_told_while_it_is_drawn(press: Press, config: dict[str, str], told: str) -> None:
    await press.save(targets=[{"connector": "x", "config": config}])
    problems = (await press.owner.get(f"{press.line.path}/problems")).json()
    assert any(told in each["message"] for each in problems), problems


class Shop:
    """Sells pairs, and notes with what."""

    def __init__(self, *, slow_seconds: float = 0.0) -> None:
        self.bought: list[str] = []
        self.slow_seconds = slow_seconds

    async def sell(self, refresh: str) -> Pair:
        self.bought.append(refresh)
        number = len(self.bought)
        await asyncio.sleep(self.slow_seconds)
        return Pair(f"access-{number}", f"refresh-{number}", 3600)


@pytest.fixture
async def processes(press: Press, own_settings: Settings) -> AsyncIterator[tuple[Database, Database]]:
    """Two that share the work."""
    found = tuple(open_database(own_settings.database, run_dir=own_settings.run_dir) for _ in range(2))
    for each in found:
        await each.start()
    yield found[0], found[1]
    for each in found:
        await each.close()


RING = KeyRing([b"k" * 32])


async def test_of_many_who_want_the_next_pair_one_buys_it(press: Press, processes: tuple[Database, Database]) -> None:
    scope, shop = ProjectScope(press.line.project), Shop(slow_seconds=0.3)
    kept = [KeptTokens(database, scope, ring=RING) for database in processes] * 5
    got = await asyncio.gather(*(each.access("line", "refresh-0", shop.sell) for each in kept))
    assert ({*got}, shop.bought) == ({"access-1"}, ["refresh-0"])
    # All of them are told that it is void.
    got = await asyncio.gather(*(each.access("line", "refresh-0", shop.sell, refused="access-1") for each in kept))
    assert ({*got}, shop.bought) == ({"access-2"}, ["refresh-0", "refresh-1"])


async def test_a_pair_is_stored_before_it_is_used_encrypted_and_sealed_anew(
    press: Press, processes: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    scope, database = ProjectScope(press.line.project), processes[0]
    shop = Shop()
    await KeptTokens(database, scope, ring=RING).access("line", "refresh-0", shop.sell)

    def stored(tx: Any) -> bytes:
        found = token_store.find_token(tx, scope, "line")
        assert found is not None
        assert found.pair is not None
        return found.pair

    def own(tx: Any) -> list[token_store.Stored | None]:
        return [token_store.find_token(tx, scope, "line")]

    before = await database.read(stored)
    assert b"access" not in before
    rotated = KeyRing([b"n" * 32, b"k" * 32])
    # The server's own are under its own key.
    monkeypatch.setattr(token_store, "list_tokens", own)
    assert await database.write(lambda tx: reseal_tokens(tx, rotated)) == 1
    assert await database.read(stored) != before
    assert await KeptTokens(database, scope, ring=KeyRing([b"n" * 32])).access("line", "x", shop.sell) == "access-1"
    with pytest.raises(SendFailure, match="another secret key"):
        await KeptTokens(database, scope, ring=RING).access("line", "x", shop.sell)


async def test_whoever_dies_while_buying_holds_nobody_up_for_ever(
    press: Press, processes: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.outbound.tokens.PATIENCE_SECONDS", 1.0)
    scope, database, shop = ProjectScope(press.line.project), processes[0], Shop()
    at = milliseconds(now())
    taken = await database.write(lambda tx: token_store.lease_token(tx, scope, "line", now=at, until=at + 2_000))
    assert taken
    kept = KeptTokens(database, scope, ring=RING)
    with pytest.raises(SendFailure) as raised:
        await kept.access("line", "refresh-0", shop.sell)
    assert (raised.value.again, shop.bought) == (True, [])
    await asyncio.sleep(1.2)
    assert await kept.access("line", "refresh-0", shop.sell) == "access-1"


async def test_a_lease_that_ran_out_takes_nothing_from_who_has_bought_meanwhile(
    press: Press, processes: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.outbound.tokens.LEASE_MS", 100)
    scope = ProjectScope(press.line.project)
    slow, quick = (KeptTokens(database, scope, ring=RING) for database in processes)
    late = Shop(slow_seconds=1.0)
    waiting = asyncio.create_task(slow.access("line", "refresh-0", late.sell))
    await asyncio.sleep(0.4)

    async def sell(refresh: str) -> Pair:
        return Pair("theirs", f"after {refresh}", 3600)

    assert await quick.access("line", "refresh-0", sell) == "theirs"
    assert await waiting == "theirs"

    async def refuse(refresh: str) -> Pair:
        raise Revoked(refresh)

    # What it bought late is not kept: the next is bought with what the other came by.
    with pytest.raises(Revoked, match="after refresh-0"):
        await slow.access("line", "refresh-0", refuse, refused="theirs")


def test_a_line_begins_with_its_secret_and_app() -> None:
    config = {"refreshToken": "r", "clientId": "a"}
    one = XTarget.model_validate(config)
    assert one.token_line == XTarget.model_validate({**config, "clientSecret": "s", "thread": True}).token_line
    assert one.token_line != XTarget.model_validate({**config, "refreshToken": "other"}).token_line
    assert XTarget.model_validate({"accessToken": "t"}).token_line is None
