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
            case {"role": "user", "text": str(text)}:
                yield "user", text[:CHARACTERS]
            case {"role": "assistant", "text": str(text)}:
                yield "assistant", text[:CHARACTERS]
            case {"role": "person", "text": str(text)}:
                yield "person", text[:CHARACTERS]
            case {"role": "event", "text": str(text)}:
                yield "event", text[:CHARACTERS]
            case _:
                continue


def read_returned(value: Json) -> Iterator[Said]:
    """What was said while a person had the conversation, and the note that came with its return."""
    if not isinstance(value, dict):
        return
    yield "event", "A person took the conversation over."
    yield from read_history(value.get("said"))
    note = value.get("note")
    told = f" Their note: {note[:CHARACTERS]}" if isinstance(note, str) else ""
    yield "event", f"The person has given the conversation back to you.{told}"
