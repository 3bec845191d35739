"""Trying a draft out: from a step, with variables, with answers in place of the world's, looking on at each step."""

from typing import Any

import httpx2
import pytest

from tests.conftest import Owned
from tests.conversations.listening import streamed
from tests.conversations.talking import ASK, VARIABLES, publish, save, slow, told
from tests.engine.talk import step, workflow

CALLING = workflow(
    "main",
    step("call", "api", url="https://api.bikes.example/", map=[{"path": "$.body.price", "variable": "count"}]),
    step("use", "tool", toolId="t_look", saveTo="name"),
    step("say", "message", text="{{name}} for {{count}}"),
    wires="start > call, call > use, use > say, call.error > say",
)
TOOL: dict[str, Any] = {
    "id": "t_look",
    "name": "look",
    "description": "Looks.",
    "type": "api",
    "parameters": {"type": "object", "properties": {}},
    "config": {"url": "https://api.bikes.example/"},
}


def path_of(project: Owned, end: str = "chat") -> str:
    return f"/api/v1/projects/{project.id}/{end}"


def steps(traces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [trace["payload"] for trace in traces if trace["type"] == "step"]


async def test_a_turn_begins_at_a_step_with_variables(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    body = {"message": "Hi", "start": {"workflowId": "main", "stepId": "thanks"}, "variables": {"name": "Ada"}}
    for end in ("chat", "chat/stream"):
        if end == "chat":
            traces = (await owner.post(path_of(project), json=body)).json()["traces"]
        else:
            traces = (await streamed(owner, "POST", path_of(project, end), json=body)).traces
        assert told(traces) == ["Thank you, Ada.", "Which size?", "[Small][Large]"]
        assert [(each["stepId"], each["port"]) for each in steps(traces)] == [("thanks", "next"), ("size", None)]


async def test_each_step_is_told_of_to_who_builds_and_to_nobody_else(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    first = await owner.post(path_of(project), json={"userId": "u", "message": "Hi"})
    assert [each["stepId"] for each in steps(first.json()["traces"])] == ["start", "hello", "name"]
    second = await owner.post(path_of(project), json={"userId": "u", "message": "Ada"})
    seen = {each["stepId"]: each for each in steps(second.json()["traces"])}
    assert seen["name"]["changed"] == {"name": [None, "Ada"]}
    assert seen["count"]["changed"] == {"count": [0, 1]}
    assert seen["count"].keys() == {
        "workflowId", "stepId", "type", "port", "startedAt", "durationMs", "input", "output", "changed",
    }  # fmt: skip
    turn = f"/api/v1/projects/{project.id}/conversations/u/turns/{second.headers['X-Turn-Id']}"
    replayed = await owner.post(f"{turn}/replay", json={})
    assert replayed.json()["differences"] == []
    assert [trace["payload"] for trace in replayed.json()["traces"]] == [
        trace["payload"] for trace in second.json()["traces"]
    ]
    await publish(owner, project)
    chatted = await owner.post(path_of(project), json={"message": "Hi", "versionId": "production"})
    launch = {"action": {"type": "launch"}}
    talked = await owner.post(path_of(project, "conversations/v/interact"), json=launch)
    by_key = await project.client.post("/api/v1/conversations/w/interact", json=launch)
    for traces in (chatted.json()["traces"], talked.json(), by_key.json()):
        assert told(traces) == ["Hello!", "Your name?"]
        assert steps(traces) == []


async def test_no_transcript_tells_of_steps_and_pauses(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, slow(0.01))
    await owner.post(path_of(project), json={"message": "Hi"})
    (listed,) = (await project.client.get("/api/v1/transcripts?include=dashboard")).json()
    told_of = (await project.client.get(f"/api/v1/transcripts/{listed['id']}?include=traces")).json()["traces"]
    assert [trace["type"] for trace in told_of] == ["text", "text"]


async def test_mocks_answer_in_place_of_the_world(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, CALLING, variables=VARIABLES, tools=[TOOL])
    mocks = {"main/call": {"status": 200, "body": {"price": 40}}, "t_look": {"body": "A red one"}}
    answer = await owner.post(path_of(project), json={"userId": "u", "message": "Hi", "mocks": mocks})
    assert answer.status_code == 200, answer.text
    assert told(answer.json()["traces"]) == ["tool-call", "tool-call", "A red one for 40"]
    turn = f"/api/v1/projects/{project.id}/conversations/u/turns/{answer.headers['X-Turn-Id']}"
    assert (await owner.post(f"{turn}/replay", json={})).json()["differences"] == []
    mocks = {"call": {"status": 500}, "t_look": {"body": "A blue one"}}
    answer = await owner.post(path_of(project), json={"userId": "u", "message": "Hi", "mocks": mocks})
    assert told(answer.json()["traces"]) == ["error HTTP_ERROR", "A red one for 40"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"start": {"workflowId": "main", "stepId": "none"}}, "start"),
        ({"start": {"workflowId": "main"}}, "start.stepId"),
        ({"start": {"workflowId": "main", "stepId": "hello"}, "versionId": "production"}, "start"),
        ({"variables": {"name": "Ada"}, "versionId": "production"}, "variables"),
        ({"mocks": {}, "versionId": "production"}, "mocks"),
        ({"mocks": []}, "mocks"),
        ({"variables": {"count": "many"}}, "variables.count"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_path(
    owner: httpx2.AsyncClient, project: Owned, more: dict[str, Any], path: str
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    await publish(owner, project)
    for end in ("chat", "chat/stream"):
        refused = await owner.post(path_of(project, end), json={"message": "Hi", **more})
        assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, path)


async def test_an_agent_is_mocked_by_its_step_call_by_call_and_a_replay_says_the_same(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    exits = [{"id": "done", "description": "The size is known.", "collects": ["size"]}]
    flow = workflow(
        "main",
        step("ask", "agent", instructions="Find out the size.", exits=exits),
        step("say", "message", text="A size of {{size}}."),
        wires="start > ask, ask.done > say",
    )
    await save(
        owner, project, flow, variables=[{"name": "size", "type": "number"}], behaviourConfig={"model": "openai:m"}
    )
    taken = {"calls": [{"name": "take_exit", "arguments": {"exitId": "done", "size": 42}}]}
    body = {"userId": "u", "message": "Hi", "mocks": {"ask": [{"text": "Let me see.", **taken}]}}
    chat = await owner.post(path_of(project), json=body)
    assert told(chat.json()["traces"])[-1] == "A size of 42."
    again = await owner.post(
        path_of(project, f"conversations/u/turns/{chat.headers['X-Turn-Id']}/replay"), json={"models": "recorded"}
    )
    assert again.json()["differences"] == []
    used_up = await owner.post(path_of(project), json={**body, "userId": "v", "mocks": {"ask": []}})
    errors = [trace["payload"] for trace in used_up.json()["traces"] if trace["type"] == "error"]
    assert [error["message"] for error in errors] == ["The mock ask is a list of 0, and a model is asked once more."]
