"""The tool that talks to a project, served with the MCP SDK; imported with the first request that needs it."""

from typing import Any, Final

import orjson
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.types import Message, Receive, Scope, Send

from conduet.accounts.principal import Principal
from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.turn import Ask
from conduet.conversations.turns import Turns
from conduet.conversations.wire import USER_ID, check_message
from conduet.engine.action import TextAction, action_json
from conduet.errors import ConduetError, NotFound
from conduet.kit.exchange import Exchange
from conduet.kit.ids import new_id
from conduet.projects.store import PRODUCTION

NAME: Final = "talk"
PLATFORM: Final = "mcp"
ACCEPT: Final = (b"accept", b"application/json, text/event-stream")
"""What every answer is taken as: whoever sends MCP understands both, whatever the header says."""


class Words(BaseModel):
    """What the tool takes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    message: str = Field(min_length=1, description="What you say to the assistant.")
    userId: str | None = Field(  # noqa: N815  # the name that clients know from the API
        default=None,
        pattern=USER_ID,
        description="The conversation: leave it out to begin one, send the one you were given to go on.",
    )


class Talk:
    """One request's part of the server: the project that its key opens, and who asks."""

    def __init__(self, turns: Turns, principal: Principal, *, name: str, about: str, seen: Exchange) -> None:
        self._turns = turns
        self._principal = principal
        self._name = name
        self._about = about
        self._seen = seen

    def server(self) -> Server[Any]:
        """The server with its one tool."""
        return Server(
            self._name, version="1", instructions=self._told, on_list_tools=self._list, on_call_tool=self._call
        )

    @property
    def _told(self) -> str:
        about = f" {self._about}" if self._about else ""
        return f"Talks to the assistant {self._name!r}, and returns what it answers.{about}"

    async def _list(self, _: object, __: PaginatedRequestParams | None) -> ListToolsResult:
        schema = Words.model_json_schema()
        schema["properties"]["userId"] = {
            "type": "string",
            "description": schema["properties"]["userId"]["description"],
        }
        return ListToolsResult(tools=[Tool(name=NAME, title=self._name, description=self._told, input_schema=schema)])

    async def _call(self, _: object, params: CallToolRequestParams) -> CallToolResult:
        if params.name != NAME:
            return _failed(f"There is no tool {params.name!r}: there is {NAME!r}.")
        try:
            words = Words.model_validate(params.arguments or {})
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False)[0]
            return _failed(f"{'.'.join(map(str, wrong['loc'])) or 'arguments'}: {wrong['msg']}.")
        user_id = words.userId or new_id("user")
        try:
            return _answered(user_id, await self._taken(user_id, words.message))
        except NotFound:
            return _failed("The project is not published yet: publish it, then ask again.")
        except ConduetError as error:
            return _failed(error.message)

    async def _taken(self, user_id: str, message: str) -> list[dict[str, Any]]:
        """The traces of the turn. Raises why there are none."""
        action = TextAction(type="text", payload=message)
        check_message(action)
        scope = ConversationScope(self._principal.scope, user_id)
        asker = Asker(scope, PLATFORM, self._principal.credential_id)
        ask = Ask(asker, PRODUCTION, action, orjson.dumps(action_json(action)), None)
        answer = await self._turns.take(ask, self._seen).answer()
        return orjson.loads(answer.body)


async def serve(talk: Talk, scope: Scope, body: bytes, send: Send) -> None:
    """Answers one request of a project's client."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [*(header for header in scope["headers"] if header[0] != ACCEPT[0]), ACCEPT]
    await _answer(talk.server(), {**scope, "headers": headers}, receive, send)


async def _answer(server: Server[Any], scope: Scope, receive: Receive, send: Send) -> None:
    manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(scope, receive, send)


def _answered(user_id: str, traces: list[dict[str, Any]]) -> CallToolResult:
    said = [trace["payload"]["message"] for trace in traces if trace["type"] == "text"]
    choices = [
        button["label"] for trace in traces if trace["type"] == "buttons" for button in trace["payload"]["buttons"]
    ]
    content = [TextContent(text=text) for text in said]
    if choices:
        content.append(TextContent(text=f"It offers: {', '.join(choices)}."))
    content.append(TextContent(text=f"(To go on with this conversation, send userId {user_id!r} along.)"))
    told = {"userId": user_id, "messages": said, "choices": choices, "ended": any(t["type"] == "end" for t in traces)}
    failed = not said and any(trace["type"] == "error" for trace in traces)
    return CallToolResult(content=[*content], structured_content=told, is_error=failed)


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=message)], is_error=True)
