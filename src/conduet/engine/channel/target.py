"""A publishing target: a frozen model whose fields are its configuration, its limits, and one try to publish."""

import hashlib
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Protocol, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from conduet.engine.channel.answer import check_accepted
from conduet.engine.channel.channel import VENDOR_PAUSES
from conduet.engine.channel.outbound import Line, SendFailure, SentFile
from conduet.engine.outside import Response, Unreachable
from conduet.engine.values import Json

UNAVAILABLE: Final = 503


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a post by its address; `alt` tells it to those who do not see it.

    The rest is as it was when the post was written, where a target takes it as a file: its type, its bytes, the SHA-256
    of its content; or in `problem` why it could not be had.
    """

    url: str
    alt: str = ""
    mime_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What is published: the text as it was approved, and the pictures that go with it."""

    text: str
    pictures: tuple[Picture, ...] = ()

    @property
    def images(self) -> tuple[str, ...]:
        """The addresses of the pictures."""
        return tuple(each.url for each in self.pictures)


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """What a target takes of a picture that is uploaded to it: `types` by their names for people, bytes, letters."""

    types: Mapping[str, str]
    size: int
    alt: int

    def problems(self, picture: Picture, name: str, number: int) -> Iterator[str]:
        """Why it would not take a picture, the post's `number`-th, in words for people."""
        if picture.problem is not None:
            yield f"Picture {number} cannot be uploaded to {name}: {picture.problem}"
        elif picture.mime_type is None or picture.size is None:
            yield f"Picture {number} cannot be uploaded to {name}: it was not looked at. Have the post written again."
        elif picture.mime_type not in self.types:
            yield f"Picture {number} is {picture.mime_type}; {name} takes {', '.join(self.types.values())}."
        elif picture.size > self.size:
            yield f"Picture {number} has {picture.size:,} bytes; {name} takes at most {self.size:,}."
        if len(picture.alt) > self.alt:
            yield f"The alternative text of picture {number} has {len(picture.alt):,} characters; at most {self.alt:,}."

    async def file(self, line: Line, picture: Picture) -> SentFile:
        """The picture, if it is still the one that was approved. Raises `SendFailure`: nothing is public by that."""
        with unpublished():
            file = await line.file(picture.url)
        if hashlib.sha256(file.content).hexdigest() != picture.sha256:
            raise SendFailure(f"The picture at {picture.url} is another one than was approved.")
        return file


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token, good for so many seconds, and the refresh token that buys the next pair, once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: float


Renew: TypeAlias = Callable[[str], Awaitable[Pair]]
"""Buys the next pair with a refresh token. Raises as `Target.publish` does."""


class Revoked(SendFailure):
    """The vendor sells nothing for a refresh token any more: somebody has to sign in there anew."""

    def __init__(self, message: str) -> None:
        super().__init__(message, alarm=True)


class Tokens(Protocol):
    """Keeps the pairs of one project, so that no two processes use one refresh token."""

    async def access(self, line_id: str, refresh: str, renew: Renew, *, refused: str | None = None) -> str:
        """An access token that is good still; `refused` is one that is not, whatever its time says.

        `line_id` is of the pairs that were bought one with the other, the first with `refresh`. A new pair is stored
        before it is used. Raises `SendFailure`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Publication:
    """A post on its way to one target: `id` is the same for each try."""

    id: str
    post: Post
    created_at: datetime
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Rate:
    """So many posts in so many seconds, which the target's own limits allow one configuration."""

    count: int
    seconds: int


class Target(BaseModel):
    """A publishing target; a subclass is one file in `targets/` with its `type`. Its docstring says where it publishes.

    A field that is secret has `control("secret")`: it takes a `{{secrets.NAME}}` of the project and nothing else.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True, defer_build=True)

    type: ClassVar[str]
    display_name: ClassVar[str] = ""
    """What people call it, where that is not its `type` in plain words."""
    example: ClassVar[dict[str, JsonValue]] = {}

    longest: ClassVar[int]
    """The length of the longest text that it takes, as `length` counts."""

    most_images: ClassVar[int] = 0
    picture_files: ClassVar[PictureFiles | None] = None
    """What it takes of pictures that are uploaded to it; nothing: it is told their addresses."""

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

    @property
    def token_line(self) -> str | None:
        """What its pairs of tokens are kept by, where it buys them anew."""
        return None

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
        if len(post.pictures) > self.most_images:
            allowed = f"at most {self.most_images}" if self.most_images else "none"
            yield f"There are {len(post.pictures)} pictures; {self.type} takes {allowed}."
        elif self.picture_files is not None:
            for number, picture in enumerate(post.pictures, 1):
                yield from self.picture_files.problems(picture, self.type, number)

    @abstractmethod
    async def publish(self, publication: Publication, line: Line) -> str | None:
        """Publishes once; comes back with the target's id of it, where there is one.

        Raises `SendFailure` when it was not accepted, and `Unreachable` when that is not known.
        """


@contextmanager
def unpublished() -> Generator[None]:
    """What is done before anything can be public: where no answer comes, it is done again."""
    try:
        yield
    except Unreachable as failure:
        raise SendFailure(failure.message, again=True) from None


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
