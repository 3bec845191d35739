"""A process that dies once its model has answered, and before anything of the turn is stored."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Generator
from contextlib import closing, contextmanager
from dataclasses import replace

import psycopg
import pytest

from benchmarks.processes import Server, program, start
from benchmarks.served import Place as Served
from conduet.settings import Settings
from tests.agents.obeying import reply
from tests.cli.forked import Forked
from tests.conversations.agentic import House, everywhere, housing
from tests.conversations.listening import Listener, streamed
from tests.conversations.talking import told

NAME = {"name": "name", "type": "text", "default": "nobody"}
SECONDS = 20


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


@pytest.fixture
async def doomed(house: House) -> AsyncIterator[Server]:
    """Another process on the same database, whose models are played by the same server."""
    served = Served(house.settings.data, house.settings.database)
    command = [program("conduet"), "serve", "--port", str(served.port), "--no-demo"]
    environment = {**served.environment, **everywhere(house.server.url)}
    log = served.data.parent / "doomed.log"
    process = start(command, port=served.port, log=log, environment=environment, popen=Forked)
    try:
        await asyncio.to_thread(process.wait_ready)
        yield process
    finally:
        process.kill()


@contextmanager
def nothing_is_stored(database: str) -> Generator[None]:
    """Nobody else can write to the database meanwhile: whoever tries waits."""
    if database.startswith("sqlite:///"):
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.execute("begin immediate")
            yield
            connection.execute("rollback")
        return
    with psycopg.connect(database) as connection:
        connection.execute("lock table conversation in exclusive mode")
        yield
        connection.rollback()


async def asked_twice(house: House) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            if len(house.server.asked) == 2:
                return
            await asyncio.sleep(0.005)


@pytest.mark.slow
async def test_a_death_after_the_model_has_answered_leaves_the_conversation_as_before(
    house: House, doomed: Server
) -> None:
    place = await house.agent("openai", "Who are you?", variables=[NAME])
    ann = place.talker()
    await ann.say("Hi")
    before = await ann.state()
    house.script("openai", (("set_variables", {"name": "Ann"}),), replace(reply("Hello Ann."), seconds=0.5))
    action = {"type": "text", "payload": "I am Ann"}
    path, key = ann.path("interact/stream"), place.project.key
    async with Listener(doomed.url).open("POST", path, key=key, json={"action": action}) as stream:
        await asked_twice(house)
        with nothing_is_stored(house.settings.database):
            while (await stream.next()).data["type"] != "completion-end":
                pass
            os.kill(doomed.process.pid, signal.SIGKILL)
            doomed.process.wait()
        turn_id = stream.headers["X-Turn-Id"]
    assert "".join(each["payload"].get("text", "") for each in stream.traces) == "Hello Ann."
    assert await ann.state() == before
    resumed = await streamed(place.project.client, "GET", ann.path(f"turns/{turn_id}/stream"))
    assert told(resumed.traces)[-1] == "error TURN_INTERRUPTED"
    house.script("openai", "Sorry, who?")
    assert await asyncio.wait_for(ann.say("I am Ann"), SECONDS) == ["Sorry, who?"]
    said = [each["content"] for each in (await ann.state())["history"]]
    assert said == ["Hi", "Who are you?", "I am Ann", "Sorry, who?"]
    assert "Hello Ann." not in str(house.server.asked[0].body)
