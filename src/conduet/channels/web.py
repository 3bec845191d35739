"""The chat widget on web pages: it speaks to the API with a widget key; nothing comes in or goes out by itself."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, JsonValue

from conduet.engine.channel.page import PageChannel
from conduet.engine.fields import control

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise ValueError("a colour is written like #0f766e")
    return text


Colour = Annotated[str, AfterValidator(_colour)]


class Web(PageChannel):
    """The chat widget on your web pages, and a chat page of its own."""

    type: ClassVar[str] = "web"
    display_name: ClassVar[str] = "Web chat"
    example: ClassVar[dict[str, JsonValue]] = {"slug": "shop-help"}
    steps: ClassVar[tuple[str, ...]] = (
        "To send somebody a link: give the chat page an address, and copy it.",
        "For pages of your own: make a widget key that names your site's address.",
        "Paste the snippet into your pages, before the end of the body.",
    )

    accent: Annotated[
        Colour | None,
        Field(
            description="The colour of buttons and of what the visitor says; the project's if left empty.",
            json_schema_extra=control("text"),
        ),
    ] = None
    theme: Annotated[
        Literal["auto", "light", "dark"],
        Field(description="`auto`: as the visitor's system is set.", json_schema_extra=control("select")),
    ] = "auto"
    lang: Annotated[
        Literal["ar", "de", "en", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "tr", "zh"] | None,
        Field(
            description="The language of the widget's own words; the visitor's if left empty.",
            json_schema_extra=control("select"),
        ),
    ] = None
    position: Annotated[
        Literal["end", "start"],
        Field(description="The launcher's side, on pages of yours.", json_schema_extra=control("select")),
    ] = "end"
    greeting: Annotated[
        str | None,
        Field(
            max_length=200,
            description="A teaser beside the launcher, on pages of yours.",
            json_schema_extra=control("text"),
        ),
    ] = None
    greeting_delay: Annotated[
        int | None,
        Field(ge=0, le=3600, description="After how many seconds it is shown.", json_schema_extra=control("number")),
    ] = None
    open: Annotated[
        bool,
        Field(description="Whether the panel is open at once, on pages of yours.", json_schema_extra=control("switch")),
    ] = False

    @property
    def language(self) -> str | None:
        """As configured."""
        return self.lang

    def attributes(self) -> Mapping[str, str]:
        """How it looks; what the launcher does is nothing to a page that has none."""
        return {"theme": self.theme, **({"lang": self.lang} if self.lang else {})}

    def properties(self) -> Mapping[str, str]:
        """The accent."""
        return {"--cdt-accent": self.accent} if self.accent else {}
