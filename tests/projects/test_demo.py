import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.app.edge import Edge
from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.errors import Conflict
from conduet.kit.db import Database
from conduet.projects import demo, store
from tests.conftest import Owned, new_client, new_key

PLUGINS = Plugins.installed()


def test_the_demo_has_no_problems():
    assert check(compile_document(demo.read_demo(), PLUGINS)) == []


def test_the_demo_shows_what_a_flow_can_do():
    document: dict[str, Any] = demo.read_demo()
    types = {step["type"] for workflow in document["workflows"] for step in workflow["steps"]}
    assert types >= {
        "start",
        "message",
        "buttons",
        "condition",
        "set",
        "random",
        "workflow",
        "loop",
        "end",
        "delay",
        "capture",
        "media",
        "api",
        "code",
    }


def test_no_two_steps_of_the_demo_lie_on_each_other():
    document: dict[str, Any] = demo.read_demo()
    for workflow in document["workflows"]:
        places = [(step["position"]["x"], step["position"]["y"]) for step in workflow["steps"]]
        apart = [
            abs(x - other_x) >= 260 or abs(y - other_y) >= 100
            for index, (x, y) in enumerate(places)
            for other_x, other_y in places[index + 1 :]
        ]
        assert all(apart), workflow["id"]


async def test_the_demo_is_added_once(database: Database, project: Owned):
    account = database.read_now(lambda tx: store.find_account(tx, ProjectScope(project.id)))
    assert account is not None
    scope = database.write_now(lambda tx: demo.add_demo(tx, account, now_ms=1_700_000_000_000))
    try:
        assert scope == ProjectScope(demo.DEMO_ID)
        assert database.read_now(lambda tx: store.get_project(tx, scope)).name == "Spoke & Wheel"
        with pytest.raises(Conflict):
            database.write_now(lambda tx: demo.add_demo(tx, account, now_ms=1_700_000_000_000))
    finally:
        database.write_now(lambda tx: store.remove_project(tx, scope))


class Talk:
    """A conversation with the demo over HTTP."""

    def __init__(self, project: Owned) -> None:
        self.project = project

    async def say(self, text: str) -> list[dict[str, Any]]:
        answer = await self.project.client.post(
            "/api/v1/conversations/user_123/interact", json={"action": {"type": "text", "payload": text}}
        )
        assert answer.status_code == 200, answer.text
        traces = answer.json()
        assert not [trace for trace in traces if trace["type"] in ("error", "debug")]
        return traces


def said(traces: list[dict[str, Any]]) -> str:
    return "\n".join(trace["payload"]["message"] for trace in traces if trace["type"] == "text")


def shown(traces: list[dict[str, Any]]) -> list[str]:
    return [button["label"] for button in traces[-1]["payload"]["buttons"]]


@pytest.fixture
async def talk(server: Edge, owner: httpx2.AsyncClient, project: Owned, database: Database) -> AsyncIterator[Talk]:
    account = database.read_now(lambda tx: store.find_account(tx, ProjectScope(project.id)))
    assert account is not None
    scope = database.write_now(lambda tx: demo.add_demo(tx, account, now_ms=1_700_000_000_000))
    try:
        async with new_client(server, key=await new_key(owner, demo.DEMO_ID)) as client:
            yield Talk(Owned(demo.DEMO_ID, "", client))
    finally:
        database.write_now(lambda tx: store.remove_project(tx, scope))


async def test_the_demo_greets_books_a_repair_loops_back_and_ends(talk: Talk):
    assert shown(await talk.say("Hello!")) == ["Book a repair", "See prices", "Opening hours", "Nothing, thanks"]
    assert "What does your bike need?" in said(await talk.say("book a repair!"))
    assert "name" in said(await talk.say("The chain squeaks"))
    assert "e-mail" in said(await talk.say("Kim"))
    assert "does not look like" in said(await talk.say("kim at example"))
    assert "Saturdays" in said(await talk.say("When are you open?"))
    offered = await talk.say("kim@example.com")
    assert "typing" in [trace["type"] for trace in offered]
    assert "“The chain squeaks”" in said(offered)
    assert "kim@example.com" in said(offered)
    assert re.search(r"(Ana|Jonas) has time on \w+day at \d+:00 for", said(offered))
    booked = await talk.say("Yes, book it")
    assert "image" in [trace["type"] for trace in booked]
    assert shown(booked) == ["Yes, please", "No, that is all"]
    assert "What can we do for you?" in said(await talk.say("yes please"))
    prices = said(await talk.say("See prices"))
    assert all(job in prices for job in ("A flat tyre: 18 €", "New brakes: 45 €", "A full service: 79 €"))
    ended = await talk.say("No, that is all")
    assert [trace["type"] for trace in ended] == ["text", "resolution", "end"]
    assert "Kim" in said(ended)
    assert "Kim" in said(await talk.say("Hello again"))


async def test_the_demo_goes_on_without_an_e_mail_address(talk: Talk):
    for text in ("Hi", "Book a repair", "A flat tyre mended", "Kim", "no", "none"):
        await talk.say(text)
    offered = await talk.say("I have none")
    assert "under your name" in said(offered)
    assert "about 18 €" in said(offered)
    assert "nothing is booked" in said(await talk.say("No, thanks"))


async def test_another_project_is_refused_the_workshops_calendar(owner: httpx2.AsyncClient, project: Owned):
    copied = await owner.post(f"/api/v1/projects/{project.id}/persist", json=demo.read_demo())
    assert copied.status_code == 200, copied.text
    start = {"workflowId": "repair", "stepId": "calendar"}
    body = {"message": "Hi", "start": start, "variables": {"mechanic": "Ana", "job": "new brakes"}}
    traces = (await owner.post(f"/api/v1/projects/{project.id}/chat", json=body)).json()["traces"]
    (error,) = [trace["payload"] for trace in traces if trace["type"] == "error"]
    assert error["code"] == "ADDRESS_REFUSED"
    assert "soon" in said(traces)
