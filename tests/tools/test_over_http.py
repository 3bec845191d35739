"""Tools of a project on a whole server: what they reach, what is kept of it, and a turn run again."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
import uvicorn

from conduet.app.edge import Edge
from conduet.conversations.journal import Journals
from conduet.kit.db import Database
from conduet.settings import Settings
from tests.conftest import Owned, new_client
from tests.conversations.far_away import FarAway, far_away, reaching
from tests.conversations.talking import Talker, save
from tests.kit.mcp.conftest import bicycle_shop
from tests.tools.using import MAIN, VARIABLES, tool

SECRET = "s3cr3t-value-of-sixteen"
LAUNCH = {"type": "launch"}


@pytest.fixture(scope="module")
async def far() -> AsyncIterator[FarAway]:
    async with far_away() as far:
        yield far


@pytest.fixture(scope="module")
async def shop() -> AsyncIterator[str]:
    """The address of an MCP server."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(bicycle_shop().streamable_http_app(), log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    server.should_exit = True
    await serving


@pytest.fixture(scope="module")
async def reacher(far: FarAway, shop: str, settings: Settings, server: Edge) -> AsyncIterator[Edge]:
    place = shop.removeprefix("http://").removesuffix("/mcp")
    async with reaching(settings, far.place, place) as reacher:
        yield reacher


@pytest.fixture
async def user(reacher: Edge, project: Owned) -> AsyncIterator[Talker]:
    async with new_client(reacher, key=project.key) as client:
        yield Talker(client)


async def use(owner: httpx2.AsyncClient, project: Owned, user: Talker, used: dict[str, Any]) -> list[dict[str, Any]]:
    """The traces of a turn that uses the tool; run again, it says the same."""
    secrets = [{"name": "KEY", "value": SECRET}]
    await save(owner, project, MAIN, tools=[used], variables=VARIABLES, secrets=secrets)
    traces = (await user.send(LAUNCH)).json()
    again = await user.client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
    assert again.json()["differences"] == []
    return traces


def kept_of(database: Database, project: Owned) -> str:
    """All that the database holds of the project's turns."""
    statement = sa.text("select journal, traces from turn where project_id = :project")
    rows = database.read_now(lambda tx: tx.execute(statement, {"project": project.id}).all())
    return "\n".join(str(Journals().read(bytes(row.journal)).entries) + str(row.traces) for row in rows)


async def test_an_integration_asks_its_service_and_keeps_no_secret(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker, database: Database
) -> None:
    used = tool(
        "integration",
        provider="webhook",
        action="send",
        credentials={"url": f"{far.url}/bikes", "secret": "{{secrets.KEY}}"},
        inputs={"payload": {"who": "{{who}}"}},
    )
    before = len(far.asked)
    traces = await use(owner, project, user, used)
    assert [trace["type"] for trace in traces] == ["tool-call", "tool-call", "text"]
    assert len(far.asked) == before + 1
    signature = far.asked[-1].headers["X-Conduet-Signature"]
    assert far.bodies[-1] == '{"who":"Ann"}'
    kept = kept_of(database, project)
    assert SECRET not in kept
    assert signature.startswith("sha256=")
    assert signature not in kept
    assert "blue" in kept


async def test_a_refusal_leaves_by_error_in_the_service_s_words(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker
) -> None:
    used = tool(
        "integration",
        provider="webhook",
        action="send",
        credentials={"url": f"{far.url}/nowhere", "secret": "{{secrets.KEY}}"},
        inputs={"payload": {}},
    )
    traces = await use(owner, project, user, used)
    assert [trace["type"] for trace in traces] == ["tool-call", "tool-call", "error", "text"]
    assert traces[1]["payload"]["ok"] is False
    assert traces[2]["payload"]["code"] == "REFUSED"


async def test_an_mcp_server_is_used_and_a_replay_asks_it_nothing(
    owner: httpx2.AsyncClient, project: Owned, user: Talker, shop: str
) -> None:
    used = tool("mcp", url=shop, tools=["price"])
    main = {**MAIN, "steps": [{**MAIN["steps"][0]}, *MAIN["steps"][1:]]}
    main["steps"] = [
        {**each, "config": {**each["config"], "inputs": {"model": "city"}}} if each["id"] == "use" else each
        for each in main["steps"]
    ]
    await save(owner, project, main, tools=[used], variables=VARIABLES)
    traces = (await user.send(LAUNCH)).json()
    assert traces[-1]["payload"]["message"] == 'done {"euros":4}'
    again = await user.client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
    assert again.json()["differences"] == []


async def test_an_mcp_server_inside_the_network_is_refused(
    owner: httpx2.AsyncClient, project: Owned, server: Edge, shop: str
) -> None:
    await save(owner, project, MAIN, tools=[tool("mcp", url=shop, tools=["price"])], variables=VARIABLES)
    async with new_client(server, key=project.key) as client:
        traces = (await Talker(client).send(LAUNCH)).json()
    (error,) = [trace["payload"] for trace in traces if trace["type"] == "error"]
    assert error["code"] == "ADDRESS_REFUSED"


async def test_what_is_wrong_with_a_tool_is_told_when_it_is_saved(owner: httpx2.AsyncClient, project: Owned) -> None:
    used = tool("integration", provider="slack", action="post-message", credentials={"token": "xoxb-1"})
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json={"tools": [used]})
    told = {(problem["code"], problem["path"]) for problem in saved.json()["problems"]}
    assert {
        ("EXPOSED_SECRET", "tools[0].config.credentials.token"),
        ("REQUIRED", "tools[0].config.inputs.channel"),
        ("REQUIRED", "tools[0].config.inputs.text"),
    } <= told
    published = await owner.post(f"/api/v1/projects/{project.id}/publish", json={})
    assert published.status_code == 400
    refused = await owner.patch(
        f"/api/v1/projects/{project.id}", json={"tools": [used | {"parameters": {"type": "x"}}]}
    )
    assert refused.status_code == 400
    assert refused.json()["details"][0]["path"] == "tools[0].parameters.type"
