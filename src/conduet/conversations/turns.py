"""Turns: one after the other in a conversation, side by side in different ones, each to its end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from conduet.conversations import queue
from conduet.conversations.journal import Journals
from conduet.conversations.keeper import Keeper
from conduet.conversations.live import Live
from conduet.conversations.minds import Minds
from conduet.conversations.record import interruption
from conduet.conversations.store import finish as ending
from conduet.conversations.store import repeat
from conduet.conversations.store.claim import Claimed, Order, Outcome, Refused, claim
from conduet.conversations.store.clock import present
from conduet.conversations.store.lease import holder_of
from conduet.conversations.store.repeat import Repeated
from conduet.conversations.turn import TURN_ID, Ask, Turn, opening, perform, prepare
from conduet.conversations.world import World
from conduet.errors import ConduetError, Conflict, Unavailable
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import Exchange
from conduet.kit.ids import new_id
from conduet.limits.rate import Rate
from conduet.llm.tracing import conversed, turn_span
from conduet.projects.documents import Documents

REPEAT_SECONDS: Final = 30.0
"""How long a repeated request waits for the answer to the first."""

REPEAT_LOOK_SECONDS: Final = 0.25

GRACE_SECONDS: Final = 10.0
"""How long a server that stops waits for its running turns."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a turn came to: the JSON array of its traces; or what an earlier request was answered with (`repeated`)."""

    turn_id: str | None
    body: bytes
    status: int = 200
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """A turn that was asked for: it waits, runs, or is over, and goes on without whoever asked."""

    live: Live
    task: "asyncio.Task[Answer]"

    async def answer(self) -> Answer:
        """Its traces, once they are stored. Raises why there are none."""
        return await asyncio.shield(self.task)

    async def begin(self) -> Answer | None:
        """Returns once the events begin to come, or with an earlier request's answer. Raises why none will come."""
        while not (self.live.has_begun or self.live.is_over):
            await self.live.change(seconds=queue.WAIT_SECONDS)
        return None if self.live.has_begun else await self.answer()


class Turns:
    """Takes turns, and knows those that run in this process; `show_running` is told how many they are."""

    def __init__(
        self,
        database: Database,
        documents: Documents,
        *,
        rate: Rate,
        world: World,
        show_running: Callable[[float], None],
    ) -> None:
        self._database = database
        self._world = world
        self._documents = documents
        self._rate = rate
        self._show_running = show_running
        self._journals = Journals()
        self._tasks: set[asyncio.Task[Answer]] = set()
        self._running: dict[str, Turn] = {}
        self._keeper = Keeper(database, self._running)
        self._is_stopping = False

    @property
    def minds(self) -> Minds:
        """What turns think with."""
        return self._world.minds

    async def start(self) -> None:
        """Settles what dead processes have left and begins to keep what runs."""
        await self._keeper.start()

    async def close(self) -> None:
        """Takes no more turns, and interrupts those that have not ended after `GRACE_SECONDS`."""
        self._is_stopping = True
        if self._tasks:
            _, late = await asyncio.wait(tuple(self._tasks), timeout=GRACE_SECONDS)
            # What lets its conversation go itself is kept, and must not be told otherwise.
            ending = {turn.task for turn in self._running.values() if turn.is_ending}
            for task in late:
                if task not in ending:
                    task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._keeper.close()

    def find_live(self, turn_id: str) -> Live | None:
        """The events of a turn that runs in this process."""
        turn = self._running.get(turn_id)
        return turn.live if turn else None

    def take(self, ask: Ask, seen: Exchange) -> Taking:
        """Begins to take a turn; what is asked for is done even if whoever asked goes away."""
        if self._is_stopping:
            raise Unavailable("The server is shutting down: send it again.")
        live = Live(new_id("turn"))
        task = asyncio.create_task(self._take(ask, live, seen))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return Taking(live, task)

    def _forget(self, task: "asyncio.Task[Answer]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Seen: a turn whose client has gone fails for nobody.
            task.exception()

    async def _take(self, ask: Ask, live: Live, seen: Exchange) -> Answer:
        holder = holder_of(self._database.worker, live.turn_id)
        order = Order(
            live.turn_id,
            holder,
            ask.asker,
            ask.version_id,
            ask.body,
            self._rate,
            ask.key,
            by_server=ask.verdict is not None,
        )
        try:
            with self._database.hold(holder):
                found = await self._admit(ask, order, seen)
                if isinstance(found, Repeated):
                    return _repeat(found)
                seen.facts["turn"] = live.turn_id
                loop = asyncio.get_running_loop()
                task = cast("asyncio.Task[object]", asyncio.current_task())
                turn = Turn(ask, live, holder, seen.request_id, task, loop.time())
                self._running[live.turn_id] = turn
                self._show_running(len(self._running))
                try:
                    return await self._run(turn, found)
                finally:
                    del self._running[live.turn_id]
                    self._show_running(len(self._running))
        finally:
            live.end()

    async def _admit(self, ask: Ask, order: Order, seen: Exchange) -> Claimed | Repeated:
        """Waits until the turn can begin, or until there is an answer to the same request before it."""
        scope = ask.asker.scope
        is_counted = False

        def attempt(tx: Tx, ticket: str | None) -> Outcome:
            counted = order.by_server or is_counted or ticket is not None
            outcome, window = claim(tx, order, ticket=ticket, counted=counted)
            if window is not None:
                seen.window = window
            return outcome

        while True:
            found = await queue.enter(self._database, scope, attempt)
            if isinstance(found, Refused):
                raise found.error
            if isinstance(found, Claimed) or not found.is_running:
                return found
            is_counted = True
            repeated = await self._await_first(ask)
            if repeated is not None:
                return repeated

    async def _await_first(self, ask: Ask) -> Repeated | None:
        """The answer to the first of two same requests; `None` when it was interrupted. Raises `Conflict` at last."""
        scope, key = ask.asker.scope, cast("repeat.Key", ask.key)
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + REPEAT_SECONDS
        while loop.time() < ends_at:
            woken = self._database.wake.begin(scope.topic)
            found = await self._database.write(lambda tx: repeat.find(tx, scope, key, now=present()), durable=False)
            if found is None or not found.is_running:
                self._database.wake.end(scope.topic, woken)
                return found
            await self._database.wake.wait(scope.topic, woken, seconds=REPEAT_LOOK_SECONDS)
        raise Conflict("The first request with this Idempotency-Key is still running: try again later.")

    async def _run(self, turn: Turn, claimed: Claimed) -> Answer:
        """Takes an admitted turn to its end, whatever that is: the conversation is let go in any case."""
        ask, live = turn.ask, turn.live
        scope = ask.asker.scope
        try:
            document = await self._documents.get(scope.project, claimed.document_revision)
            state = opening(document, claimed)
            prepare(document, state, ask)
        except ConduetError as error:
            gone = ask.verdict.approval_id if ask.verdict and isinstance(error, Conflict) else None
            refuse = partial(
                ending.refuse,
                scope=scope,
                turn_id=live.turn_id,
                holder=turn.holder,
                key=ask.key,
                error=error,
                approval_id=gone,
            )
            turn.is_ending = True
            await self._database.write(refuse, durable=ask.key is not None)
            raise
        except BaseException:
            await self._stop(turn)
            raise
        live.begin()
        try:
            tracer, project = self._world.minds.tracer, scope.project.project_id
            with turn_span(tracer, live.turn_id, project_id=project, name=document.facts.name) as span:
                done = await perform(turn, document, state, claimed, journals=self._journals, world=self._world)
                conversed(span, done.transcript_id)
            turn.is_ending = True
            if not await self._database.write(partial(ending.finish, done=done)):
                raise _interrupted(live)
        except BaseException as error:
            live.add(interruption())
            await self._stop(turn)
            if isinstance(error, asyncio.CancelledError):
                raise _interrupted(live) from None
            raise
        return Answer(live.turn_id, done.traces)

    async def _stop(self, turn: Turn) -> None:
        turn.is_ending = True
        stop = partial(ending.stop, scope=turn.ask.asker.scope, turn_id=turn.live.turn_id, holder=turn.holder)
        await self._database.write(stop, durable=False)


def _interrupted(live: Live) -> Unavailable:
    return Unavailable("The turn was interrupted: send it again.", headers={TURN_ID: live.turn_id})


def _repeat(found: Repeated) -> Answer:
    if found.turn_id is None:
        return Answer(None, found.body, found.status, repeated=True)
    return Answer(found.turn_id, found.traces, repeated=True)
