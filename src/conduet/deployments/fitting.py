"""What vendors call things, made fit to be kept: whatever they send, it has its place in every database."""

import hashlib
from dataclasses import replace
from typing import Final

from conduet.engine.channel.inbound import Incoming
from conduet.kit.json import Json

LENGTH: Final = 512
"""The longest name that is kept as it is: an index holds no row of any length."""


def known_by(name: str) -> str:
    """What something is known by here that the vendor calls so; the same each time."""
    return name if len(name) <= LENGTH and fits(name) else hashlib.sha256(_bytes(name)).hexdigest()


def fits(text: str) -> bool:
    """Whether every database keeps it: it has no NUL, and no half of a letter."""
    return fitting(text) == text


def fitting(text: str) -> str:
    """A text without what no database keeps."""
    return _bytes(text).decode().replace("\0", "\ufffd")


def fitted(incoming: Incoming) -> Incoming | None:
    """A message that can be kept; `None` for one of somebody whom no answer could reach: no vendor has such names."""
    if len(incoming.user) > LENGTH or not fits(incoming.user):
        return None
    return replace(
        incoming,
        id=known_by(incoming.id),
        aliases=tuple(name for name in incoming.aliases if len(name) <= LENGTH and fits(name)),
        answers=tuple(map(known_by, incoming.answers)),
        name=fitting(incoming.name),
        to=fitting_json(incoming.to),
    )


def fitting_json(value: Json) -> Json:
    """JSON whose texts have nothing that no database keeps."""
    match value:
        case str():
            return fitting(value)
        case list():
            return [fitting_json(each) for each in value]
        case dict():
            return {fitting(name): fitting_json(each) for name, each in value.items()}
        case _:
            return value


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
