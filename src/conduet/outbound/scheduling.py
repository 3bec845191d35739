"""Schedules of published pipelines: each time begins one run, on however many workers, over every change of clocks."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Final, cast

import structlog

from conduet.accounts.principal import ProjectScope
from conduet.engine.shape import Pipeline
from conduet.errors import NotFound, Unavailable
from conduet.jobs.store import NewJob, Running, add_job, find_payload
from conduet.kit.clock import from_milliseconds, milliseconds, now
from conduet.kit.cron import next_time
from conduet.kit.db import Database, Tx
from conduet.kit.json import Json
from conduet.outbound.outbox import SCHEDULE, begin_run
from conduet.outbound.run_store import is_set
from conduet.projects.documents import Documents
from conduet.projects.store import PRODUCTION, resolve_version
from conduet.projects.version_store import Published, list_published

LOOK_SECONDS: Final = 2.0
"""How often it is looked for versions that were published."""

OVERLAP_MS: Final = 60_000
"""How far each look reaches back behind the one before: clocks of several machines differ."""

log = structlog.get_logger()


class Schedules:
    """Sets the schedules of what is published, and begins the runs."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self._documents = documents
        self._seen: dict[str, str] = {}
        self._since = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to look."""
        self._task = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Looks no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> None:
        """Sets the schedules of versions that were published since the last look."""
        began = milliseconds(now())
        for published in await self._database.read(partial(list_published, since=self._since - OVERLAP_MS)):
            project_id = published.scope.project_id
            if self._seen.get(project_id) == published.version_id:
                continue
            try:
                await self._set(published)
            except Unavailable:
                raise
            except Exception:  # every other project waits for its own
                log.exception("schedules not set", project=project_id)
            self._seen[project_id] = published.version_id
        self._since = began

    async def fire(self, running: Running) -> None:
        """Begins the run of a time that has come, if its pipeline still has that schedule, and sets the next."""
        planned = cast("Mapping[str, Any]", running.payload)
        scope = running.scope
        found = await self._find(scope, running.key)

        def work(tx: Tx) -> None:
            running.finish(tx)
            if found is None or _plan(found[1]) != {**planned, "at": None}:
                return
            version_id, pipeline = found
            dumped = pipeline.model_dump(mode="json", by_alias=True)
            begin_run(tx, scope, dumped, version_id=version_id, origin=f"schedule:{planned['at']}")
            _add(tx, scope, pipeline, after=max(from_milliseconds(planned["at"]), now()))

        await self._database.write(work)

    async def _find(self, scope: ProjectScope, pipeline_id: str) -> tuple[str, Pipeline] | None:
        try:
            resolved = await self._database.read(lambda tx: resolve_version(tx, scope, PRODUCTION))
        except NotFound:
            return None
        document = await self._documents.get(scope, resolved.revision)
        found = next((each for each in document.shape.pipelines if each.id == pipeline_id), None)
        return None if found is None else (resolved.version_id, found)

    async def _set(self, published: Published) -> None:
        pipelines = (await self._documents.get(published.scope, published.revision)).shape.pipelines

        def work(tx: Tx) -> None:
            scope = published.scope
            try:
                latest = resolve_version(tx, scope, PRODUCTION).version_id
            except NotFound:
                return
            if latest != published.version_id or is_set(tx, scope, latest):
                return
            for pipeline in pipelines:
                kept = find_payload(tx, scope, kind=SCHEDULE, key=pipeline.id)
                # One that goes on as it was may be due just now.
                if not isinstance(kept, dict) or {**kept, "at": None} != _plan(pipeline):
                    _add(tx, scope, pipeline, after=now())

        await self._database.write(work)

    async def _watch(self) -> None:
        while True:
            try:
                await self.look()
            except Unavailable as error:
                log.warning("database unavailable", work="schedules", error=error.message)
            await asyncio.sleep(LOOK_SECONDS)


def _plan(pipeline: Pipeline) -> Json:
    """What a job of a schedule stands for, but for its time; nothing where there is nothing to plan."""
    if not pipeline.enabled or pipeline.schedule is None:
        return None
    return {"cron": pipeline.schedule.cron, "timeZone": pipeline.schedule.time_zone, "at": None}


def _add(tx: Tx, scope: ProjectScope, pipeline: Pipeline, *, after: datetime) -> None:
    plan = _plan(pipeline)
    if not isinstance(plan, dict):
        return
    try:
        found = next_time(str(plan["cron"]), str(plan["timeZone"]), after=after)
    except ValueError as error:
        log.info("schedule cannot be read", project=scope.project_id, pipeline=pipeline.id, error=str(error))
        return
    if found is not None:
        at = milliseconds(found)
        add_job(tx, scope, NewJob(SCHEDULE, pipeline.id, {**plan, "at": at}, run_at=at))
