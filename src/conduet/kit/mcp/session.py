"""The one place that speaks the SDK: a connection within a deadline, its tools, and the use of one.

Imported with the first use: the SDK takes a second.
"""

import logging
import re
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Final, cast

import anyio
import anyio.to_thread
import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import PARSE_ERROR, CallToolResult, Implementation
from pydantic import ValidationError

from conduet.kit.http.call import check_header, parse_url
from conduet.kit.http.errors import OutgoingError, TimedOut, Unreachable
from conduet.kit.http.guard import Guard
from conduet.kit.http.httpx import open_client
from conduet.kit.json import Json
from conduet.kit.mcp.errors import ServerFailed
from conduet.kit.mcp.server import McpServer

MAX_BYTES: Final = 1024 * 1024
MOST_TOOLS: Final = 500
MOST_PAGES: Final = 20
NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}")
"""The names that the specification of tools allows (2025-11-25); others are as if they were not there."""

NOT_ACCEPTED: Final = frozenset({401, 403})
CLIENT: Final = Implementation(name="Conduet", version="1")

# What it logs holds pieces of answers, and so may hold what is nobody else's business.
logging.getLogger("mcp").setLevel(logging.CRITICAL + 1)


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes a tenth of a second."""
    return httpx2.create_ssl_context(trust_env=False)


@asynccontextmanager
async def connect(guard: Guard, server: McpServer) -> AsyncGenerator[Client]:
    """A connection that is over at the server's deadline, whatever it is busy with.

    Raises an `OutgoingError` for all that goes wrong inside, `ServerFailed` where the server is to blame.
    """
    host = parse_url(server.url).host or ""
    for name, value in server.headers.items():
        check_header(name, value)
    statuses: list[int] = []
    tls = await anyio.to_thread.run_sync(trusted)
    try:
        # Not asyncio's: cut off once, the SDK would go on to say good-bye, for as long as the server likes.
        with anyio.fail_after(server.timeout_seconds):
            async with (
                open_client(
                    guard,
                    headers=server.headers,
                    # Above the deadline, so that it is the deadline that is told.
                    timeout_seconds=2 * server.timeout_seconds,
                    max_bytes=MAX_BYTES,
                    tls=tls,
                ) as http,
                _connected(http, server.url, statuses) as client,
            ):
                yield client
    except TimeoutError:
        raise TimedOut(f"{host} did not answer within {server.timeout_seconds:g} seconds.") from None
    except (MCPError, httpx2.HTTPError, ValidationError, RuntimeError, ExceptionGroup) as error:
        raise _told(error, host, statuses) from None


@asynccontextmanager
async def _connected(http: httpx2.AsyncClient, url: str, statuses: list[int]) -> AsyncGenerator[Client]:
    async def noted(response: httpx2.Response) -> None:
        statuses.append(response.status_code)

    http.event_hooks["response"].append(noted)
    transport = streamable_http_client(url, http_client=http, max_sse_event_size=MAX_BYTES)
    async with Client(transport, client_info=CLIENT, cache=None) as client:
        # The SDK holds results against the server's own schema, with expressions that may take for ever.
        client.session.validate_tool_result = _taken
        yield client


async def listed(client: Client) -> list[tuple[str, str, Json]]:
    """Name, description and input schema of each tool; a name that is none, or comes again, is passed over."""
    found: dict[str, tuple[str, str, Json]] = {}
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        for tool in page.tools:
            if NAME.fullmatch(tool.name):
                found.setdefault(tool.name, (tool.name, tool.description or "", cast("Json", tool.input_schema)))
        cursor = page.next_cursor
        if not cursor or len(found) >= MOST_TOOLS:
            break
    return list(found.values())[:MOST_TOOLS]


async def used(client: Client, name: str, arguments: Mapping[str, Json]) -> Json:
    """The tool's answer, as MCP writes it."""
    result = await client.call_tool(name, dict(arguments))
    kept = {"content", "structured_content", "is_error"}
    return cast("Json", result.model_dump(mode="json", by_alias=True, exclude_none=True, include=kept))


async def _taken(name: str, result: CallToolResult) -> None:
    """Any result."""


def _told(error: Exception, host: str, statuses: list[int]) -> Exception:
    """The error in our words; what is none of the network or the server is given back as it is."""
    while isinstance(error, ExceptionGroup):
        error = cast("ExceptionGroup[Exception]", error).exceptions[0]
    match error:
        case OutgoingError():
            return error
        case httpx2.ConnectError():
            return Unreachable(f"{host} could not be reached.")
        case MCPError() if statuses and statuses[-1] in NOT_ACCEPTED:
            return ServerFailed(f"{host} does not accept the credentials (status {statuses[-1]}).")
        case MCPError() if error.code != PARSE_ERROR:
            return ServerFailed(f"{host} answered with an error: {' '.join(error.error.message.split())}")
        case MCPError() | httpx2.HTTPError() | ValidationError() | RuntimeError():
            return ServerFailed(f"{host} did not answer as an MCP server does.")
        case _:
            return error
