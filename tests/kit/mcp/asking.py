"""What the tests of MCP servers say and play."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conduet.kit.http import OutgoingError
from conduet.kit.json import Json
from conduet.kit.mcp import McpServer, McpServers
from tests.kit.mcp.conftest import guard


async def use(servers: McpServers, url: str, name: str, pin: str | None = None, **arguments: Json) -> Any:
    return await servers.use_tool(guard(url), McpServer(url), name, arguments=arguments, pin=pin)


async def refused(awaited: Awaitable[object]) -> tuple[str, str]:
    """The code and the words of what goes wrong."""
    with pytest.raises(OutgoingError) as raised:
        await awaited
    return raised.value.code, raised.value.message


async def pins(servers: McpServers, url: str) -> dict[str, str]:
    return {tool["name"]: tool["pin"] for tool in await servers.list_tools(guard(url), McpServer(url))}


def answering(answer: Callable[[Request], Awaitable[Response]]) -> Starlette:
    """A server that is none of MCP's."""
    return Starlette(routes=[Route("/mcp", answer, methods=["GET", "POST", "DELETE"])])


def speaking(*tools: dict[str, Any], seen: list[dict[str, Any]] | None = None) -> Starlette:
    """A server of the older kind, by hand, that tells what a well-made one would not: these tools, word for word."""

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            return Response(status_code=405)
        message = await request.json()
        if seen is not None:
            seen.append(message)
        results: dict[str, Any] = {
            "initialize": {
                "protocolVersion": "2025-06-18",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "by hand", "version": "1"},
            },
            "tools/list": {"tools": list(tools)},
            "tools/call": {"content": [{"type": "text", "text": "done"}], "structuredContent": {"a": "a" * 28 + "!"}},
        }
        if "id" not in message:
            return Response(status_code=202)
        if message["method"] not in results:
            error = {"code": -32601, "message": "Method not found"}
            return JSONResponse({"jsonrpc": "2.0", "id": message["id"], "error": error})
        return JSONResponse({"jsonrpc": "2.0", "id": message["id"], "result": results[message["method"]]})

    return answering(answer)


def tool(name: str, description: str = "It helps.", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": description, "inputSchema": {"type": "object"}, **more}


def changing(tools: list[dict[str, Any]], seen: list[dict[str, Any]]) -> Starlette:
    """A server that tells whatever is in `tools` just then."""

    async def answer(request: Request) -> Response:
        inner = speaking(*tools, seen=seen).routes[0]
        assert isinstance(inner, Route)
        return await inner.endpoint(request)

    return answering(answer)
