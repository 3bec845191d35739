"""A project with one tool, which a flow uses; and a world that has MCP servers and mail servers, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conduet.engine.check import Problem, check
from conduet.engine.document import compile_document
from conduet.engine.journal import ReplayContext
from conduet.engine.outside import Mail, McpRequest, Unreachable
from conduet.engine.run import fresh_state, run
from conduet.engine.trace import Debug
from conduet.engine.values import Json
from conduet.errors import At, BadRequest
from conduet.kit.http import AllowPrivate, OutgoingError, Place
from conduet.kit.http.guard import Guard
from conduet.kit.http.resolver import SystemResolver
from conduet.kit.http.smtp import MailServer, send_mail
from conduet.kit.mcp import McpServer, McpServers
from tests.engine.talk import ACTION, PLUGINS, FakeContext, Talk, step, told, workflow
from tests.engine.world import World

SECRETS = {"KEY": "s3cr3t-value"}
VARIABLES: list[dict[str, Any]] = [
    {"name": "found", "type": "object"},
    {"name": "who", "default": "Ann"},
    {"name": "count", "type": "number"},
]
MAIN = workflow(
    "main",
    step("use", "tool", toolId="t", saveTo="found"),
    step("done", "message", text="done {{found}}"),
    step("failed", "message", text="failed"),
    wires="start > use, use > done, use.error > failed",
)


@dataclass
class Wide(World):
    """MCP and mail go to servers on this machine."""

    servers: McpServers = field(default_factory=McpServers)
    resolver: SystemResolver = field(default_factory=SystemResolver)
    places: list[Place] = field(default_factory=list[Place])
    asked: list[McpRequest] = field(default_factory=list[McpRequest])

    @property
    def guard(self) -> Guard:
        return Guard(AllowPrivate(places=frozenset(self.places)), self.resolver)

    async def mcp(self, request: McpRequest) -> Json:
        self.asked.append(request)
        server = McpServer(request.url, request.headers, request.timeout_seconds)
        try:
            if request.tool is None:
                return [dict(tool) for tool in await self.servers.list_tools(self.guard, server)]  # pyright: ignore[reportReturnType]  # a tool as JSON
            return await self.servers.use_tool(
                self.guard, server, request.tool, arguments=request.arguments, pin=request.pin
            )
        except OutgoingError as error:
            raise Unreachable(error.code, error.message) from None

    async def mail(self, mail: Mail) -> None:
        server = MailServer(mail.host, mail.port, mail.security, mail.user, mail.password)
        try:
            await send_mail(
                self.guard,
                server,
                mail.content,
                sender=mail.sender,
                recipients=mail.recipients,
                timeout_seconds=mail.timeout_seconds,
            )
        except OutgoingError as error:
            raise Unreachable(error.code, error.message) from None


def tool(kind: str, /, *, name: str = "helper", parameters: Any = None, **config: Any) -> dict[str, Any]:
    """A tool of a project."""
    return {
        "id": "t",
        "name": name,
        "description": "It helps.",
        "type": kind,
        "parameters": parameters or {},
        "config": config,
    }


def talk(
    world: World, used: dict[str, Any], *, mocks: dict[str, Any] | None = None, kind: str = "object", **inputs: Any
) -> Talk:
    """A conversation that uses the tool with these inputs; `found` keeps the result, if it is of that kind."""
    using = step("use", "tool", toolId="t", saveTo="found", inputs=inputs)
    main = {**MAIN, "steps": [using if each["id"] == "use" else each for each in MAIN["steps"]]}
    context = FakeContext(outside=world, held=SECRETS, mocks=mocks or {})
    variables = [{"name": "found", "type": kind}, *VARIABLES[1:]]
    return Talk(main, context=context, tools=[used], variables=variables, secrets=[{"name": "KEY"}])


async def use(world: World, used: dict[str, Any], *, kind: str = "object", **inputs: Any) -> Json:
    """What the tool comes to."""
    talking = talk(world, used, kind=kind, **inputs)
    lines = await talking.launch()
    assert lines[1] == "tool end helper True", [trace.payload() for trace in talking.seen]
    return talking.variables["found"]


async def failure(world: World, used: dict[str, Any], **inputs: Any) -> tuple[str, str]:
    """The code and the words of the `error` trace; nothing of a secret is told anywhere."""
    talking = talk(world, used, **inputs)
    await talking.launch()
    payloads = [trace.payload() for trace in talking.seen]
    assert SECRETS["KEY"] not in str(payloads)
    (error,) = [payload for trace, payload in zip(talking.seen, payloads, strict=True) if trace.type == "error"]
    assert told(talking.seen[-1]) == "failed"
    return str(error["code"]), str(error["message"])


async def replayed(talking: Talk) -> list[str]:
    """The lines of the first turn, run again from its journal, with no world at all."""
    context = ReplayContext(
        talking.context.entries, user_id="user_1", platform="api", version_id="development", secrets=SECRETS
    )
    state = fresh_state(talking.document, "development")
    launch = ACTION.validate_python({"type": "launch", "payload": None})
    traces = [trace async for trace in run(talking.document, state, launch, context)]
    return [told(trace) for trace in traces if not isinstance(trace, Debug)]


def problems(used: dict[str, Any], **more: Any) -> list[Problem]:
    """What is told about a document with this tool."""
    given: Mapping[str, Any] = {"variables": VARIABLES, "secrets": [{"name": "KEY"}], **more}
    return check(compile_document({"workflows": [MAIN], "tools": [used], **given}, PLUGINS))


def wrong(used: dict[str, Any]) -> list[At]:
    """Why a document with this tool is refused."""
    try:
        compile_document({"workflows": [MAIN], "tools": [used]}, PLUGINS)
    except BadRequest as refused:
        return list(refused.details)
    return []
