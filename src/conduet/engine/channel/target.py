"""A publishing target: a frozen model whose fields are its configuration, its limits, and one try to publish."""

import hashlib
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, cast

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from conduet.engine.channel.answer import check_accepted
from conduet.engine.channel.channel import VENDOR_PAUSES
from conduet.engine.channel.outbound import Line
from conduet.engine.outside import Response, Unreachable
from conduet.engine.values import Json

UNAVAILABLE: Final = 503


@dataclass(frozen=True, slots=True)
class Post:
    """What is published: the text as it was approved, and the addresses of pictures that go with it."""

    text: str
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """A post on its way to one target: `id` is the same for each try."""

    id: str
    post: Post
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """So many posts in so many seconds, which the target's own limits allow one configuration."""

    count: int
    seconds: int


class Target(BaseModel):
    """A publishing target; a subclass is one file in `targets/` with its `type`. Its docstring says where it publishes.

    A field that is secret has `control("secret")`: it takes a `{{secrets.NAME}}` of the project and nothing else.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)

    type: ClassVar[str]
    example: ClassVar[dict[str, JsonValue]] = {}

    longest: ClassVar[int]
    """The length of the longest text that it takes, as `length` counts."""

    most_images: ClassVar[int] = 0
    rate: ClassVar[Rate | None] = None

    pauses: ClassVar[Sequence[float]] = VENDOR_PAUSES
    """Seconds from each try that was not accepted to the next; after the last of them there is none."""

    repeats: ClassVar[bool] = False
    """Whether a post may be sent again when it is not known whether it was accepted: its receiver drops doubles."""

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """The names of the secret fields, as documents write them."""
        return frozenset(
            field.alias or name for name, field in cls.model_fields.items() if _extra(field).get("control") == "secret"
        )

    @property
    def account(self) -> str:
        """What its rate is counted by: the same for all runs that publish by this configuration."""
        return hashlib.sha256(f"{self.type}\0{self.model_dump_json()}".encode()).hexdigest()

    def most(self) -> int:
        """The length of the longest text that it takes as it is configured."""
        return self.longest

    def length(self, text: str) -> int:
        """How long a text is for this target."""
        return len(text)

    def problems(self, post: Post) -> Iterator[str]:
        """Why it would not take the post, in words for people; nothing where it would."""
        if not post.text.strip():
            yield "The text is empty."
        if (length := self.length(post.text)) > (most := self.most()):
            yield f"The text has {length:,} characters as {self.type} counts them; at most {most:,} are taken."
        if len(post.images) > self.most_images:
            allowed = f"at most {self.most_images}" if self.most_images else "none"
            yield f"There are {len(post.images)} pictures; {self.type} takes {allowed}."

    @abstractmethod
    async def publish(self, publication: Publication, line: Line) -> str | None:
        """Publishes once; comes back with the target's id of it, where there is one.

        Raises `SendFailure` when it was not accepted, and `Unreachable` when that is not known.
        """


def check_published(name: str, response: Response, complaint: Callable[[Json], Json] = lambda _: None) -> None:
    """Raises a `SendFailure` for an answer that refuses, and `Unreachable` for a fault behind which it may be public.

    Only of a 503 it is sure that nobody has looked at the post.
    """
    if response.status >= 500 and response.status != UNAVAILABLE:
        raise Unreachable("SERVER_FAULT", f"{name} has a fault of its own (status {response.status}).")
    check_accepted(name, response, complaint)


def _extra(field: Any) -> dict[str, Any]:
    extra: object = field.json_schema_extra
    return cast("dict[str, Any]", extra) if isinstance(extra, dict) else {}
