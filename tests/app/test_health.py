"""What supervisors and Prometheus ask."""

from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.db import Database
from conduet.migrations import migrate
from conduet.settings import Settings
from tests.conftest import Owned, started


def local(app: Edge, address: str = "127.0.0.1") -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app, client=(address, 1)), base_url="http://conduet.test")


async def test_the_server_is_alive_and_ready(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_it_is_not_ready_on_a_database_of_another_version(client: httpx2.AsyncClient, database: Database) -> None:
    database.write_now(lambda tx: tx.execute(sa.text("update alembic_version set version_num = version_num || 'x'")))
    try:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
        assert (await client.get("/healthz")).status_code == 200
    finally:
        database.write_now(
            lambda tx: tx.execute(sa.text("update alembic_version set version_num = replace(version_num, 'x', '')"))
        )


async def test_metrics_are_for_this_machine(server: Edge, client: httpx2.AsyncClient, project: Owned) -> None:
    await project.client.get("/api/v1/project")
    async with local(server) as here:
        answer = await here.get("/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        line = 'conduet_http_request_duration_seconds_count{method="GET",route="/api/v1/project",status="200"} '
        assert line in answer.text
        assert project.id not in answer.text
        for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
            assert (await here.get("/metrics", headers={header: "127.0.0.1"})).status_code == 401
    for name in ({}, {"Authorization": "Bearer None"}, {"Authorization": "Bearer "}):
        answer = await client.get("/metrics", headers=name)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")


async def test_metrics_are_for_who_has_the_token(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, metrics_token="m3trics")
    migrate(settings.database)
    app = create_app(settings)
    async with started(app), local(app, "203.0.113.1") as elsewhere:
        assert (await elsewhere.get("/metrics")).status_code == 401
        assert (await elsewhere.get("/metrics", headers={"Authorization": "Bearer other"})).status_code == 401
        assert (await elsewhere.get("/metrics", headers={"Authorization": "Bearer m3trics"})).status_code == 200


@pytest.mark.parametrize("path", ["/nothing/at/all", "/api/v1/projects/x/nothing"])
async def test_no_address_as_it_came_is_a_label(server: Edge, client: httpx2.AsyncClient, path: str) -> None:
    await client.request("ODDITY", path)
    async with local(server) as here:
        text = (await here.get("/metrics")).text
    assert path not in text
    assert "ODDITY" not in text
    assert 'method="other",route="none",status="404"' in text
