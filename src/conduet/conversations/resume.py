"""Following a turn again: from this process's memory, from another process, and from what is stored."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import orjson

from conduet.conversations.journal import Journals
from conduet.conversations.record import interruption
from conduet.conversations.scope import Asker
from conduet.conversations.store import following, lease
from conduet.conversations.store.finish import stop
from conduet.conversations.store.reading import Taken, get_turn
from conduet.conversations.stream import QUIET, TICK_SECONDS, Piece, follow_live, follow_stored
from conduet.conversations.turns import Turns
from conduet.errors import BadRequest, NotFound
from conduet.kit.db import Database, Tx

LISTEN_SECONDS: Final = 2.0
"""How often the owner of a turn is told that somebody still listens."""

HEADER: Final = "Last-Event-ID"
_EVENT_ID: Final = re.compile(r"(?P<turn>turn_[0-9a-f]+)/(?P<number>[0-9]{1,9})")


class Resumes:
    """Finds the events of a turn wherever they are."""

    def __init__(self, database: Database, turns: Turns) -> None:
        self._database = database
        self._turns = turns
        self._journals = Journals()

    async def follow(self, asker: Asker, turn_id: str, *, last_event_id: str | None) -> AsyncIterator[Piece]:
        """The events after `last_event_id` (`<turnId>/<n>`), or all of them, until the turn is over.

        Raises `NotFound`, and `BadRequest` for an id that is none of this turn's.
        """
        live = self._turns.find_live(turn_id)
        taken = await self._database.read(lambda tx: get_turn(tx, asker, turn_id))
        first = _first_after(last_event_id, turn_id)
        if live is not None:
            return follow_live(live, first)
        if taken.status != "done":
            return _follow_elsewhere(self._database, asker, turn_id, first)
        events = split(taken.traces)
        if first > len(events):
            raise BadRequest.at(f"header.{HEADER}", f"The turn has {len(events)} events, numbered from 0.")
        return follow_stored(events, first)

    async def trace(self, asker: Asker, turn_id: str, *, number: str) -> bytes:
        """One trace of a turn, whole. Raises `NotFound`, also as long as the turn runs in another process."""
        if not re.fullmatch("[0-9]{1,9}", number):
            raise BadRequest.at("n", "The number of a trace: 0 or more.")
        index = int(number)
        live = self._turns.find_live(turn_id)
        taken = await self._database.read(lambda tx: get_turn(tx, asker, turn_id))
        events = live.events if live else split(taken.traces)
        if index >= len(events):
            raise NotFound("The turn has no such trace.")
        if live:
            return live.whole.get(index, events[index])
        if taken.long_traces:
            return self._journals.read_whole(taken.long_traces).get(index, events[index])
        return events[index]


def split(traces: bytes) -> list[bytes]:
    """A JSON array of traces as its events."""
    return [orjson.dumps(trace) for trace in orjson.loads(traces)]


def _first_after(last_event_id: str | None, turn_id: str) -> int:
    """The number of the event that comes after the last one seen."""
    if last_event_id is None:
        return 0
    match = _EVENT_ID.fullmatch(last_event_id)
    if match is None or match["turn"] != turn_id:
        raise BadRequest.at(f"header.{HEADER}", "It is the `id` of an event of this turn: <turnId>/<n>.")
    return int(match["number"]) + 1


@dataclass(frozen=True, slots=True)
class _Look:
    """What is known of a turn elsewhere at one moment."""

    taken: Taken
    pieces: Sequence[tuple[int, bytes]]
    is_alive: bool


async def _follow_elsewhere(database: Database, asker: Asker, turn_id: str, first: int) -> AsyncIterator[Piece]:
    """Asks the owner, through the database, to write down what is new, and reads it, until the turn is over."""
    loop = asyncio.get_running_loop()
    wake, topic = database.wake, following.topic(turn_id)
    asked_at: float | None = None
    while True:
        woken = wake.begin(topic)
        try:
            look = await database.read(partial(_look, asker=asker, turn_id=turn_id, following_number=first))
            if look.taken.status != "running":
                break
            if not look.is_alive:
                holder = lease.holder_of(look.taken.worker, turn_id)
                await database.write(partial(stop, scope=asker.scope, turn_id=turn_id, holder=holder), durable=False)
                continue
            for number, body in look.pieces:
                events = split(b"[%s]" % body)[first - number :]
                yield first, events
                first += len(events)
            if asked_at is None or loop.time() - asked_at >= LISTEN_SECONDS:
                listen = partial(following.listen, scope=asker.scope, turn_id=turn_id, begin=asked_at is None)
                await database.write(listen, durable=False)
                asked_at = loop.time()
            yield QUIET
            await asyncio.wait((woken,), timeout=TICK_SECONDS)
        finally:
            wake.end(topic, woken)
    events = split(look.taken.traces)
    if first < len(events):
        yield first, events[first:]
    if look.taken.status == "interrupted":
        yield max(first, len(events)), (interruption(),)


def _look(tx: Tx, asker: Asker, turn_id: str, following_number: int) -> _Look:
    taken = get_turn(tx, asker, turn_id)
    pieces = following.list_traces(tx, turn_id, following=following_number)
    return _Look(taken, pieces, taken.status == "running" and tx.alive(taken.worker))
