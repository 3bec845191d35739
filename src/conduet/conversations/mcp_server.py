"""A published project as an MCP server: one tool, which talks to it."""

import asyncio
from importlib import import_module
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from conduet.accounts.access import Access
from conduet.conversations.turns import Turns
from conduet.conversations.wire import parse_body
from conduet.kit.exchange import exchange
from conduet.projects.service import Projects

PATH: Final = "/api/v1/mcp"
SLOW_IMPORT: Final = "conduet.conversations.mcp_tool"
"""The SDK takes a second and 60 MB: only who is asked for it has it."""


class McpMessage(BaseModel):
    """A message of JSON-RPC 2.0 as MCP's streamable HTTP sends it; one without an `id` is a notification."""

    model_config = ConfigDict(extra="allow", strict=True)

    jsonrpc: Annotated[Literal["2.0"], Field(description="The version of JSON-RPC.")]
    method: Annotated[str, Field(min_length=1, description="Such as `initialize`, `tools/list` or `tools/call`.")]
    id: Annotated[str | int | None, Field(description="What the answer is known by.")] = None
    params: Annotated[dict[str, JsonValue] | None, Field(description="What the method takes.")] = None


class McpServing:
    """The endpoint. Nothing is kept between two requests, so that any process may answer any of them."""

    def __init__(self, access: Access, projects: Projects, turns: Turns) -> None:
        self._access = access
        self._projects = projects
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        principal = await self._access.by_key(request, widget=False, turn=False)
        body = await request.body()
        parse_body(body, McpMessage)
        about = (await self._projects.get(principal.scope)).summary
        tool = await asyncio.to_thread(import_module, SLOW_IMPORT)
        talk = tool.Talk(self._turns, principal, name=about.name, about=about.description, seen=exchange(scope))
        await tool.serve(talk, scope, body, send)


def mcp_routes(access: Access, projects: Projects, turns: Turns) -> tuple[Route, ...]:
    """`POST /api/v1/mcp`."""
    return (Route(PATH, McpServing(access, projects, turns), methods=["POST"]),)
