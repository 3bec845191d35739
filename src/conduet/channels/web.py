"""The widget on web pages: it speaks to the API with a widget key, so that nothing comes in or goes out by itself."""

from typing import ClassVar

from conduet.engine.channel.channel import Channel


class Web(Channel):
    """The chat widget on your web pages."""

    type: ClassVar[str] = "web"
    steps: ClassVar[tuple[str, ...]] = (
        "Make a widget key that names your site's address.",
        "Paste the snippet into your pages, before the end of the body.",
    )
