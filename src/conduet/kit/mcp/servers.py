"""Listing and using the tools of servers; listings are kept for a while, and a tool cannot change unseen.

What a tool says of itself steers the model that reads it, so that it must not change behind its owner's back: each
listed tool has a `pin`, and a use with another pin is refused.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final, TypeAlias, TypedDict

from conduet.kit.http.guard import Guard
from conduet.kit.json import Json, dumps
from conduet.kit.mcp.errors import ToolChanged, UnknownTool
from conduet.kit.mcp.server import McpServer

FRESH_SECONDS: Final = 60.0
LISTINGS: Final = 256
SEEN: Final = 16
"""How many tools a listing's place may remember, on an average."""

TOLD: Final = 300
"""How much of a changed description is told, in characters."""

SLOW_IMPORT: Final = "conduet.kit.mcp.session"

Key: TypeAlias = tuple[Guard, str, str]


class Listed(TypedDict):
    """A tool as its server tells of it; `pin` stands for the description and the schema."""

    name: str
    description: str
    inputSchema: Json
    pin: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The tools of a server by name, and the time on the loop's clock at which they were listed."""

    tools: Mapping[str, Listed]
    listed_at: float


class McpServers:
    """The servers that projects use.

    A listing is shared by all who reach the same server with the same headers; of `listings` the ones used last are
    kept.
    """

    def __init__(self, *, fresh_seconds: float = FRESH_SECONDS, listings: int = LISTINGS) -> None:
        self._fresh_seconds = fresh_seconds
        self._kept = listings
        self._listings: OrderedDict[Key, Listing] = OrderedDict()
        self._seen: OrderedDict[tuple[Key, str], str] = OrderedDict()

    async def list_tools(self, guard: Guard, server: McpServer, *, fresh: bool = False) -> list[Listed]:
        """The tools that the server has, asked for again after a minute, or at once where it has to be `fresh`.

        Raises an `OutgoingError`, `ServerFailed` among them.
        """
        key = _key(guard, server)
        listing = None if fresh else self._listing(key)
        if listing is None:
            session = await _imported()
            async with session.connect(guard, server) as client:
                listing = self._keep(key, await session.listed(client))
        return list(listing.tools.values())

    async def use_tool(
        self, guard: Guard, server: McpServer, name: str, *, arguments: Mapping[str, Json], pin: str | None
    ) -> Json:
        """What the tool answers: `{content, structuredContent?, isError}`.

        Without a `pin` the tool has to stay what it was when this process first saw it. Raises `UnknownTool`,
        `ToolChanged`, and what `list_tools` does.
        """
        key = _key(guard, server)
        session = await _imported()
        async with session.connect(guard, server) as client:
            listing = self._listing(key)
            # One that does not fit may be old by now.
            if listing is None or not self._fits(key, listing.tools.get(name), pin):
                listing = self._keep(key, await session.listed(client))
            tool = listing.tools.get(name)
            if tool is None:
                raise UnknownTool(f"The server has no tool {name!r}.{_others(listing.tools)}")
            if not self._fits(key, tool, pin):
                raise ToolChanged(name, pin=tool["pin"], told=_short(tool["description"]))
            return await session.used(client, name, arguments)

    def _listing(self, key: Key) -> Listing | None:
        listing = self._listings.get(key)
        if listing is None or asyncio.get_running_loop().time() - listing.listed_at >= self._fresh_seconds:
            return None
        self._listings.move_to_end(key)
        return listing

    def _keep(self, key: Key, tools: Sequence[tuple[str, str, Json]]) -> Listing:
        listed = {name: _listed(name, description, schema) for name, description, schema in tools}
        listing = Listing(listed, asyncio.get_running_loop().time())
        self._listings[key] = listing
        self._listings.move_to_end(key)
        if len(self._listings) > self._kept:
            self._listings.popitem(last=False)
        return listing

    def _fits(self, key: Key, tool: Listed | None, pin: str | None) -> bool:
        """Whether the tool is what its pin says, or what it was when it was first used here."""
        if tool is None:
            return False
        if pin is not None:
            return tool["pin"] == pin
        first = self._seen.setdefault((key, tool["name"]), tool["pin"])
        self._seen.move_to_end((key, tool["name"]))
        if len(self._seen) > SEEN * self._kept:
            self._seen.popitem(last=False)
        return first == tool["pin"]


async def _imported():  # noqa: ANN202  # the type is of what is imported late
    """The module that imports the SDK, which takes a second."""
    await asyncio.to_thread(import_module, SLOW_IMPORT)
    from conduet.kit.mcp import session

    return session


def _key(guard: Guard, server: McpServer) -> Key:
    headers = hashlib.sha256(dumps(sorted(server.headers.items()))).hexdigest()
    return guard, server.url, headers


def _listed(name: str, description: str, schema: Json) -> Listed:
    pin = hashlib.sha256(dumps([name, description, schema])).hexdigest()
    return Listed(name=name, description=description, inputSchema=schema, pin=pin)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return f"{words[:TOLD]}…" if len(words) > TOLD else words


def _others(tools: Mapping[str, Listed]) -> str:
    return f" It has {', '.join(sorted(tools)[:20])}." if tools else ""
