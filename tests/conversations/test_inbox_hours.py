"""What users are told when nobody is there, or nobody comes; and what an agent reads when it has them again."""

import asyncio
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from conduet.kit.clock import now
from conduet.kit.db import Database
from tests.conftest import Owned
from tests.conversations.listening import Listener
from tests.conversations.talking import Talker, save, told
from tests.engine.talk import line, step

FLOW = line(step("over", "handoff", target="Workshop"), step("back", "message", text="Back."))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def targets(*found: dict[str, Any]) -> dict[str, Any]:
    return {"handoff": {"targets": list(found)}}


def closed_now() -> dict[str, Any]:
    """Hours of a day that is not near."""
    return {"days": [DAYS[(now().weekday() + 3) % 7]], "opens": "09:00", "closes": "17:00"}


async def test_out_of_hours_the_user_is_told_when_somebody_is_there(owner: httpx2.AsyncClient, project: Owned) -> None:
    closed = {"name": "Workshop", "hours": [closed_now()], "closed": "We are closed.", "waitMinutes": 1, "waiting": "?"}
    await save(owner, project, FLOW, behaviourConfig=targets({"closed": "Not this."}, closed))
    user = Talker(project.client)
    assert await user.launch() == ["handoff", "escalation", "We are closed."]
    assert user.last is not None
    handoff = user.last.json()[0]["payload"]
    assert handoff["opensAt"].endswith("T09:00:00.000Z")
    assert handoff["opensAt"] > now().isoformat()


ALWAYS = {"days": [*DAYS], "opens": "00:00", "closes": "00:00"}


@pytest.mark.parametrize("hours", [[], [ALWAYS]])
async def test_in_hours_nothing_is_said(owner: httpx2.AsyncClient, project: Owned, hours: list[Any]) -> None:
    await save(owner, project, FLOW, behaviourConfig=targets({"hours": hours, "closed": "We are closed."}))
    user = Talker(project.client)
    assert await user.launch() == ["handoff", "escalation"]
    assert user.last is not None
    assert "opensAt" not in user.last.json()[0]["payload"]


async def test_who_waits_for_long_is_told_once(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener, database: Database
) -> None:
    limit = {"name": "Workshop", "waitMinutes": 0.005, "waiting": "It takes longer today."}
    await save(owner, project, FLOW, behaviourConfig=targets(limit))
    user = Talker(project.client)
    await user.launch()
    async with listener.open("GET", user.path("events"), key=project.key) as stream:
        heard = [(await stream.next()).data for _ in range(2)]
    assert told(heard) == ["handoff", "It takes longer today."]
    assert (await user.state())["history"][-1]["role"] == "assistant"
    entry = (await owner.get(f"/api/v1/projects/{project.id}/inbox/user_1")).json()["entry"]
    assert entry["status"] == "waiting"
    left = sa.text("select count(*) from job where kind = 'inbox-late' and project_id = :project")
    assert database.read_now(lambda tx: tx.execute(left, {"project": project.id}).scalar_one()) == 0


async def test_who_is_answered_in_time_is_told_nothing(owner: httpx2.AsyncClient, project: Owned) -> None:
    limit = {"waitMinutes": 0.01, "waiting": "It takes longer today."}
    await save(owner, project, FLOW, behaviourConfig=targets(limit))
    user = Talker(project.client)
    await user.launch()
    taken = await owner.post(f"/api/v1/projects/{project.id}/inbox/user_1/take")
    assert taken.status_code == 200, taken.text
    await asyncio.sleep(1.2)
    assert (await user.state())["history"] == []


async def test_what_is_wrong_with_a_target_is_told_by_its_path(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}"
    saved = await owner.patch(path, json={"behaviourConfig": targets({"timeZone": "Mars/Base"})})
    paths = [each["path"] for each in saved.json()["problems"]]
    assert "behaviourConfig.handoff.targets[0].timeZone" in paths
    wrong = {"hours": [{"opens": "9 o'clock"}], "waitMinutes": 0}
    refused = await owner.patch(path, json={"behaviourConfig": targets(wrong)})
    assert refused.status_code == 400
    assert {each["path"] for each in refused.json()["details"]} == {
        "behaviourConfig.handoff.targets[0].hours[0].opens",
        "behaviourConfig.handoff.targets[0].waitMinutes",
    }
