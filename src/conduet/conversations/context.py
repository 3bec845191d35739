"""The world as a running turn sees it; each answer goes into the turn's journal, and no secret with it."""

import asyncio
import copy
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from conduet.analytics.usage_store import ModelUse
from conduet.conversations.asking import Asking
from conduet.conversations.budget import DayBudget
from conduet.conversations.outside import SAID, Outside, shortened
from conduet.conversations.scope import ConversationScope
from conduet.conversations.world import World
from conduet.engine.asked import Pieces
from conduet.engine.context import Context, Passage
from conduet.engine.journal import KNOWLEDGE, embedded, write_answer, write_mock, write_passages, write_value
from conduet.engine.mocking import ModelMocks
from conduet.engine.outside import Unreachable
from conduet.engine.values import MISSING, Json, Missing
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.knowledge.doubt import is_good
from conduet.knowledge.gap_store import Asked
from conduet.llm.errors import BudgetReached, NotConfigured
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

CHANCE: Final = random.SystemRandom()
"""The system's: ids that nobody may guess are made of it, too."""


class LiveContext(Outside):
    """Answers from the real world, and keeps what it answered in `entries`.

    `mocks` (by step or tool, as a document names them) answer in place of the world.
    """

    __slots__ = (
        "_is_followed",
        "_mocks",
        "_model_mocks",
        "budget",
        "calls",
        "chain",
        "gaps",
        "has_asked",
        "has_knowledge",
        "platform",
        "user_id",
    )

    def __init__(
        self,
        world: World,
        scope: ConversationScope,
        *,
        platform: str,
        version_id: str,
        trace_id: str,
        mocks: Mapping[str, Json],
        is_followed: bool,
    ) -> None:
        super().__init__(world, scope, version_id=version_id, trace_id=trace_id)
        self.user_id = scope.user_id
        self.platform = platform
        self._is_followed = is_followed
        self._mocks = mocks
        self._model_mocks = ModelMocks(mocks)
        self.calls: list[ModelUse] = []
        """What the models that were asked took."""
        self.chain: Chain = world.minds.chain
        self.gaps: list[Asked] = []
        """What was looked for in the knowledge base without a good answer."""
        self.has_knowledge = False
        self.budget: DayBudget | None = None
        """What the project's models may cost in a day."""
        self.has_asked = False
        """Whether a model was to be asked, also where the budget was spent."""

    async def look_up(self) -> None:
        """Finds out whether the project has something in its knowledge base."""
        self.has_knowledge = await self._world.minds.has_knowledge(self._scope.project)
        if self.has_knowledge:
            self.entries[KNOWLEDGE] = True

    def now(self, place: str) -> datetime:
        # Whole milliseconds: a replay has to read back exactly what was answered.
        moment = from_milliseconds(milliseconds(now()))
        self.entries[place] = iso(moment)
        return moment

    def random(self, place: str) -> float:
        drawn = CHANCE.random()
        self.entries[place] = drawn
        return drawn

    async def sleep(self, place: str, *, seconds: float) -> None:
        self.entries[place] = seconds
        await asyncio.sleep(seconds)

    async def elapse(self, place: str, *, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.entries[place] = seconds

    def mocked(self, place: str, names: Sequence[str]) -> Json | Missing:
        found = next((self._mocks[name] for name in names if name in self._mocks), MISSING)
        if found is not MISSING:
            self.entries[place] = write_mock(found)
        return found

    async def once(self, place: str, work: Callable[[Context], Awaitable[Json]]) -> Json:
        masks = await self._known()
        unkept = copy.copy(self)
        unkept.entries = {}
        try:
            value = self._taken(masks.json(await work(unkept)))
        except Unreachable as error:
            masked = shortened(error, masks)
            self.entries[place] = write_answer(masked)
            raise masked from None
        self.entries[place] = write_value(value)
        return value

    def converses(self, chain: Chain) -> bool:
        return self._world.minds.models.converse(chain)

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        asking = Asking(self._world.minds.models, self._scope.project.project_id, self.entries, self.calls)
        try:
            mock = self._model_mocks.take(place)
        except NotConfigured as error:
            self.entries[place] = Pieces().failure(error)
            raise
        if mock is MISSING and await self._is_spent():
            self.entries[place] = Pieces().failure(error := BudgetReached())
            raise error
        request = request if self._is_followed else replace(request, is_followed=False)
        told = asking.stream(place, chain, request, seconds=seconds) if mock is MISSING else asking.mocked(place, mock)
        async with aclosing(told):
            async for each in told:
                yield each

    async def _is_spent(self) -> bool:
        """Whether the day, with this turn, has cost what it may."""
        self.has_asked = True
        if self.budget is None:
            return False
        since = self.budget.begins(milliseconds(now()))
        spent = await self._world.spent(self._scope.project, since=since)
        return spent + sum(call.cost_usd or 0.0 for call in self.calls) >= self.budget.limit_usd

    @property
    def intent_threshold(self) -> float:
        embedder = self._world.minds.embedder
        return embedder.intent_threshold if embedder else 1.0

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        return await embedded(self._world.minds.embedder, texts)

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        knowledge = self._world.minds.knowledge
        try:
            found = (
                [
                    *await knowledge.find(
                        self._scope.project.project_id, query, top_k=top_k, min_score=min_score, metadata=metadata
                    )
                ]
                if knowledge
                else []
            )
        except Unreachable as error:
            self.entries[place] = write_answer(error)
            raise
        self.entries[place] = write_passages(found)
        best = found[0].score if found else 0.0
        if knowledge and not is_good(best, found[0].unknown if found else ()):
            masks = await self._known()
            self.gaps.append(Asked(masks.text(query)[:SAID], best, milliseconds(now())))
        return found
