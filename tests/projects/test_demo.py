from typing import Any

import pytest

from conduet.accounts.principal import ProjectScope
from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.engine.step import Step
from conduet.errors import Conflict
from conduet.kit.db import Database
from conduet.kit.plugin import discover
from conduet.projects import demo, store
from tests.conftest import Owned

STEPS = discover("conduet.steps", Step)


def test_the_demo_has_no_problems():
    assert check(compile_document(demo.read_demo(), STEPS)) == []


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
