"""People take conversations, answer in them, and give them back."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from conduet.accounts.member_store import add_member
from conduet.accounts.principal import AccountScope, ProjectScope
from conduet.accounts.roles import Role
from conduet.accounts.store import add_token
from conduet.app.edge import Edge
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.projects.store import find_account
from tests.conftest import Owned, new_client, new_token
from tests.conversations.listening import Listener
from tests.conversations.talking import Talker, save
from tests.conversations.test_files import send
from tests.conversations.times import age
from tests.engine.talk import line, step

FLOW = line(
    step("hello", "message", text="Hello!"),
    step("over", "handoff", target="Workshop", reason="Too hard."),
    step("back", "message", text="Back."),
)


@dataclass(frozen=True)
class Person:
    """A member at the inbox."""

    client: httpx2.AsyncClient
    project: str

    def path(self, rest: str = "") -> str:
        return f"/api/v1/projects/{self.project}/inbox{rest}"

    async def does(self, act: str, body: Any = None, *, user: str = "user_1", status: int = 200) -> Any:
        more = {} if body is None else {"json": body}
        answer = await self.client.post(self.path(f"/{user}/{act}"), **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def lists(self, queue: str = "all", more: str = "") -> list[str]:
        answer = await self.client.get(self.path(f"?queue={queue}{more}"))
        assert answer.status_code == 200, answer.text
        return [each["userId"] for each in answer.json()["entries"]]


@pytest.fixture
async def ana(owner: httpx2.AsyncClient, project: Owned) -> Person:
    await save(owner, project, FLOW)
    return Person(owner, project.id)


@pytest.fixture
async def user(ana: Person, project: Owned) -> Talker:
    """A user who waits for a person."""
    found = Talker(project.client)
    assert await found.launch() == ["Hello!", "handoff", "escalation"]
    return found


def member(database: Database, project: Owned, name: str, role: Role = "agent") -> tuple[str, str]:
    """The id and the token of a new member of the project's account."""
    account = database.read_now(lambda tx: find_account(tx, ProjectScope(project.id)))
    assert isinstance(account, AccountScope)
    moment = milliseconds(now())
    added = database.write_now(lambda tx: add_member(tx, account, name=name, role=role, now_ms=moment))
    return added.id, database.write_now(lambda tx: add_token(tx, added, name="test", now_ms=moment))[1]


async def test_what_is_handed_over_waits_until_somebody_takes_it(ana: Person, user: Talker) -> None:
    await user.say("Anybody?")
    shown = (await ana.client.get(ana.path("?queue=waiting"))).json()
    [entry] = shown["entries"]
    assert (entry["status"], entry["target"], entry["reason"]) == ("waiting", "Workshop", "Too hard.")
    assert (entry["platform"], entry["member"]) == ("api", None)
    assert entry["lastMessage"] == {"role": "user", "text": "Anybody?"}
    assert {name: each["count"] for name, each in shown["queues"].items()} == {
        "waiting": 1,
        "mine": 0,
        "all": 1,
        "snoozed": 0,
        "resolved": 0,
    }
    assert shown["queues"]["waiting"]["waitingSince"] == entry["waitingSince"] == entry["handedAt"]
    taken = await ana.does("take")
    assert (taken["status"], taken["member"]["name"]) == ("taken", "Test")
    assert (await ana.lists("waiting"), await ana.lists("mine"), await ana.lists()) == ([], ["user_1"], ["user_1"])


async def test_who_answers_is_told_what_files_the_user_sent(ana: Person, user: Talker, project: Owned) -> None:
    sent = (await send(project.client, name="wheel.png", user="user_1")).json()
    elsewhere = "https://cdn.example/bill.pdf"
    for payload in ({"url": sent["url"], "mimeType": sent["mimeType"]}, {"url": elsewhere}):
        await user.act({"type": "media", "payload": payload})
    whole = (await ana.client.get(ana.path("/user_1"))).json()
    assert [(each["url"], each["mimeType"], each["name"]) for each in whole["files"]] == [
        (sent["url"], "image/png", "wheel.png"),
        (elsewhere, None, None),
    ]
    assert whole["entry"]["lastMessage"] == {"role": "user", "text": f"(file) {elsewhere}"}
    assert whole["files"][0]["sentAt"] <= whole["files"][1]["sentAt"] <= whole["entry"]["updatedAt"]
    other = Talker(project.client, "user_2")
    await other.launch()
    assert (await ana.client.get(ana.path("/user_2"))).json()["files"] == []


async def test_a_transcript_names_who_answered_and_tells_when_they_came_and_went(
    ana: Person, user: Talker, project: Owned, server: Edge, database: Database
) -> None:
    ben_id, token = member(database, project, "Ben")
    await ana.client.put("/api/v1/session/name", json={"name": "Ana"})
    await user.say("Anybody?")
    await ana.does("reply", {"text": "Here I am."})
    async with new_client(server, key=token) as client:
        ben = Person(client, project.id)
        await ana.does("assign", {"memberId": ben_id})
        await ben.does("reply", {"text": "And I.", "attachments": [{"url": "https://cdn.example/bill.pdf"}]})
        await ben.does("hand-back", {})
    await user.say("Thanks")
    other = Talker(project.client, "user_2")
    await other.launch()
    await ana.does("reply", {"text": "Hello, two."}, user="user_2")
    [second, first] = (await project.client.get("/api/v1/transcripts")).json()
    whole = (await project.client.get(f"/api/v1/transcripts/{first['id']}?include=traces")).json()
    said = [(each.get("name"), each["content"]) for each in whole["messages"] if each["role"] == "person"]
    assert said == [("Ana", "Here I am."), ("Ben", "And I.\nhttps://cdn.example/bill.pdf")]
    assert [each["payload"]["target"] for each in whole["events"]] == ["Ana", "Ben", "agent"]
    assert "events" not in (await project.client.get(f"/api/v1/transcripts/{first['id']}")).json()
    # Nothing of the next one, which the same user began.
    age(database, project, hours=25)
    await user.launch()
    await ana.does("take")
    assert (await project.client.get(f"/api/v1/transcripts/{first['id']}?include=traces")).json()["events"] == whole[
        "events"
    ]
    two = (await ana.client.get(f"/api/v1/projects/{project.id}/transcripts/{second['id']}?include=traces")).json()
    assert [each["name"] for each in two["messages"] if each["role"] == "person"] == ["Ana"]
    assert [each["payload"]["target"] for each in two["events"]] == ["Ana"]
    # What they said stays when the names are gone.
    await project.client.delete(user.path("state"))
    gone = (await project.client.get(f"/api/v1/transcripts/{first['id']}?include=traces")).json()
    assert gone["events"] == []
    assert [each.get("name") for each in gone["messages"] if each["role"] == "person"] == [None, None]


async def test_of_two_who_take_it_at_once_one_gets_it(
    ana: Person, user: Talker, project: Owned, server: Edge, database: Database
) -> None:
    _, token = member(database, project, "Ben")
    async with new_client(server, key=token) as client:
        ben = Person(client, project.id)
        answers = await asyncio.gather(*(each.client.post(each.path("/user_1/take")) for each in (ana, ben) * 3))
        assert sorted(each.status_code for each in answers) == [200] * 3 + [409] * 3
        [winner] = {each.json()["member"]["name"] for each in answers if each.status_code == 200}
        refused = next(each.json() for each in answers if each.status_code == 409)
        assert refused["error"] == f"{winner} has this conversation."
        assert refused["details"] == [{"path": "member", "message": winner}]
        loser = ben if winner == "Test" else ana
        assert (await loser.does("reply", {"text": "Hi"}, status=409))["error"] == refused["error"]


async def test_users_read_what_a_person_has_said_they_are_called(
    ana: Person, user: Talker, project: Owned, listener: Listener
) -> None:
    async with listener.open("GET", user.path("events"), key=project.key) as stream:
        await stream.next()
        for name, read in (("Owner", "Someone from the team"), (" Ana ", "Ana")):
            named = await ana.client.put("/api/v1/session/name", json={"name": name})
            assert named.status_code == 204, named.text
            await ana.does("reply", {"text": "Bring it in."})
            if name == "Owner":
                came = (await stream.next()).data
                assert (came["payload"]["target"], came["payload"]["person"]) == (read, {"name": read})
            assert (await stream.next()).data["payload"]["person"] == {"name": read}


async def test_a_reply_is_a_persons_turn_and_reaches_who_listens(
    ana: Person, user: Talker, project: Owned, listener: Listener
) -> None:
    async with listener.open("GET", user.path("events"), key=project.key) as stream:
        await stream.next()
        answered = await ana.does("reply", {"text": "Bring it in."})
        assert answered["entry"]["status"] == "taken"
        assert answered["message"]["role"] == "person"
        came, said = (await stream.next()).data, (await stream.next()).data
    assert (came["type"], came["payload"]["person"]) == ("handoff", {"name": "Test"})
    assert (said["type"], said["payload"]) == ("text", {"message": "Bring it in.", "person": {"name": "Test"}})
    assert [(each["role"], each["content"]) for each in (await user.state())["history"]][-1] == (
        "person",
        "Bring it in.",
    )
    [transcript] = (await project.client.get("/api/v1/transcripts")).json()
    whole = (await project.client.get(f"/api/v1/transcripts/{transcript['id']}")).json()
    assert [each["role"] for each in whole["messages"]] == ["assistant", "person"]
    assert whole["messageCount"] == 2
    put = await project.client.put(user.path("state"), json=await user.state())
    assert put.status_code == 200, put.text


async def test_a_reply_while_nobody_listens_arrives_once_later(
    ana: Person, user: Talker, project: Owned, listener: Listener
) -> None:
    async with listener.open("GET", user.path("events"), key=project.key) as stream:
        last = (await stream.next()).id
    headers = {"Idempotency-Key": "reply-1"}
    body = {"text": "", "attachments": [{"url": "https://example.com/a.jpg", "mimeType": "image/jpeg"}]}
    answers = [await ana.client.post(ana.path("/user_1/reply"), json=body, headers=headers) for _ in range(3)]
    assert {each.status_code for each in answers} == {200}
    assert len({each.text for each in answers}) == 1
    assert [each.headers.get("Idempotent-Replayed") for each in answers] == [None, "true", "true"]
    async with listener.open("GET", user.path("events"), key=project.key, headers={"Last-Event-ID": last}) as stream:
        heard = [(await stream.next()).data["type"] for _ in range(2)]
        coming = asyncio.create_task(stream.next())
        await asyncio.sleep(0.3)
        assert not coming.done()
        coming.cancel()
    assert heard == ["handoff", "image"]


async def test_it_is_given_back_with_a_note_and_the_agent_reads_what_was_said(ana: Person, user: Talker) -> None:
    await ana.does("reply", {"text": "It costs 40."})
    await user.say("Good.")
    state = await ana.does("hand-back", {"note": "Paid."})
    assert state["internal"]["returned"] == {
        "said": [{"role": "person", "text": "It costs 40."}, {"role": "user", "text": "Good."}],
        "note": "Paid.",
    }
    assert await ana.lists() == []
    assert await user.say("Hello?") == ["Back."]
    internal = (await user.state())["internal"]
    assert "returned" not in internal
    assert [each["role"] for each in internal["history"]][-5:] == ["person", "user", "event", "user", "assistant"]
    assert internal["history"][-3]["text"].endswith("Their note: Paid.")


async def test_what_is_resolved_begins_anew(ana: Person, user: Talker, project: Owned) -> None:
    await ana.does("take")
    resolved = await ana.does("resolve")
    assert resolved["status"] == "resolved"
    assert (await ana.lists(), await ana.lists("resolved")) == ([], ["user_1"])
    [transcript] = (await project.client.get("/api/v1/transcripts")).json()
    assert transcript["resolved"] is True
    assert await user.say("Again") == ["Hello!", "handoff", "escalation"]
    assert await ana.lists("waiting") == ["user_1"]
    await ana.does("resolve")
    for act in ("resolve", "hand-back"):
        await ana.does(act, status=409)
    for act, body in (("assign", {"memberId": None}), ("reply", {"text": "Hi"})):
        await ana.does(act, body, status=409)


async def test_a_person_takes_over_from_the_agent(ana: Person, user: Talker, project: Owned) -> None:
    await ana.does("hand-back")
    assert await user.say("Hm") == ["Back."]
    assert (await ana.does("take"))["status"] == "taken"
    assert await user.say("Hello?") == []
    await ana.does("hand-back")
    assert await user.say("Hello?") == ["Hello!", "handoff", "escalation"]
    await ana.does("take", user="nobody", status=404)


async def test_notes_are_for_the_others_alone(ana: Person, user: Talker, project: Owned) -> None:
    note = await ana.does("note", {"text": "Pads are in stock."}, status=201)
    shown = (await ana.client.get(ana.path("/user_1"))).json()
    assert shown["notes"] == [note]
    assert [each["content"] for each in shown["messages"]] == ["Hello!"]
    assert "Pads" not in str(await user.state())


async def test_it_is_assigned_to_who_may_answer(
    ana: Person, user: Talker, project: Owned, server: Edge, database: Database
) -> None:
    ben, _ = member(database, project, "Ben")
    viewer, _ = member(database, project, "Vic", "viewer")
    assert (await ana.does("assign", {"memberId": ben}))["member"] == {"id": ben, "name": "Ben"}
    await ana.does("take", status=409)
    for wrong in (viewer, "mem_0"):
        refused = await ana.does("assign", {"memberId": wrong}, status=400)
        assert refused["details"][0]["path"] == "memberId"
    assert (await ana.does("assign", {"memberId": None}))["status"] == "waiting"
    await ana.does("take")


async def test_what_is_snoozed_comes_back_when_the_user_writes(ana: Person, user: Talker) -> None:
    await ana.does("take")
    until = "2026-01-01T00:00:00Z"
    for wrong in (until, "9999-01-01T00:00:00Z", "tomorrow"):
        assert (await ana.does("snooze", {"until": wrong}, status=400))["details"][0]["path"] == "until"
    later = f"{now().year + 1}-01-01T00:00:00Z" if now().month > 1 else f"{now().year}-12-01T00:00:00Z"
    await ana.does("snooze", {"until": later})
    assert (await ana.lists("mine"), await ana.lists(), await ana.lists("snoozed")) == ([], [], ["user_1"])
    await user.say("Still there?")
    assert (await ana.lists("mine"), await ana.lists("snoozed")) == (["user_1"], [])


async def test_queues_are_paged(ana: Person, project: Owned) -> None:
    users = [f"u:{number}@example.com" for number in range(5)]
    for name in users:
        await Talker(project.client, name).launch()
    assert await ana.lists() == users[::-1]
    page = await ana.client.get(ana.path("?limit=2"))
    seen = [each["userId"] for each in page.json()["entries"]]
    while "next" in page.links:
        page = await ana.client.get(page.links["next"]["url"])
        seen += [each["userId"] for each in page.json()["entries"]]
    assert seen == users[::-1]
    assert (await ana.client.get(ana.path("?queue=old"))).status_code == 400


async def test_a_conversation_that_is_reset_leaves_the_inbox(ana: Person, user: Talker, project: Owned) -> None:
    await ana.does("note", {"text": "Hm."}, status=201)
    assert (await project.client.delete(user.path("state"))).status_code == 204
    assert await ana.lists() == []
    assert (await ana.client.get(ana.path("/user_1"))).status_code == 404


async def test_only_those_who_see_to_the_project_see_it(
    ana: Person, user: Talker, project: Owned, server: Edge, database: Database
) -> None:
    _, token = member(database, project, "Vic", "viewer")
    async with new_client(server, key=token) as client:
        viewer = Person(client, project.id)
        assert await viewer.lists() == ["user_1"]
        await viewer.does("take", status=403)
    async with new_client(server, key=new_token(database)) as client:
        stranger = Person(client, project.id)
        await stranger.does("take", status=404)
        assert (await client.get(stranger.path())).status_code == 404
    assert (await project.client.get(ana.path())).status_code == 401


async def test_replies_are_ready(ana: Person) -> None:
    path = f"/api/v1/projects/{ana.project}/saved-replies"
    added = await ana.client.post(path, json={"name": "hours", "text": "From 9 to 17."})
    assert added.status_code == 201, added.text
    one = f"{path}/{added.json()['id']}"
    twice = await ana.client.post(path, json={"name": "hours", "text": "?"})
    assert (twice.status_code, twice.json()["details"][0]["path"]) == (409, "name")
    changed = await ana.client.patch(one, json={"text": "From 9 to 18."})
    assert (await ana.client.get(path)).json() == [changed.json()]
    assert changed.json()["text"] == "From 9 to 18."
    assert (await ana.client.delete(one)).status_code == 204
    assert (await ana.client.delete(one)).status_code == 404
    assert (await ana.client.get(path)).json() == []
