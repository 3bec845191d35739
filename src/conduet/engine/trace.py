"""What happens in a turn: one frozen dataclass a trace type, named as the contract names it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from conduet.engine.values import Json


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply: what it shows and what it sends."""

    id: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that happened in a turn; the subclass's fields are the payload."""

    type: ClassVar[str] = ""

    @property
    def said(self) -> str:
        """The assistant's words, once they are whole; nothing where there are none."""
        return ""

    def payload(self) -> dict[str, Json]:
        """The payload as JSON; fields that are `None` are left out."""
        return _present(self)


@dataclass(frozen=True, slots=True)
class Text(Trace):
    """A whole message of the assistant, in markdown."""

    type: ClassVar[str] = "text"
    message: str

    @property
    def said(self) -> str:
        return self.message

    def payload(self) -> dict[str, Json]:
        return {"message": self.message}


@dataclass(frozen=True, slots=True)
class Buttons(Trace):
    """Quick replies shown under the last message."""

    type: ClassVar[str] = "buttons"
    buttons: tuple[Button, ...]

    def payload(self) -> dict[str, Json]:
        shown: list[Json] = [{"id": each.id, "label": each.label, "value": each.value} for each in self.buttons]
        return {"buttons": shown}


@dataclass(frozen=True, slots=True)
class Media(Trace):
    """Something to look at, to hear or to keep, by its address."""

    url: str
    alt: str | None = None
    mime_type: str | None = None
    name: str | None = None


class Image(Media):
    """A picture."""

    __slots__ = ()
    type = "image"


class Video(Media):
    """A film."""

    __slots__ = ()
    type = "video"


class Audio(Media):
    """A recording."""

    __slots__ = ()
    type = "audio"


class File(Media):
    """Any other file."""

    __slots__ = ()
    type = "file"


MEDIA: Mapping[str, type[Media]] = MappingProxyType({kind.type: kind for kind in (Image, Video, Audio, File)})


@dataclass(frozen=True, slots=True)
class CardButton(Button):
    """A button of a card; one with a `url` opens it."""

    url: str | None = None


@dataclass(frozen=True, slots=True)
class Card(Trace):
    """A picture, words and buttons."""

    type: ClassVar[str] = "card"
    title: str
    description: str | None = None
    image_url: str | None = None
    url: str | None = None
    buttons: tuple[CardButton, ...] = ()

    def payload(self) -> dict[str, Json]:
        shown: list[Json] = [_present(each) for each in self.buttons]
        return {**_present(self), "buttons": shown}


@dataclass(frozen=True, slots=True)
class Carousel(Trace):
    """Cards side by side."""

    type: ClassVar[str] = "carousel"
    cards: tuple[Card, ...]

    def payload(self) -> dict[str, Json]:
        return {"cards": [card.payload() for card in self.cards]}


@dataclass(frozen=True, slots=True)
class Badge(Trace):
    """A word or two that stand out."""

    type: ClassVar[str] = "badge"
    text: str
    tone: Literal["ok", "warn", "bad", "info"] | None = None


@dataclass(frozen=True, slots=True)
class ClientAction(Trace):
    """The page is asked to do something; with `wait` it answers with a `client` action."""

    type: ClassVar[str] = "client-action"
    call_id: str
    name: str
    payload_: Json
    paths: tuple[tuple[str, str], ...]
    wait: bool

    def payload(self) -> dict[str, Json]:
        paths: list[Json] = [{"id": name, "label": label} for name, label in self.paths]
        told: dict[str, Json] = {"callId": self.call_id, "name": self.name, "payload": self.payload_}
        return {**told, "paths": paths, "wait": self.wait}


@dataclass(frozen=True, slots=True)
class Approval(Trace):
    """A tool waits for a yes, of the user or of a person who sees to the project."""

    type: ClassVar[str] = "approval"
    approval_id: str
    tool_name: str
    arguments: Json
    by: Literal["user", "person"]


@dataclass(frozen=True, slots=True)
class ToolCall(Trace):
    """A tool begins, or is done."""

    type: ClassVar[str] = "tool-call"
    phase: Literal["start", "end"]
    tool_name: str
    call_id: str
    ok: bool | None = None
    duration_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Knowledge(Trace):
    """What an answer is grounded on: each source is `{documentId, name, chunkId, score, excerpt}`."""

    type: ClassVar[str] = "knowledge"
    query: str
    sources: tuple[dict[str, Json], ...]

    def payload(self) -> dict[str, Json]:
        sources: list[Json] = [*self.sources]
        return {"query": self.query, "sources": sources}


@dataclass(frozen=True, slots=True)
class Handoff(Trace):
    """Somebody else goes on: a playbook or a person."""

    type: ClassVar[str] = "handoff"
    target: str
    reason: str
    summary: str | None = None
    opens_at: str | None = None
    """When somebody is there, where nobody is now."""


@dataclass(frozen=True, slots=True)
class Escalation(Trace):
    """A person is needed: sets the transcript's `escalated`."""

    type: ClassVar[str] = "escalation"
    reason: str


@dataclass(frozen=True, slots=True)
class Step(Trace):
    """What one step did, for who looks on while building; `changed` is each variable before and after."""

    type: ClassVar[str] = "step"
    workflow_id: str
    step_id: str
    kind: str
    port: str | None
    started_at: str
    duration_ms: float
    input: Json
    output: Json
    changed: dict[str, Json]
    error: dict[str, Json] | None = None

    def payload(self) -> dict[str, Json]:
        told = _present(self)
        told["type"] = told.pop("kind")
        return {**told, "port": self.port, "input": self.input, "output": self.output}


@dataclass(frozen=True, slots=True)
class Typing(Trace):
    """A pause, before it begins."""

    type: ClassVar[str] = "typing"
    seconds: float


@dataclass(frozen=True, slots=True)
class Debug(Trace):
    """A remark for whoever builds the project; sent for `development` only."""

    type: ClassVar[str] = "debug"
    level: Literal["info", "warning", "error"]
    message: str


@dataclass(frozen=True, slots=True)
class Error(Trace):
    """A step or the model failed; the conversation stays usable.

    `handled` where the flow or the agent goes on from it by itself: then a user is told nothing but what that says.
    """

    type: ClassVar[str] = "error"
    code: str
    message: str
    handled: Literal[True] | None = None


@dataclass(frozen=True, slots=True)
class Resolution(Trace):
    """The user's matter is settled: sets the transcript's `resolved`."""

    type: ClassVar[str] = "resolution"
    reason: str


@dataclass(frozen=True, slots=True)
class End(Trace):
    """The flow has ended."""

    type: ClassVar[str] = "end"

    def payload(self) -> dict[str, Json]:
        return {}


def _present(part: object) -> dict[str, Json]:
    """The fields of a dataclass by their names on the wire; those that are `None` are left out."""
    found = ((wire, getattr(part, name)) for name, wire in _names(type(part)))
    return {wire: value for wire, value in found if value is not None}


@cache
def _names(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    """Each field's name and its name on the wire (`mime_type`, `mimeType`)."""
    return tuple((field.name, _camel(field.name)) for field in fields(kind))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
