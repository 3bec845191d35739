"""The published project as an MCP server, asked by the official SDK's client."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from conduet.app.edge import Edge
from tests.conftest import Owned, new_key
from tests.conversations.talking import ASK, VARIABLES, publish, save

URL = "http://conduet.test/api/v1/mcp"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@asynccontextmanager
async def connected(server: Edge, key: str) -> AsyncGenerator[Client]:
    """The SDK's client, with a key."""
    transport = httpx2.ASGITransport(server, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(transport=transport, headers=headers) as http,
        Client(streamable_http_client(URL, http_client=http)) as client,
    ):
        yield client


def told(result: Any) -> list[str]:
    return [each.text for each in result.content]


async def test_the_one_tool_talks_to_the_project(server: Edge, owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    await publish(owner, project)
    async with connected(server, project.key) as client:
        (tool,) = (await client.list_tools()).tools
        assert (tool.name, tool.title) == ("talk", "Test")
        assert tool.input_schema["required"] == ["message"]
        first = await client.call_tool("talk", {"message": "Hi"})
        assert first.structured_content["messages"] == ["Hello!", "Your name?"]
        user_id = first.structured_content["userId"]
        assert told(first)[:2] == ["Hello!", "Your name?"]
        assert user_id in told(first)[-1]
        second = await client.call_tool("talk", {"message": "Ada", "userId": user_id})
        assert second.structured_content["messages"][0] == "Thank you, Ada."
        assert not second.is_error
    listed = (await owner.get(f"/api/v1/projects/{project.id}/transcripts")).json()
    assert {each["platform"] for each in listed} == {"mcp"}


async def test_a_project_that_is_not_published_says_so(server: Edge, project: Owned) -> None:
    async with connected(server, project.key) as client:
        answer = await client.call_tool("talk", {"message": "Hi"})
    assert answer.is_error
    assert told(answer) == ["The project is not published yet: publish it, then ask again."]


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("dance", {}, "There is no tool 'dance'"),
        ("talk", {}, "message: Field required"),
        ("talk", {"message": "Hi", "userId": "a b"}, "userId: String should match"),
        ("talk", {"message": "Hi" * 40_000}, ""),
    ],
)
async def test_what_the_tool_cannot_take_is_told(
    server: Edge, project: Owned, name: str, arguments: dict[str, Any], message: str
) -> None:
    async with connected(server, project.key) as client:
        answer = await client.call_tool(name, arguments)
    assert answer.is_error
    assert told(answer)[0].startswith(message)


async def test_a_key_is_needed_that_is_secret(
    server: Edge, owner: httpx2.AsyncClient, client: httpx2.AsyncClient, project: Owned
) -> None:
    widget = await new_key(owner, project.id, type="widget", allowedOrigins=["https://shop.example"])
    assert (await client.post("/api/v1/mcp", json=LIST)).status_code == 401
    for key in ("cdt_wrong", widget):
        refused = await client.post("/api/v1/mcp", json=LIST, headers={"Authorization": f"Bearer {key}"})
        assert refused.status_code == 401
        with pytest.raises((MCPError, httpx2.HTTPError, ExceptionGroup)):
            async with connected(server, key) as connection:
                await connection.list_tools()


async def test_what_is_no_message_is_refused_by_path(project: Owned) -> None:
    refused = await project.client.post("/api/v1/mcp", json={"jsonrpc": "1.0", "method": "tools/list"})
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "jsonrpc")
    assert (await project.client.get("/api/v1/mcp")).status_code == 405


async def test_nothing_is_kept_between_requests(project: Owned) -> None:
    """No session has to be opened: each request stands for itself."""
    listed = await project.client.post("/api/v1/mcp", json=LIST, headers={"Accept": "*/*"})
    assert listed.json()["result"]["tools"][0]["name"] == "talk"
    assert "mcp-session-id" not in listed.headers
    noted = await project.client.post("/api/v1/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert noted.status_code == 202
