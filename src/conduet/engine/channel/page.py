"""A channel whose people come to a page of this server: the chat, and nothing else."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from conduet.engine.channel.channel import Channel
from conduet.engine.fields import control

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


def _slug(text: str) -> str:
    if not 3 <= len(text) <= 64 or not _SLUG.fullmatch(text):
        raise ValueError("3 to 64 small letters and digits, with single hyphens between them, like shop-help")
    return text


Slug = Annotated[str, AfterValidator(_slug)]


class PageChannel(Channel):
    """What a page of a deployment's own is like: it is at `/chat/{slug}`, and there is none without a slug."""

    slug: Annotated[
        Slug | None,
        Field(
            description="The chat page is at /chat/ and this. Left empty, there is no page.",
            json_schema_extra=control("text"),
        ),
    ] = None
    title: Annotated[
        str | None,
        Field(
            max_length=100,
            description="What the page's tab is called; the project's name if left empty.",
            json_schema_extra=control("text"),
        ),
    ] = None
    indexed: Annotated[
        bool,
        Field(
            description="Whether search engines may list the chat page.",
            json_schema_extra=control("switch"),
        ),
    ] = False

    @property
    @abstractmethod
    def language(self) -> str | None:
        """The language of what is on the page (BCP 47); `None`: the visitor's."""

    @abstractmethod
    def attributes(self) -> Mapping[str, str]:
        """The attributes of the chat on the page, beside its key and its version."""

    @abstractmethod
    def properties(self) -> Mapping[str, str]:
        """CSS properties of the chat by their names; the values are safe in a style sheet."""
