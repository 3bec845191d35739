"""The world as a running turn sees it; each answer goes into the turn's journal, and no secret with it."""

import asyncio
import copy
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from conduet.analytics.usage_store import ModelUse
from conduet.conversations.asking import Asking
from conduet.conversations.budget import DayBudget
from conduet.conversations.masking import Masks
from conduet.conversations.scope import ConversationScope
from conduet.conversations.world import World
from conduet.engine.asked import Pieces
from conduet.engine.context import Context, Passage
from conduet.engine.fitting import storable
from conduet.engine.journal import KNOWLEDGE, embedded, write_answer, write_mock, write_passages, write_value
from conduet.engine.mocking import ModelMocks
from conduet.engine.outside import Broken, Code, Computed, Mail, McpRequest, Request, Response, Unreachable
from conduet.engine.values import MISSING, Json, Mismatch, Missing, json_bytes
from conduet.engine.variables import environment_of
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.knowledge.doubt import is_good
from conduet.knowledge.gap_store import Asked
from conduet.llm.errors import BudgetReached, NotConfigured
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

TURN_BYTES: Final = 16 * 1024 * 1024
"""How much a turn may be answered in all: the journal keeps every answer whole."""

BODY_CHARACTERS: Final = 4096
"""How much of a request's body is kept in the journal; a replay does without."""

HEAD_CHARACTERS: Final = 64 * 1024
"""How long the address, the query and the headers of a request may be together; no server takes as much."""

SAID: Final = 500
"""How many characters are told of what another system says of its failure, and kept of a question."""

LONG: Final = 64 * 1024
"""A text of more characters is looked through off the event loop."""


CHANCE: Final = random.SystemRandom()
"""The system's: ids that nobody may guess are made of it, too."""

T = TypeVar("T")


@dataclass(slots=True)
class _Allowance:
    """What a turn may still be answered, in bytes."""

    left: int = TURN_BYTES

    def take(self, size: int) -> None:
        """Raises `Unreachable` when that is more than is left."""
        if size > self.left:
            raise Unreachable("TOO_MUCH", f"What comes back in one turn is larger than {TURN_BYTES:,} bytes in all.")
        self.left -= size


class LiveContext:
    """Answers from the real world, and keeps what it answered in `entries`.

    `mocks` (by step or tool, as a document names them) answer in place of the world. `trace_id` goes along with calls.
    """

    __slots__ = (
        "_allowance",
        "_is_followed",
        "_masks",
        "_mocks",
        "_model_mocks",
        "_scope",
        "_secrets",
        "_trace_id",
        "_world",
        "budget",
        "calls",
        "chain",
        "entries",
        "gaps",
        "has_asked",
        "has_knowledge",
        "platform",
        "user_id",
        "version_id",
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
        self.user_id = scope.user_id
        self.platform = platform
        self.version_id = version_id
        self.entries: dict[str, Json] = {}
        self._world = world
        self._scope = scope
        self._trace_id = trace_id
        self._is_followed = is_followed
        self._mocks = mocks
        self._model_mocks = ModelMocks(mocks)
        self._secrets: Mapping[str, str] | None = None
        self._masks: Masks | None = None
        self._allowance = _Allowance()
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

    async def secrets(self) -> Mapping[str, str]:
        if self._secrets is None:
            environment = environment_of(self.version_id)
            self._secrets = await self._world.secrets(self._scope.project, environment)
        return self._secrets

    async def call(self, place: str, request: Request) -> Response:
        self._check_head(place, request.url, request.query, request.headers)
        masks = await self._known()
        told: dict[str, Json] = {
            "method": request.method,
            "url": masks.text(request.url),
            "headers": {**masks.texts(request.headers)},
            "query": {**masks.texts(request.query)},
            "body": masks.body((request.body or b"").decode(errors="replace"))[:BODY_CHARACTERS],
        }

        async def ask() -> Response:
            answer = await self._world.call(self._scope.project, request, trace_id=self._trace_id)
            self._allowance.take(len(answer.body))
            return Response(answer.status, masks.texts(answer.headers), await _masked(masks, answer.body))

        response = await self._kept(place, ask, masks, told)
        self.entries[place] = {"request": told, **write_answer(response)}
        return response

    async def compute(self, place: str, code: Code) -> Computed:
        seed = random.getrandbits(32)  # the code's chance is no secret
        computed = await self._world.compute(self._scope.project, code, now_ms=milliseconds(now()), seed=seed)
        try:
            self._allowance.take(sum(len(line.text) for line in computed.console))
            self._taken(computed.value)
        except Unreachable as error:
            computed = Computed(failure=Broken("too-large", error.message))
        self.entries[place] = write_answer(computed)
        return computed

    async def mail(self, place: str, mail: Mail) -> None:
        masks = await self._known()
        told: dict[str, Json] = {
            "server": masks.text(f"{mail.host}:{mail.port}"),
            "sender": masks.text(mail.sender),
            "recipients": [masks.text(recipient) for recipient in mail.recipients],
        }
        await self._kept(place, lambda: self._world.send_mail(mail), masks, told)
        self.entries[place] = {"request": told, **write_answer(None)}

    async def mcp(self, place: str, request: McpRequest) -> Json:
        self._check_head(place, request.url, request.headers)
        masks = await self._known()
        told: dict[str, Json] = {
            "url": masks.text(request.url),
            "tool": request.tool,
            "arguments": masks.json(dict(request.arguments)),
        }

        async def ask() -> Json:
            answer = masks.json(await self._world.ask_mcp(request))
            return self._taken(answer)

        answer = await self._kept(place, ask, masks, told)
        self.entries[place] = {"request": told, **write_value(answer)}
        return answer

    async def once(self, place: str, work: Callable[[Context], Awaitable[Json]]) -> Json:
        masks = await self._known()
        unkept = copy.copy(self)
        unkept.entries = {}
        try:
            value = self._taken(masks.json(await work(unkept)))
        except Unreachable as error:
            # Cut only once it is masked: half a secret would not be found.
            said = masks.text(error.message)
            masked = Unreachable(error.code, said if len(said) <= SAID else f"{said[:SAID]}…")
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
        self, place: str, query: str, *, top_k: int = 5, min_score: float | None = None
    ) -> Sequence[Passage]:
        knowledge = self._world.minds.knowledge
        try:
            found = (
                [*await knowledge.find(self._scope.project.project_id, query, top_k=top_k, min_score=min_score)]
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

    def _check_head(self, place: str, url: str, *pairs: Mapping[str, str]) -> None:
        """Raises `Unreachable` for a request that is too long without its body."""
        if len(url) + sum(len(name) + len(value) for each in pairs for name, value in each.items()) > HEAD_CHARACTERS:
            error = Unreachable("INVALID_CALL", f"Query and headers are longer than {HEAD_CHARACTERS:,} characters.")
            self.entries[place] = write_answer(error)
            raise error

    async def _known(self) -> Masks:
        """What takes the project's secrets out of a text."""
        if self._masks is None:
            self._masks = Masks(await self.secrets())
        return self._masks

    def _taken(self, value: Json) -> Json:
        """An answer as the journal holds it. Raises `Unreachable` where it is too much, or cannot be held."""
        try:
            value = storable(value)
        except Mismatch as error:
            raise Unreachable("BAD_RESPONSE", f"The answer cannot be kept: {error}.") from None
        self._allowance.take(json_bytes(value))
        return value

    async def _kept(self, place: str, ask: Callable[[], Awaitable[T]], masks: Masks, told: Json) -> T:
        """What `ask` comes to; that there is no answer is kept at once."""
        try:
            return await ask()
        except Unreachable as error:
            # Cut only once it is masked: half a secret would not be found.
            said = masks.text(error.message)
            masked = Unreachable(error.code, said if len(said) <= SAID else f"{said[:SAID]}…")
            self.entries[place] = {"request": told, **write_answer(masked)}
            raise masked from None


async def _masked(masks: Masks, text: str) -> str:
    return masks.body(text) if len(text) < LONG else await asyncio.to_thread(masks.body, text)
