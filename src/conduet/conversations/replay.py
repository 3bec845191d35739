"""A turn run again from its recorded state: nothing outside is called, and what comes out differently is told."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, cast

import orjson
from pydantic import TypeAdapter

from conduet.conversations.asking import Asking
from conduet.conversations.calls import HearingContext, calls_of
from conduet.conversations.journal import Journal, Journals
from conduet.conversations.live import Live
from conduet.conversations.minds import Minds
from conduet.conversations.record import Record
from conduet.conversations.scope import Asker
from conduet.conversations.spoken import spoken
from conduet.conversations.store.reading import Taken, get_turn
from conduet.conversations.turn import play
from conduet.conversations.wire import Before, Came, Recorded, Replay, TurnCall
from conduet.engine.action import Action
from conduet.engine.document import Document, compile_document
from conduet.engine.plugins import Plugins
from conduet.engine.values import Json
from conduet.errors import Conflict
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Database
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain
from conduet.projects.documents import Documents, read_document
from conduet.projects.patch import merge_patch
from conduet.projects.store import DEVELOPMENT, get_document, resolve_version

_action: Final[TypeAdapter[Action]] = TypeAdapter(Action)

Trace = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two runs differ: the trace of each with this index, `None` where there is none."""

    index: int
    recorded: Trace | None
    replayed: Trace | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the turn comes to when it is run again."""

    traces: Sequence[Trace]
    differences: Sequence[Difference]


class _Again(HearingContext):
    """Answers as was recorded; where it `asks`, models are asked again."""

    def __init__(
        self,
        minds: Minds,
        project_id: str,
        entries: Mapping[str, Json],
        *,
        asks: bool,
        user_id: str,
        platform: str,
        version_id: str,
        secrets: Iterable[str],
    ) -> None:
        super().__init__(
            entries,
            user_id=user_id,
            platform=platform,
            version_id=version_id,
            secrets=secrets,
            embedder=minds.embedder,
            models=minds.models,
            chain=minds.chain,
        )
        self._asking = Asking(minds.models, project_id, {}, []) if asks else None

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        ask = self._asking.stream if self._asking else super().model
        async with aclosing(ask(place, chain, request, seconds=seconds)) as stream:
            async for told in stream:
                yield told


@dataclass(frozen=True, slots=True)
class _Played:
    """A turn that was run again: `context` knows what was asked."""

    context: _Again
    live: Live
    journal: Journal


class Replays:
    """Runs turns again, on the document they ran on, on another version, or on a patched one."""

    def __init__(self, database: Database, documents: Documents, plugins: Plugins, minds: Minds) -> None:
        self._database = database
        self._documents = documents
        self._plugins = plugins
        self._minds = minds
        self._journals = Journals()

    async def recorded(self, asker: Asker, turn_id: str) -> Recorded:
        """What the turn began with, and which way it went. Raises `NotFound` for the turn."""
        taken = await self._database.read(lambda tx: get_turn(tx, asker, turn_id))
        before: Before | None = None
        if taken.journal is not None:
            state = self._journals.read(taken.journal).before
            before = Before(variables=dict(state.variables), internal=dict(state.internal))
        visits = orjson.loads(taken.visits or b"[]")
        return Recorded(
            turn_id=taken.id,
            version_id=taken.version_id,
            status=taken.status,
            started_at=iso(from_milliseconds(taken.started_at)),
            action=orjson.loads(taken.action),
            before=before,
            path=[Came(workflow_id=workflow, step_id=step, port=port) for workflow, step, port in visits],
        )

    async def replay(self, asker: Asker, turn_id: str, how: Replay, *, request_id: str) -> Replayed:
        """Runs the turn again; the conversation stays as it is.

        Raises `NotFound` for the turn or the version, `Conflict` when the turn has no journal (it runs, was
        interrupted, or is too old), and `BadRequest` by path when the patched document is not valid.
        """
        taken = await self._database.read(lambda tx: get_turn(tx, asker, turn_id))
        played = await self._played(asker, taken, how, request_id=request_id)
        traces = orjson.loads(spoken(b"[" + b",".join(played.live.events) + b"]"))
        return Replayed(traces, list(_differences(orjson.loads(spoken(taken.traces)), traces)))

    async def calls(self, asker: Asker, turn_id: str, *, request_id: str) -> Sequence[TurnCall]:
        """What the turn asked of the world; its prompts are put together anew, as they were.

        Raises `NotFound` for the turn, and `Conflict` when it has no journal.
        """
        taken = await self._database.read(lambda tx: get_turn(tx, asker, turn_id))
        played = await self._played(asker, taken, Replay(), request_id=request_id)
        return calls_of(played.context.heard, played.journal.entries)

    async def _played(self, asker: Asker, taken: Taken, how: Replay, *, request_id: str) -> _Played:
        if taken.journal is None:
            raise Conflict("The turn has no journal: it is still running, was interrupted, or is too old.")
        version_id, document = await self._document(asker, taken, how)
        journal = self._journals.read(taken.journal)
        scope = asker.scope
        context = _Again(
            self._minds,
            scope.project.project_id,
            journal.entries,
            asks=how.models == "live",
            user_id=scope.user_id,
            platform=taken.platform,
            version_id=version_id,
            secrets=document.facts.secrets,
        )
        live = Live(taken.id)
        record = Record(live, debug=taken.version_id == DEVELOPMENT)
        action = _action.validate_python(orjson.loads(taken.action))
        await play(document, journal.before, action, context, record=record, request_id=request_id, build=journal.build)
        return _Played(context, live, journal)

    async def _document(self, asker: Asker, taken: Taken, how: Replay) -> tuple[str, Document]:
        """What the turn is to run on, and what it calls itself."""
        project = asker.scope.project
        version_id, revision = taken.version_id, taken.revision
        if how.version_id is not None:
            wanted = how.version_id
            resolved = await self._database.glance(lambda tx: resolve_version(tx, project, wanted))
            version_id, revision = resolved.version_id, resolved.revision
        if how.patch is None:
            return version_id, await self._documents.get(project, revision)
        stored = await self._database.read(lambda tx: get_document(tx, project, revision))
        patched = cast("Mapping[str, Json]", merge_patch(read_document(stored), how.patch))
        return version_id, await asyncio.to_thread(compile_document, patched, self._plugins)


def _differences(recorded: Sequence[Trace], replayed: Sequence[Trace]) -> "list[Difference]":
    """Where the two differ in anything but their time."""
    return [
        Difference(index, before, after)
        for index, (before, after) in enumerate(zip_longest(recorded, replayed))
        if _timeless(before) != _timeless(after)
    ]


_TIMES: Final = frozenset(("time", "startedAt", "durationMs"))


def _timeless(trace: Trace | None) -> Trace | None:
    if trace is None:
        return None
    payload: dict[str, Any] = trace["payload"]
    kept = {name: value for name, value in payload.items() if name not in _TIMES}
    return {"type": trace["type"], "payload": kept}
