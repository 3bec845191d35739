"""What goes out by a channel: messages made of traces, and one try to send one of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from conduet.engine.outside import Mail, Mailbox, Request, Response
from conduet.engine.trace import Button
from conduet.engine.values import Json

TraceJson: TypeAlias = Mapping[str, Json]
"""A trace as `interact` answers it: `{type, payload, time}`."""

Keep: TypeAlias = Callable[[bytes], Awaitable[None]]
"""Stores what came, as `read` is given it, so that no crash loses it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the channel takes it, but for whom it goes to.

    `numbered` are buttons that it shows as a numbered text: the number that the person types then means the button. One
    that is `fleeting` (somebody is typing) is tried once, and missed by nobody. `by_person`: one of the team says it.
    """

    content: Mapping[str, Json]
    numbered: tuple[Button, ...] = ()
    fleeting: bool = False
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way: `id` is the same for each try, `user` what the channel calls the person.

    One that is `late` goes out only because one of the team says it: the agent may not write any more.
    """

    id: str
    user: str
    to: Json
    content: Mapping[str, Json]
    created_at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that goes out; `mime_type` is what its content says, else its name."""

    name: str
    mime_type: str
    content: bytes = field(repr=False)


class Line(Protocol):
    """The way out of a channel, through the address check; every method raises `Unreachable`."""

    async def call(self, request: Request) -> Response:
        """The answer to an HTTP request, whatever its status."""
        ...

    async def fetch(self, request: Request) -> bytes:
        """A file, of at most 25 MB; redirects are followed, without credentials to other places."""
        ...

    def reaches(self, url: str) -> bool:
        """Whether a vendor can be told to fetch a file there by itself: by https, and not from here."""
        ...

    async def file(self, url: str) -> SentFile:
        """A file that goes out, of at most 25 MB: one of those that are kept here, or from anywhere else."""
        ...

    async def send_mail(self, mail: Mail) -> None:
        """Hands a message to an SMTP server."""
        ...

    async def fetch_mail(self, mailbox: Mailbox, since: datetime, keep: Keep) -> None:
        """Gives `keep` each unread mail of an IMAP server that came after `since`; what is kept is marked as read."""
        ...

    async def check_mailbox(self, mailbox: Mailbox) -> None:
        """Signs in at an IMAP server, and opens the mailbox."""
        ...

    async def kept(self, key: str, make: Callable[[], Awaitable[tuple[str, float]]], *, anew: bool = False) -> str:
        """A token that the vendor hands out, kept in memory for the seconds that `make` tells beside it.

        `key` names it over all deployments, so that it has to hold what proves the right to it. `anew`: the vendor does
        not take the one that is kept.
        """
        ...


class SendFailure(Exception):
    """A message was not accepted: why, in words for whoever sees to the deployment.

    With `again` it is certain that nothing was accepted and a later try may go better, at the earliest `after_seconds`
    from now. With `alarm` nothing will be accepted until somebody mends the deployment.
    """

    def __init__(
        self, message: str, *, again: bool = False, after_seconds: float | None = None, alarm: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.again = again
        self.after_seconds = after_seconds
        self.alarm = alarm
