"""Listing and using tools, against real servers that behave, and servers that do not."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from mcp.server import MCPServer
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from conduet.kit.http import AllowPrivate
from conduet.kit.http.guard import Guard
from conduet.kit.http.resolver import SystemResolver
from conduet.kit.mcp import McpServer, McpServers
from tests.kit.mcp.asking import answering, refused, speaking, tool, use
from tests.kit.mcp.conftest import Serve, bicycle_shop, guard

pytestmark = pytest.mark.slow


async def test_tools_are_listed_with_their_descriptions_and_schemas(serve: Serve) -> None:
    url = await serve(bicycle_shop().streamable_http_app())
    price, fail = await McpServers().list_tools(guard(url), McpServer(url))
    assert (price["name"], price["description"]) == ("price", "What a bicycle costs.")
    assert isinstance(price["inputSchema"], dict)
    assert price["inputSchema"]["required"] == ["model"]
    assert len({price["pin"], fail["pin"]}) == 2


@pytest.mark.parametrize("how", [{}, {"json_response": True}, {"stateless_http": True}], ids=str)
async def test_a_tool_is_used(serve: Serve, how: dict[str, Any]) -> None:
    url = await serve(bicycle_shop().streamable_http_app(**how))
    answer = await use(McpServers(), url, "price", model="city", days=3)
    assert answer["structuredContent"] == {"euros": 12}
    assert answer["isError"] is False
    assert set(answer) == {"content", "structuredContent", "isError"}


async def test_a_tool_of_a_server_of_the_older_kind_is_used(serve: Serve) -> None:
    url = await serve(speaking(tool("help")))
    assert (await use(McpServers(), url, "help"))["content"] == [{"type": "text", "text": "done"}]


async def test_a_tool_that_fails_says_so_in_its_answer(serve: Serve) -> None:
    url = await serve(bicycle_shop().streamable_http_app())
    answer = await use(McpServers(), url, "fail")
    assert answer["isError"] is True


async def test_headers_go_along_and_a_refusal_of_them_is_told(serve: Serve) -> None:
    inner = bicycle_shop().streamable_http_app()

    async def locked(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and (b"authorization", b"Bearer sesame") not in scope["headers"]:
            await PlainTextResponse("who are you?", status_code=401)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    url = await serve(locked)
    servers = McpServers()
    right = McpServer(url, {"Authorization": "Bearer sesame"})
    wrong = McpServer(url, {"Authorization": "Bearer mellon"})
    answer: Any = await servers.use_tool(guard(url), right, "price", arguments={"model": "city"}, pin=None)
    assert answer["structuredContent"] == {"euros": 4}
    code, message = await refused(servers.list_tools(guard(url), wrong))
    assert code == "MCP_FAILED"
    assert message == "127.0.0.1 does not accept the credentials (status 401)."


async def test_a_bug_stays_one(serve: Serve) -> None:
    class Broken:
        async def lookup(self, host: str) -> list[str]:
            raise ZeroDivisionError(host)

    with pytest.raises(ZeroDivisionError):
        await McpServers().list_tools(Guard(AllowPrivate(), Broken()), McpServer("https://a.example/mcp"))


async def test_an_unknown_tool_is_told_with_those_there_are(serve: Serve) -> None:
    url = await serve(bicycle_shop().streamable_http_app())
    servers = McpServers()
    for _ in range(2):
        code, message = await refused(use(servers, url, "rent"))
        assert (code, message) == ("UNKNOWN_TOOL", "The server has no tool 'rent'. It has fail, price.")


async def test_names_that_are_none_are_passed_over_and_the_first_of_two_counts(serve: Serve) -> None:
    odd = ["", "a b", "../../etc/passwd", "drop;table", "x" * 129, "tool\n", "\u202eevil", "help\x00", "<b>"]
    url = await serve(speaking(*map(tool, odd), tool("help", "The first."), tool("help", "The second.")))
    (listed,) = await McpServers().list_tools(guard(url), McpServer(url))
    assert (listed["name"], listed["description"]) == ("help", "The first.")


async def test_a_list_that_never_ends_is_cut(serve: Serve) -> None:
    asked: list[Any] = []

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            return Response(status_code=405)
        message = await request.json()
        if "id" not in message:
            return Response(status_code=202)
        if message["method"] == "tools/list":
            asked.append(message)
            result: Any = {"tools": [tool(f"t{len(asked)}")], "nextCursor": str(len(asked))}
        elif message["method"] == "initialize":
            result = {
                "protocolVersion": "2025-06-18",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "x", "version": "1"},
            }
        else:
            error = {"code": -32601, "message": "Method not found"}
            return JSONResponse({"jsonrpc": "2.0", "id": message["id"], "error": error})
        return JSONResponse({"jsonrpc": "2.0", "id": message["id"], "result": result})

    url = await serve(answering(answer))
    assert len(await McpServers().list_tools(guard(url), McpServer(url))) == len(asked) == 20


async def test_a_server_that_is_away_is_told_at_once(serve: Serve, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/mcp"
    assert await refused(use(McpServers(), url, "help")) == ("UNREACHABLE", "127.0.0.1 could not be reached.")


async def test_a_server_that_comes_back_is_used_again(serve: Serve) -> None:
    servers = McpServers()
    url = await serve(speaking(tool("help")))
    away = url.replace("/mcp", "/gone")
    assert (await refused(use(servers, away, "help")))[0] == "MCP_FAILED"
    assert (await use(servers, url, "help"))["content"]


@pytest.mark.parametrize("silent_at", ["server/discover", "initialize", "tools/list", "tools/call", "DELETE"])
async def test_a_server_that_says_nothing_is_left_at_the_deadline(serve: Serve, silent_at: str) -> None:
    inner = bicycle_shop().streamable_http_app()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        body = b""
        more = scope["method"] == "POST"
        while more:
            part = await receive()
            body += part["body"]
            more = part.get("more_body", False)
        message: dict[str, Any] = json.loads(body) if body else {}
        if silent_at in (message.get("method"), scope["method"]):
            await asyncio.sleep(30)
        if silent_at == "initialize" and message.get("method") == "server/discover":
            error = {"code": -32601, "message": "Method not found"}
            answer = JSONResponse({"jsonrpc": "2.0", "id": message["id"], "error": error})
            await answer(scope, receive, send)
            return
        parts = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Any:
            return next(parts, None) or await receive()

        await inner(scope, again, send)

    url = await serve(slow)
    server = McpServer(url, timeout_seconds=0.5)
    began = asyncio.get_running_loop().time()
    using = McpServers().use_tool(guard(url), server, "price", arguments={"model": "city"}, pin=None)
    if silent_at == "DELETE":
        await using
    else:
        assert await refused(using) == ("TIMED_OUT", "127.0.0.1 did not answer within 0.5 seconds.")
    assert asyncio.get_running_loop().time() - began < 3


async def test_a_server_that_drips_is_left_at_the_deadline(serve: Serve) -> None:
    async def drip(request: Request) -> Response:
        async def drops() -> AsyncGenerator[str]:
            while True:
                yield ": still there\n\n"
                await asyncio.sleep(0.05)

        return StreamingResponse(drops(), media_type="text/event-stream")

    url = await serve(answering(drip))
    server = McpServer(url, timeout_seconds=0.5)
    assert (await refused(McpServers().list_tools(guard(url), server)))[0] == "TIMED_OUT"


@pytest.mark.parametrize("size", [2 * 1024 * 1024])
@pytest.mark.parametrize("as_json", [True, False])
async def test_an_answer_that_is_too_large_is_none(serve: Serve, size: int, as_json: bool) -> None:
    server = MCPServer("large")

    @server.tool()
    def large() -> str:
        """A great deal."""
        return "x" * size

    url = await serve(server.streamable_http_app(json_response=as_json))
    code, message = await refused(use(McpServers(), url, "large"))
    assert code in ("RESPONSE_TOO_LARGE", "MCP_FAILED")
    assert len(message) < 500


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>Welcome</html>", media_type="text/html"),
        Response("nonsense", media_type="application/json"),
        Response("[1, 2", media_type="text/event-stream"),
        JSONResponse({"jsonrpc": "2.0", "id": 99, "result": "?"}),
        JSONResponse({"error": "no"}, status_code=500),
        Response(status_code=204),
        Response(status_code=302, headers={"Location": "http://169.254.169.254/latest/meta-data"}),
    ],
    ids=lambda answer: f"{answer.status_code} {bytes(answer.body)[:12]!r}",
)
async def test_whatever_is_no_mcp_is_told_in_words(serve: Serve, answer: Response) -> None:
    async def same(request: Request) -> Response:
        return answer

    url = await serve(answering(same))
    code, message = await refused(McpServers().list_tools(guard(url), McpServer(url, timeout_seconds=2)))
    assert code in ("MCP_FAILED", "TIMED_OUT")
    assert message.startswith("127.0.0.1 ")


async def test_nothing_of_an_answer_is_logged(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    async def same(request: Request) -> Response:
        return Response('{"secret": "s3cr3t"', media_type="application/json")

    url = await serve(answering(same))
    with caplog.at_level(logging.DEBUG):
        _, message = await refused(McpServers().list_tools(guard(url), McpServer(url)))
    assert "s3cr3t" not in message
    assert not [record for record in caplog.records if "s3cr3t" in record.getMessage() + str(record.exc_info)]


async def test_an_address_that_may_not_be_called_is_refused(serve: Serve) -> None:
    url = await serve(bicycle_shop().streamable_http_app())
    strict = Guard(AllowPrivate(), SystemResolver())
    servers = McpServers()
    for address in (url, url.replace("127.0.0.1", "[::1]"), "http://169.254.169.254/mcp"):
        assert (await refused(servers.list_tools(strict, McpServer(address))))[0] == "ADDRESS_REFUSED"
    # A listing that another may see is not shown to who may not.
    await servers.list_tools(guard(url), McpServer(url))
    assert (await refused(servers.list_tools(strict, McpServer(url))))[0] == "ADDRESS_REFUSED"


@pytest.mark.parametrize(
    "url", ["ftp://a.example/mcp", "http://me:secret@a.example/", "http://a\\b/", "mcp", "http://"]
)
async def test_what_is_no_web_address_is_refused_before_anything_is_sent(url: str) -> None:
    server = McpServer(url)
    strict = Guard(AllowPrivate(), SystemResolver())
    code, message = await refused(McpServers().list_tools(strict, server))
    assert code == "INVALID_CALL"
    assert "secret" not in message


async def test_headers_that_frame_a_message_are_not_the_builders(serve: Serve) -> None:
    server = McpServer("http://a.example/mcp", {"Host": "b.example"})
    strict = Guard(AllowPrivate(), SystemResolver())
    assert (await refused(McpServers().list_tools(strict, server)))[0] == "INVALID_CALL"


async def test_a_schema_of_the_server_costs_the_client_no_time(serve: Serve) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}
    url = await serve(speaking(tool("help", outputSchema=schema)))
    async with asyncio.timeout(3):
        assert (await use(McpServers(), url, "help"))["structuredContent"] == {"a": "a" * 28 + "!"}
