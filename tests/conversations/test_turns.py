"""Turns through HTTP: one action in, all traces out, and what stays of it."""

import asyncio
import re

import httpx2
import pytest

from conduet.app.edge import Edge
from tests.conftest import Owned, new_client
from tests.conversations.talking import ASK, HELLO, VARIABLES, Talker, publish, save, slow
from tests.engine.talk import line, step


async def test_a_conversation_goes_from_its_start_to_its_end(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    assert await user.launch() == ["Hello!", "Your name?"]
    assert await user.say("Ada") == ["Thank you, Ada.", "Which size?", "[Small][Large]"]
    assert await user.press("Small") == ["Bye.", "resolution", "end"]
    state = await user.state()
    assert state["variables"] == {"name": "Ada", "count": 1, "tier": "basic"}
    assert state["revision"] == 3
    assert [(said["role"], said["content"]) for said in state["history"]] == [
        ("assistant", "Hello!"),
        ("assistant", "Your name?"),
        ("user", "Ada"),
        ("assistant", "Thank you, Ada."),
        ("assistant", "Which size?"),
        ("user", "Small"),
        ("assistant", "Bye."),
    ]


async def test_every_trace_tells_its_time_and_the_answer_its_turn(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    (trace,) = (await user.send({"type": "text", "payload": "Hi"})).json()
    assert trace["type"] == "text"
    assert trace["payload"] == {"message": "Hello!"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", trace["time"])
    assert re.fullmatch(r"turn_[0-9a-f]{32}", user.turn_id)


async def test_every_action_of_the_contract_is_taken(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(
        owner,
        project,
        line(step("say", "message", text="{{sys.lastAction.type}}")),
        line(step("paid", "message", text="Paid {{sys.event.payload.sum}}."), workflow_id="paid"),
        events=[{"name": "payment", "workflowId": "paid"}],
    )
    user = Talker(project.client)
    assert await user.act({"type": "launch", "payload": None}) == ["launch"]
    assert await user.act({"type": "launch"}) == ["launch"]
    assert await user.act({"type": "text", "payload": ""}) == ["text"]
    assert await user.act({"type": "button", "payload": {"label": "Yes", "value": {"a": [1]}}}) == ["button"]
    assert await user.act({"type": "button", "payload": {"label": "Yes"}}) == ["button"]
    media = {"url": "https://example.com/cat.png", "mimeType": "image/png"}
    assert await user.act({"type": "media", "payload": media}) == ["media"]
    assert await user.act({"type": "event", "payload": {"name": "payment", "payload": {"sum": 3}}}) == ["Paid 3."]


async def test_an_unknown_event_is_a_404_and_leaves_nothing(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    refused = await user.send({"type": "event", "payload": {"name": "nothing"}})
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    assert "nothing" in refused.json()["error"]
    assert (await user.state())["revision"] == 0
    assert await user.say("Hi") == ["Hello!"]


@pytest.mark.parametrize(
    ("body", "path", "told"),
    [
        ({}, "action", ""),
        ({"action": {"type": "dance"}}, "action.type", "`text`, `launch`, `button`, `media`, `event`"),
        ({"action": {}}, "action.type", ""),
        ({"action": "text"}, "action", ""),
        ({"action": {"type": "text"}}, "action.payload", ""),
        ({"action": {"type": "text", "payload": 3}}, "action.payload", ""),
        ({"action": {"type": "text", "payload": "Hi", "more": 1}}, "action.more", ""),
        ({"action": {"type": "button", "payload": {"value": "x"}}}, "action.payload.label", ""),
        ({"action": {"type": "launch", "payload": "x"}}, "action.payload", ""),
        ({"action": {"type": "launch"}, "versionId": 3}, "versionId", ""),
        ({"action": {"type": "launch"}, "variables": []}, "variables", ""),
        ({"action": {"type": "launch"}, "else": 1}, "else", ""),
        ([], "", ""),
        ("text", "", ""),
    ],
)
async def test_what_is_no_action_is_a_400_by_path(project: Owned, body: object, path: str, told: str) -> None:
    refused = await project.client.post("/api/v1/conversations/u/interact", json=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "BAD_REQUEST")
    assert refused.json()["details"][0]["path"] == path
    assert told in refused.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b'{"action": NaN}', b'{"action": {"type": "text", "payload": "\\ud800"}}'])
async def test_what_is_no_strict_json_is_a_400(project: Owned, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused = await project.client.post("/api/v1/conversations/u/interact", content=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("user_id", ["a b", "ä", "x" * 129, "%00", "a,b", "a%2Fb"])
async def test_a_user_id_outside_its_alphabet_is_a_400_or_no_address(project: Owned, user_id: str) -> None:
    refused = await project.client.post(
        f"/api/v1/conversations/{user_id}/interact", json={"action": {"type": "launch"}}
    )
    assert refused.status_code == (404 if "%2F" in user_id else 400)


async def test_a_user_id_may_have_every_letter_of_its_alphabet(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    for user_id in ("azAZ09._:@+-", "x" * 128, "."):
        sent = await project.client.post(
            f"http://conduet.test/api/v1/conversations/{user_id.replace('.', '%2E')}/interact",
            json={"action": {"type": "launch"}},
        )
        assert sent.status_code == 200, sent.text


async def test_a_message_has_32_kb_and_a_button_too(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    assert await user.say("ä" * (16 * 1024)) == ["Hello!"]
    for action in (
        {"type": "text", "payload": "ä" * (16 * 1024) + "x"},
        {"type": "button", "payload": {"label": "x" * (32 * 1024 + 1)}},
    ):
        refused = await user.send(action)
        assert (refused.status_code, refused.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert (await user.state())["revision"] == 1


async def test_variables_beside_the_action_are_merged_first(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(
        owner,
        project,
        line(step("say", "message", text="{{name}} {{count}} {{extra.deep}}")),
        variables=VARIABLES,
    )
    user = Talker(project.client)
    assert await user.launch(variables={"name": "Ada", "count": "3", "extra": {"deep": True}}) == ["Ada 3 true"]
    refused = await user.send({"type": "launch"}, variables={"name": "Bob", "count": "many"})
    assert refused.status_code == 400
    assert [detail["path"] for detail in refused.json()["details"]] == ["variables.count"]
    state = await user.state()
    assert (state["variables"]["name"], state["revision"]) == ("Ada", 1)
    refused = await user.send({"type": "launch"}, variables={"big": "x" * (256 * 1024)})
    assert refused.status_code == 413
    assert await user.launch() == ["Ada 3 true"]


async def test_the_users_rate_is_counted_and_then_a_429(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user, other = Talker(project.client), Talker(project.client, "user_2")
    for left in range(59, -1, -1):
        await user.launch()
        assert user.last is not None
        assert user.last.headers["X-RateLimit-Limit"] == "60"
        assert user.last.headers["X-RateLimit-Remaining"] == str(left)
    limited = await user.send({"type": "launch"})
    assert (limited.status_code, limited.json()["code"]) == (429, "RATE_LIMITED")
    assert 0 < int(limited.headers["Retry-After"]) <= 60
    assert limited.headers["X-RateLimit-Remaining"] == "0"
    assert int(limited.headers["X-RateLimit-Reset"]) > 1_700_000_000_000
    assert (await user.state())["revision"] == 60
    assert await other.launch() == ["Hello!"]
    assert other.last is not None
    assert other.last.headers["X-RateLimit-Remaining"] == "59"


async def test_debug_is_for_development_only(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, line(step("say", "message", text="[{{name}}]")), variables=VARIABLES)
    version_id = await publish(owner, project)
    user = Talker(project.client)
    assert [trace["type"] for trace in (await user.send({"type": "launch"})).json()] == ["debug", "text"]
    for asked in ("production", version_id):
        sent = await user.send({"type": "launch"}, versionId=asked)
        assert [trace["type"] for trace in sent.json()] == ["text"]


async def test_users_do_not_wait_for_each_other(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, slow(1.0))
    loop = asyncio.get_running_loop()
    began = loop.time()
    answers = await asyncio.gather(*(Talker(project.client, f"u{number}").launch() for number in range(8)))
    assert answers == [["One.", "typing", "Two."]] * 8
    assert loop.time() - began < 2.5


async def test_the_same_paths_answer_to_a_developer(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    by_key = Talker(project.client)
    for base in (f"/api/v1/projects/{project.id}/conversations", f"/v1/projects/{project.id}/conversations"):
        by_developer = Talker(owner, base=base)
        assert await by_developer.launch() == ["Hello!", "Your name?"] or base.startswith("/v1")
        assert (await by_developer.state()) == (await by_key.state())
    refused = await project.client.get(f"/api/v1/projects/{project.id}/conversations/user_1/state")
    assert refused.status_code == 401
    refused = await owner.get("/api/v1/conversations/user_1/state")
    assert refused.status_code == 401
    unknown = await owner.get("/api/v1/projects/proj_else/conversations/user_1/state")
    assert unknown.status_code == 404


async def test_without_a_key_there_is_no_conversation(client: httpx2.AsyncClient) -> None:
    refused = await client.post("/api/v1/conversations/u/interact", json={"action": {"type": "launch"}})
    assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHORIZED")
    refused = await client.get("/api/v1/conversations/u/interact")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "OPTIONS, POST")


async def test_a_bug_in_the_runtime_leaves_a_usable_conversation(
    server: object, owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    before = await user.state()

    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret inside")

    with monkeypatch.context() as patch:
        patch.setattr("conduet.engine.run.close_turn", broken)
        answer = await user.send({"type": "text", "payload": "Ada"}, headers={"X-Request-Id": "my-request"})
    assert answer.status_code == 200
    assert told_codes(answer) == ["INTERNAL"]
    assert "secret" not in answer.text
    assert "my-request" in answer.text
    after = await user.state()
    assert after["variables"] == before["variables"]
    assert after["internal"] == before["internal"]
    assert await user.say("Ada") == ["Thank you, Ada.", "Which size?", "[Small][Large]"]


def told_codes(answer: httpx2.Response) -> list[str]:
    return [trace["payload"]["code"] for trace in answer.json() if trace["type"] == "error"]


async def test_a_turn_that_takes_too_long_ends_with_an_error(
    owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await save(owner, project, slow(5))
    monkeypatch.setattr("conduet.conversations.turn.TURN_SECONDS", 0.2)
    user = Talker(project.client)
    assert await user.launch() == ["One.", "typing", "error TURN_TIMEOUT"]
    state = await user.state()
    assert state["revision"] == 1
    assert [said["content"] for said in state["history"]] == ["One."]


async def test_a_turn_goes_on_when_its_client_goes_away(
    server: object, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(0.3))
    user = Talker(project.client)
    sending = asyncio.create_task(user.launch())
    await asyncio.sleep(0.15)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    # Waits its turn behind the one that still runs.
    state = await user.state()
    for _ in range(50):
        if state["revision"]:
            break
        await asyncio.sleep(0.05)
        state = await user.state()
    assert [said["content"] for said in state["history"]] == ["One.", "Two."]


async def test_another_project_does_not_see_the_conversation(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    await user.launch()
    other = await owner.post("/api/v1/projects", json={"name": "Other"})
    key = (await owner.post(f"/api/v1/projects/{other.json()['id']}/api-keys", json={"name": "k"})).json()["key"]
    async with new_client(server, key=key) as client:
        stranger = Talker(client)
        assert (await stranger.state())["revision"] == 0
        for rest in (f"turns/{user.turn_id}/stream", f"turns/{user.turn_id}/traces/0"):
            assert (await client.get(stranger.path(rest))).status_code == 404
