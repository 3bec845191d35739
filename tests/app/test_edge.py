"""What all requests and answers have in common."""

import httpx2

from tests.conftest import Owned


async def test_an_unknown_path_is_a_404_with_the_error_body(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing at this address.", "code": "NOT_FOUND"}
    assert answer.headers["X-Request-Id"].startswith("req_")
    assert answer.headers["X-RateLimit-Limit"] == "300"


async def test_the_server_is_alive_and_ready(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_a_project_is_made_and_read(project: Owned, owner: httpx2.AsyncClient) -> None:
    read = await owner.get(f"/v1/projects/{project.id}")
    assert read.json()["id"] == project.id
    assert (await project.client.get("/api/v1/project")).json()["id"] == project.id
