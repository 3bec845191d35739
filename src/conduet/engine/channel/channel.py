"""A channel type: a frozen model whose fields are a deployment's configuration, and what happens at it."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Final, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from conduet.engine.channel.inbound import Inbound, Received, Reply
from conduet.engine.channel.outbound import Line, Message, Parcel, TraceJson
from conduet.engine.channel.room import Room
from conduet.engine.fields import control
from conduet.engine.outside import Mailbox, Request
from conduet.errors import Forbidden

VENDOR_PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class Channel(BaseModel):
    """A channel type; a subclass is one file in `channels/` with its `type`. Its docstring says where people write.

    A field that is secret has `control("secret")`: it is stored encrypted and never told.
    """

    # By its name on the wire and by no other: under a second one a secret would not be known as such.
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True, defer_build=True)

    type: ClassVar[str]
    display_name: ClassVar[str] = ""
    """What people call it, where that is not its `type` in plain words."""
    example: ClassVar[dict[str, JsonValue]] = {}
    steps: ClassVar[tuple[str, ...]] = ()
    """What there is to do at the vendor's, in its order; `{webhook}` stands for the deployment's address."""

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """The names of the secret fields, as documents write them."""
        return frozenset(
            field.alias or name for name, field in cls.model_fields.items() if _extra(field).get("control") == "secret"
        )

    def without_secrets(self, text: str) -> str:
        """What somebody says of us, who may repeat what we have shown them."""
        for secret in _secrets_in(self):
            text = text.replace(secret, "…")
        return text


class ListeningChannel(Channel):
    """A channel whose vendor calls a webhook of ours with what people write, and takes answers by an API of its own.

    What a request says is believed only after `verify`. Neither `verify` nor `read` nor `write` reaches outside.
    """

    pauses: ClassVar[Sequence[float]] = VENDOR_PAUSES
    """Seconds from each try that was not accepted to the next; after the last of them there is none."""

    most_bytes: ClassVar[int] = 3 * 1024 * 1024
    """How large a request of the vendor may be."""

    room: ClassVar[type[Room] | None] = None
    """By what a handoff target names where a team answers here, if it can."""

    repeats: ClassVar[bool] = False
    """Whether a message may be sent again when it is not known whether it was accepted: its receiver drops doubles."""

    per_second: ClassVar[float | None] = None
    """How many messages the vendor takes in a second of one deployment."""

    per_person_a_second: ClassVar[float | None] = None
    """How many of those may go to one person."""

    window_seconds: ClassVar[float | None] = None
    """For how long after a person has written the vendor lets them be written to."""

    person_window_seconds: ClassVar[float | None] = None
    """For how long it lets one of the team write to them, where that is longer."""

    replies_an_hour: ClassVar[int | None] = None
    """How many messages of the agent go to one person in an hour: more would be a talk with another machine."""

    launch_first: Annotated[
        bool,
        Field(
            description="Whether who writes for the first time is greeted (`launch`) before they are answered.",
            json_schema_extra=control("switch"),
        ),
    ] = True

    def greet(self, request: Inbound) -> Reply:
        """The answer to the `GET` by which a vendor checks the address. Raises `Forbidden`."""
        raise Forbidden("Nothing is verified by GET here.")

    async def media(self, url: str, line: Line) -> Request | None:
        """The request that fetches a file which `read` told of by this address; `None`: it stays where it is.

        What the vendor does not keep, or shows to the deployment alone, is fetched and kept. Raises `SendFailure` and
        `Unreachable`.
        """
        del url, line
        return None

    async def check(self, line: Line) -> str | None:
        """Asks the vendor whose the credentials are, and tells it in its words; `None` where it cannot be asked.

        Nobody is written to. Raises `SendFailure` when the vendor does not take them, and `Unreachable`.
        """
        del line
        return None

    @property
    def mailbox(self) -> Mailbox | None:
        """Where new mail is fetched, where that is a way to this channel beside the webhook.

        `read` is given each as the body of a request that need not be verified.
        """
        return None

    @abstractmethod
    def verify(self, request: Inbound) -> None:
        """Raises `Unauthorized` unless the vendor, and nobody else, has sent exactly this, just now."""

    @abstractmethod
    def read(self, request: Inbound) -> Received:
        """What a verified request means. Raises `BadRequest` for a body that cannot be read."""

    @abstractmethod
    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        """The messages that a person gets for these traces, in their order."""

    def is_from(self, user: str, place: str) -> bool:
        """Whether somebody may answer what was told at a place of a room, if they know where."""
        return True

    async def name_of(self, user: str, line: Line) -> str:
        """What somebody of the team is called, for the user. Raises `Unreachable`."""
        return user

    @abstractmethod
    async def send(self, parcel: Parcel, line: Line) -> str | None:
        """Sends one message, once; comes back with the vendor's id of it, where there is one.

        Raises `SendFailure` when it was not accepted, and `Unreachable` when there is no answer.
        """


def _secrets_in(model: BaseModel) -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _secrets_in(value)
        elif isinstance(value, str) and value and _extra(field).get("control") == "secret":
            yield value


def _extra(field: Any) -> dict[str, Any]:
    extra: object = field.json_schema_extra
    return cast("dict[str, Any]", extra) if isinstance(extra, dict) else {}
