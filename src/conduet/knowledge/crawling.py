"""Reads pages of the web: each becomes a document, and what has changed since the last time is read again."""

from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Final

from conduet.errors import NotFound
from conduet.jobs.store import Running
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.http import Outgoing
from conduet.kit.ids import new_id
from conduet.kit.json import Json
from conduet.knowledge import document_store as store
from conduet.knowledge import source_store as sources
from conduet.knowledge.crawl import Page, crawl
from conduet.knowledge.document_store import FULL, Document
from conduet.knowledge.index_store import touch_origin
from conduet.knowledge.source import Source, write_known

NAME_CHARACTERS: Final = 300
NOTHING: Final = "There is nothing to be read at this address: the page asks not to be kept, or is no document."


class Crawling:
    """The job `crawl`: may begin again at any moment, and asks a site only for what it did not tell before."""

    def __init__(self, database: Database, outgoing: Outgoing, *, pause_seconds: float) -> None:
        self._database = database
        self._outgoing = outgoing
        self._pause_seconds = pause_seconds

    async def run(self, job: Running) -> None:
        """Follows the plan of a source. What a site does wrong is told at its documents; all else is tried again."""
        try:
            first = await self._database.read(partial(store.get_document, scope=job.scope, document_id=job.key))
            known = await self._database.read(partial(sources.list_known, scope=job.scope, source_id=job.key))
            if first.source is None:
                return
            visit = _Visit(job, first.source)
            pages = crawl(self._outgoing, first.source, known=known, pause_seconds=self._pause_seconds)
            async with aclosing(pages):
                async for page in pages:
                    await self._database.write(partial(visit.keep, page=page))
                    if visit.is_full:
                        break
            await self._database.write(visit.end)
        except NotFound:
            # Deleted meanwhile, and the job with it.
            return


class _Visit:
    """One time that a plan is followed."""

    def __init__(self, job: Running, source: Source) -> None:
        self._job = job
        self._source = source
        self._problems: list[str] = []
        self._kept = 0
        self.is_full = False

    def keep(self, tx: Tx, page: Page) -> None:
        """Writes down what became of an address."""
        job, scope = self._job, self._job.scope
        job.check(tx)
        first = store.get_document(tx, scope, job.key)
        if first.source is None or page.url in first.source.dropped:
            return
        found = sources.find_page(tx, scope, job.key, page.url)
        match page.outcome:
            case "changed":
                self._changed(tx, page, found, first)
            case "unchanged" if found is not None:
                self._kept += 1
                _seen(tx, job, page, found)
            case "gone" if found is not None and not found.is_first:
                sources.remove_page(tx, scope, found)
            case _:
                self._missed(tx, page, found, page.message)

    def end(self, tx: Tx) -> None:
        """Writes down how it went."""
        job, scope = self._job, self._job.scope
        job.finish(tx)
        _ended(tx, job, self._problem())
        if not self._kept:
            first = store.get_document(tx, scope, job.key)
            store.update_document(tx, scope, job.key, error=self._problem() or first.error or NOTHING)
        sources.settle(tx, scope, job.key)

    def _changed(self, tx: Tx, page: Page, found: Document | None, first: Document) -> None:
        scope = self._job.scope
        if found is None and not self._kept and first.known is None:
            found = first
        if found is None:
            if not store.has_room(tx, scope, len(page.body)):
                self.is_full = True
                self._problems.append(FULL)
                return
            made, name = milliseconds(now()), page.name[:NAME_CHARACTERS]
            found = Document(new_id("doc"), name, "url", metadata=first.metadata, source_id=first.id, created_at=made)
        self._kept += 1
        payload: dict[str, Json] = {"known": write_known(page.known), "crawledAt": milliseconds(now())}
        payload |= {"mime": page.mime[:200], "charset": page.charset}
        sources.put_page(tx, scope, replace(found, url=page.url), page.body, payload)

    def _missed(self, tx: Tx, page: Page, found: Document | None, message: str) -> None:
        self._problems.append(message if self._source.mode == "page" else f"{page.url}: {message}")
        if found is not None and not found.is_first:
            store.update_document(tx, self._job.scope, found.id, error=message)

    def _problem(self) -> str | None:
        if len(self._problems) < 2:
            return self._problems[0] if self._problems else None
        return f"{len(self._problems)} pages could not be read; the first is {self._problems[0]}"


def dead(tx: Tx, job: Running, reason: str) -> None:
    """What becomes of a source that could not be followed however often it was tried."""
    said = f"It could not be read: {reason[:300]} Add it again, or look into the server's log."
    _ended(tx, job, said)
    if store.get_document(tx, job.scope, job.key).known is None:
        store.update_document(tx, job.scope, job.key, error=said)
    sources.settle(tx, job.scope, job.key)


def _ended(tx: Tx, job: Running, problem: str | None) -> None:
    first = store.find_document(tx, job.scope, job.key, lock=True)
    if first is not None and first.source is not None:
        source = replace(first.source, ended_at=milliseconds(now()), problem=problem)
        values = {"error": problem} if first.status == "ready" else {}
        store.update_document(tx, job.scope, job.key, source=source, **values)


def _seen(tx: Tx, job: Running, page: Page, found: Document) -> None:
    """The page is as it was: its age is that of this look at it."""
    moment = milliseconds(now())
    store.update_document(tx, job.scope, found.id, crawled_at=moment, known=page.known, error=None)
    touch_origin(tx, job.scope.project_id, found.id, crawled_at=moment)
