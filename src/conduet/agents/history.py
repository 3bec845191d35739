"""What of a conversation a model is shown: as much as fits, oldest left out first, a call never without its result."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from conduet.llm.message import Assistant, Message, Text, ToolResult, User
from conduet.llm.tokens import estimate, fits


def trimmed(messages: Sequence[Message], *, tokens: int) -> tuple[list[Message], list[Message]]:
    """What is left out of a history that has more tokens, and what is kept; half of them when it has.

    Half, so that what begins alike stays the same for a while, which providers keep ready. What the user said last is
    kept whatever its length; what was done since loses its oldest calls, each with its results.
    """
    if fits(messages, tokens):
        return [], [*messages]
    groups = [*_groups(messages)]
    if sum(map(_cost, groups)) <= tokens:
        return [], [*messages]
    last = max((index for index, group in enumerate(groups) if isinstance(group[0], User)), default=0)
    room = tokens // 2
    since = _newest(groups[last + 1 :], room - _cost(groups[last]))
    own = groups[last]
    room -= _cost(own) + sum(map(_cost, since))
    before = _newest(groups[:last], room)
    # Providers want the user to speak first.
    while before and not isinstance(before[0][0], User):
        before = before[1:]
    dropped = [*_flat(groups[: last - len(before)]), *_flat(groups[last + 1 : len(groups) - len(since)])]
    return dropped, [*_flat(before), *own, *_flat(since)]


def spoken(messages: Iterable[Message]) -> str:
    """What was said, line by line, for a summary; what tools returned is told by its beginning."""
    return "\n".join(_lines(messages))


def without_echoes(messages: Iterable[Message]) -> list[Message]:
    """The messages without what a model wants back only while its tools run."""
    return [replace(each, echo=None) if isinstance(each, Assistant) and each.echo else each for each in messages]


def _lines(messages: Iterable[Message]) -> Iterator[str]:
    for message in messages:
        match message:
            case User():
                yield f"User: {' '.join(part.text for part in message.parts if isinstance(part, Text))}"
            case Assistant():
                if message.text:
                    yield f"Assistant: {message.text}"
                for call in message.calls:
                    yield f"Assistant used {call.name}: {call.arguments[:500]}"
            case ToolResult():
                yield f"{message.name} returned: {message.content[:500]}"
            case _:
                continue


def _groups(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Each message by itself, but calls with their results."""
    group: list[Message] = []
    for message in messages:
        if group and not isinstance(message, ToolResult):
            yield group
            group = []
        group.append(message)
    if group:
        yield group


def _cost(group: Sequence[Message]) -> int:
    return sum(map(estimate, group))


def _newest(groups: Sequence[list[Message]], room: int) -> Sequence[list[Message]]:
    """As many of the last groups as fit."""
    for count, group in enumerate(reversed(groups)):
        room -= _cost(group)
        if room < 0:
            return groups[len(groups) - count :]
    return groups


def _flat(groups: Iterable[list[Message]]) -> list[Message]:
    return [message for group in groups for message in group]
