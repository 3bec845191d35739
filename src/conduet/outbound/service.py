"""Runs as people see them: begun, read, approved, rejected, written or published again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Literal

from conduet.accounts.audit_store import Deed, audited
from conduet.accounts.member_store import get_member
from conduet.accounts.principal import Principal, ProjectScope
from conduet.accounts.roles import RIGHTS
from conduet.engine.document import Document
from conduet.engine.shape import Pipeline
from conduet.errors import At, BadRequest, Conflict, NotFound
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.json import Json
from conduet.kit.page import Page
from conduet.outbound import outbox
from conduet.outbound.delivery_store import Delivery, list_of_runs
from conduet.outbound.run_store import Approval, Run, Status, change_run, find_begun, get_run, list_runs
from conduet.outbound.targets import Secrets, Targets
from conduet.projects.documents import Documents
from conduet.projects.store import DEVELOPMENT, PRODUCTION, Resolved, keep_revision, resolve_version

TEXT: Final = 100_000
"""The longest text of a post, in characters."""

FARTHEST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Seen:
    """A run, what became of it at its targets, and why they would not take it as it waits."""

    run: Run
    deliveries: Sequence[Delivery]
    problems: Sequence[At] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decides: by a credential of their own, or by a link; `by` is a member's id, or who the link was made for."""

    principal: Principal
    via: Literal["session", "token", "link"]
    by: str | None

    @classmethod
    def of(cls, principal: Principal) -> "Actor":
        """Somebody who shows a credential."""
        return cls(principal, "session" if principal.kind == "session" else "token", principal.member_id)


class Runs:
    """The runs of all projects, each seen through its scope."""

    def __init__(self, database: Database, documents: Documents, targets: Targets) -> None:
        self._database = database
        self._documents = documents
        self._targets = targets

    async def list(
        self, scope: ProjectScope, page: Page, *, status: str | None, pipeline_id: str | None
    ) -> Sequence[Seen]:
        """A page of the project's runs, most recent first, and one more where there are more."""

        def work(tx: Tx) -> Sequence[Seen]:
            return self._seen(tx, list_runs(tx, scope, page, status=status, pipeline_id=pipeline_id))

        return await self._database.read(work)

    async def get(self, scope: ProjectScope, run_id: str) -> Seen:
        """One run. Raises `NotFound`."""
        return await self._database.read(lambda tx: self._seen(tx, [get_run(tx, scope, run_id)])[0])

    async def open_link(self, maker: Principal, run_id: str) -> Run:
        """The run as a new link shows it, by which older ones end. Raises `NotFound` and `Conflict`."""

        def work(tx: Tx) -> Run:
            run = get_run(tx, maker.scope, run_id)
            if run.status not in ("waiting", "scheduled"):
                raise Conflict(f"The run is {run.status}: a link is for one that waits for a decision or for its time.")
            stamp = max(milliseconds(now()), run.updated_at + 1)
            if not change_run(tx, run, before=(run.status,), now=stamp):
                raise Conflict("The run has changed just now: read it again.")
            return replace(run, updated_at=stamp)

        return await self._database.write(work)

    async def by_link(self, maker: Principal, run_id: str) -> Seen:
        """The run that a link is about, while its maker is of the team and may decide. Raises `NotFound`."""

        def work(tx: Tx) -> Seen:
            role = get_member(tx, maker.account, maker.member_id).role if maker.member_id else None
            if role is None or "answer" not in RIGHTS[role]:
                raise NotFound("Who made the link may not decide any more.")
            return self._seen(tx, [get_run(tx, maker.scope, run_id)])[0]

        return await self._database.read(work)

    async def begin(
        self, scope: ProjectScope, pipeline_id: str, *, version_id: str | None, key: str | None
    ) -> tuple[Seen, bool]:
        """Begins a run; with a `key` that has begun one already, that one. Tells whether it is new.

        Without a `version_id` it is of what is published, or of the draft where nothing is. Raises `BadRequest`.
        """
        resolved = await self._database.write(partial(_resolved, scope, version_id))
        document = await self._documents.get(scope, resolved.revision)
        pipeline = _pipeline(document, pipeline_id, resolved)
        dumped = pipeline.model_dump(mode="json", by_alias=True)
        origin = None if key is None else f"key:{hashlib.sha256(key.encode()).hexdigest()}"

        def work(tx: Tx) -> tuple[Seen, bool]:
            run = outbox.begin_run(tx, scope, dumped, version_id=resolved.version_id, origin=origin)
            if run is not None:
                return Seen(run, ()), True
            found = find_begun(tx, scope, pipeline_id, str(origin))
            if found is None:
                raise Conflict("The run that this key began is gone.")
            return self._seen(tx, [found])[0], False

        return await self._database.write(work)

    async def approve(
        self, actor: Actor, run_id: str, *, text: str | None, publish_at: datetime | None, stamp: int | None = None
    ) -> Seen:
        """Lets a run go out, with another text where there is one, at once or later.

        Raises `BadRequest` with what the targets would not take, and `Conflict` for a run that does not wait; `stamp`
        is when the run that was looked at had changed last.
        """
        at = milliseconds(now())
        when = at if publish_at is None else milliseconds(publish_at)
        if publish_at is not None and not at <= when <= at + FARTHEST_DAYS * 86_400_000:
            raise BadRequest.at("publishAt", f"A time to come, within {FARTHEST_DAYS} days.")

        def work(tx: Tx) -> Run:
            run = _waiting(tx, actor, run_id, ("waiting",), stamp=stamp)
            said = text if text is not None else run.text or ""
            secrets = self._targets.secrets(tx, run.scope, version_id=run.version_id)
            problems = self._targets.problems(tx, run, said, secrets, at=when)
            if problems:
                more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
                raise BadRequest(f"{problems[0].path}: {problems[0].message}{more}", details=problems)
            approval = Approval(actor.via, actor.by, at, run.digest(said))
            outbox.release(tx, run, approval, text=said, publish_at=when, before="waiting")
            return run

        return await self._decide(actor, run_id, "run.approved", work)

    async def reject(self, actor: Actor, run_id: str, *, note: str, stamp: int | None = None) -> Seen:
        """Ends a run that has not gone out yet. Raises `Conflict`."""

        def work(tx: Tx) -> Run:
            run = _waiting(tx, actor, run_id, ("waiting", "scheduled"), stamp=stamp)
            outbox.refuse(tx, run, note=note)
            return run

        return await self._decide(actor, run_id, "run.rejected", work)

    async def retry(self, actor: Actor, run_id: str, *, note: str | None, stamp: int | None = None) -> Seen:
        """Has it written again, where nothing was approved; else sent again to the targets that have not accepted it.

        Raises `Conflict` in any other state.
        """

        def work(tx: Tx) -> Run:
            run = _waiting(tx, actor, run_id, ("waiting", "rejected", "failed", "unknown"), stamp=stamp)
            if run.status in ("failed", "unknown") and run.approval is not None:
                if note is not None:
                    raise BadRequest.at("note", "What was approved is sent again as it is: leave it out.")
                outbox.publish_again(tx, run)
            else:
                outbox.write_again(tx, run, note=note if note is not None else run.note)
            return run

        return await self._decide(actor, run_id, "run.retried", work)

    async def _decide(self, actor: Actor, run_id: str, action: str, work: Callable[[Tx], Run]) -> Seen:
        scope = actor.principal.scope

        def both(tx: Tx) -> tuple[Run, Seen]:
            before = work(tx)
            return before, self._seen(tx, [get_run(tx, scope, run_id)])[0]

        def tell(done: tuple[Run, Seen]) -> Deed:
            before, seen = done
            return Deed(action, run_id, {"status": before.status}, _facts(actor, seen.run))

        _, seen = await self._database.write(audited(actor.principal, both, tell))
        return seen

    def _seen(self, tx: Tx, runs: Sequence[Run]) -> Sequence[Seen]:
        deliveries = list_of_runs(tx, runs)
        secrets: dict[str, Secrets] = {}
        return [Seen(run, deliveries.get(run.id, ()), self._problems(tx, run, secrets)) for run in runs]

    def _problems(self, tx: Tx, run: Run, secrets: dict[str, Secrets]) -> Sequence[At]:
        if run.status != "waiting":
            return ()
        try:
            if run.version_id not in secrets:
                secrets[run.version_id] = self._targets.secrets(tx, run.scope, version_id=run.version_id)
        except BadRequest as error:
            return [At("targets", error.message)]
        at = milliseconds(now())
        return self._targets.problems(tx, run, run.text or "", secrets[run.version_id], at=at)


def _resolved(scope: ProjectScope, version_id: str | None, tx: Tx) -> Resolved:
    if version_id is None:
        try:
            return resolve_version(tx, scope, PRODUCTION)
        except NotFound:
            version_id = DEVELOPMENT
    try:
        return keep_revision(tx, scope, resolve_version(tx, scope, version_id))
    except NotFound as error:
        raise BadRequest.at("versionId", error.message) from None


def _pipeline(document: Document, pipeline_id: str, resolved: Resolved) -> Pipeline:
    found = next((each for each in document.shape.pipelines if each.id == pipeline_id), None)
    if found is not None:
        return found
    where = "draft" if resolved.version_id == DEVELOPMENT else "published version"
    there = ", ".join(repr(each.id) for each in document.shape.pipelines) or "none"
    raise BadRequest.at("pipelineId", f"The {where} has no pipeline {pipeline_id!r}; there are: {there}.")


def _waiting(tx: Tx, actor: Actor, run_id: str, allowed: Sequence[Status], *, stamp: int | None) -> Run:
    run = get_run(tx, actor.principal.scope, run_id)
    if run.status not in allowed:
        raise Conflict(f"The run is {run.status}; this takes one that is {' or '.join(allowed)}.")
    if stamp is not None and run.updated_at != stamp:
        raise Conflict("It was written again or decided about meanwhile, or there is a newer link: ask for that.")
    return run


def _facts(actor: Actor, run: Run) -> Mapping[str, Json]:
    facts: dict[str, Json] = {"status": run.status, "via": actor.via}
    if actor.via == "link":
        facts["approver"] = actor.by
    if run.note is not None and run.status in ("rejected", "generating"):
        facts["note"] = run.note
    if run.approval is not None and run.publish_at is not None:
        facts["sha256"] = run.approval.sha256
        facts["publishAt"] = iso(from_milliseconds(run.publish_at))
    return facts
