"""What a model is told: messages, tools, and how it is to answer, in words that belong to no provider."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import JsonValue

from conduet.errors import BadRequest, PayloadTooLarge
from conduet.kit.json import Json, parse
from conduet.llm.brief import Brief


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of what a user says."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that a user sends: where the provider finds it, or its bytes, which every provider takes."""

    source: str | bytes
    mime_type: str = "image/png"

    def url(self) -> str:
        """Its address; the bytes as a `data:` URL."""
        return self.source if isinstance(self.source, str) else f"data:{self.mime_type};base64,{self.base64()}"

    def base64(self) -> str:
        """The bytes in base64; nothing for a picture that is elsewhere."""
        return base64.b64encode(self.source).decode() if isinstance(self.source, bytes) else ""


Part: TypeAlias = Text | Image


@dataclass(frozen=True, slots=True)
class System:
    """Instructions. `again`: the request as far as here will come again unchanged, so that it is worth keeping."""

    text: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """What the user says."""

    content: str | tuple[Part, ...]
    again: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Text(self.content),) if isinstance(self.content, str) else self.content


class BrokenArguments(ValueError):
    """A model's call has arguments that are no JSON object; the text tells the model so."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants used; `arguments` is the JSON as the model wrote it, which may be broken."""

    id: str
    name: str
    arguments: str = "{}"

    def parsed(self) -> dict[str, Json]:
        """The arguments; raises `BrokenArguments`. None at all are an empty object."""
        if not self.arguments.strip():
            return {}
        try:
            value = parse(self.arguments.encode())
        except (BadRequest, PayloadTooLarge, UnicodeEncodeError):
            raise BrokenArguments("The arguments are not valid JSON. Send one JSON object.") from None
        if not isinstance(value, dict):
            raise BrokenArguments("The arguments are JSON, but no object. Send one JSON object.")
        return value

    def shown(self) -> dict[str, Json]:
        """The arguments as a history may hold them, whatever they are: providers refuse what is no object."""
        try:
            return self.parsed()
        except BrokenArguments:
            return {"invalid": self.arguments}


@dataclass(frozen=True, slots=True)
class Echo:
    """What a model wants back with its message as it gave it (signed reasoning), in its provider's own words.

    Only the model of that full name (`provider:model`) is given it again. Leave it out where the message was changed.
    """

    model: str
    items: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True)
class Assistant:
    """What the model said before: text, the tools it called, or both."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    echo: Echo | None = None

    def echoed(self, model: str) -> tuple[Json, ...]:
        """What `model` (its full name) wants back; empty when that is nothing of its own."""
        return self.echo.items if self.echo and self.echo.model == model else ()


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a call; every call of a message needs one before anybody speaks again."""

    call_id: str
    name: str
    content: str
    is_error: bool = False
    again: bool = False


Message: TypeAlias = System | User | Assistant | ToolResult


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model is told of it; `parameters` is a JSON Schema object."""

    name: str
    description: str
    parameters: Mapping[str, Json] = field(default_factory=dict[str, Json])

    @property
    def schema(self) -> dict[str, Json]:
        """The parameters as every provider takes them: an object, with properties if need be none."""
        return {"type": "object", "properties": {}, **self.parameters}


@dataclass(frozen=True, slots=True)
class Only:
    """The model has to call this tool."""

    name: str


ToolChoice: TypeAlias = Literal["auto", "none", "required"] | Only


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call of a model, whichever it is.

    `schema` is the JSON Schema that the answer's text has to follow; whether it does is for the caller to check, since
    not every model can be held to it. `cache_key` is the same for requests that begin alike (a project and a phase).
    `brief` is there for an agent's rounds and for answers out of passages, and for models that cannot read. Unless an
    answer `is_followed` while it is made, texts that come together may be told as one.
    """

    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    tool_choice: ToolChoice = "auto"
    temperature: float | None = None
    max_tokens: int | None = None
    schema: Mapping[str, Json] | None = None
    cache_key: str | None = None
    brief: Brief | None = None
    is_followed: bool = True
