"""Slack's own marks for text: https://docs.slack.dev/messaging/formatting-message-text."""

from typing import Final

from conduet.engine.channel.markdown import Style

ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escaped(text: str) -> str:
    """A text in which nothing is a mark of Slack's control characters."""
    return text.translate(ESCAPES)


def link(text: str, url: str) -> str:
    """A link with its text."""
    return f"<{escaped(url).replace('|', '%7C')}|{text or escaped(url)}>"


STYLE: Final = Style(
    bold=("*", "*"),
    italic=("_", "_"),
    strike=("~", "~"),
    code=("`", "`"),
    block=("```", "```"),
    link=link,
    escape=escaped,
)
