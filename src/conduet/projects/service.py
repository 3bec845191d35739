"""Projects: made, read, saved, published and removed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from functools import partial

from conduet.accounts.audit_store import Deed, add_entry, audited
from conduet.accounts.identity_store import has_identity_secret
from conduet.accounts.principal import AccountScope, Principal, ProjectScope
from conduet.engine.check import Problem
from conduet.engine.document import compile_document
from conduet.engine.graph import Document
from conduet.engine.plugins import Plugins
from conduet.errors import At, BadRequest, Conflict
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database, Tx
from conduet.kit.etag import check_if_match
from conduet.kit.ids import new_id
from conduet.kit.json import Json
from conduet.projects import store
from conduet.projects.changes import Change
from conduet.projects.deeds import deeds_of, project_facts, version_facts
from conduet.projects.document import JsonObject, slug_of
from conduet.projects.documents import read_document
from conduet.projects.draft import Draft
from conduet.projects.feed_store import tell, wake
from conduet.projects.problems import problems_of
from conduet.projects.reading_code import CodeReader
from conduet.projects.saver import NOBODY, Saver
from conduet.projects.secrets import SecretChange, write_secrets
from conduet.projects.store import StoredDocument, Summary
from conduet.projects.touched import touched
from conduet.projects.version_store import Version, add_version, is_version, list_versions
from conduet.projects.webhooks import webhooks_of
from conduet.webhooks.emit import emit
from conduet.webhooks.event import VERSION_PUBLISHED
from conduet.webhooks.store import put_webhooks

ATTEMPTS = 10
"""How often a change is made again when somebody else's came in between."""


class Projects:
    """The projects of all accounts, each seen through its scope.

    Reading, patching and checking a large document takes a while: that happens in a thread and outside of any
    transaction, and a save goes through only when nobody else saved in between.
    """

    def __init__(self, database: Database, plugins: Plugins, *, ring: KeyRing, reader: CodeReader) -> None:
        self._database = database
        self._plugins = plugins
        self._ring = ring
        self._reader = reader

    async def list(self, account: AccountScope) -> Sequence[Summary]:
        """The account's projects, the one that was changed last first."""
        return await self._database.read(lambda tx: store.list_projects(tx, account))

    async def versions(self, scope: ProjectScope) -> Sequence[Version]:
        """The project's published versions, most recent first."""
        return await self._database.read(lambda tx: list_versions(tx, scope))

    async def get(self, scope: ProjectScope) -> Draft:
        """The project as it is now. Raises `NotFound`."""
        draft, _ = await self._read(scope)
        return draft

    async def problems(self, scope: ProjectScope) -> Sequence[Problem]:
        """What is unfinished in the draft, or odd about it. Raises `NotFound`."""
        draft, _ = await self._read(scope)
        return await self._checked(draft.document, owner=scope.project_id)

    async def create(
        self, principal: Principal, document: JsonObject, *, action: str = "project.made", source: Json = None
    ) -> Draft:
        """A new project with `document`, whose slug follows from its name unless it has one.

        `action` is what the audit list calls it, with the `source` that it comes from.

        Raises `BadRequest` for a document that is not valid and `Conflict` when its slug is taken.
        """
        while True:
            named = await self._with_slug(principal.account, document, project_id=None)
            new = Draft.new(named, project_id=new_id("proj"), at=milliseconds(now()))
            draft, stored = await self._ready(new)
            facts = project_facts(draft) | ({} if source is None else {"from": source})
            deed = Deed(action, draft.summary.id, after=facts)
            if await self._database.write(partial(_add, principal, draft, stored, deed)):
                return draft
            if document["slug"] is not None:
                raise store.slug_taken(draft.summary.slug)

    async def save(
        self,
        account: AccountScope,
        scope: ProjectScope,
        change: Change,
        *,
        if_match: str | None,
        keep: Version | None = None,
        by: Saver = NOBODY,
        deed: Deed | None = None,
    ) -> Draft:
        """The project after `change`; one that changes nothing keeps the revision.

        With `keep` the draft before becomes that version, whose revision follows, unless it is a version already.
        `deed` is what the audit list is told beside settings and secrets that became others.

        Raises `BadRequest` with all mistakes of shape, `PreconditionFailed` when `if_match` names another revision, and
        `Conflict` when the slug is taken or others keep saving in between.
        """
        for _ in range(ATTEMPTS):
            before, stored = await self._read(scope)
            check_if_match(if_match, before.summary.revision)
            after = await asyncio.to_thread(change, before.answer())
            document = await self._with_slug(account, after.document, project_id=scope.project_id)
            following = before.followed_by(document, at=milliseconds(now()))
            draft, to_store = await self._ready(following)
            news = await asyncio.to_thread(touched, before.document, draft.document)
            deeds = deeds_of(scope.project_id, before.document, draft.document, after.secrets)
            deeds += [deed] if deed else []
            if not after.secrets and to_store == stored:
                return changed(draft, summary=before.summary)
            work = partial(self._save, scope, draft, to_store, after.secrets, keep, news, deeds, by)
            if await self._database.write(work):
                return draft
        raise Conflict("Others keep saving this project: try again.")

    async def publish(self, principal: Principal, new: Version, *, if_match: str | None) -> Version:
        """The draft as the version `new`, which never changes; without a name it is numbered. Its revision follows.

        Raises `BadRequest` with every error that it has, and `PreconditionFailed`.
        """
        for _ in range(ATTEMPTS):
            draft, _ = await self._read(principal.scope)
            check_if_match(if_match, draft.summary.revision)
            await self.refuse_unfinished(principal.scope, draft.document)
            version = changed(new, revision=draft.summary.revision)
            added = await self._database.write(partial(publish, principal, version, "version.published"))
            if added is not None:
                return added
        raise Conflict("Others keep saving this project: try again.")

    async def remove(self, principal: Principal, *, if_match: str | None) -> None:
        """Removes the project and all its data. Raises `NotFound` and `PreconditionFailed`."""
        scope = principal.scope

        def work(tx: Tx) -> Summary:
            removed = store.get_project(tx, scope)
            check_if_match(if_match, removed.revision)
            store.remove_project(tx, scope)
            wake(tx, scope)
            return removed

        def told(removed: Summary) -> Deed:
            return Deed("project.removed", scope.project_id, {"name": removed.name})

        await self._database.write(audited(principal, work, told))

    async def refuse_unfinished(self, scope: ProjectScope, document: JsonObject) -> None:
        """Raises `BadRequest` with every error that keeps a document from being published."""
        problems = await self._checked(document, owner=scope.project_id)
        errors = [At(problem.path, problem.message) for problem in problems if problem.severity == "error"]
        if errors:
            many = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            told = f"The project cannot be published yet: {errors[0].path}: {errors[0].message}{many}"
            raise BadRequest(told, details=errors)

    async def _read(self, scope: ProjectScope) -> tuple[Draft, StoredDocument]:
        def work(tx: Tx) -> tuple[Summary, StoredDocument, bool]:
            return *store.get_draft(tx, scope), has_identity_secret(tx, scope)

        summary, stored, has_identity = await self._database.read(work)
        document = await asyncio.to_thread(read_document, stored)
        return Draft(summary, document, has_identity_secret=has_identity), stored

    async def _with_slug(self, account: AccountScope, document: JsonObject, *, project_id: str | None) -> JsonObject:
        if document["slug"] is not None:
            return document
        taken = await self._database.read(lambda tx: store.list_slugs(tx, account, apart_from=project_id))
        return {**document, "slug": slug_of(str(document["name"]), taken=taken)}

    async def _checked(self, document: JsonObject, *, owner: str) -> Sequence[Problem]:
        """What is unfinished, errors first. Raises `BadRequest` with all mistakes of shape."""

        def check() -> tuple[Document, Sequence[Problem]]:
            compiled = compile_document(document, self._plugins)
            return compiled, problems_of(compiled)

        compiled, problems = await asyncio.to_thread(check)
        unreadable = await self._reader.problems(compiled, owner=owner)
        return sorted([*problems, *unreadable], key=lambda problem: problem.severity) if unreadable else problems

    async def _ready(self, draft: Draft) -> tuple[Draft, StoredDocument]:
        problems = await self._checked(draft.document, owner=draft.summary.id)
        return changed(draft, problems=problems), await asyncio.to_thread(draft.stored)

    def _save(
        self,
        scope: ProjectScope,
        draft: Draft,
        stored: StoredDocument,
        secrets: Sequence[SecretChange],
        keep: Version | None,
        news: Mapping[str, Json],
        deeds: Sequence[Deed],
        by: Saver,
        tx: Tx,
    ) -> bool:
        if not store.update_draft(tx, scope, draft.summary, stored, keeps_before=keep is not None):
            return False
        before = draft.summary.revision - 1
        if keep is not None and not is_version(tx, scope, before):
            add_version(tx, scope, changed(keep, revision=before))
        write_secrets(tx, scope, secrets, ring=self._ring, at=draft.summary.updated_at)
        put_webhooks(tx, scope, webhooks_of(draft.document))
        tell(tx, scope, "revision", {"revision": draft.summary.revision, **by.told(tx), **news})
        if by.principal is not None:
            for each in deeds:
                add_entry(tx, by.principal, each)
        return True


def _add(principal: Principal, draft: Draft, stored: StoredDocument, deed: Deed, tx: Tx) -> bool:
    if not store.add_project(tx, principal.account, draft.summary, stored):
        return False
    made = ProjectScope(draft.summary.id)
    put_webhooks(tx, made, webhooks_of(draft.document))
    add_entry(tx, principal.about(made), deed)
    return True


def publish(principal: Principal, version: Version, action: str, tx: Tx) -> Version | None:
    """Adds a published version, and tells of it; `None` when its revision was saved over meanwhile."""
    added = add_version(tx, principal.scope, version)
    if added is not None:
        told = {"versionId": added.id, "name": added.name, "createdAt": iso(from_milliseconds(added.created_at))}
        emit(tx, principal.scope, VERSION_PUBLISHED, told)
        add_entry(tx, principal, Deed(action, added.id, after=version_facts(added)))
    return added
