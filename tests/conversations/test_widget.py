"""What a widget key, which anybody can read, opens and what not."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx2
import pytest

from conduet.app.edge import Edge
from tests.conftest import Owned, new_client, new_key
from tests.conversations.listening import streamed
from tests.conversations.talking import ASK, VARIABLES, Talker, publish, save
from tests.engine.talk import line, step, workflow

ORIGIN = "https://shop.example"


@dataclass
class Page:
    """A web page with a widget key, and the site's server behind it."""

    client: httpx2.AsyncClient
    strict: httpx2.AsyncClient
    other: httpx2.AsyncClient
    identity: str

    def proof(self, user_id: str) -> dict[str, str]:
        return {"X-User-Hash": hmac.new(self.identity.encode(), user_id.encode(), hashlib.sha256).hexdigest()}


@pytest.fixture
async def page(server: Edge, owner: httpx2.AsyncClient, project: Owned) -> AsyncIterator[Page]:
    await save(
        owner,
        project,
        ASK,
        line(step("paid", "message", text="Paid."), workflow_id="paid"),
        variables=VARIABLES,
        events=[
            {"name": "paid", "workflowId": "paid", "client": True},
            {"name": "refunded", "workflowId": "paid"},
        ],
    )
    secret = await owner.post(f"/api/v1/projects/{project.id}/identity-secret")
    assert secret.is_success, secret.text
    async with AsyncExitStack() as stack:
        clients: list[httpx2.AsyncClient] = []
        for more in ({}, {"requireIdentity": True}, {}):
            key = await new_key(owner, project.id, type="widget", allowedOrigins=[ORIGIN], **more)
            clients.append(await stack.enter_async_context(new_client(server, key=key, headers={"Origin": ORIGIN})))
        yield Page(*clients, identity=next(iter(secret.json().values())))


async def test_a_page_talks_and_sees_its_own_conversation(page: Page) -> None:
    user = Talker(page.client, "visitor-1")
    assert await user.launch() == ["Hello!", "Your name?"]
    assert (await user.say("Ada"))[0] == "Thank you, Ada."
    state = await user.state()
    assert state["variables"] == {"name": "Ada"}
    assert "internal" not in state
    assert [said["content"] for said in state["history"]][:2] == ["Hello!", "Your name?"]
    stream = await streamed(page.client, "GET", user.path(f"turns/{user.turn_id}/stream"))
    assert stream.is_done
    assert (await page.client.get(user.path(f"turns/{user.turn_id}/traces/0"))).status_code == 200
    deleted = await page.client.delete(user.path("state"))
    assert deleted.status_code == 204
    assert (await user.state())["history"] == []


async def test_what_another_began_does_not_exist_for_a_page(page: Page, project: Owned) -> None:
    begun_by_secret, begun_by_other = Talker(project.client, "alice"), Talker(page.other, "bob")
    await begun_by_secret.launch()
    await begun_by_other.launch()
    for owned in (begun_by_secret, begun_by_other):
        thief = Talker(page.client, owned.user_id)
        turn = f"turns/{owned.turn_id}"
        answers = [
            await thief.send({"type": "text", "payload": "Hi"}),
            await page.client.post(thief.path("interact/stream"), json={"action": {"type": "launch"}}),
            await page.client.get(thief.path("state")),
            await page.client.patch(thief.path("variables"), json={"name": "Eve"}),
            await page.client.delete(thief.path("state")),
            await page.client.get(thief.path(f"{turn}/stream")),
            await page.client.get(thief.path(f"{turn}/traces/0")),
        ]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "NOT_FOUND")] * 7
        # Nothing of the user's was touched, not even their rate.
        assert (await owned.state())["revision"] == 1
        await owned.say("Ada")
        assert owned.last is not None
        assert owned.last.headers["X-RateLimit-Remaining"] == "58"


async def test_a_page_begins_no_conversation_in_the_place_of_a_channels_user(page: Page) -> None:
    for user_id in ("whatsapp:4915112345678", "email:alice@example.com"):
        thief = Talker(page.client, user_id)
        answers = [
            await thief.send({"type": "launch"}),
            await page.client.patch(thief.path("variables"), json={"name": "Eve"}),
            await page.client.get(thief.path("state")),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
        page.client.headers.update(page.proof(user_id))
        assert await thief.launch() == ["Hello!", "Your name?"]
        page.client.headers.pop("X-User-Hash")
    assert await Talker(page.client, "my:alice").launch() == ["Hello!", "Your name?"]


async def test_the_proof_of_the_user_opens_what_another_began(page: Page, project: Owned) -> None:
    user = Talker(project.client, "alice")
    await user.launch()
    page.client.headers.update(page.proof("alice"))
    proven = Talker(page.client, "alice")
    assert (await proven.say("Ada"))[0] == "Thank you, Ada."
    assert (await proven.state())["variables"] == {"name": "Ada"}
    page.client.headers.update(page.proof("bob"))
    assert (await page.client.get(proven.path("state"))).status_code == 404


async def test_a_strict_key_always_needs_the_proof(page: Page) -> None:
    user = Talker(page.strict, "alice")
    assert (await user.send({"type": "launch"})).status_code == 401
    assert (await page.strict.get(user.path("state"))).status_code == 401
    page.strict.headers.update(page.proof("alice"))
    assert await user.launch() == ["Hello!", "Your name?"]


async def test_a_secret_key_sees_what_a_page_began(page: Page, project: Owned) -> None:
    await Talker(page.client, "visitor-1").launch()
    user = Talker(project.client, "visitor-1")
    assert "internal" in await user.state()
    assert (await user.say("Ada"))[0] == "Thank you, Ada."
    # It stays the page's.
    assert (await Talker(page.client, "visitor-1").state())["revision"] == 2


async def test_a_page_sets_only_what_is_declared_for_it(page: Page) -> None:
    user = Talker(page.client, "visitor-1")
    await user.launch(variables={"name": "Ada", "sys.language": "de"})
    for values in ({"count": 3}, {"undeclared": 1}, {"name": "Eve", "tier": "gold"}):
        for refused in (
            await page.client.patch(user.path("variables"), json=values),
            await user.send({"type": "launch"}, variables=values),
        ):
            assert (refused.status_code, refused.json()["code"]) == (400, "BAD_REQUEST")
            assert all(detail["path"] != "variables.name" for detail in refused.json()["details"])
    changed = await page.client.patch(user.path("variables"), json={"name": "Bob"})
    assert changed.json()["variables"] == {"name": "Bob"}


async def test_a_page_sends_only_events_that_are_declared_for_it(page: Page, project: Owned) -> None:
    user = Talker(page.client, "visitor-1")
    assert await user.act({"type": "event", "payload": {"name": "paid"}}) == ["Paid."]
    refused = await user.send({"type": "event", "payload": {"name": "refunded"}})
    assert refused.status_code == 404
    developer = Talker(project.client, "visitor-1")
    assert await developer.act({"type": "event", "payload": {"name": "refunded"}}) == ["Paid."]


async def test_put_and_replay_are_never_a_pages(page: Page) -> None:
    user = Talker(page.client, "visitor-1")
    await user.launch()
    for answer in (
        await page.client.put(user.path("state"), json={}),
        await page.client.post(user.path(f"turns/{user.turn_id}/replay"), json={}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")


async def test_a_page_may_ask_for_production(page: Page, owner: httpx2.AsyncClient, project: Owned) -> None:
    await publish(owner, project)
    assert await Talker(page.client, "visitor-1").launch(versionId="production") == ["Hello!", "Your name?"]


async def test_another_origin_is_a_401(page: Page) -> None:
    refused = await Talker(page.client).send({"type": "launch"}, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 401


ASKS_A_MODEL = workflow(
    "main",
    step("handled", "prompt", prompt="Answer."),
    step("apology", "message", text="Ask us by mail."),
    step("lost", "prompt", prompt="Answer again."),
    wires="start > handled, handled.error > apology, apology > lost",
)


async def test_a_page_is_told_that_something_failed_and_not_what(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, ASKS_A_MODEL)
    key = await new_key(owner, project.id, type="widget", allowedOrigins=[ORIGIN])
    async with new_client(server, key=key, headers={"Origin": ORIGIN}) as client:
        visitor = Talker(client, "visitor-1")
        answer = await visitor.send({"type": "launch"})
        turn = visitor.path(f"turns/{visitor.turn_id}")
        stream = await streamed(client, "GET", f"{turn}/stream")
        first = await client.get(f"{turn}/traces/0")
    errors = [
        {"code": "MODEL_NOT_CONFIGURED", "message": "Something went wrong.", "handled": True},
        {"code": "MODEL_NOT_CONFIGURED", "message": "Something went wrong."},
    ]
    assert [each["payload"] for each in answer.json() if each["type"] == "error"] == errors
    assert [each["payload"] for each in stream.traces if each["type"] == "error"] == errors
    assert first.json()["payload"] == errors[0]
    whole = await project.client.get(f"{turn}/traces/0")
    assert whole.json()["payload"]["message"] not in ("", "Something went wrong.")
