"""What happens in a turn: one frozen dataclass a trace type, named as the contract names it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import ClassVar, Literal

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

    def payload(self) -> dict[str, Json]:
        """The payload as JSON; fields that are `None` are left out."""
        found = ((wire, getattr(self, name)) for name, wire in _names(type(self)))
        return {wire: value for wire, value in found if value is not None}


@dataclass(frozen=True, slots=True)
class Text(Trace):
    """A whole message of the assistant, in markdown."""

    type: ClassVar[str] = "text"
    message: str

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
    """A step or the model failed; the conversation stays usable."""

    type: ClassVar[str] = "error"
    code: str
    message: str


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


@cache
def _names(kind: type[Trace]) -> tuple[tuple[str, str], ...]:
    """Each field's name and its name on the wire (`mime_type`, `mimeType`)."""
    return tuple((field.name, _camel(field.name)) for field in fields(kind))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
