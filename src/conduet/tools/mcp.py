"""A tool of an MCP server."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from conduet.engine.facts import Facts
from conduet.engine.fields import Line, Value, control
from conduet.engine.mistakes import below
from conduet.engine.outside import McpRequest
from conduet.engine.service import find
from conduet.engine.shape import Many
from conduet.engine.tool import Flaw, Listed, Offer, Tool, ToolFailure, ToolUse
from conduet.engine.trace import Debug
from conduet.engine.use import Asking
from conduet.engine.values import Json, read_json

PIN: Final = re.compile(r"[0-9a-f]{64}")
SAID: Final = 300
"""How much of what a tool says of its failure is passed on, in characters."""


class Seen(BaseModel):
    """What a tool said of itself when it was pinned; of `pin`, or it is of another time."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, frozen=True)

    pin: str
    description: str = ""
    input_schema: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])


class McpTool(Tool):
    """Use the tools of an MCP server (streamable HTTP)."""

    type: ClassVar[str] = "mcp"
    display_name: ClassVar[str] = "MCP"
    reads_secrets: ClassVar[bool] = True
    lists: ClassVar[bool] = True
    example: ClassVar[dict[str, JsonValue]] = {
        "url": "https://mcp.bikes.example/mcp",
        "headers": {"Authorization": "Bearer {{secrets.BIKES_MCP}}"},
        "tools": ["find_bikes"],
        "pins": {"find_bikes": "1ab50bd6202086810b64aebc35dc77958c4a928bd5d30d99ecb9e969bc72805c"},
    }

    url: Annotated[Line, Field(description="The server's address.", json_schema_extra=control("text", needed=True))] = (
        Line("")
    )
    headers: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="Headers of each call, by name; secrets belong here.",
            json_schema_extra=control("json"),
        ),
    ]
    tools: Annotated[
        Many[str],
        Field(
            description="The tools that may be used; all of them where none is named.",
            json_schema_extra=control("list"),
        ),
    ] = ()
    pins: Annotated[
        dict[str, str],
        Field(
            default_factory=dict,
            description="What each tool was when its owner saw it: the `pin` that a listing tells, by the tool's name. "
            "A tool that has changed since is not used.",
            json_schema_extra=control("json"),
        ),
    ]
    seen: Annotated[
        dict[str, Seen],
        Field(
            default_factory=dict,
            description="What each tool said when it was pinned, by its name: kept to tell what has changed since, and "
            "used for nothing else.",
            json_schema_extra=control("json"),
        ),
    ]
    timeout_ms: Annotated[
        int,
        Field(
            ge=1,
            le=60_000,
            description="How long one use may take, in milliseconds.",
            json_schema_extra=control("number"),
        ),
    ] = 10_000

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        for name, pin in self.pins.items():
            if not PIN.fullmatch(pin):
                told = f"This is no pin of {name!r}."
                yield Flaw(
                    "WRONG_PIN", told, below("pins", name), "Take the `pin` that the listing of the server tells."
                )
        for index, name in enumerate(self.tools):
            if name not in self.pins:
                told = f"What {name!r} says of itself is not pinned: were it to change, nobody would see it first."
                yield Flaw("NOT_PINNED", told, f"tools[{index}]", f"Set `{below('pins', name)}`.", "warning")

    async def offers(self, use: Asking) -> Sequence[Offer]:
        """The server's tools, each beside the pin that it is held to."""
        headers = {header: use.text(value) for header, value in self.headers.items()}
        seconds = self.timeout_ms / 1000
        answer = await use.mcp(McpRequest(url=use.text(self.url).strip(), headers=headers, timeout_seconds=seconds))
        found: list[Offer] = []
        for entry in answer if isinstance(answer, list) else ():
            match entry:
                case {"name": str(name), "inputSchema": dict(schema), "pin": str(pin)}:
                    told, used = str(find(entry, "description") or ""), not self.tools or name in self.tools
                    found.append(Offer(name, told, schema, pin, self.pins.get(name), used))
                case _:
                    continue
        return found

    async def listing(self, use: ToolUse) -> Sequence[Listed]:
        """The server's tools that may be used, each held to what it says of itself now, or to its pin."""
        found: list[Listed] = []
        for offer in await self.offers(use):
            if not offer.used:
                continue
            if offer.pinned not in (None, offer.pin):
                told = f"The tool {offer.name!r} has changed since it was pinned, and is not offered."
                use.note(Debug("warning", told))
                continue
            alone = self.model_copy(update={"tools": (offer.name,), "pins": {offer.name: offer.pin}})
            found.append(Listed(offer.name, offer.description, offer.parameters, alone))
        return found

    async def run(self, use: ToolUse) -> Json:
        """What the server's tool comes to: its structured result, else its text, read as JSON where it is JSON.

        Where `tools` names one, `args` are its arguments; else they are `{tool, arguments}`.
        """
        name, arguments = self._meant(use.args)
        request = McpRequest(
            url=use.text(self.url).strip(),
            headers={header: use.text(value) for header, value in self.headers.items()},
            tool=name,
            pin=self.pins.get(name),
            arguments=arguments,
            timeout_seconds=self.timeout_ms / 1000,
        )
        return _result(name, await use.mcp(request))

    def _meant(self, args: Mapping[str, Json]) -> tuple[str, Mapping[str, Json]]:
        """The tool of the server, and what it is given."""
        if len(self.tools) == 1:
            return self.tools[0], args
        name, arguments = args.get("tool"), args.get("arguments", {})
        if not isinstance(name, str) or not isinstance(arguments, dict):
            told = "`tool`, a name, and `arguments`, an object, tell which tool of the server is used, and how."
            raise ToolFailure("WRONG_ARGUMENTS", told)
        if self.tools and name not in self.tools:
            raise ToolFailure("UNKNOWN_TOOL", f"The tool {name!r} may not be used; there are {', '.join(self.tools)}.")
        return name, arguments


def _result(name: str, answer: Json) -> Json:
    blocks = find(answer, "content")
    texts = [find(block, "text") for block in (blocks if isinstance(blocks, list) else ())]
    text = "\n".join(each for each in texts if isinstance(each, str))
    if find(answer, "isError") is True:
        said = " ".join(text.split())[:SAID]
        raise ToolFailure("TOOL_FAILED", f"The tool {name!r} failed: {said}" if said else f"The tool {name!r} failed.")
    structured = find(answer, "structuredContent")
    if structured is not None:
        return structured
    try:
        return read_json(text)
    except ValueError:
        return text
