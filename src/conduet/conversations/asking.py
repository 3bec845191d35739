"""A model is asked in a turn: what it answers goes into the journal, and what the call took is told once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from conduet.analytics.usage_store import ModelUse
from conduet.engine.asked import Pieces, mocked_answer, told_at_once
from conduet.engine.journal import write_mock
from conduet.engine.values import Json
from conduet.kit.clock import iso, now
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError
from conduet.llm.message import ModelRequest
from conduet.llm.models import Models, Told
from conduet.llm.name import Chain


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks in the name of a project; `entries` is the turn's journal, `calls` collects what each call took."""

    models: Models
    project_id: str
    entries: dict[str, Json]
    calls: list[ModelUse]

    async def stream(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        """The answer as it is made; raises a `ModelError`."""
        pieces, clock = Pieces(), asyncio.get_running_loop().time
        began, at = clock(), iso(now())
        answering = self.models.stream(chain, request, project=self.project_id, seconds=seconds)
        try:
            async with aclosing(answering) as stream:
                async for told in stream:
                    pieces.add(told)
                    if isinstance(told, ModelAnswer):
                        self.entries[place] = {**pieces.answer(told), "took": took(at, clock() - began)}
                        self.calls.append(ModelUse.of(told))
                    yield told
        except ModelError as error:
            self.entries[place] = {**pieces.failure(error), "took": took(at, clock() - began)}
            if error.attempts:
                self.calls.append(ModelUse.failed(error, error.attempts[-1].model, seconds=clock() - began))
            raise

    async def mocked(self, place: str, mock: Json) -> AsyncGenerator[Told]:
        """What a test lays in its place."""
        self.entries[place] = write_mock(mock)
        async with aclosing(told_at_once(mocked_answer(mock))) as stream:
            async for told in stream:
                yield told


def took(at: str, seconds: float) -> Json:
    """When something was asked and how long it took, for whoever looks at a turn; a replay does without."""
    return {"at": at, "ms": round(seconds * 1000, 3)}
