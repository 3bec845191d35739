"""Idempotency keys: a request that is sent twice is done once."""

import asyncio
from functools import partial
from typing import Any

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import finish as ending
from conduet.conversations.store.repeat import Key
from conduet.errors import Conflict
from conduet.kit.db import Database
from tests.conftest import Owned
from tests.conversations.listening import streamed
from tests.conversations.talking import ASK, HELLO, VARIABLES, Talker, publish, save, slow
from tests.conversations.times import age

LAUNCH: dict[str, Any] = {"type": "launch"}
KEY = {"Idempotency-Key": "once"}


async def test_a_repeated_request_gets_the_first_answer(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    first = await user.send(LAUNCH, headers=KEY)
    again = await user.send(LAUNCH, headers=KEY)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["X-Turn-Id"] == first.headers["X-Turn-Id"]
    assert again.headers["Content-Type"] == "application/json"
    assert (await user.state())["revision"] == 1
    # Another key is another request.
    await user.send(LAUNCH, headers={"Idempotency-Key": "twice"})
    assert (await user.state())["revision"] == 2


async def test_a_repeated_stream_is_streamed_again(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    path, body = user.path("interact/stream"), {"action": LAUNCH}
    first = await streamed(project.client, "POST", path, json=body, headers=KEY)
    again = await streamed(project.client, "POST", path, json=body, headers=KEY)
    assert again.events == first.events
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["X-Turn-Id"] == first.headers["X-Turn-Id"]
    assert (await user.state())["revision"] == 1


async def test_a_key_with_another_request_is_a_409(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    await user.send(LAUNCH, headers=KEY)
    other_body = await user.send({"type": "text", "payload": "Hi"}, headers=KEY)
    other_path = await project.client.post(user.path("interact/stream"), json={"action": LAUNCH}, headers=KEY)
    for refused in (other_body, other_path):
        assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
    assert (await user.state())["revision"] == 1


async def test_a_key_belongs_to_its_user(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    first = await Talker(project.client, "one").send(LAUNCH, headers=KEY)
    second = await Talker(project.client, "two").send(LAUNCH, headers=KEY)
    assert second.status_code == 200
    assert first.headers["X-Turn-Id"] != second.headers["X-Turn-Id"]


async def test_while_the_first_runs_the_second_waits_for_its_answer(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, slow(0.5))
    one, other = Talker(project.client), Talker(project.client)
    first, second = await asyncio.gather(one.send(LAUNCH, headers=KEY), other.send(LAUNCH, headers=KEY))
    assert first.content == second.content
    replayed = [answer.headers.get("Idempotent-Replayed") for answer in (first, second)]
    assert sorted(replayed, key=str) == [None, "true"]
    assert (await one.state())["revision"] == 1


async def test_a_first_that_takes_too_long_is_a_409(
    owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.conversations.turns.REPEAT_SECONDS", 0.2)
    await save(owner, project, slow(1))
    user = Talker(project.client)
    first = asyncio.create_task(user.send(LAUNCH, headers=KEY))
    await asyncio.sleep(0.2)
    refused = await Talker(project.client).send(LAUNCH, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
    answer = await first
    assert answer.status_code == 200
    again = await user.send(LAUNCH, headers=KEY)
    assert again.content == answer.content


async def test_a_400_and_a_429_are_not_kept(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO, variables=VARIABLES)
    user = Talker(project.client)
    refused = await user.send(LAUNCH, variables={"count": "many"}, headers=KEY)
    assert refused.status_code == 400
    assert "Idempotent-Replayed" not in (await user.send(LAUNCH, headers=KEY)).headers
    for _ in range(58):
        await user.send(LAUNCH)
    key = {"Idempotency-Key": "later"}
    assert (await user.send(LAUNCH, headers=key)).status_code == 429


async def test_a_404_is_kept_and_looked_up_before_the_version(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    for action, version_id, key in (
        (LAUNCH, "production", "nothing published"),
        ({"type": "event", "payload": {"name": "nothing"}}, "development", "no such event"),
    ):
        headers = {"Idempotency-Key": key}
        first = await user.send(action, versionId=version_id, headers=headers)
        assert (first.status_code, "Idempotent-Replayed" in first.headers) == (404, False)
        again = await user.send(action, versionId=version_id, headers=headers)
        assert (again.status_code, again.content) == (404, first.content)
        assert again.headers["Idempotent-Replayed"] == "true"
    await publish(owner, project)
    still = await user.send(LAUNCH, versionId="production", headers={"Idempotency-Key": "nothing published"})
    assert still.status_code == 404


async def test_a_turn_that_lost_its_conversation_before_it_began_leaves_the_key_to_who_has_it(
    owner: httpx2.AsyncClient, project: Owned, database: Database
) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    first = await user.send(LAUNCH, headers=KEY)
    refuse = partial(
        ending.refuse,
        scope=ConversationScope(ProjectScope(project.id), user.user_id),
        turn_id="turn_that_was_interrupted",
        holder="worker_elsewhere:turn_that_was_interrupted",
        key=Key("once", b"the same"),
        error=Conflict("There is no such thing."),
    )
    database.write_now(refuse)
    again = await user.send(LAUNCH, headers=KEY)
    assert (again.status_code, again.content) == (200, first.content)


async def test_a_key_is_kept_for_a_day(owner: httpx2.AsyncClient, project: Owned, database: Database) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    await user.send(LAUNCH, headers=KEY)
    age(database, project, hours=23)
    assert "Idempotent-Replayed" in (await user.send(LAUNCH, headers=KEY)).headers
    age(database, project, hours=1)
    # Then it is free for any request.
    fresh = await user.send({"type": "text", "payload": "Hi"}, headers=KEY)
    assert (fresh.status_code, "Idempotent-Replayed" in fresh.headers) == (200, False)
    assert (await user.state())["revision"] == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9", "tab\there"])
async def test_a_malformed_key_is_a_400(project: Owned, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode()}
    refused = await project.client.post(
        "/api/v1/conversations/u/interact", json={"action": LAUNCH}, headers=list(headers.items())
    )
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "header.Idempotency-Key")


async def test_a_key_may_have_255_printable_characters(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    key = {"Idempotency-Key": "~ !" * 85}
    assert (await user.send(LAUNCH, headers=key)).status_code == 200
    assert (await user.send(LAUNCH, headers=key)).headers["Idempotent-Replayed"] == "true"
