"""Fifty endless loops of one project keep no user of another waiting."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import pytest

from benchmarks.served import Place, Project, make_project
from tests.cli.forked import Forked
from tests.engine.talk import line, step, workflow

pytestmark = pytest.mark.slow
LAUNCH = {"action": {"type": "launch"}, "versionId": "production"}
ENDLESS = workflow(
    "main",
    step("loop", "code", code="for (;;) {}", timeoutMs=100),
    step("no", "message", text="stopped"),
    wires="start > loop, loop.error > no",
)
WORKING = line(step("code", "code", code="return { say: `${6 * 7}` }"))
LOOPS = 50


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "data", popen=Forked)
    server = place.serve("--no-demo")
    try:
        server.wait_ready()
        yield place
    finally:
        server.stop()


def client_of(place: Place, project: Project) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{place.port}",
        headers={"Authorization": f"Bearer {project.key}"},
        limits=httpx2.Limits(max_connections=200),
        timeout=60,
        trust_env=False,
        verify=False,
    )


async def launch(client: httpx2.AsyncClient, user_id: str) -> list[dict[str, Any]]:
    """The traces of a turn."""
    answer = await client.post(f"/api/v1/conversations/{user_id}/interact", json=LAUNCH)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_endless_loops_keep_nobody_else_waiting(place: Place) -> None:
    url = f"http://127.0.0.1:{place.port}"
    endless = make_project(place, url, {"workflows": [ENDLESS]})
    scripted = make_project(place, url, {"workflows": [line(step("say", "message", text="42"))]})
    working = make_project(place, url, {"workflows": [WORKING]})
    async with (
        client_of(place, endless) as looping,
        client_of(place, scripted) as one,
        client_of(place, working) as two,
    ):
        assert (await launch(two, "warm"))[0]["payload"] == {"message": "42"}
        loops = [asyncio.create_task(launch(looping, f"u{number}")) for number in range(LOOPS)]
        await asyncio.sleep(0.2)
        waited: dict[httpx2.AsyncClient, list[int]] = {one: [], two: []}
        while not all(task.done() for task in loops) and len(waited[two]) < 20:
            for client, behind in waited.items():
                before = sum(task.done() for task in loops)
                traces = await launch(client, f"v{len(behind)}")
                assert traces[0]["payload"] == {"message": "42"}
                behind.append(sum(task.done() for task in loops) - before)
        # Counted in loops and not in seconds, since a machine that stalls does so for both. Who had to stand behind the
        # loops would be answered once, after the last of them.
        for behind in waited.values():
            assert len(behind) > 4
            assert median(behind) <= LOOPS // 10
        ends = [await task for task in loops]
    assert {traces[-1]["payload"]["message"] for traces in ends} == {"stopped"}
    told = [traces[0]["payload"]["message"] for traces in ends]
    assert all("ran longer than 100 ms" in message or "was not run" in message for message in told), told
