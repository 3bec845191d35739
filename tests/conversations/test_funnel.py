"""Which ways conversations take, told from the steps that their turns came by."""

from typing import Any

import httpx2
import pytest

from tests.conftest import Owned
from tests.conversations.talking import ASK, VARIABLES, Talker, save

FUNNEL = "/api/v1/analytics/funnel"


@pytest.fixture
async def talked(owner: httpx2.AsyncClient, project: Owned) -> Owned:
    """Ada came to the end, Bob stays at the size, Eve and Mal at the name."""
    await save(owner, project, ASK, variables=VARIABLES)
    users = {name: Talker(project.client, name) for name in ("ada", "bob", "eve", "mal")}
    for user in users.values():
        await user.launch()
    for name in ("ada", "bob"):
        await users[name].say(name)
    await users["ada"].press("Large")
    return project


def by_step(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["stepId"]: step for step in told["steps"]}


async def test_each_step_tells_who_came_by_and_who_stays(talked: Owned, owner: httpx2.AsyncClient) -> None:
    told = (await talked.client.get(FUNNEL)).json()
    assert (told["conversations"], told["truncated"]) == (4, False)
    steps = by_step(told)
    assert {name: (each["conversations"], each["droppedOff"]) for name, each in steps.items()} == {
        "start": (4, 0),
        "hello": (4, 0),
        "name": (4, 2),
        "count": (2, 0),
        "thanks": (2, 0),
        "size": (2, 1),
        "bye": (1, 0),
        "end": (1, 0),
    }
    assert (steps["name"]["visits"], steps["name"]["dropOff"]) == (4, 0.5)
    assert steps["name"]["ports"] == [{"port": "next", "count": 2}]
    assert steps["size"]["ports"] == [{"port": "l", "count": 1}]
    assert told == (await owner.get(f"/api/v1/projects/{talked.id}/analytics/funnel")).json()


async def test_the_most_used_ways_come_first(talked: Owned) -> None:
    paths = (await talked.client.get(FUNNEL)).json()["paths"]
    assert [each["conversations"] for each in paths] == [2, 1, 1]
    assert [step["stepId"] for step in paths[0]["steps"]] == ["start", "hello", "name"]
    assert {path["steps"][0]["workflowId"] for path in paths} == {"main"}


async def test_a_funnel_is_looked_at_by_user_outcome_and_workflow(talked: Owned) -> None:
    ended = (await talked.client.get(f"{FUNNEL}?resolved=true")).json()
    assert (ended["conversations"], len(ended["paths"])) == (1, 1)
    assert not any(step["droppedOff"] for step in ended["steps"])
    elsewhere = (await talked.client.get(f"{FUNNEL}?workflowId=other")).json()
    assert elsewhere == {"conversations": 0, "truncated": False, "steps": [], "paths": []}
    assert (await talked.client.get(f"{FUNNEL}?from=never")).status_code == 400


async def test_a_forgotten_user_is_in_no_funnel(talked: Owned) -> None:
    assert (await talked.client.delete("/api/v1/users/ada")).status_code == 204
    told = (await talked.client.get(FUNNEL)).json()
    assert (told["conversations"], by_step(told).get("end")) == (3, None)
