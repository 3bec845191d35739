"""How a channel shows what was said: its messages as they would go out, read for people's eyes. Nothing is sent."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from conduet.deployments.schemas import ChannelMessage, ChannelPreview, Previewing
from conduet.engine.channel.channel import Channel, ListeningChannel
from conduet.engine.channel.outbound import Message, TraceJson
from conduet.engine.values import Json
from conduet.errors import BadRequest

WORDS: Final = (
    "title",
    "head_content",
    "text",
    "body",
    "caption",
    "description",
    "subtitle",
    "content",
    "alt_text",
    "link",
    "url",
)
"""Where the vendors' messages hold what a person reads, in the order in which it is read."""
PRESSED: Final = frozenset(("id", "payload", "callback_data", "action_id", "value", "postback"))
"""What says of an object with words that it can be pressed."""


def preview(kind: type[Channel], asked: Previewing) -> ChannelPreview:
    """The messages of a channel type. Raises `BadRequest` where it shows what the page shows, and for other traces."""
    if not issubclass(kind, ListeningChannel):
        raise BadRequest.at("channel", "This channel shows a conversation as the page does.")
    # What goes out does not depend on whose account it is.
    channel = kind.model_validate(kind.example)
    traces: list[TraceJson] = [{"type": each.type, "payload": each.payload, "time": ""} for each in asked.traces]
    try:
        return ChannelPreview(messages=[_told(each) for each in channel.write(traces) if not each.fleeting])
    except (LookupError, TypeError, AttributeError, ValueError):
        where, named = next(((at, each["type"]) for at, each in enumerate(traces) if _is_odd(channel, each)), (0, "it"))
        raise BadRequest.at(f"traces[{where}].payload", f"This is not what `{named}` has.") from None


def _is_odd(channel: ListeningChannel, trace: TraceJson) -> bool:
    """Whether it is no trace that a turn says."""
    try:
        channel.write([trace])
    except (LookupError, TypeError, AttributeError, ValueError):
        return True
    return False


def _told(message: Message) -> ChannelMessage:
    content = dict(message.content)
    # The same words once more, as a page.
    read = {name: part for name, part in content.items() if name != "html"}
    options: list[str] = []
    lines = [line for line in _read(read, options) if line]
    return ChannelMessage(
        text="\n".join(dict.fromkeys(lines)),
        options=list(dict.fromkeys(options)),
        numbered=[each.label for each in message.numbered],
        content=content,
    )


def _read(value: Json, options: list[str]) -> Iterator[str]:
    """The words of a message; those that are pressed go to `options`."""
    if isinstance(value, list):
        for each in value:
            yield from _read(each, options)
    if not isinstance(value, dict):
        return
    label = _label(value)
    if label and PRESSED & value.keys():
        options.append(label)
        return
    for name in sorted(value, key=_order):
        part = value[name]
        if isinstance(part, str):
            if name in WORDS:
                yield part
        else:
            yield from _read(part, options)


def _label(value: Mapping[str, Json]) -> str:
    """What an object is called: its title, or its text, which some vendors put in an object of its own."""
    found = value.get("title") or value.get("text") or value.get("content")
    return str(cast("Mapping[str, Json]", found).get("text", "")) if isinstance(found, dict) else str(found or "")


def _order(name: str) -> int:
    return WORDS.index(name) if name in WORDS else len(WORDS)
