"""What holds for every endpoint alike: statuses, ids, times, limits, windows, and what bodies may hold."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.clock import iso, now
from conduet.settings import Settings
from tests.conftest import Owned, new_client, new_key, started
from tests.conversations.listening import streamed
from tests.conversations.talking import HELLO, VARIABLES, Talker, save
from tests.engine.talk import line, step

JSON = {"Content-Type": "application/json"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
async def user(owner: httpx2.AsyncClient, project: Owned) -> Talker:
    """Somebody who has taken a turn."""
    await save(owner, project, HELLO, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    return user


@pytest.fixture
def places(owner: httpx2.AsyncClient, project: Owned, user: Talker) -> list[tuple[httpx2.AsyncClient, str, str]]:
    """Every place that takes a JSON body, with who may send one, but for documents, which have bounds of their own."""
    below = f"/api/v1/projects/{project.id}"
    turn = user.path(f"turns/{user.turn_id}/replay")
    return [
        (project.client, "POST", user.path("interact")),
        (project.client, "POST", user.path("interact/stream")),
        (project.client, "PUT", user.path("state")),
        (project.client, "PATCH", user.path("variables")),
        (project.client, "POST", turn),
        (owner, "POST", f"{below}/chat"),
        (owner, "POST", f"{below}/chat/stream"),
        (owner, "POST", f"{below}/publish"),
        (owner, "POST", f"{below}/api-keys"),
        (owner, "PUT", f"{below}{user.path('state').removeprefix('/api/v1')}"),
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "BAD_REQUEST"),
        (b'{"a": NaN}', 400, "BAD_REQUEST"),
        (b'{"a": -Infinity}', 400, "BAD_REQUEST"),
        (b'{"a": "\\u0000"}', 400, "BAD_REQUEST"),
        (b'{"a\\u0000": 1}', 400, "BAD_REQUEST"),
        (b'{"a": "\\udc00"}', 400, "BAD_REQUEST"),
        (b'{"a": "\xff"}', 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}", 413, "PAYLOAD_TOO_LARGE"),
        (b'{"a": ' + b"[" * 50_000, 413, "PAYLOAD_TOO_LARGE"),
        (b'{"a": "' + b"x" * 1024 * 1024 + b'"}', 413, "PAYLOAD_TOO_LARGE"),
    ],
)
async def test_a_body_is_strict_json_within_its_bounds_everywhere(
    places: list[tuple[httpx2.AsyncClient, str, str]], body: bytes, status: int, code: str
) -> None:
    for client, method, path in places:
        answer = await client.request(method, path, content=body, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (method, path, answer.text[:200])


async def test_a_body_of_another_type_is_a_415_everywhere(places: list[tuple[httpx2.AsyncClient, str, str]]) -> None:
    for client, method, path in places:
        answer = await client.request(method, path, content=b"a=b", headers={"Content-Type": "text/plain"})
        assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE"), (method, path)


async def test_an_unknown_field_is_a_400_by_its_path_outside_documents(
    places: list[tuple[httpx2.AsyncClient, str, str]], owner: httpx2.AsyncClient
) -> None:
    right: dict[str, dict[str, Any]] = {
        "interact": {"action": {"type": "launch"}},
        "chat": {"message": "Hi"},
        "api-keys": {"name": "New"},
    }
    for client, method, path in [*places, (owner, "POST", "/api/v1/projects")]:
        if path.endswith("/variables"):
            continue
        last = path.removesuffix("/stream").rpartition("/")[2]
        body = {"name": "New"} if last == "projects" else right.get(last, {})
        answer = await client.request(method, path, json={**body, "nonsense": 1})
        assert answer.status_code == 400, (method, path, answer.text)
        assert [detail["path"] for detail in answer.json()["details"]] == ["nonsense"], (method, path)


async def test_making_is_a_201_removing_a_204_and_doing_a_200(owner: httpx2.AsyncClient) -> None:
    made = await owner.post("/api/v1/projects", json={"name": "New"})
    below = f"/api/v1/projects/{made.json()['id']}"
    key = await owner.post(f"{below}/api-keys", json={"name": "New"})
    version = await owner.post(f"{below}/publish", json={"name": "First"})
    secret = await owner.post(f"{below}/identity-secret")
    chat = await owner.post(f"{below}/chat", json={"message": "Hi"})
    state = await owner.delete(f"{below}/conversations/{chat.json()['userId']}/state")
    revoked = await owner.delete(f"{below}/api-keys/{key.json()['id']}")
    removed = await owner.delete(below)
    assert [answer.status_code for answer in (made, key, version, secret)] == [201] * 4
    assert (chat.status_code, state.status_code, revoked.status_code, removed.status_code) == (200, 204, 204, 204)
    assert state.content == revoked.content == removed.content == b""


async def test_ids_tell_what_they_name_and_times_are_utc(owner: httpx2.AsyncClient, user: Talker) -> None:
    listed = (await owner.get("/api/v1/projects")).json()
    below = f"/api/v1/projects/{listed[0]['id']}"
    version = (await owner.post(f"{below}/publish", json={})).json()
    keys = (await owner.get(f"{below}/api-keys")).json()
    # Lists are bare arrays.
    assert all(isinstance(found, list) for found in (listed, keys))
    for prefix, identifier in (
        ("proj", listed[0]["id"]),
        ("ver", version["id"]),
        ("key", keys[0]["id"]),
        ("turn", user.turn_id),
    ):
        assert re.fullmatch(rf"{prefix}_[0-9a-f]{{32}}", identifier)
    state = await user.state()
    times = [
        listed[0]["createdAt"],
        listed[0]["updatedAt"],
        version["createdAt"],
        keys[0]["createdAt"],
        state["updatedAt"],
        *(said["createdAt"] for said in state["history"]),
    ]
    assert all(TIME.fullmatch(time) for time in times), times
    assert [said.keys() for said in state["history"]] == [{"role", "content", "createdAt"}]


async def test_the_window_is_a_users_on_turns_and_else_the_keys_or_the_addresss(
    client: httpx2.AsyncClient, owner: httpx2.AsyncClient, project: Owned, user: Talker
) -> None:
    async def windows(asker: httpx2.AsyncClient, path: str) -> tuple[str, int]:
        """The limit, and how much less is left after a second request (a new minute begins with all)."""
        first, second = [await asker.get(path) for _ in range(2)]
        left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in (first, second)]
        assert abs(int(second.headers["X-RateLimit-Reset"]) - now().timestamp() * 1000) < 61_000
        return second.headers["X-RateLimit-Limit"], left[0] - left[1]

    one_less = {("3000", 1), ("300", 1)}
    for asker, path, limit in (
        (project.client, "/api/v1/project", "3000"),
        (project.client, user.path("state"), "3000"),
        (owner, "/api/v1/projects", "3000"),
        (client, "/api/v1/schema", "300"),
        (client, "/api/v1/project", "300"),
    ):
        told = await windows(asker, path)
        assert told[0] == limit
        assert told in one_less or told[1] < 0
    left: list[str] = []
    for path in ("interact", "interact/stream"):
        answer = await project.client.post(user.path(path), json={"action": {"type": "launch"}})
        assert answer.headers["X-RateLimit-Limit"] == "60"
        left.append(answer.headers["X-RateLimit-Remaining"])
    assert left == ["58", "57"]


async def test_an_expired_key_opens_nothing_and_its_stream_ends(
    server: Edge, owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.conversations.stream.VALID_SECONDS", 0.1)
    await save(owner, project, line(step("one", "message", text="One."), step("wait", "delay", seconds=4)))
    key = await new_key(owner, project.id, expiresAt=iso(now() + timedelta(seconds=1)))
    async with new_client(server, key=key) as client:
        user = Talker(client)
        cut = await streamed(client, "POST", user.path("interact/stream"), json={"action": {"type": "launch"}})
        assert not cut.is_done
        assert [trace["type"] for trace in cut.traces] == ["text", "typing"]
        refused = await client.get("/api/v1/project")
        assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHORIZED")


async def test_a_repeated_request_gets_its_answer_after_a_restart(
    settings: Settings, project: Owned, user: Talker
) -> None:
    headers = {"Idempotency-Key": "before-the-restart"}
    first = await user.send({"type": "launch"}, headers=headers)
    app = create_app(settings)
    async with started(app), new_client(app, key=project.key) as client:
        again = await Talker(client).send({"type": "launch"}, headers=headers)
    assert (again.content, again.headers["X-Turn-Id"]) == (first.content, first.headers["X-Turn-Id"])
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_a_pattern_that_re2_refuses_is_a_400_on_save(owner: httpx2.AsyncClient, project: Owned) -> None:
    capture = line(step("ask", "capture", text="?", variable="a", type="regex", pattern="(?=x)"))
    refused = await owner.patch(f"/api/v1/projects/{project.id}", json={"workflows": [capture]})
    assert refused.status_code == 400
    assert [detail["path"] for detail in refused.json()["details"]] == ["workflows[0].steps[1].config.pattern"]
    assert "RE2" in refused.json()["error"]


async def test_an_unfinished_step_is_saved_and_a_turn_that_reaches_it_says_so(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, line(step("hello", "message", text="Hello!"), step("say", "message", text="")))
    user = Talker(project.client)
    assert await user.launch() == ["Hello!", "error UNFINISHED_STEP"]
    # The conversation stays usable.
    await save(owner, project, HELLO)
    assert await user.say("Hi") == ["Hello!"]


@pytest.mark.parametrize("framework", ["agentic", "outbound"])
async def test_without_a_key_the_built_in_model_answers_and_the_conversation_keeps_it(
    owner: httpx2.AsyncClient, project: Owned, framework: str
) -> None:
    await save(owner, project, HELLO, framework=framework)
    user = Talker(project.client)
    told = await user.say("Hi")
    assert told[0] == "Hello, this is Test. How can I help you?"
    assert (await user.state())["history"][-1]["content"] == told[0]
