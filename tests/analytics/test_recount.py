"""Figures say what anybody finds who counts the transcripts and their traces."""

import random
from typing import Any

import httpx2
import orjson

from tests.analytics.test_figures import figures
from tests.conftest import Owned
from tests.conversations.talking import Talker, save
from tests.engine.talk import step, workflow

MENU = workflow(
    "main",
    step("hello", "message", text="Hello!"),
    step("menu", "buttons", text="What?", buttons=[{"id": "p", "label": "Person"}, {"id": "b", "label": "Bye"}]),
    step("person", "handoff", reason="Asked for."),
    step("done", "end", resolved=True, text="Done."),
    wires="start > hello, hello > menu, menu.p > person, menu.b > done",
)


async def test_figures_are_what_a_recount_finds(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, MENU)
    chance = random.Random(11)
    users = [Talker(project.client, f"user_{number}") for number in range(6)]
    for _ in range(60):
        user = chance.choice(users)
        match chance.randrange(5):
            case 0:
                await user.launch()
            case 1:
                await user.say(chance.choice(["Hm", "Person", "Bye"]))
            case 2:
                assert (await project.client.delete(user.path("state"))).status_code == 204
            case _:
                await user.act({"type": "button", "payload": {"label": chance.choice(["Person", "Bye"])}})
    told = await figures(project.client)
    exported = await project.client.get("/api/v1/transcripts/export")
    whole = [await recounted(project.client, orjson.loads(line)) for line in exported.content.splitlines()]
    assert told["conversations"] == len(whole) > len(users)
    assert told["messages"] == sum(each["messages"] for each in whole)
    assert told["resolutions"] == sum(each["resolved"] for each in whole) > 0
    assert told["escalations"] == sum(each["escalated"] for each in whole) > 0
    assert sum(day["conversations"] for day in told["dailyCounts"]) == told["conversations"]
    assert sum(day["messages"] for day in told["dailyCounts"]) == told["messages"]


async def recounted(client: httpx2.AsyncClient, listed: dict[str, Any]) -> dict[str, Any]:
    """What a transcript comes to when its traces are counted; the words of users stand in no trace."""
    answer = await client.get(f"/api/v1/transcripts/{listed['id']}?include=traces")
    found = answer.json()
    kinds = [trace["type"] for trace in found["traces"]]
    said = sum(message["role"] == "user" for message in found["messages"])
    counted = {
        "messages": kinds.count("text") + said,
        "resolved": "resolution" in kinds,
        "escalated": "escalation" in kinds,
    }
    assert (listed["messageCount"], listed["resolved"], listed["escalated"]) == (*counted.values(),)
    return counted
