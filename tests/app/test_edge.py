"""What all requests and answers have in common."""

import httpx2


async def test_an_unknown_path_is_a_404_with_the_error_body(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing at this address.", "code": "NOT_FOUND"}
    assert answer.headers["X-Request-Id"].startswith("req_")
    assert answer.headers["X-RateLimit-Limit"] == "300"


async def test_the_server_is_alive_and_ready(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
