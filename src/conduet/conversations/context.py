"""The world as a running turn sees it; each answer goes into the turn's journal."""

import asyncio
import copy
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from conduet.engine.context import Context
from conduet.engine.journal import write_answer, write_value
from conduet.engine.outside import Broken, Code, Computed, Mail, McpRequest, Request, Response, Unreachable
from conduet.engine.values import MISSING, Json, Missing
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now


class LiveContext:
    """Answers from the real clock and real chance, and keeps what it answered in `entries`."""

    __slots__ = ("entries", "platform", "user_id", "version_id")

    def __init__(self, *, user_id: str, platform: str, version_id: str) -> None:
        self.user_id = user_id
        self.platform = platform
        self.version_id = version_id
        self.entries: dict[str, Json] = {}

    def now(self, place: str) -> datetime:
        # Whole milliseconds: a replay has to read back exactly what was answered.
        moment = from_milliseconds(milliseconds(now()))
        self.entries[place] = iso(moment)
        return moment

    def random(self, place: str) -> float:
        drawn = random.random()  # noqa: S311  # which path a flow takes, nothing that anybody must not guess
        self.entries[place] = drawn
        return drawn

    async def sleep(self, place: str, *, seconds: float) -> None:
        self.entries[place] = seconds
        await asyncio.sleep(seconds)

    async def elapse(self, place: str, *, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.entries[place] = seconds

    def mocked(self, place: str, names: Sequence[str]) -> Json | Missing:
        return MISSING

    async def secrets(self) -> Mapping[str, str]:
        return {}

    async def call(self, place: str, request: Request) -> Response:
        raise Unreachable("NOT_AVAILABLE", "Calls to other systems are not available here.")

    async def compute(self, place: str, code: Code) -> Computed:
        return Computed(failure=Broken("unavailable", "Code is not available here."))

    async def mail(self, place: str, mail: Mail) -> None:
        raise Unreachable("NOT_AVAILABLE", "Mail is not available here.")

    async def mcp(self, place: str, request: McpRequest) -> Json:
        raise Unreachable("NOT_AVAILABLE", "MCP servers are not available here.")

    async def once(self, place: str, work: Callable[[Context], Awaitable[Json]]) -> Json:
        unkept = copy.copy(self)
        unkept.entries = {}
        try:
            value = await work(unkept)
        except Unreachable as error:
            self.entries[place] = write_answer(error)
            raise
        self.entries[place] = write_value(value)
        return value
