"""A model is asked in a turn: what it answers goes into the journal, and what it took is told once."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from conduet.engine.asked import Pieces, mocked_answer, told_at_once
from conduet.engine.journal import write_mock
from conduet.engine.values import Json
from conduet.llm.answer import ModelAnswer
from conduet.llm.deadline import Deadline
from conduet.llm.errors import ModelError, TimedOut
from conduet.llm.message import ModelRequest
from conduet.llm.models import Models, Told
from conduet.llm.name import Chain


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks in the name of a project; `entries` is the turn's journal, `answers` collects what was answered."""

    models: Models
    project_id: str
    entries: dict[str, Json]
    answers: list[ModelAnswer]

    async def stream(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        """The answer as it is made; raises a `ModelError`."""
        pieces, deadline = Pieces(), Deadline(seconds)
        try:
            async with aclosing(self.models.stream(chain, request, project=self.project_id)) as stream:
                while True:
                    with deadline:
                        told = await anext(stream, None)
                    if told is None:
                        return
                    pieces.add(told)
                    if isinstance(told, ModelAnswer):
                        self.entries[place] = pieces.answer(told)
                        self.answers.append(told)
                    yield told
        except TimeoutError:
            error = TimedOut()
            self.entries[place] = pieces.failure(error)
            raise error from None
        except ModelError as error:
            self.entries[place] = pieces.failure(error)
            raise
        finally:
            deadline.close()

    async def mocked(self, place: str, mock: Json) -> AsyncGenerator[Told]:
        """What a test lays in its place."""
        self.entries[place] = write_mock(mock)
        async with aclosing(told_at_once(mocked_answer(mock))) as stream:
            async for told in stream:
                yield told
