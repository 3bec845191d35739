"""A mistake of syntax in code is told while it is drawn, with its line, and nothing of the code is run for that."""

import asyncio
import json
from pathlib import Path

import httpx2
import pytest

from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.kit.sandbox.pool import Sandbox
from conduet.projects.reading_code import CodeReader
from tests.cli.served import conduet
from tests.conftest import Owned
from tests.engine.talk import line, step

BROKEN = "const days = variables.days;\n\nreturn { variables: { price: days * } };"
TOLD = "This cannot be read: line 3: unexpected token in expression: '}'."


async def problems(owner: httpx2.AsyncClient, project: Owned, code: str) -> list[tuple[str, str, str]]:
    flow = line(step("price", "code", code=code))
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json={"workflows": [flow]})
    assert saved.status_code == 200, saved.text
    return [(each["severity"], each["path"], each["message"]) for each in saved.json()["problems"]]


async def test_a_mistake_is_told_with_its_line_and_keeps_the_project_from_being_published(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    found = [("error", "workflows[0].steps[1].config.code", TOLD)]
    assert await problems(owner, project, BROKEN) == found
    drawn = (await owner.get(f"/api/v1/projects/{project.id}/problems")).json()
    assert [(each["stepId"], each["code"], each["message"]) for each in drawn] == [("price", "UNREADABLE", TOLD)]
    published = await owner.post(f"/api/v1/projects/{project.id}/publish", json={})
    assert (published.status_code, published.json()["details"][0]["path"]) == (400, found[0][1])
    assert await problems(owner, project, BROKEN.replace("days *", "days * 15")) == []
    assert (await owner.post(f"/api/v1/projects/{project.id}/publish", json={})).status_code == 201


@pytest.mark.parametrize(
    "code",
    [
        "while (true) {}",
        "throw new Error('not now')",
        "return await later",
        "// nothing",
        "}); while (true); (async function () {",
        "const found = await Promise.all([1]); return { say: found }",
    ],
)
async def test_what_can_be_read_is_no_problem_and_is_not_run(
    owner: httpx2.AsyncClient, project: Owned, code: str
) -> None:
    assert await problems(owner, project, code) == []


async def test_nobody_stands_in_line_behind_code_that_runs_to_save() -> None:
    sandbox = Sandbox(workers=1, wait_seconds=60)
    endless = sandbox.run("while (true) {}", project="p", inputs={}, timeout_seconds=60, now_ms=0, seed=0)
    busy = asyncio.create_task(endless)
    # It takes the only place before anybody else can.
    await asyncio.sleep(0)
    flow = line(step("price", "code", code=BROKEN))
    drawn = compile_document({"name": "Bikes", "workflows": [flow]}, Plugins.installed())
    assert await CodeReader(sandbox).problems(drawn, owner="p") == []
    assert not busy.done()
    busy.cancel()
    await sandbox.close()


def test_it_is_told_without_a_server_too(tmp_path: Path) -> None:
    tool = {"id": "t", "name": "t", "description": "x", "type": "function", "config": {"code": BROKEN}}
    project = tmp_path / "project.json"
    project.write_text(json.dumps({"name": "Bikes", "framework": "agentic", "tools": [tool]}))
    checked = conduet("check", str(project), "--json")
    assert checked.returncode == 1, checked.stderr
    told = [(each["path"], each["message"]) for each in json.loads(checked.stdout) if each["severity"] == "error"]
    assert told == [("tools[0].config.code", TOLD)]
