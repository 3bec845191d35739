"""Versions of a project: listed, named, compared, restored as the draft, and put back into production."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from conduet.accounts.audit_store import Deed, add_entry
from conduet.accounts.principal import AccountScope, Principal, ProjectScope
from conduet.accounts.store import list_member_names
from conduet.errors import Conflict
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.ids import new_id
from conduet.projects import store, version_store
from conduet.projects.changes import Changed
from conduet.projects.comparing import PartChange, compare
from conduet.projects.deeds import version_facts
from conduet.projects.document import JsonObject, complete
from conduet.projects.documents import read_document
from conduet.projects.draft import Draft
from conduet.projects.saver import Saver
from conduet.projects.service import Projects, publish
from conduet.projects.store import Resolved, StoredDocument
from conduet.projects.version_store import Version


@dataclass(frozen=True, slots=True)
class Known:
    """A version, who made it, and whether production runs it."""

    version: Version
    by: str | None
    is_production: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is different in `after`; both are ids of versions, or `development`."""

    before: str
    after: str
    changes: Sequence[PartChange]


class Versions:
    """The versions of all projects, each seen through its scope."""

    def __init__(self, database: Database, projects: Projects) -> None:
        self._database = database
        self._projects = projects

    async def list(self, principal: Principal) -> "list[Known]":
        """The published versions and the drafts that were kept, most recent first."""
        return await self._database.read(lambda tx: _list(tx, principal.account, principal.scope))

    async def get(self, principal: Principal, version_id: str) -> tuple[Known, JsonObject]:
        """A version with its document. Raises `NotFound`."""

        def work(tx: Tx) -> tuple[Known, StoredDocument]:
            version = version_store.get_version(tx, principal.scope, version_id)
            known = next(each for each in _list(tx, principal.account, principal.scope) if each.version == version)
            return known, store.get_document(tx, principal.scope, version.revision)

        known, stored = await self._database.read(work)
        return known, await asyncio.to_thread(read_document, stored)

    async def publish(
        self, principal: Principal, *, name: str | None, note: str | None, if_match: str | None
    ) -> Version:
        """The draft as a version, which production runs from now on. Raises as `Projects.publish` does."""
        new = _new(principal, name=name or "", note=note)
        return await self._projects.publish(principal, new, if_match=if_match)

    async def describe(self, principal: Principal, version_id: str, *, name: str | None, note: str | None) -> Known:
        """Names a version, and says why it was made; what is `None` stays. Raises `NotFound`."""

        def work(tx: Tx) -> Known:
            version = version_store.get_version(tx, principal.scope, version_id, stays=True)
            described = replace(version, name=name or version.name, note=version.note if note is None else note or None)
            version_store.update_version(tx, principal.scope, described)
            deed = Deed("version.changed", version_id, version_facts(version), version_facts(described))
            add_entry(tx, principal, deed)
            return next(each for each in _list(tx, principal.account, principal.scope) if each.version.id == version_id)

        return await self._database.write(work)

    async def compare(self, scope: ProjectScope, before: str, after: str) -> Comparison:
        """What is different from `before` to `after`: `development`, `production` or ids. Raises `NotFound`."""

        def work(tx: Tx) -> tuple[Resolved, StoredDocument, Resolved, StoredDocument]:
            return *_resolved(tx, scope, before), *_resolved(tx, scope, after)

        old, old_stored, new, new_stored = await self._database.read(work)

        def compared() -> Sequence[PartChange]:
            return compare(read_document(old_stored), read_document(new_stored))

        return Comparison(old.version_id, new.version_id, await asyncio.to_thread(compared))

    async def restore(self, principal: Principal, version_id: str, *, if_match: str | None) -> Draft:
        """The project with the version's document as its draft; the draft before is kept as a version.

        Its slug and its secrets stay. Raises `NotFound`, `BadRequest` when this server cannot run it any more, and
        `PreconditionFailed` and `Conflict` as a save does.
        """

        def work(tx: Tx) -> tuple[Version, StoredDocument]:
            version = version_store.get_version(tx, principal.scope, version_id)
            return version, store.get_document(tx, principal.scope, version.revision)

        version, stored = await self._database.read(work)
        former = await asyncio.to_thread(read_document, stored)
        kept = _new(principal, name=f"Draft before “{version.name}”"[:200], note=None)
        return await self._projects.save(
            principal.account,
            principal.scope,
            partial(_restored, former),
            if_match=if_match,
            keep=replace(kept, is_published=False),
            by=Saver(principal),
            deed=Deed("version.restored", version.id, after=version_facts(version)),
        )

    async def roll_back(self, principal: Principal, version_id: str, *, name: str | None, note: str | None) -> Version:
        """The version once more, as the most recently published one, so that production runs it.

        Raises `NotFound`, `Conflict` for the one that production runs and for a draft, which was never published, and
        `BadRequest` where this server would not publish it any more.
        """
        known, document = await self.get(principal, version_id)
        if known.is_production:
            raise Conflict("Production runs this version already.")
        if not known.version.is_published:
            raise Conflict("This draft was never published: restore it, then publish.")
        await self._projects.refuse_unfinished(principal.scope, document)
        new = _new(principal, name=name or f"Back to {known.version.name}"[:200], note=note)
        again = replace(new, revision=known.version.revision)
        added = await self._database.write(partial(publish, principal, again, "version.rolled-back"))
        # A version's revision is never saved over.
        return cast(Version, added)


def _new(principal: Principal, *, name: str, note: str | None) -> Version:
    at = milliseconds(now())
    return Version(new_id("ver"), name, revision=0, created_at=at, note=note or None, member_id=principal.member_id)


def _list(tx: Tx, account: AccountScope, scope: ProjectScope) -> list[Known]:
    names = list_member_names(tx, account)
    versions = version_store.list_versions(tx, scope, with_drafts=True)
    running = next((each.id for each in versions if each.is_published), None)
    return [Known(each, names.get(each.member_id or ""), each.id == running) for each in versions]


def _resolved(tx: Tx, scope: ProjectScope, version_id: str) -> tuple[Resolved, StoredDocument]:
    resolved = store.resolve_version(tx, scope, version_id)
    return resolved, store.get_document(tx, scope, resolved.revision)


def _restored(former: JsonObject, present: JsonObject) -> Changed:
    """Secrets that were declared since stay declared: their values are there, and are no part of a version."""
    declared = {str(each["name"]): each for part in (former, present) for each in _secrets(part)}
    return Changed(complete({**former, "slug": present["slug"], "secrets": [*declared.values()]}))


def _secrets(document: JsonObject) -> "list[JsonObject]":
    return cast("list[JsonObject]", document["secrets"])
