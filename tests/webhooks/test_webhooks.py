"""Events told to addresses outside: signed, tried again, looked at and sent again."""

import asyncio
import hmac
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from benchmarks.processes import free_port
from benchmarks.served import Place
from conduet.accounts.principal import ProjectScope
from conduet.app.create import create_app
from conduet.errors import Unavailable
from conduet.kit.crypto import KeyRing
from conduet.kit.db import open_database
from conduet.settings import Settings
from conduet.webhooks import delivery_store
from conduet.webhooks.signature import open_secret, reseal_webhooks
from conduet.webhooks.store import list_webhooks
from tests.cli.forked import Forked
from tests.conftest import DIALECTS, migrated_database, new_client, new_key, new_token, started
from tests.conversations.talking import Talker
from tests.engine.talk import line, step
from tests.webhooks.receiving import PATIENCE_SECONDS, Receiver, receiver

RECEIVER = Path("docs/guides/receive_webhooks.py").resolve()
END = line(step("bye", "message", text="Bye."), step("end", "end", resolved=True))
ESCALATE = line(step("help", "handoff", reason="The user asked for a person."))


@dataclass
class Told:
    """A server of its own whose projects tell a receiver, and the owner of a project in it."""

    owner: httpx2.AsyncClient
    client: httpx2.AsyncClient
    project: str
    receiver: Receiver

    @property
    def path(self) -> str:
        return f"/api/v1/projects/{self.project}"

    async def save(self, *workflows: dict[str, Any], **webhook: Any) -> None:
        """Saves the workflows with one webhook."""
        hook = {"id": "crm", "url": f"{self.receiver.url}/hook", "events": ["conversation.ended"], **webhook}
        saved = await self.owner.patch(self.path, json={"workflows": [*workflows], "webhooks": [hook]})
        assert saved.status_code == 200, saved.text

    async def secret(self) -> str:
        made = await self.owner.post(f"{self.path}/webhooks/crm/secret")
        assert made.status_code == 201, made.text
        return made.json()["secret"]

    async def deliveries(self) -> list[dict[str, Any]]:
        answer = await self.owner.get(f"{self.path}/webhooks/crm/deliveries")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def settled(self, status: str, *, attempts: int) -> dict[str, Any]:
        """The only delivery, once it is so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                [found] = await self.deliveries()
                if (found["status"], found["attempts"]) == (status, attempts):
                    return found
                await asyncio.sleep(0.02)


@pytest.fixture(params=DIALECTS)
def own_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A server that shares nothing: another would take its deliveries."""
    with migrated_database(request.param, tmp_path) as url:
        yield Settings(data=tmp_path / "data", database_url=url, demo=False)


@pytest.fixture
async def told(own_settings: Settings) -> AsyncIterator[Told]:
    async with receiver() as found:
        app = create_app(own_settings.model_copy(update={"allow_private_urls": found.place}))
        async with started(app):
            database = open_database(own_settings.database, run_dir=own_settings.run_dir)
            token = new_token(database)
            database.close_now()
            async with new_client(app, key=token) as owner:
                project = (await owner.post("/api/v1/projects", json={"name": "Test"})).json()["id"]
                async with new_client(app, key=await new_key(owner, project)) as client:
                    yield Told(owner, client, project, found)


async def test_the_end_of_a_conversation_is_told(told: Told) -> None:
    await told.save(END)
    await Talker(told.client, "ada").launch()
    [event] = await told.receiver.wait(1)
    [transcript] = (await told.client.get("/api/v1/transcripts")).json()
    data = {name: transcript[name] for name in transcript if name != "id"}
    assert event["type"] == "conversation.ended"
    assert event["data"] == {"transcriptId": transcript["id"], **data}
    delivery = await told.settled("delivered", attempts=1)
    assert (delivery["id"], delivery["body"], delivery["answered"]) == (event["id"], event, 204)
    headers, _ = told.receiver.came[0]
    assert headers["X-Conduet-Delivery"] == event["id"]
    assert "X-Conduet-Signature" not in headers


async def test_a_reset_is_an_end_too_and_is_told_once(told: Told) -> None:
    await told.save(line(step("ask", "capture", text="Name?", variable="name")))
    ada = Talker(told.client, "ada")
    await ada.launch()
    for _ in range(2):
        assert (await told.client.delete(ada.path("state"))).status_code == 204
    [event] = await told.receiver.wait(1)
    assert event["data"]["resolved"] is False
    assert len(await told.deliveries()) == 1


async def test_an_escalation_is_told_with_its_reason(told: Told) -> None:
    await told.save(ESCALATE, events=["conversation.escalated"])
    await Talker(told.client, "ada").launch()
    [event] = await told.receiver.wait(1)
    assert event["type"] == "conversation.escalated"
    assert (event["data"]["userId"], event["data"]["reason"]) == ("ada", "The user asked for a person.")


async def test_a_published_version_is_told(told: Told) -> None:
    await told.save(END, events=[])
    published = (await told.owner.post(f"{told.path}/publish", json={"name": "Spring"})).json()
    [event] = await told.receiver.wait(1)
    assert event["type"] == "version.published"
    assert event["data"] == {"versionId": published["id"], "name": "Spring", "createdAt": published["createdAt"]}


async def test_a_delivery_is_signed_with_the_secret_that_was_shown(told: Told) -> None:
    await told.save(END)
    first = await told.secret()
    secret = await told.secret()
    assert first != secret
    # A save of the project leaves the secret as it is.
    await told.save(END)
    await Talker(told.client).launch()
    await told.receiver.wait(1)
    headers, body = told.receiver.came[0]
    stamp = headers["X-Conduet-Timestamp"]
    assert abs(int(stamp) - time.time()) < PATIENCE_SECONDS
    signed = hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()
    assert headers["X-Conduet-Signature"] == f"sha256={signed}"
    [listed] = (await told.owner.get(f"{told.path}/webhooks")).json()
    assert listed == {
        "id": "crm",
        "url": f"{told.receiver.url}/hook",
        "events": ["conversation.ended"],
        "enabled": True,
        "hasSecret": True,
    }


async def test_the_receiver_in_the_guide_takes_what_is_genuine(told: Told, tmp_path: Path) -> None:
    await told.save(END)
    environment = {**os.environ, "WEBHOOK_SECRET": await told.secret()}
    port, told_there = free_port(), tmp_path / "told"
    with told_there.open("w") as output:
        process = subprocess.Popen([sys.executable, str(RECEIVER), str(port)], stdout=output, env=environment)
    try:
        async with httpx2.AsyncClient(trust_env=False, timeout=60) as somebody:
            await _wait_for(somebody, port)
            forged = await somebody.post(f"http://127.0.0.1:{port}", content=b"{}")
            assert forged.status_code == 401
            # What the server signed, sent on by a receiver in between.
            await Talker(told.client, "ada").launch()
            await told.receiver.wait(1)
            headers, body = told.receiver.came[0]
            for _ in range(2):
                assert (await somebody.post(f"http://127.0.0.1:{port}", content=body, headers=headers)).is_success
            changed = body.replace(b"ada", b"eve")
            headers.pop("Content-Length")
            assert (
                await somebody.post(f"http://127.0.0.1:{port}", content=changed, headers=headers)
            ).status_code == 401
    finally:
        process.terminate()
        process.wait()
    [line_] = told_there.read_text().splitlines()
    assert line_.startswith("conversation.ended ")


async def _wait_for(client: httpx2.AsyncClient, port: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                await client.post(f"http://127.0.0.1:{port}", content=b"")
                return
            except httpx2.TransportError:
                await asyncio.sleep(0.02)


async def test_what_nobody_took_is_sent_again_with_the_same_id(told: Told) -> None:
    told.receiver.answers = [503]
    await told.save(END)
    await Talker(told.client).launch()
    first, second = await told.receiver.wait(2)
    assert first == second
    assert (await told.settled("delivered", attempts=2))["answered"] == 204


async def test_what_came_of_a_delivery_is_written_down_once_the_database_is_there_again(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, tries = delivery_store.settle, 0

    def away_at_first(*args: Any, **more: Any) -> bool:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Unavailable("The database does not answer just now.")
        return settle(*args, **more)

    monkeypatch.setattr(delivery_store, "settle", away_at_first)
    await told.save(END)
    await Talker(told.client).launch()
    assert (await told.settled("delivered", attempts=1))["answered"] == 204
    assert len(told.receiver.came) == 1


async def test_a_redirect_is_not_followed(told: Told) -> None:
    told.receiver.answers = [302]
    await told.save(END)
    await Talker(told.client).launch()
    failed = await told.settled("waiting", attempts=1)
    assert (failed["answered"], failed["problem"]) == (302, "It was answered with status 302; any 2xx counts.")


async def test_an_address_that_may_not_be_called_is_told_as_a_problem(told: Told) -> None:
    await told.save(END, url="http://169.254.169.254/latest")
    await Talker(told.client).launch()
    failed = await told.settled("waiting", attempts=1)
    assert "169.254.169.254" in failed["problem"]
    assert failed["answered"] is None


async def test_a_webhook_that_was_switched_off_is_told_nothing(told: Told) -> None:
    await told.save(END, enabled=False)
    await Talker(told.client).launch()
    assert await told.deliveries() == []


async def test_a_delivery_is_sent_again_when_somebody_asks_for_it(told: Told) -> None:
    await told.save(END)
    await Talker(told.client).launch()
    delivery = await told.settled("delivered", attempts=1)
    again = await told.owner.post(f"{told.path}/webhooks/crm/deliveries/{delivery['id']}/resend")
    assert (again.status_code, again.json()["status"]) == (200, "waiting")
    first, second = await told.receiver.wait(2)
    assert first == second
    await told.settled("delivered", attempts=1)
    for path in ("other/deliveries/" + delivery["id"], "crm/deliveries/dlv_none"):
        gone = await told.owner.post(f"{told.path}/webhooks/{path}/resend")
        assert gone.status_code == 404
    assert (await told.owner.get(f"{told.path}/webhooks/other/deliveries")).status_code == 404


async def test_a_slow_receiver_holds_up_no_turn(told: Told) -> None:
    told.receiver.slow_seconds = 0.3
    await told.save(END)
    began = time.perf_counter()
    for number in range(8):
        await Talker(told.client, f"user_{number}").launch()
    assert time.perf_counter() - began < PATIENCE_SECONDS / 2
    events = await told.receiver.wait(8)
    assert len({event["id"] for event in events}) == 8


@pytest.mark.slow
async def test_a_kill_loses_no_delivery(told: Told, own_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two processes share the work; one of them dies while it delivers.
    monkeypatch.setenv("CONDUET_ALLOW_PRIVATE_URLS", told.receiver.place)
    await told.save(END)
    told.receiver.slow_seconds = 0.4
    place = Place(own_settings.data, own_settings.database, popen=Forked)
    doomed = place.serve("--no-demo")
    try:
        await asyncio.to_thread(doomed.wait_ready)
        headers = {"Authorization": f"Bearer {told.client.headers['Authorization'].removeprefix('Bearer ')}"}
        async with httpx2.AsyncClient(base_url=doomed.url, headers=headers, trust_env=False, timeout=60) as client:
            for number in range(12):
                await Talker(client, f"user_{number}").launch()
        await told.receiver.wait(1)
    finally:
        doomed.kill()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if {each["status"] for each in await told.deliveries()} == {"delivered"}:
                break
            await asyncio.sleep(0.05)
    assert {event["data"]["userId"] for event in told.receiver.events} == {f"user_{number}" for number in range(12)}


async def test_a_secret_outlives_a_new_key_of_the_server(told: Told, own_settings: Settings) -> None:
    await told.save(END)
    secret = await told.secret()
    ring = KeyRing.rotate(own_settings.data)
    database = open_database(own_settings.database, run_dir=own_settings.run_dir)
    try:
        assert [database.write_now(lambda tx: reseal_webhooks(tx, ring)) for _ in range(2)] == [1, 0]
        scope = ProjectScope(told.project)
        [stored] = database.read_now(lambda tx: list_webhooks(tx, scope))
        assert stored.secret is not None
        assert open_secret(ring, scope, "crm", stored.secret) == secret
    finally:
        database.close_now()
