"""The world of a conversation test: it stands still, its chance is dealt, and nothing in it leads outside."""

import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from conduet.conversations.code import run_code
from conduet.conversations.minds import NO_MINDS, Minds
from conduet.engine.asked import mocked_answer, told_at_once
from conduet.engine.context import Context, Passage
from conduet.engine.conversation_test import Test
from conduet.engine.journal import Parted, ReplayContext
from conduet.engine.mocking import MODEL, ModelMocks
from conduet.engine.outside import Code, Computed, Mail, McpRequest, Request, Response
from conduet.engine.values import MISSING, Json, Missing
from conduet.kit.clock import milliseconds
from conduet.kit.sandbox.pool import Sandbox
from conduet.llm.errors import NotConfigured
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain

NOW: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""Where the clock stands when a test does not say: a Monday morning."""

PLATFORM: Final = "api"


class Unmocked(Parted):
    """The flow asks for something outside that the test has no answer to; `asked` says what.

    `names` are those by which it could be mocked beside that of the step.
    """

    def __init__(self, place: str, asked: str, *names: str) -> None:
        super().__init__(place)
        self.asked = asked
        self.names = names


@dataclass(frozen=True, slots=True)
class Stage:
    """What all tests of one run share: the version they play on, and a sandbox, used in the name of `owner`.

    The models of `minds` are asked where they are meant; so they have to answer the same each time.
    """

    version_id: str
    sandbox: Sandbox
    owner: str
    minds: Minds = NO_MINDS


class StagedContext(ReplayContext):
    """A `Context` that answers from a test's mocks, then from a turn's journal; code without either really runs.

    The same test gets the same answers at every time. Raises `Unmocked` out of `run` for a call that nothing answers.
    """

    __slots__ = ("_mocks", "_model_mocks", "_moment", "_names", "_seed", "_stage")

    def __init__(
        self, test: Test, number: int, stage: Stage, *, secrets: Iterable[str], model_mocks: ModelMocks
    ) -> None:
        super().__init__(
            test.turns[number].journal,
            user_id=test.user_id or f"test:{test.id}",
            platform=test.platform or PLATFORM,
            version_id=stage.version_id,
            secrets=secrets,
            embedder=stage.minds.embedder,
            models=stage.minds.models,
            chain=stage.minds.chain,
        )
        self._mocks = test.mocks
        self._model_mocks = model_mocks
        self._moment = test.now or NOW
        self._seed = f"{test.id}\0{number}"
        self._stage = stage
        self._names: dict[str, Sequence[str]] = {}

    def now(self, place: str) -> datetime:
        try:
            return super().now(place)
        except Parted:
            return self._moment

    def random(self, place: str) -> float:
        try:
            return super().random(place)
        except Parted:
            return (self._dealt(place) >> 3) / 2**53

    async def sleep(self, place: str, *, seconds: float) -> None:
        """Returns at once."""

    def mocked(self, place: str, names: Sequence[str]) -> Json | Missing:
        self._names[place.rpartition("/")[0]] = names
        found = next((self._mocks[name] for name in names if name in self._mocks), MISSING)
        return super().mocked(place, names) if found is MISSING else found

    async def call(self, place: str, request: Request) -> Response:
        try:
            return await super().call(place, request)
        except Parted:
            raise Unmocked(place, f"{request.method} {request.url}") from None

    async def compute(self, place: str, code: Code) -> Computed:
        try:
            return await super().compute(place, code)
        except Parted:
            stage = self._stage
            now_ms, seed = milliseconds(self._moment), self._dealt(place)
            return await run_code(stage.sandbox, code, owner=stage.owner, now_ms=now_ms, seed=seed)

    async def mail(self, place: str, mail: Mail) -> None:
        try:
            await super().mail(place, mail)
        except Parted:
            raise Unmocked(place, f"mail to {', '.join(mail.recipients)}") from None

    async def mcp(self, place: str, request: McpRequest) -> Json:
        try:
            return await super().mcp(place, request)
        except Parted:
            asked = f"the MCP tool {request.tool}" if request.tool else "the MCP tools"
            raise Unmocked(place, f"{asked} of {request.url}") from None

    async def once(self, place: str, work: Callable[[Context], Awaitable[Json]]) -> Json:
        try:
            return await super().once(place, work)
        except Parted:
            return await work(self)

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        try:
            mock = self._model_mocks.take(place)
        except NotConfigured as used_up:
            raise Unmocked(place, used_up.message.rstrip("."), MODEL) from None
        told = (
            super().model(place, chain, request, seconds=seconds)
            if mock is MISSING
            else told_at_once(mocked_answer(mock))
        )
        try:
            async with aclosing(told):
                async for each in told:
                    yield each
        except Parted:
            async with aclosing(self._thought(place, chain, request)) as thought:
                async for each in thought:
                    yield each

    async def _thought(self, place: str, chain: Chain, request: ModelRequest) -> AsyncGenerator[Told]:
        """What a model of the stage answers, where one of them is meant."""
        models = self._stage.minds.models
        known = tuple(name for name in chain if models.knows(name))
        try:
            async with aclosing(models.stream(known, request, project=self._stage.owner)) as told:
                async for each in told:
                    yield each
        except NotConfigured:
            raise Unmocked(place, "a model is asked", MODEL) from None

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        try:
            return await super().search(place, query, top_k=top_k, min_score=min_score, metadata=metadata)
        except Parted:
            raise Unmocked(place, f"the knowledge base is searched for {query!r}") from None

    def mockable(self, place: str) -> Sequence[str]:
        """The names by which what asked at a place could have been mocked, the most special one first."""
        asked = [key for key in self._names if place.startswith(f"{key}/")]
        return self._names[max(asked, key=len)] if asked else ()

    def _dealt(self, place: str) -> int:
        """56 bits that follow from the test, the turn and the place: what else is asked, and when, changes nothing."""
        drawn = hashlib.blake2b(f"{self._seed}\0{place}".encode(), digest_size=7).digest()
        return int.from_bytes(drawn, "big")
