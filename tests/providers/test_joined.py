"""An answer that nobody follows is told in fewer pieces, and is the same."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from itertools import pairwise

import pytest

from conduet.llm.errors import MalformedAnswer
from conduet.llm.event import Event, TextDelta
from conduet.providers.openai import OpenAI
from tests.providers.playing import FORMATS, HELLO, Reply, ask, assembled, direct, playing, wire

UNFOLLOWED = replace(HELLO, is_followed=False)
HELLO_THERE = (
    b'data: {"choices":[{"delta":{"content":"Hello "}}]}\n\ndata: {"choices":[{"delta":{"content":"there"}}]}\n\n'
)


@pytest.mark.parametrize("answer", ["text", "calls"])
@pytest.mark.parametrize("kind", FORMATS)
async def test_what_came_together_is_one_piece(kind: str, answer: str) -> None:
    body = wire(f"{kind}/{answer}")
    told = await ask(FORMATS[kind], Reply(body), request=UNFOLLOWED)
    assert assembled(told) == assembled(await ask(FORMATS[kind], Reply(body)))
    assert not any(isinstance(a, TextDelta) and isinstance(b, TextDelta) for a, b in pairwise(told))


async def test_what_was_said_before_an_answer_fails_is_told() -> None:
    said: list[Event] = []

    async def hear(stream: AsyncGenerator[Event]) -> None:
        async for event in stream:
            said.append(event)  # noqa: PERF401 - it breaks off

    async with playing(Reply(HELLO_THERE + b"data: {no json}\n\n")) as server, direct() as opener:
        with pytest.raises(MalformedAnswer):
            await hear(server.provider(OpenAI, opener).stream("m", UNFOLLOWED))
    assert said == [TextDelta("Hello there")]
