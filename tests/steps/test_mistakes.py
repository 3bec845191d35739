"""Every mistake in the configuration of a step is told by its path: on saving, or as a problem of the draft.

`refused.py` and `unfinished.py` are the tables. A type of step, or a field of one, that is not in them fails here.
"""

import re
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from conduet.engine.step import Step
from tests.conftest import Owned
from tests.engine.declared import declared
from tests.engine.talk import STEPS, step, workflow
from tests.steps.refused import REFUSED
from tests.steps.unfinished import UNFINISHED, UNKNOWN_FIELD, WORLD

ANYTHING = {("api", "body"), ("client-action", "payload"), ("set", "assignments[].value")}
"""Fields that any JSON fits."""
REFERENCES = {
    "variable": "UNKNOWN_VARIABLE",
    "variables": "UNKNOWN_VARIABLE",
    "workflow": "UNKNOWN_WORKFLOW",
    "tool": "UNKNOWN_TOOL",
    "tools": "UNKNOWN_TOOL",
    "playbook": "UNKNOWN_PLAYBOOK",
    "playbooks": "UNKNOWN_PLAYBOOK",
}

every_type = pytest.mark.parametrize("kind", STEPS.values(), ids=STEPS.keys())


def holding(kind: type[Step], *configs: Mapping[str, Any]) -> dict[str, Any]:
    """A document with a step for each configuration, laid over the example; `steps[0]` is the start."""
    steps = [step(f"s{index}", kind.type, **{**kind.example, **config}) for index, config in enumerate(configs)]
    return {"workflows": [workflow("main", *steps), workflow("wf_address")], **WORLD}


@every_type
async def test_a_mistake_of_shape_is_refused_by_its_path(
    owner: httpx2.AsyncClient, project: Owned, kind: type[Step]
) -> None:
    rows = REFUSED[kind.type]
    told: list[str] = []
    # No more than a hundred mistakes are told at once.
    for some in (rows[:90], rows[90:]):
        first = len(told)
        saved = await owner.patch(f"/api/v1/projects/{project.id}", json=holding(kind, *(config for _, config in some)))
        assert (saved.status_code, saved.json().get("code")) == ((400, "BAD_REQUEST") if some else (200, None))
        details = saved.json().get("details", ())
        assert all(detail["message"] for detail in details)
        told += (shifted(detail["path"], by=first - 1) for detail in details)
    assert sorted(told) == sorted(f"{index} {path}" for index, (path, _) in enumerate(rows))


@every_type
async def test_what_is_unfinished_is_a_problem_at_its_path(
    owner: httpx2.AsyncClient, project: Owned, kind: type[Step]
) -> None:
    rows = (*UNFINISHED[kind.type], UNKNOWN_FIELD)
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json=holding(kind, *(config for *_, config in rows)))
    assert saved.status_code == 200, saved.text
    problems = (await owner.get(f"/api/v1/projects/{project.id}/problems")).json()
    assert problems == saved.json()["problems"]
    here = [each for each in problems if ".config" in each["path"] and each["code"] != "DEAD_PORT"]
    assert all(each["message"] and each["fix"] for each in here)
    assert {each["stepId"] for each in here} == {f"s{index}" for index in range(len(rows))}
    assert sorted((shifted(each["path"], by=-1), each["code"]) for each in here) == sorted(
        (f"{index} {path}", code) for index, (code, path, _) in enumerate(rows)
    )


@every_type
async def test_its_example_has_no_problem(owner: httpx2.AsyncClient, project: Owned, kind: type[Step]) -> None:
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json=holding(kind, {}))
    assert [
        each for each in saved.json()["problems"] if ".config" in each["path"] and each["code"] != "DEAD_PORT"
    ] == []


def shifted(path: str, *, by: int) -> str:
    """`workflows[0].steps[3].config.text` as `2 text`."""
    found = re.fullmatch(r"workflows\[0\]\.steps\[(\d+)\]\.config\.(.+)", path)
    assert found, path
    return f"{int(found[1]) + by} {found[2]}"


def test_no_type_of_step_is_forgotten() -> None:
    assert {*REFUSED} == {*UNFINISHED} == {*STEPS}


@every_type
def test_no_field_is_forgotten(kind: type[Step]) -> None:
    wrong = {plain(path) for path, _ in REFUSED[kind.type]}
    unfinished = {(code, plain(path)) for code, path, _ in UNFINISHED[kind.type]}
    for field in declared(kind):
        if (kind.type, field.path) not in ANYTHING:
            assert field.path in wrong, f"{field.path} has no wrong type"
        if field.hints.get("needed"):
            assert ("REQUIRED", field.path) in unfinished
        if (code := REFERENCES.get(str(field.hints.get("control")))) is not None:
            named = {path for each, path in unfinished if each == code}
            assert any(re.fullmatch(rf"{re.escape(field.path)}(\[\]|\..+)?", path) for path in named), field.path
        if field.reads:
            told = {path for each, path in unfinished if each in ("UNKNOWN_VARIABLE", "UNREADABLE")}
            assert any(re.fullmatch(rf"{re.escape(field.path)}(\[\]|\..+)?", path) for path in told), field.path


def plain(path: str) -> str:
    """A path without the numbers of its items."""
    return re.sub(r"\[\d+\]", "[]", path)
