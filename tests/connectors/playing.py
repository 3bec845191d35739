"""A real HTTP server that plays a service, and somebody who uses a connector there."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from conduet.engine.connector import ActionType, ConnectorType
from conduet.engine.fields import Value
from conduet.engine.outside import Code, Mail, McpRequest, Request, Response
from conduet.engine.plugins import Plugins
from conduet.engine.template import render_json
from conduet.engine.trace import Trace
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json, to_json, to_text
from conduet.kit.http import Outgoing, OutgoingError, Place

CONNECTORS = Plugins.installed().connectors
NOW = "2026-09-01T08:30:00.000Z"


@dataclass(frozen=True)
class Answer:
    """What the service says: `body` is written as JSON unless it is text; `seconds` pass before."""

    status: int = 200
    body: Json = field(default_factory=dict[str, Json])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0

    def response(self) -> web.Response:
        is_text = isinstance(self.body, str)
        text = str(self.body) if is_text else to_json(self.body)
        return web.Response(
            status=self.status,
            text=text,
            headers=self.headers,
            content_type=None if "Content-Type" in self.headers else "text/html" if is_text else "application/json",
        )


@dataclass(frozen=True)
class Sent:
    """What the connector sent: `url` is the service's own, as the connector wrote it."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Service:
    """A server on loopback that answers by a script, its last entry for ever; and whoever uses a connector there."""

    outgoing: Outgoing
    script: list[Answer] = field(default_factory=lambda: [Answer()])
    sent: list[Sent] = field(default_factory=list[Sent])
    port: int = 0
    patience: float = 5
    _urls: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.Response:
        answer = self.script[min(len(self.sent), len(self.script) - 1)]
        body = await request.text()
        self.sent.append(Sent(request.method, self._urls[-1], request.headers, request.query, body))
        await asyncio.sleep(answer.seconds)
        return answer.response()

    async def use(
        self, provider: str, action: str, *, credentials: Mapping[str, Json], inputs: Mapping[str, Json]
    ) -> Any:
        """Does it, as the `integration` tool does."""
        connector = CONNECTORS[provider]
        deed = action_of(connector, action)
        return await deed.model_validate(inputs).run(connector.credentials.model_validate(credentials), Use(self))

    async def call(self, request: Request) -> Response:
        """The connector's call, to the host it names, but on this machine."""
        self._urls.append(request.url)
        here = str(URL(request.url, encoded=True).with_scheme("http").with_host("127.0.0.1").with_port(self.port))
        answer = await self.outgoing.request(
            request.method,
            here,
            headers=request.headers,
            query=request.query,
            body=request.body,
            timeout_seconds=min(request.timeout_seconds, self.patience),
            retries=request.retries,
            admit={Place("127.0.0.1", self.port)},
        )
        return Response(answer.status, {name.lower(): value for name, value in answer.headers}, answer.text())


@dataclass
class Use:
    """A `ToolUse` outside of any turn."""

    service: Service
    args: Mapping[str, Json] = field(default_factory=dict[str, Json])
    variables: Mapping[str, Json] = field(default_factory=dict[str, Json])
    mails: list[Mail] = field(default_factory=list[Mail])

    def value(self, value: Value) -> Json:
        return render_json(value.source, {**self.variables, "args": dict(self.args), "sys": {"now": NOW}}).value

    def text(self, value: Value) -> str:
        return to_text(self.value(value))

    def assign(self, name: str, value: Json) -> bool:
        raise AssertionError("a connector sets no variable")

    def note(self, trace: Trace) -> None:
        raise AssertionError("a connector leaves no trace")

    async def call(self, request: Request) -> Response:
        try:
            return await self.service.call(request)
        except OutgoingError as error:
            raise ToolFailure(error.code, error.message) from None

    async def compute(self, code: Code) -> Json:
        raise AssertionError("a connector runs no code")

    async def mail(self, mail: Mail) -> None:
        self.mails.append(mail)

    async def mcp(self, request: McpRequest) -> Json:
        raise AssertionError("a connector asks no MCP server")

    async def once(self, work: Callable[[ToolUse], Awaitable[Json]]) -> Json:
        return await work(self)


def action_of(connector: ConnectorType, name: str) -> ActionType:
    found = connector.find_action(name)
    assert found is not None
    return found


async def failing(awaited: Awaitable[object]) -> tuple[str, str]:
    """The code and the words of the failure."""
    with pytest.raises(ToolFailure) as raised:
        await awaited
    return raised.value.code, raised.value.message
