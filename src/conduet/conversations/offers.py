"""What is behind a tool, such as an MCP server's tools: shown to who draws the project, and taken for what it is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from conduet.accounts.principal import Principal, ProjectScope
from conduet.conversations.masking import Masks
from conduet.conversations.world import World
from conduet.engine.document import compile_document, default_of
from conduet.engine.fields import Value
from conduet.engine.graph import Document
from conduet.engine.outside import McpRequest, Unreachable
from conduet.engine.plugins import Plugins
from conduet.engine.template import render_json
from conduet.engine.tool import Offer, ToolFailure
from conduet.engine.toolbox import ProjectTool
from conduet.engine.values import Json, Mismatch, to_text
from conduet.errors import BadRequest, NotFound
from conduet.projects.changes import Changed
from conduet.projects.document import JsonObject, complete
from conduet.projects.draft import Draft
from conduet.projects.service import Projects


@dataclass(frozen=True, slots=True)
class Offers:
    """The tools behind a tool, or in words why they cannot be told; `gone` are pinned or named and no longer there."""

    tools: Sequence[Offer] = ()
    gone: Sequence[str] = ()
    problem: str | None = None


class ToolOffers:
    """Asks for what is behind the tools of drafts, as a turn of `development` would."""

    def __init__(self, projects: Projects, plugins: Plugins, world: World) -> None:
        self._projects = projects
        self._plugins = plugins
        self._world = world

    async def list(self, scope: ProjectScope, tool_id: str) -> Offers:
        """What there is now. Raises `NotFound`, and `BadRequest` for a tool with nothing behind it."""
        document = await self._document(scope)
        tool = _lister(document, tool_id)
        if tool.unfinished is not None:
            return Offers(problem=f"The tool is not finished: {tool.unfinished.message}")
        secrets = await self._world.secrets(scope, "development") if tool.tool.reads_secrets else dict[str, str]()
        asking = _Asking(self._world, {**_defaults(document), "secrets": dict[str, Json](secrets)})
        masks = await asyncio.to_thread(Masks, secrets)
        try:
            found = [_masked(offer, masks) for offer in await tool.tool.offers(asking)]
        except (ToolFailure, Unreachable) as failure:
            return Offers(problem=masks.text(failure.message))
        names = {offer.name for offer in found}
        config = cast("Mapping[str, Any]", tool.tool.model_dump(by_alias=True))
        wanted = dict.fromkeys((*config.get("tools", ()), *config.get("pins", {})))
        return Offers(found, [name for name in wanted if name not in names])

    async def pin(
        self, principal: Principal, tool_id: str, pins: Mapping[str, str], *, if_match: str | None
    ) -> tuple[Draft, Mapping[str, str]]:
        """Takes these for what they are: they are the tool's `pins` from then on, beside those of others.

        The draft after it, and all pins of the tool. Raises as `list` does, and as saving does.
        """
        kept: dict[str, str] = {}

        def change(present: JsonObject) -> Changed:
            tools = [dict(cast("JsonObject", tool)) for tool in cast("Sequence[Json]", present["tools"])]
            at = next((index for index, tool in enumerate(tools) if tool["id"] == tool_id), None)
            if at is None:
                raise _unknown(tool_id)
            config = cast("JsonObject", tools[at].get("config") or {})
            kept.clear()
            kept.update({**cast("Mapping[str, str]", config.get("pins") or {}), **pins})
            tools[at]["config"] = {**config, "pins": dict[str, Json](kept)}
            return Changed(complete({**present, "tools": list[Json](tools)}))

        _lister(await self._document(principal.scope), tool_id)
        saved = await self._projects.save(principal.account, principal.scope, change, if_match=if_match)
        return saved, kept

    async def _document(self, scope: ProjectScope) -> Document:
        draft = await self._projects.get(scope)
        return await asyncio.to_thread(compile_document, draft.document, self._plugins)


class _Asking:
    """The world of somebody who draws: secrets, and variables as a conversation begins with them."""

    def __init__(self, world: World, names: Mapping[str, Json]) -> None:
        self._world = world
        self._names = names

    def text(self, value: Value) -> str:
        return to_text(render_json(value.source, self._names).value)

    async def mcp(self, request: McpRequest) -> Json:
        return await self._world.ask_mcp(request, fresh=True)


def _defaults(document: Document) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, variable in document.facts.variables.items():
        try:
            found[name] = default_of(variable, "development")
        except Mismatch:
            continue
    return found


def _masked(offer: Offer, masks: Masks) -> Offer:
    """The offer as it may be shown: a server can send back what it was sent."""
    parameters = cast("Mapping[str, Json]", masks.json(dict(offer.parameters)))
    return replace(offer, description=masks.text(offer.description), parameters=parameters)


def _lister(document: Document, tool_id: str) -> ProjectTool:
    tool = document.tools.get(tool_id)
    if tool is None:
        raise _unknown(tool_id)
    if not tool.tool.lists:
        raise BadRequest(f"A tool of the type `{tool.tool.type}` is one tool: there is nothing behind it.")
    return tool


def _unknown(tool_id: str) -> NotFound:
    return NotFound(f"The project has no tool {tool_id!r}.")
