"""Which version a turn runs on: what was asked for, or what the conversation began with."""

import httpx2

from conduet.kit.db import Database
from tests.conftest import Owned
from tests.conversations.talking import VARIABLES, Talker, publish, save
from tests.conversations.times import age
from tests.engine.talk import line, step, workflow


def asking(version: str) -> dict[str, object]:
    """Asks for a name, then tells which version it is."""
    return workflow(
        "main",
        step("name", "capture", text=f"{version}: your name?", variable="name", type="text"),
        step("thanks", "message", text=f"{version}: thanks {{{{name}}}} on {{{{sys.versionId}}}}."),
        wires="start > name, name > thanks",
    )


async def test_development_is_the_default_and_is_the_draft_as_it_is(owner: httpx2.AsyncClient, project: Owned) -> None:
    user = Talker(project.client)
    await save(owner, project, line(step("say", "message", text="First.")))
    assert await user.launch() == ["First."]
    await save(owner, project, line(step("say", "message", text="Second.")))
    assert await user.launch() == ["Second."]
    assert await user.launch(versionId="development") == ["Second."]
    assert (await user.state())["versionId"] == "development"


async def test_a_waiting_draft_goes_on_in_the_draft_as_it_is(owner: httpx2.AsyncClient, project: Owned) -> None:
    user = Talker(project.client)
    await save(owner, project, asking("One"), variables=VARIABLES)
    await user.launch()
    await save(owner, project, asking("Two"), variables=VARIABLES)
    assert await user.say("Ada") == ["Two: thanks Ada on development."]


async def test_a_waiting_step_that_is_gone_means_at_rest(owner: httpx2.AsyncClient, project: Owned) -> None:
    user = Talker(project.client)
    await save(owner, project, asking("One"), variables=VARIABLES)
    await user.launch()
    await save(owner, project, line(step("say", "message", text="New.")))
    assert await user.say("Ada") == ["New."]


async def test_production_needs_something_published(owner: httpx2.AsyncClient, project: Owned) -> None:
    user = Talker(project.client)
    await save(owner, project, line(step("say", "message", text="Hello.")))
    refused = await user.send({"type": "launch"}, versionId="production")
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")
    assert "published" in refused.json()["error"]
    refused = await user.send({"type": "launch"}, versionId="ver_unknown")
    assert refused.status_code == 404
    await publish(owner, project)
    assert await user.launch(versionId="production") == ["Hello."]


async def test_a_conversation_stays_on_its_version_until_it_is_at_rest(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    user = Talker(project.client)
    await save(owner, project, asking("One"), variables=VARIABLES)
    first = await publish(owner, project)
    await user.launch(versionId="production")
    await save(owner, project, asking("Two"), variables=VARIABLES)
    second = await publish(owner, project)
    assert (await user.state())["versionId"] == first
    assert await user.say("Ada", versionId="production") == [f"One: thanks Ada on {first}."]
    assert await user.launch(versionId="production") == ["Two: your name?"]
    state = await user.state()
    assert (state["versionId"], state["variables"]["name"]) == (second, "Ada")
    # One version's id is an environment like any other: it waits for rest too.
    assert await user.say("Bob", versionId=first) == [f"Two: thanks Bob on {second}."]
    assert await user.launch(versionId=first) == ["One: your name?"]


async def test_development_takes_over_at_once(owner: httpx2.AsyncClient, project: Owned) -> None:
    user = Talker(project.client)
    await save(owner, project, asking("One"), variables=VARIABLES)
    await publish(owner, project)
    await user.launch(versionId="production")
    await save(owner, project, asking("Two"), variables=VARIABLES)
    assert await user.say("Ada") == ["Two: thanks Ada on development."]


async def test_a_draft_that_waits_is_left_for_production_when_it_is_at_rest(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    user = Talker(project.client)
    await save(owner, project, asking("One"), variables=VARIABLES)
    version = await publish(owner, project)
    await user.launch()
    assert await user.say("Ada", versionId="production") == ["One: thanks Ada on development."]
    await user.launch(versionId="production")
    assert (await user.state())["versionId"] == version


async def test_a_conversation_that_has_ended_takes_the_newest_version(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    user = Talker(project.client)
    await save(owner, project, line(step("end", "end", text="One.")))
    await publish(owner, project)
    assert await user.launch(versionId="production") == ["One.", "end"]
    await save(owner, project, line(step("end", "end", text="Two.")))
    await publish(owner, project)
    assert await user.launch(versionId="production") == ["Two.", "end"]


async def test_after_a_day_without_a_turn_a_conversation_is_at_rest(
    owner: httpx2.AsyncClient, project: Owned, database: Database
) -> None:
    user = Talker(project.client)
    await save(owner, project, asking("One"), variables=VARIABLES)
    await publish(owner, project)
    await user.launch(versionId="production")
    await save(owner, project, asking("Two"), variables=VARIABLES)
    second = await publish(owner, project)
    age(database, project, hours=23)
    assert await user.launch(versionId="production") == ["One: your name?"]
    age(database, project, hours=24)
    assert await user.say("Ada", versionId="production") == ["Two: your name?"]
    assert (await user.state())["versionId"] == second


async def test_what_a_turn_runs_on_outlives_the_next_save(owner: httpx2.AsyncClient, project: Owned) -> None:
    user = Talker(project.client)
    await save(owner, project, line(step("say", "message", text="First.")))
    await user.launch()
    turn_id = user.turn_id
    await save(owner, project, line(step("say", "message", text="Second.")))
    await save(owner, project, line(step("say", "message", text="Third.")))
    replayed = await project.client.post(user.path(f"turns/{turn_id}/replay"), json={})
    assert replayed.status_code == 200, replayed.text
    assert replayed.json()["traces"][0]["payload"]["message"] == "First."
