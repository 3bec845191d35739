"""A history that has become too long: its beginning is summed up, and the sum kept in its place."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from conduet.agents.fence import RULE, fenced
from conduet.agents.guard import Watch
from conduet.agents.history import spoken, trimmed
from conduet.agents.stage import Stage
from conduet.engine.trace import Debug, Trace
from conduet.engine.values import Json
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError
from conduet.llm.message import Message, ModelRequest, System, User
from conduet.llm.tokens import estimate

SUMMARY_TOKENS: Final = 400
SUMMARY_SECONDS: Final = 20.0
SUMMARY_CHARACTERS: Final = 4_000
SPOKEN_CHARACTERS: Final = 40_000
_TASK: Final = (
    "Sum up the conversation, and the summary so far, in at most 150 words, in its language: what the user wants, what "
    "was found out, done, promised and left open. Keep names, numbers and dates. Write nothing else."
)


async def shorten(stage: Stage) -> AsyncGenerator[Trace, None]:
    """Leaves out the beginning of a history that is longer than the agent's bound, and has it summed up."""
    dropped, kept = trimmed(stage.memory.messages, tokens=stage.agent.history_tokens)
    if not dropped:
        return
    stage.memory.messages = kept
    try:
        stage.memory.summary = await _summed_up(stage, dropped)
    except ModelError as error:
        stage.memory.summary = f"{stage.memory.summary}\n{spoken(dropped)}".strip()[-SUMMARY_CHARACTERS:]
        yield Debug("warning", f"What was said at first could not be summed up ({error.code}): its end is kept.")


def shorten_further(stage: Stage) -> bool:
    """Leaves out half of the history for this turn's sake; whether there was anything to leave out."""
    messages = stage.memory.messages
    dropped, kept = trimmed(messages, tokens=sum(map(estimate, messages)) - 1)
    stage.memory.messages = kept
    if dropped:
        stage.memory.summary = f"{stage.memory.summary}\n{spoken(dropped)}".strip()[-SUMMARY_CHARACTERS:]
    return bool(dropped)


async def _summed_up(stage: Stage, messages: list[Message]) -> str:
    """Raises a `ModelError`."""
    data: Json = {"summarySoFar": stage.memory.summary, "conversation": spoken(messages)[-SPOKEN_CHARACTERS:]}
    request = ModelRequest(
        (System(f"{_TASK}\n\n{RULE}"), User(fenced("conversation", data))), max_tokens=SUMMARY_TOKENS
    )
    place = f"{stage.key}/summary"
    request = Watch(stage.agent.guard).request(request)
    told = stage.world.model(place, stage.agent.chain, request, seconds=SUMMARY_SECONDS)
    summary = stage.memory.summary
    async with aclosing(told) as events:
        async for event in events:
            if isinstance(event, ModelAnswer):
                stage.tokens += event.usage.input + event.usage.output
                summary = event.text[:SUMMARY_CHARACTERS]
    return summary
