"""What comes in at a channel's webhook, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from conduet.engine.action import Action, ButtonAction, MediaAction, Press, TextAction
from conduet.engine.values import Json

DeliveryState: TypeAlias = Literal["delivered", "read", "failed"]


@dataclass(frozen=True, slots=True)
class Inbound:
    """A request to the webhook, byte by byte; the names of `headers` are in lower case.

    `url` is the address that was called, as far as the server can tell, without the query.
    """

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        """A header by its name in lower case; empty when it is missing."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the webhook answers with."""

    body: str = ""
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came in the message itself, as its sender calls it; with a `problem` it could not be read."""

    name: str
    content: bytes = field(repr=False)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person: `id` is unique in the deployment, so that one that comes again is known.

    `user` is what the channel calls the person, `aliases` what else it may call them. `to` is where the answer goes,
    where that is more than the person. `answers` are messages of ours that it may answer, by the channel's ids, with
    the `name` of who does; what is `stray` is nothing else, and means nothing where nobody knows of them. `files` are
    kept before the message is acknowledged, and told before its other actions.
    """

    id: str
    user: str
    actions: tuple[Action, ...]
    aliases: tuple[str, ...] = ()
    to: Json = None
    variables: Mapping[str, Json] | None = None
    answers: tuple[str, ...] = ()
    name: str = ""
    stray: bool = False
    files: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What the channel says became of a message that it has accepted, by the id that it gave."""

    vendor_id: str
    state: DeliveryState
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """All that one request brings, and what it is answered with at once."""

    messages: tuple[Incoming, ...] = ()
    statuses: tuple[Status, ...] = ()
    reply: Reply = field(default=Reply())


def said(text: str) -> TextAction:
    """Somebody wrote something."""
    return TextAction(type="text", payload=text)


def pressed(label: str, value: str) -> ButtonAction:
    """Somebody pressed a button."""
    return ButtonAction(type="button", payload=Press(label=label, value=value))


def attached(url: str, mime_type: str | None = None) -> MediaAction:
    """Somebody sent a file."""
    return MediaAction.model_validate({"type": "media", "payload": {"url": url, "mimeType": mime_type}})
