"""What happens in projects, read once a process however many listen, and handed to all of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Protocol

import structlog

from conduet.accounts.principal import ProjectScope
from conduet.errors import Unavailable
from conduet.kit.clock import iso, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.json import Json, dumps
from conduet.projects.feed_store import Heard, Present, jobs_topic, list_present, listen, read_place, topic

PAUSE_SECONDS: Final = 0.1
"""The least time between two looks: people move, and on SQLite a commit of another process wakes every listener."""

MOST: Final = 1_000
"""How many pieces wait for a listener that does not take them; then its stream ends, and it asks again."""

RUNNING: Final = "processing"

READY_SECONDS: Final = 10.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is done behind a project, such as reading a document; `status` is `processing` until its end."""

    kind: str
    id: str
    name: str
    status: str
    progress: int
    error: str | None

    def told(self) -> dict[str, Json]:
        """As the event has it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "progress": self.progress,
            "error": self.error,
        }


class ListWorks(Protocol):
    """What is done behind a project just now or was a moment ago, and what became of those `known` before."""

    def __call__(self, tx: Tx, scope: ProjectScope, known: frozenset[str]) -> Sequence[Work]: ...


@dataclass(slots=True)
class Listener:
    """One stream; `pieces` are what it has not sent: the event's number (0: it has none), and what is sent."""

    pieces: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    is_over: bool = False
    _woken: "asyncio.Future[None] | None" = None

    def wait(self) -> "asyncio.Future[None]":
        """Ends when there is something to send, or nothing more to come."""
        self._woken = asyncio.get_running_loop().create_future()
        if self.pieces or self.is_over:
            self._woken.set_result(None)
        return self._woken

    def add(self, pieces: Sequence[tuple[int, bytes]]) -> None:
        """Hands it more."""
        self.pieces += pieces
        if len(self.pieces) > MOST:
            self.is_over = True
        self._wake()

    def end(self) -> None:
        """Nothing more comes."""
        self.is_over = True
        self._wake()

    def _wake(self) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)


class Feeds:
    """The projects that somebody listens to in this process."""

    def __init__(self, database: Database, works: ListWorks) -> None:
        self._database = database
        self._works = works
        self._feeds: dict[str, _Feed] = {}

    async def begin(self, scope: ProjectScope, *, after: int | None) -> Listener | None:
        """A listener that begins with where things stand, and what it has missed behind event `after`.

        Nothing where the project is gone. Call `end` with it in any case.
        """
        feed = self._feeds.get(scope.project_id)
        if feed is None:
            feed = self._feeds[scope.project_id] = _Feed(self._database, scope, self._works)
        listener = Listener()
        # Before it looks itself, so that nothing falls between.
        feed.listeners.append(listener)
        feed.start()
        try:
            # Whatever comes after its first look is handed on; what came before is in what is read here.
            await asyncio.wait_for(feed.ready.wait(), READY_SECONDS)
            heard, present = await self._database.read(partial(_look, scope=scope, after=after))
        except BaseException as error:
            self.end(scope, listener)
            if isinstance(error, TimeoutError):
                raise Unavailable from None
            raise
        if heard is None:
            self.end(scope, listener)
            return None
        known: dict[str, Json] = {"revision": heard.revision, "people": _people(present)}
        missed = [(number, _piece(body, number)) for number, body in heard.events]
        coming = [piece for piece in listener.pieces if piece[0] > heard.last]
        hello = (heard.last, _piece(_event("hello", known), heard.last))
        listener.pieces = [*missed, hello, *coming]
        return listener

    def end(self, scope: ProjectScope, listener: Listener) -> None:
        """It listens no more."""
        feed = self._feeds.get(scope.project_id)
        if feed is not None and listener in feed.listeners:
            feed.listeners.remove(listener)
            if not feed.listeners:
                feed.stop()
                del self._feeds[scope.project_id]


class _Feed:
    """What all listeners of one project are handed."""

    def __init__(self, database: Database, scope: ProjectScope, works: ListWorks) -> None:
        self._database = database
        self._works = works
        self._known: Mapping[str, Work] = {}
        self._scope = scope
        self._last: int | None = None
        self._people: list[Json] | None = None
        self._expires_at: int | None = None
        self._task: asyncio.Task[None] | None = None
        self.listeners: list[Listener] = []
        self.ready = asyncio.Event()

    def start(self) -> None:
        """Begins to look, unless it does."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Looks no more."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        wake, names = self._database.wake, (topic(self._scope), jobs_topic(self._scope))
        works = True
        while True:
            woken = [wake.begin(name) for name in names]
            try:
                await self._hand_on()
                if works:
                    await self._tell_works()
                self.ready.set()
                left = None if self._expires_at is None else max(0, self._expires_at - milliseconds(now())) / 1000
                await asyncio.wait(woken, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                works = woken[1].done()
            except Unavailable as error:
                log.warning("database unavailable", work="project events", error=error.message)
                await asyncio.sleep(1)
            finally:
                for name, future in zip(names, woken, strict=True):
                    wake.end(name, future)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _hand_on(self) -> None:
        heard, present = await self._database.read(partial(_look, scope=self._scope, after=self._last))
        if heard is None:
            for listener in self.listeners:
                listener.end()
            self._expires_at = None
            return
        pieces = [(number, _piece(body, number)) for number, body in heard.events]
        self._last = heard.last
        people = _people(present)
        if people != self._people:
            if self._people is not None:
                pieces.append((heard.last + 1, _piece(_event("presence", {"people": people}))))
            self._people = people
        self._expires_at = min((each.until for each in present), default=None)
        if pieces:
            for listener in self.listeners:
                listener.add(pieces)

    async def _tell_works(self) -> None:
        """Tells what is another since the last look; of the first one nothing."""
        known = self._known
        running = {name: each for name, each in known.items() if each.status == RUNNING}
        listed = await self._database.read(partial(self._works, scope=self._scope, known=frozenset(running)))
        found = self._known = {each.id: each for each in listed}
        news = [each for each in listed if known.get(each.id) != each]
        news += [replace(each, status="removed") for name, each in running.items() if name not in found]
        if not self.ready.is_set() or self._last is None:
            return
        pieces = [(self._last + 1, _piece(_event("job", each.told()))) for each in news]
        for listener in self.listeners:
            listener.add(pieces)


def _look(tx: Tx, scope: ProjectScope, after: int | None) -> tuple[Heard | None, Sequence[Present]]:
    return listen(tx, scope, after=after), list_present(tx, scope, now_ms=milliseconds(now()))


def _people(present: Sequence[Present]) -> list[Json]:
    return [{"memberId": each.member_id, "clientId": each.client_id, **read_place(each)} for each in present]


def _event(kind: str, payload: dict[str, Json]) -> bytes:
    return dumps({"type": kind, "payload": payload, "time": iso(now())})


def _piece(body: bytes, number: int | None = None) -> bytes:
    """What is sent; without a number the client goes on from the event before."""
    return b"data: %s\n\n" % body if number is None else b"id: %d\ndata: %s\n\n" % (number, body)
