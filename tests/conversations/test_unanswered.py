"""What users wrote and no step had an answer to, told from their turns."""

from typing import Any

import httpx2
import pytest

from tests.conftest import Owned
from tests.conversations.talking import Talker, save
from tests.engine.talk import step, workflow

UNANSWERED = "/api/v1/analytics/unanswered"
MAIN = workflow(
    "main",
    step("topic", "buttons", text="Which?", buttons=[{"id": "hours", "label": "Hours"}]),
    step("open", "message", text="From nine."),
    step("sorry", "message", text="I do not know."),
    step("search", "kb-search"),
    wires="start > topic, topic.hours > open, topic.noMatch > search, search.noResults > sorry, sorry > topic",
)


@pytest.fixture
async def talked(owner: httpx2.AsyncClient, project: Owned) -> Owned:
    """Ada asks for cargo bikes twice and Bob once, who asks for helmets too; Eve is answered."""
    await save(owner, project, MAIN)
    ada, bob, eve = (Talker(project.client, name) for name in ("ada", "bob", "eve"))
    for user in (ada, bob, eve):
        await user.launch()
    await ada.say("Do you rent cargo bikes?")
    await ada.say("do you rent CARGO bikes")
    await bob.say("Helmets?")
    await bob.say("Do you rent cargo bikes!")
    await eve.say("Hours")
    return project


async def asked(client: httpx2.AsyncClient, query: str = "") -> dict[str, Any]:
    answer = await client.get(UNANSWERED + query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_no_step_took_is_told_the_most_frequent_first(talked: Owned, owner: httpx2.AsyncClient) -> None:
    told = await asked(talked.client)
    assert (told["conversations"], told["truncated"]) == (3, False)
    first, second = told["questions"]
    assert (first["question"], first["count"]) == ("Do you rent cargo bikes!", 3)
    assert (second["question"], second["count"]) == ("Helmets?", 1)
    assert first["firstAskedAt"] < first["lastAskedAt"]
    assert second["firstAskedAt"] == second["lastAskedAt"]
    assert {each["stepId"] for each in first["steps"]} == {"topic", "search"}
    listed = {each["id"]: each["userId"] for each in (await talked.client.get("/api/v1/transcripts")).json()}
    assert listed[first["transcriptId"]] == "bob"
    twin = await owner.get(f"/api/v1/projects/{talked.id}/analytics/unanswered")
    assert twin.json() == told


async def test_it_is_looked_at_by_user_and_time(talked: Owned) -> None:
    assert [each["count"] for each in (await asked(talked.client, "?userId=ada"))["questions"]] == [2]
    assert (await asked(talked.client, "?to=2020-01-01")) == {"conversations": 0, "truncated": False, "questions": []}
    assert (await talked.client.get(f"{UNANSWERED}?from=never")).status_code == 400


async def test_a_forgotten_user_asked_nothing(talked: Owned) -> None:
    assert (await talked.client.delete("/api/v1/users/bob")).status_code == 204
    assert [each["question"] for each in (await asked(talked.client))["questions"]] == ["do you rent CARGO bikes"]


async def test_what_was_tried_out_counts_only_where_it_is_asked_for(talked: Owned, owner: httpx2.AsyncClient) -> None:
    body: dict[str, Any] = {"userId": "builder", "action": {"type": "launch"}}
    await owner.post(f"/api/v1/projects/{talked.id}/chat", json=body)
    await owner.post(f"/api/v1/projects/{talked.id}/chat", json={"userId": "builder", "message": "Just trying"})
    assert "Just trying" not in str(await asked(talked.client))
    assert "Just trying" in str(await asked(talked.client, "?include=dashboard"))
