"""A tool is used: what it reaches goes through the context, and what becomes of it is told in one place."""

import re
import traceback
from collections import ChainMap
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

import structlog

from conduet.engine.context import Context
from conduet.engine.fields import Value
from conduet.engine.journal import Parted
from conduet.engine.outside import NOTHING, Code, Mail, McpRequest, Request, Response, Unreachable
from conduet.engine.reading import Reading
from conduet.engine.script import tell_console, why
from conduet.engine.toolbox import ProjectTool
from conduet.engine.trace import Debug, Trace
from conduet.engine.trace import ToolCall as ToolCallTrace
from conduet.engine.turn import Turn
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import MISSING, Json
from conduet.engine.webcall import mocked_response
from conduet.kit.json_schema import JsonSchema, WrongSchema
from conduet.llm.tracing import tool_span

T = TypeVar("T")

log = structlog.get_logger()
_NO_NAME: Final = re.compile(r"[^a-zA-Z0-9_-]")


def secret_names(secrets: Mapping[str, str]) -> dict[str, Json]:
    """The secrets as templates reach them."""
    return {"secrets": dict[str, Json](secrets)}


class ToolCall:
    """One use of a tool: run `traces` to its end, then there is a `result`, or a `failure`."""

    __slots__ = ("_turn", "args", "call_id", "failure", "key", "result", "tool")

    def __init__(self, turn: Turn, tool: ProjectTool, args: Mapping[str, Json], *, key: str, call_id: str) -> None:
        self._turn = turn
        self.tool = tool
        self.args = args
        self.key = f"{key}/{tool.id}"
        self.call_id = call_id
        self.result: Json = None
        self.failure: ToolFailure | None = None

    async def traces(self) -> AsyncGenerator[Trace, None]:
        """Uses the tool, with a `tool-call` trace before and after it."""
        began = self._now("began")
        yield ToolCallTrace("start", self.tool.name, self.call_id)
        with tool_span(self.tool.name, self.call_id) as span:
            try:
                self.result = await self._run()
            except ToolFailure as failure:
                self.failure = failure
                span.fail(failure.code)
        duration_ms = (self._now("ended") - began).total_seconds() * 1000
        yield ToolCallTrace("end", self.tool.name, self.call_id, ok=self.failure is None, duration_ms=duration_ms)

    async def _run(self) -> Json:
        """What the tool comes to; whatever goes wrong in it is a `ToolFailure`."""
        tool = self.tool
        if tool.unfinished is not None:
            raise ToolFailure("UNFINISHED_TOOL", f"The tool `{tool.name}` is not finished: {tool.unfinished.message}")
        args = tool.fit(self.args)
        if tool.tool.mocked_as == "result":
            mock = self._turn.context.mocked(f"{self.key}/mock", (tool.id, tool.of) if tool.of else (tool.id,))
            if mock is not MISSING:
                return mock
        secrets = await self._turn.context.secrets() if tool.tool.reads_secrets else NOTHING
        use = _Use(self._turn, self._turn.context, tool, args=args, secrets=secrets, key=self.key)
        try:
            return await tool.tool.run(use)
        except (ToolFailure, Parted):
            raise
        except Exception as error:  # noqa: BLE001  # one of the two walls: a tool may come from anybody's package
            # Neither its message nor what was at hand is logged: there may be secrets in them.
            at = traceback.extract_tb(error.__traceback__)[-1]
            found = {"error": type(error).__name__, "at": f"{at.filename}:{at.lineno}"}
            log.error("tool failed", tool=tool.tool.type, **found)  # noqa: TRY400  # the exception is in `found`, without secrets
            raise ToolFailure("TOOL_FAILED", f"The tool `{tool.name}` failed by a mistake in its program.") from None

    def _now(self, what: str) -> datetime:
        return self._turn.context.now(f"{self.key}/{what}")


async def listed(turn: Turn, tool: ProjectTool, *, key: str) -> list[ProjectTool]:
    """The tools behind a tool, each named after both; why there are none is noted."""
    secrets = await turn.context.secrets() if tool.tool.reads_secrets else NOTHING
    use = _Use(turn, turn.context, tool, args={}, secrets=secrets, key=f"{key}/{tool.id}")
    try:
        found = await tool.tool.listing(use)
    except ToolFailure as failure:
        told = f"What there is behind `{tool.name}` cannot be told: {failure.message}"
        turn.notes.append(Debug("error", told))
        return []
    tools: list[ProjectTool] = []
    for each in found:
        try:
            schema = JsonSchema(each.parameters)
        except WrongSchema as error:
            turn.notes.append(Debug("error", f"`{each.name}` of `{tool.name}` is not offered: {error}"))
            continue
        tools.append(
            replace(
                tool,
                id=f"{tool.id}/{each.name}",
                name=_NO_NAME.sub("_", f"{tool.name}_{each.name}")[:64],
                description=each.description,
                parameters=each.parameters,
                tool=each.tool,
                schema=schema,
                of=tool.id,
            )
        )
    return tools


class _Use(ToolUse):
    """What a tool sees of the turn."""

    def __init__(
        self,
        turn: Turn,
        context: Context,
        tool: ProjectTool,
        *,
        args: dict[str, Json],
        secrets: Mapping[str, str],
        key: str,
    ) -> None:
        self._turn = turn
        self._context = context
        self._tool = tool
        self._args = args
        self._secrets = secrets
        self._key = key
        self._asked = 0
        names: dict[str, Json] = {"args": args}
        names |= secret_names(secrets) if tool.tool.reads_secrets else {}
        self._reading = Reading(turn, tool.name, ChainMap(names, turn.names), turn.notes.append)

    @property
    def args(self) -> Mapping[str, Json]:
        return self._args

    @property
    def variables(self) -> Mapping[str, Json]:
        return self._turn.variables

    def value(self, value: Value) -> Json:
        return self._reading.value(value)

    def text(self, value: Value) -> str:
        return self._reading.text(value)

    def assign(self, name: str, value: Json) -> bool:
        problem = self._turn.assign(name, value)
        if problem is not None:
            self.note(problem)
        return problem is None

    def note(self, trace: Trace) -> None:
        self._turn.notes.append(trace)

    async def call(self, request: Request) -> Response:
        place = self._place()
        if self._tool.tool.mocked_as == "response":
            mock = self._context.mocked(place, (self._tool.id,))
            if mock is not MISSING:
                return mocked_response(mock)
        return await _answered(self._context.call(place, request))

    async def compute(self, code: Code) -> Json:
        computed = await self._context.compute(self._place(), code)
        tell_console(computed, self.note, f"Tool `{self._tool.name}`")
        if computed.failure is not None:
            raise ToolFailure("CODE_FAILED", why(computed.failure))
        return computed.value

    async def mail(self, mail: Mail) -> None:
        await _answered(self._context.mail(self._place(), mail))

    async def mcp(self, request: McpRequest) -> Json:
        return await _answered(self._context.mcp(self._place(), request))

    async def once(self, work: Callable[[ToolUse], Awaitable[Json]]) -> Json:
        async def unkept(context: Context) -> Json:
            use = _Use(self._turn, context, self._tool, args=self._args, secrets=self._secrets, key=self._key)
            try:
                return await work(use)
            except ToolFailure as failure:
                raise Unreachable(failure.code, failure.message) from None

        return await _answered(self._context.once(self._place(), unkept))

    def _place(self) -> str:
        self._asked += 1
        return f"{self._key}/call{self._asked}"


async def _answered(answer: Awaitable[T]) -> T:
    try:
        return await answer
    except Unreachable as error:
        raise ToolFailure(error.code, error.message) from None
