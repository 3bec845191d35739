"""Teams that hear of conversations in a thread of their own, and answer there."""

import asyncio
import json
import time
from typing import Any

import httpx2
import pytest

from conduet.engine.channel.signing import hex_hmac
from tests.deployments.calling import Line, Place, signed
from tests.engine.talk import line as flow
from tests.engine.talk import step
from tests.webhooks.receiving import PATIENCE_SECONDS

SIGNING = "a-signing-secret-of-slack"
SECRET = "a-secret-that-both-sides-know"
USER = "user_1"
HELP = flow(
    step("hello", "message", text="Hello!"), step("over", "handoff", target="Workshop", reason="A <b> & brake.")
)


class Team:
    """A team in Slack, and a user who talks to the agent over the API."""

    def __init__(self, line: Line, deployment: dict[str, Any]) -> None:
        self.line = line
        self.deployment = deployment

    async def user(self, text: str | None) -> list[dict[str, Any]]:
        action = {"type": "text", "payload": text} if text else {"type": "launch", "payload": None}
        path = f"{self.line.path}/conversations/{USER}/interact"
        answer = await self.line.owner.post(path, json={"action": action})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def posts(self, count: int) -> list[dict[str, Any]]:
        """What Slack was asked to post, once it is so much."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = [json.loads(body) for _, body in self.line.receiver.came if body]
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.02)

    async def answers(self, text: str, *, thread: str = "17.1", ts: str = "18.1", **more: Any) -> httpx2.Response:
        """Somebody of the team writes in a thread."""
        event = {"type": "message", "channel_type": "channel", "channel": "C1", "user": "U7", "ts": ts, **more}
        told = {
            "type": "event_callback",
            "event_id": f"Ev{ts}{more}",
            "event": {**event, "thread_ts": thread, "text": text},
        }
        body, at = json.dumps(told).encode(), str(int(time.time()))
        signature = hex_hmac(SIGNING, b":".join((b"v0", at.encode(), body)))
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
        headers["Content-Type"] = "application/json"
        return await self.line.outside.post(self.deployment["webhookUrl"], content=body, headers=headers)

    async def settled(self, status: str, count: int = 1) -> None:
        def is_so(found: list[dict[str, Any]]) -> bool:
            return [each["status"] for each in found] == [status] * count

        await self.line.until(self.deployment, is_so, name="messages")

    async def transcript(self) -> list[tuple[str, str]]:
        shown = (await self.line.owner.get(f"{self.line.path}/inbox/{USER}")).json()
        return [(each["role"], each["content"]) for each in shown["messages"]]


def targets(connector: str, **config: Any) -> dict[str, Any]:
    return {"handoff": {"targets": [{"name": "Workshop", "connectors": [{"connector": connector, "config": config}]}]}}


@pytest.fixture
async def team(line: Line) -> Team:
    await line.save(HELP, behaviourConfig=targets("slack", channel="C1"))
    config = {"botToken": "xoxb-1", "signingSecret": SIGNING, "baseUrl": f"{line.receiver.url}/slack"}
    body = {"channel": "slack", "config": config, "versionId": "development"}
    made = await line.owner.post(f"{line.path}/deployments", json=body)
    assert made.status_code == 201, made.text
    line.receiver.text = json.dumps({"ok": True, "ts": "17.1", "user": {"profile": {"real_name": "Ada"}}})
    return Team(line, made.json())


async def test_a_team_hears_of_a_conversation_and_its_answer_reaches_the_user_once(team: Team) -> None:
    await team.user(None)
    [first] = await team.posts(1)
    assert first["channel"] == "C1"
    assert "thread_ts" not in first
    assert "A &lt;b&gt; &amp; brake." in first["text"]
    assert f"/inbox/{USER}" in first["text"]
    await team.user("It squeaks.")
    more = (await team.posts(2))[1]
    assert (more["thread_ts"], more["text"]) == ("17.1", "It squeaks.")

    # Vendors send an event again, and one that mentions the app comes as two.
    for sent in (await team.answers("Bring it in."), await team.answers("Bring it in.")):
        assert sent.status_code == 200
    await team.answers("<@UBOT> Bring it in.", type="app_mention")
    await team.settled("done")
    assert await team.transcript() == [
        ("assistant", "Hello!"),
        ("user", "It squeaks."),
        ("person", "Bring it in."),
    ]
    events = await team.line.owner.get(f"{team.line.path}/inbox?queue=waiting")
    [entry] = events.json()["entries"]
    assert (entry["status"], entry["waitingSince"]) == ("waiting", None)


async def test_what_is_said_elsewhere_in_slack_is_nobodys_answer(team: Team) -> None:
    await team.user(None)
    await team.posts(1)
    assert (await team.answers("Lunch?", thread="99.9")).status_code == 200
    assert await team.line.log(team.deployment, "messages") == []
    forged = await team.line.outside.post(team.deployment["webhookUrl"], json={"type": "event_callback"})
    assert forged.status_code == 401
    assert await team.transcript() == [("assistant", "Hello!")]


async def test_a_team_is_told_why_its_answer_does_not_reach_the_user(team: Team) -> None:
    await team.user(None)
    await team.posts(1)
    back = await team.line.owner.post(f"{team.line.path}/inbox/{USER}/hand-back", json={})
    assert back.status_code == 200
    await team.answers("Too late.")
    await team.settled("failed")
    told = (await team.posts(2))[-1]
    assert "not told" in told["text"]
    assert told["thread_ts"] == "17.1"
    assert ("person", "Too late.") not in await team.transcript()


async def test_a_post_of_which_nothing_is_known_is_not_sent_again(team: Team) -> None:
    team.line.receiver.answers = [0]
    await team.user(None)
    await team.line.until(team.deployment, lambda found: [each["status"] for each in found] == ["unknown"])
    await team.user("Anybody?")
    posts = await team.posts(2)
    assert [post["text"] == "Anybody?" for post in posts] == [False, True]
    assert "thread_ts" not in posts[1]


async def test_a_project_without_such_a_deployment_finds_a_note_in_the_inbox(line: Line) -> None:
    await line.save(HELP, behaviourConfig=targets("email", to=["team@shop.example"]))
    team = Team(line, {})
    await team.user(None)
    notes: list[dict[str, Any]] = []
    while not notes:
        notes = (await line.owner.get(f"{line.path}/inbox/{USER}")).json()["notes"]
    assert "no deployment of 'email'" in notes[0]["text"]


async def test_a_team_answers_by_e_mail(line: Line, place: Place) -> None:
    await line.save(HELP, behaviourConfig=targets("email", to=["team@shop.example"]))
    smtp = {"host": "127.0.0.1", "port": place.systems.mail_port, "security": "none"}
    config = {"address": "help@shop.example", "smtp": smtp, "inboundSecret": SECRET}
    body = {"channel": "email", "config": config, "versionId": "development"}
    made = await line.owner.post(f"{line.path}/deployments", json=body)
    assert made.status_code == 201, made.text
    team, before = Team(line, made.json()), len(place.systems.mails)
    await team.user(None)
    await team.user("It squeaks.")
    first, second = (await place.systems.mail(before + 2))[before:]
    assert (first["To"], first["Subject"]) == ("team@shop.example", "A conversation waits: A <b> & brake.")
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["Subject"].startswith("Re: ")

    def mail(sender: str, number: str) -> bytes:
        lines = (
            f"From: {sender}",
            "To: help@shop.example",
            f"Message-ID: <{number}@shop.example>",
            f"In-Reply-To: {second['Message-ID']}",
            "Subject: Re: A conversation waits",
            "",
            "Bring it in.",
            "",
            "On Thursday somebody wrote:",
            "> It squeaks.",
        )
        return "\r\n".join(lines).encode()

    # A mail can be there before it is known here that it was accepted; nobody answers that fast.
    await line.until(team.deployment, lambda found: [each["status"] for each in found] == ["accepted"] * 2)
    for number, sender in enumerate(("Ada Lovelace <ada@shop.example>", "Eve <eve@evil.example>")):
        content = mail(sender, f"m{number}")
        path = str(team.deployment["webhookUrl"])
        for _ in range(2):
            sent = await line.outside.post(path, content=content, headers=signed(content, delivery=f"d-{number}"))
            assert sent.status_code == 200, sent.text
    await line.until(team.deployment, lambda found: len(found) == 2 and found[-1]["status"] == "done", name="messages")
    said = await team.transcript()
    assert [each for each in said if each[0] == "person"] == [("person", "Bring it in.")]
