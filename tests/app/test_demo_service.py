"""The service that the demo calls: at a port of its own, for the demo alone."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.app import demo_service
from conduet.app.demo_service import DemoService
from conduet.conversations.world import World
from conduet.engine.outside import Request, Unreachable
from conduet.kit.crypto import KeyRing
from conduet.kit.db import open_database
from conduet.kit.http import AllowPrivate, Outgoing
from conduet.kit.mcp import McpServers
from conduet.kit.sandbox.pool import Sandbox
from conduet.projects.demo import DEMO_HOST, DEMO_ID

DEMO, OTHER = ProjectScope(DEMO_ID), ProjectScope("proj_other")
TRACE = "0" * 32


@pytest.fixture
async def service() -> AsyncIterator[DemoService]:
    service = DemoService()
    await service.start()
    yield service
    await service.close()


@pytest.fixture
async def world(service: DemoService, tmp_path: Path) -> AsyncIterator[World]:
    database = open_database(f"sqlite:///{tmp_path / 'none.sqlite'}", run_dir=tmp_path / "run")
    ring = KeyRing.open(None, tmp_path)
    world = World(Outgoing(AllowPrivate()), Sandbox(), McpServers(), database, ring, service.own)
    yield world
    await world.close()


def address(service: DemoService) -> str:
    assert service.own.place is not None
    return f"http://127.0.0.1:{service.own.place.port}"


async def test_the_demo_reaches_it_by_its_name_and_its_port(service: DemoService, world: World) -> None:
    query = {"mechanic": "Ana", "job": "brakes"}
    for url in (f"http://{DEMO_HOST}", address(service)):
        answer = await world.call(DEMO, Request("GET", f"{url}/offer", query=query), trace_id=TRACE)
        assert answer.status == 200
        assert answer.json() == {"slot": demo_slot("Ana"), "job": {"parts": 30, "minutes": 25}}
    answer = await world.call(DEMO, Request("GET", f"http://{DEMO_HOST}/offer?mechanic=Eve"), trace_id=TRACE)
    assert answer.status == 404


def demo_slot(mechanic: str) -> str:
    return demo_service.slot_of(mechanic, demo_service.today())


async def test_another_project_and_another_port_are_refused(service: DemoService, world: World) -> None:
    port = int(address(service).rpartition(":")[2])
    for project, url in (
        (OTHER, f"http://{DEMO_HOST}/offer"),
        (OTHER, f"http://{DEMO_HOST}"),
        (OTHER, f"{address(service)}/offer"),
        (OTHER, f"http://localhost:{port}/offer"),
        (DEMO, f"http://127.0.0.1:{port - 1}/offer"),
        (DEMO, f"http://127.0.0.2:{port}/offer"),
        (DEMO, f"http://localhost:{port}/offer"),
    ):
        with pytest.raises(Unreachable) as refused:
            await world.call(project, Request("GET", url), trace_id=TRACE)
        assert refused.value.code == "ADDRESS_REFUSED", url


async def test_it_is_gone_when_it_is_closed(service: DemoService, world: World) -> None:
    url = address(service)
    async with httpx2.AsyncClient(trust_env=False, verify=False, timeout=60) as client:
        assert (await client.get(f"{url}/offer?mechanic=Jonas")).status_code == 200
        await service.close()
        with pytest.raises(httpx2.HTTPError):
            await client.get(f"{url}/offer?mechanic=Jonas")
    with pytest.raises(Unreachable):
        await world.call(DEMO, Request("GET", f"http://{DEMO_HOST}/offer"), trace_id=TRACE)


@pytest.mark.parametrize(
    ("present", "day"),
    [(date(2026, 11, 26), "Friday"), (date(2026, 11, 27), "Saturday"), (date(2026, 11, 28), "Monday")],
)
def test_nobody_works_on_sundays(present: date, day: str) -> None:
    assert demo_service.slot_of("Ana", present).startswith(f"on {day} at ")
