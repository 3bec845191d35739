"""What was said in a flow, as much of it as a model needs."""

from collections.abc import Iterator, Sequence
from typing import Final

from conduet.engine.turn import Said
from conduet.engine.values import Json

MOST: Final = 40
"""How many messages are kept."""

CHARACTERS: Final = 2_000
"""How much of each."""


def write_history(history: Sequence[Said]) -> list[Json]:
    """The last messages as JSON."""
    return [{"role": role, "text": text[:CHARACTERS]} for role, text in history[-MOST:]]


def read_history(value: Json) -> Iterator[Said]:
    """What `write_history` wrote; a client may have sent it: what is anything else is left out."""
    for entry in value[-MOST:] if isinstance(value, list) else ():
        match entry:
            case {"role": "user" | "assistant" as role, "text": str(text)}:
                yield ("user" if role == "user" else "assistant"), text[:CHARACTERS]
            case _:
                continue
