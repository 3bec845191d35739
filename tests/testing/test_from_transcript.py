"""A test that is made of what was really said, over HTTP, on both databases."""

import re
from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from tests.conftest import Owned, new_client, new_key
from tests.conversations.talking import ASK, VARIABLES, Talker, save
from tests.engine.talk import line, step

CHANCE = line(
    step("one", "message", text="one", variants=["two", "three", "four", "five", "six", "seven", "eight", "nine"]),
    step("when", "message", text="{{sys.now}} {{sys.userId}} {{sys.platform}}"),
    step("ask", "capture", text="And?", variable="name", type="text"),
    step("two", "message", text="{{name}} one", variants=["{{name}} two", "{{name}} three", "{{name}} four"]),
)


async def last(project: Owned) -> str:
    """The most recent transcript."""
    return (await project.client.get("/api/v1/transcripts?limit=1&include=dashboard")).json()[0]["id"]


async def make(owner: httpx2.AsyncClient, project: Owned, **body: Any) -> dict[str, Any]:
    made = await owner.post(f"/api/v1/projects/{project.id}/tests", json=body)
    assert made.status_code == 201, made.text
    return made.json()


async def run(owner: httpx2.AsyncClient, project: Owned) -> list[dict[str, Any]]:
    ran = await owner.post(f"/api/v1/projects/{project.id}/tests/run", json={})
    assert ran.status_code == 200, ran.text
    return ran.json()


async def test_what_was_said_becomes_a_test_that_is_red_once_the_flow_says_something_else(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    await user.say("Ada")
    await user.press("Large")
    made = await make(owner, project, fromTranscript=await last(project), name="Ada buys", id="ada")
    assert (made["id"], made["name"], made["userId"]) == ("ada", "Ada buys", "user_1")
    assert [turn["action"]["type"] for turn in made["turns"]] == ["launch", "text", "button"]
    assert {"contains": "Thank you, Ada."} in made["turns"][1]["expect"]
    assert {"trace": "end"} in made["turns"][2]["expect"]
    assert await run(owner, project) == [{"id": "ada", "name": "Ada buys", "ok": True}]
    steps = [each | {"config": {"text": "Thanks."}} if each["id"] == "thanks" else each for each in ASK["steps"]]
    await save(owner, project, {**ASK, "steps": steps}, variables=VARIABLES)
    [red] = await run(owner, project)
    assert (red["ok"], red["turn"], red["got"]) == (False, 2, '"Thanks." "Which size?"')


@pytest.mark.parametrize("number", range(3))
async def test_chance_clock_and_who_it_was_come_along(owner: httpx2.AsyncClient, project: Owned, number: int) -> None:
    await save(owner, project, CHANCE, variables=VARIABLES)
    user = Talker(project.client, f"somebody-{number}")
    assert (await user.launch())[1].endswith(f"somebody-{number} api")
    await user.say("Ada")
    await make(owner, project, fromTranscript=await last(project))
    [result] = await run(owner, project)
    assert result["ok"], result


async def test_it_is_called_as_the_user_began_else_by_its_day(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    made = await make(owner, project, fromTranscript=await last(project))
    assert re.fullmatch(r"Conversation of \d{4}-\d\d-\d\d", made["name"])
    await user.say("Ada,\n who has " + "a very long name " * 10)
    await user.say("Another thing")
    made = await make(owner, project, fromTranscript=await last(project))
    assert made["name"].startswith("Ada, who has a very long name")
    assert made["name"].endswith("…")
    assert len(made["name"]) <= 60


async def test_what_was_set_before_the_first_turn_is_there(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, line(step("say", "message", text="Hello {{name}}, {{tier}}!")), variables=VARIABLES)
    user = Talker(project.client)
    await project.client.patch(user.path("variables"), json={"tier": "gold"})
    assert await user.launch(variables={"name": "Ada"}) == ["Hello Ada, gold!"]
    made = await make(owner, project, fromTranscript=await last(project))
    assert made["variables"] == {"name": "Ada", "count": 0, "tier": "gold"}
    assert [result["ok"] for result in await run(owner, project)] == [True]


async def test_what_was_set_between_turns_is_set_there_and_what_the_flow_sets_is_not(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    flow = line(
        step("ask", "capture", text="Name?", variable="name"),
        step("add", "set", assignments=[{"variable": "count", "expression": "count + 1"}]),
        step("more", "capture", text="{{name}}, {{tier}}, {{count}}.", variable="name"),
        step("say", "message", text="{{name}}, {{tier}}, {{count}}."),
    )
    await save(owner, project, flow, variables=VARIABLES)
    user = Talker(project.client)
    assert await user.launch() == ["Name?"]
    await project.client.patch(user.path("variables"), json={"tier": "gold"})
    assert await user.say("Ada", variables={"count": 7}) == ["Ada, gold, 8."]
    await project.client.patch(user.path("variables"), json={"tier": "basic"})
    assert await user.say("Eve") == ["Eve, basic, 8."]
    made = await make(owner, project, fromTranscript=await last(project))
    assert [turn.get("variables") for turn in made["turns"]] == [None, {"count": 7, "tier": "gold"}, {"tier": "basic"}]
    assert [result["ok"] for result in await run(owner, project)] == [True]
    steps = [each | {"config": {"assignments": []}} if each["id"] == "add" else each for each in flow["steps"]]
    await save(owner, project, {**flow, "steps": steps}, variables=VARIABLES)
    assert [(result["ok"], result["turn"]) for result in await run(owner, project)] == [(False, 2)]


SPOKEN = line(
    step("ask", "capture", text={"en": "Name?", "de": "Name, bitte?"}, variable="name"),
    step("more", "capture", text={"en": "{{name}} {{tier}}", "de": "Hallo {{name}} {{tier}}"}, variable="name"),
    step("say", "message", text={"en": "Bye {{name}}", "de": "Tschüss {{name}}"}),
)


async def test_the_language_that_was_set_between_turns_is_spoken_in_the_test_too(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, SPOKEN, variables=VARIABLES)
    user = Talker(project.client)
    assert await user.launch() == ["Name?"]
    assert (await project.client.patch(user.path("variables"), json={"sys.language": "de"})).status_code == 200
    assert await user.say("Ada", variables={"tier": "gold"}) == ["Hallo Ada gold"]
    assert await user.say("Eve", variables={"sys.language": "en"}) == ["Bye Eve"]
    made = await make(owner, project, fromTranscript=await last(project))
    assert [turn.get("variables") for turn in made["turns"]] == [
        None,
        {"sys.language": "de", "tier": "gold"},
        {"sys.language": "en"},
    ]
    assert [result["ok"] for result in await run(owner, project)] == [True]


async def test_a_state_that_was_put_between_turns_is_put_in_the_test_too(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, SPOKEN, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    asked = (await project.client.get(user.path("state"))).json()
    assert await user.say("Ada", variables={"tier": "gold", "extra": 1}) == ["Ada gold"]
    # As it was asked for the name, as one that is spoken to otherwise, and as if nothing had been said.
    assert (await project.client.put(user.path("state"), json=asked)).status_code == 200
    assert await user.say("Eve") == ["Eve basic"]
    changed = (await project.client.get(user.path("state"))).json()
    del changed["variables"]["name"]
    assert (await project.client.put(user.path("state"), json=changed)).status_code == 200
    assert await user.say("Bob") == ["Bye Bob"]
    assert (await project.client.put(user.path("state"), json={"variables": {"tier": "iron"}})).status_code == 200
    assert await user.launch() == ["Name?"]
    made = await make(owner, project, fromTranscript=await last(project))
    assert ["internal" in turn for turn in made["turns"]] == [False, False, True, True, True]
    assert made["turns"][4]["internal"] == {}
    assert made["turns"][4]["variables"] == {"tier": "iron"}
    [result] = await run(owner, project)
    assert result["ok"], result


async def test_what_was_tried_out_becomes_a_test_too(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    path = f"/api/v1/projects/{project.id}/chat"
    assert (await owner.post(path, json={"userId": "dev", "action": {"type": "launch"}})).status_code == 200
    assert (await owner.post(path, json={"userId": "dev", "message": "Ada"})).status_code == 200
    made = await make(owner, project, fromTranscript=await last(project))
    assert made["platform"] == "dashboard"
    assert [result["ok"] for result in await run(owner, project)] == [True]


@pytest.mark.parametrize("silent_turns", [0, 2])
async def test_what_was_handed_to_a_person_and_back_becomes_a_test_too(
    owner: httpx2.AsyncClient, project: Owned, silent_turns: int
) -> None:
    flow = line(step("hand", "handoff", target="Desk"), step("back", "message", text="Back again."))
    await save(owner, project, flow)
    user = Talker(project.client)
    await user.launch()
    for _ in range(silent_turns):
        assert await user.say("Anyone?") == []
    assert (await owner.post(f"/api/v1/projects/{project.id}/inbox/user_1/hand-back")).status_code == 200
    assert await user.say("Thanks") == ["Back again."]
    made = await make(owner, project, fromTranscript=await last(project))
    assert [turn.get("handedBack", False) for turn in made["turns"]] == [False] * (1 + silent_turns) + [True]
    assert [result["ok"] for result in await run(owner, project)] == [True]


async def test_a_tool_that_waited_for_a_yes_is_answered_in_the_test_too(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    tool = {
        "id": "pay",
        "name": "pay",
        "type": "function",
        "approval": "person",
        "config": {"code": "return {sum: 7};"},
    }
    flow = line(
        step("pay", "tool", toolId="pay", outputs={"count": "sum"}), step("say", "message", text="Paid {{count}}.")
    )
    await save(owner, project, flow, variables=VARIABLES, tools=[tool])
    assert await Talker(project.client).launch() == ["approval"]
    path = f"/api/v1/projects/{project.id}/approvals"
    [waiting] = (await owner.get(path)).json()
    assert (await owner.post(f"{path}/{waiting['id']}", json={"approved": True})).status_code == 200
    made = await make(owner, project, fromTranscript=await last(project))
    assert {"contains": "Paid 7."} in made["turns"][1]["expect"]
    [result] = await run(owner, project)
    assert result["ok"], result


async def test_only_a_transcript_of_the_project_becomes_its_test(
    owner: httpx2.AsyncClient, project: Owned, server: Edge
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    await Talker(project.client).launch()
    found = await last(project)
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    for where, transcript, status in ((other, found, 404), (project.id, "txn_0", 404), (project.id, 7, 400)):
        answer = await owner.post(f"/api/v1/projects/{where}/tests", json={"fromTranscript": transcript})
        assert answer.status_code == status, answer.text
    body: dict[str, Any] = {"fromTranscript": found, "turns": []}
    answer = await owner.post(f"/api/v1/projects/{project.id}/tests", json=body)
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "turns")
    async with new_client(server, key=await new_key(owner, project.id)) as key:
        assert (
            await key.post(f"/api/v1/projects/{project.id}/tests", json={"fromTranscript": found})
        ).status_code == 401
