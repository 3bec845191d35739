"""One try at one model: a place, the deadlines, and what came of it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from conduet.llm.answer import Assembly
from conduet.llm.deadline import Deadline
from conduet.llm.errors import BrokenStream, EmptyAnswer, Overloaded, TimedOut
from conduet.llm.event import CallEnded, Delta, Event, Finished, TextDelta, Usage
from conduet.llm.message import ModelRequest
from conduet.llm.places import Places
from conduet.llm.provider import Provider

LAST: Final = (Usage, Finished)
"""What comes with the end of an answer, and is told with the whole of it."""


async def attempt(
    provider: Provider,
    model: str,
    request: ModelRequest,
    *,
    into: Assembly,
    places: Places,
    project: str,
    first_token_seconds: float,
    total_seconds: float,
) -> AsyncGenerator[Delta]:
    """The deltas of one answer, all its events kept in `into`; the time counts from asking for a place.

    Raises a `ModelError`.
    """
    clock = asyncio.get_running_loop().time
    ends_at = clock() + total_seconds
    deadline = Deadline(min(first_token_seconds, total_seconds))
    try:
        await _place(places, deadline, project)
        try:
            async with aclosing(provider.stream(model, request)) as stream:
                heard = False
                while True:
                    with deadline:
                        event = await anext(stream, None)
                    if event is None:
                        break
                    if isinstance(event, TextDelta) and "\0" not in event.text:
                        into.say(event.text)
                    else:
                        into.take(event := _clean(event))
                        if isinstance(event, LAST):
                            continue
                    if not heard:
                        heard = True
                        deadline.move(ends_at - clock())
                    yield event
        except TimeoutError:
            raise TimedOut("The model broke off." if into.is_begun else None) from None
        finally:
            places.give_back()
    finally:
        deadline.close()
    _check(into)


async def _place(places: Places, deadline: Deadline, project: str) -> None:
    try:
        with deadline:
            await places.take(project)
    except TimeoutError:
        raise Overloaded("Too many calls of the model's provider are under way already.") from None


def _clean(event: Event) -> Event:
    """Without NUL, which no database takes in a text."""
    match event:
        case TextDelta() if "\0" in event.text:
            return TextDelta(event.text.replace("\0", ""))
        case CallEnded() if "\0" in event.call.arguments:
            return replace(event, call=replace(event.call, arguments=event.call.arguments.replace("\0", "")))
        case _:
            return event


def _check(assembly: Assembly) -> None:
    """Raises `BrokenStream` for an answer without its end, `EmptyAnswer` for one without anything in it."""
    if assembly.finished is None:
        raise BrokenStream
    if not assembly.is_begun:
        raise EmptyAnswer(
            "The model used up its tokens before it said anything." if assembly.finished.reason == "length" else None
        )
