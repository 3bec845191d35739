"""The SQL of runs: every change of a status says from which, so that of two who want to change it one does."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias, cast, get_args

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.engine.channel.target import Picture
from conduet.errors import NotFound
from conduet.kit.db import Tx
from conduet.kit.json import Json, dumps, parse
from conduet.kit.page import Page
from conduet.outbound.tables import outbound_run, outbound_schedule
from conduet.projects.feed_store import tell

Status: TypeAlias = Literal[
    "generating", "waiting", "scheduled", "publishing", "published", "failed", "unknown", "rejected"
]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Approval:
    """What let a run go out: `via` a member, a token, a link, or its pipeline itself; `sha256` is of what may go."""

    via: Literal["session", "token", "link", "pipeline"]
    by: str | None
    at: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a pipeline; times in ms since 1970, `pipeline` as it was when the run began."""

    id: str
    scope: ProjectScope
    pipeline_id: str
    origin: str | None
    pipeline: Mapping[str, Json]
    version_id: str
    status: Status
    round: int
    text: str | None
    pictures: tuple[Picture, ...]
    note: str | None
    problem: str | None
    approval: Approval | None
    publish_at: int | None
    created_at: int
    updated_at: int

    @property
    def targets(self) -> Sequence[Mapping[str, Json]]:
        """Where it goes: `{connector, config}` each."""
        return cast("Sequence[Mapping[str, Json]]", self.pipeline.get("targets") or ())

    def digest(self, text: str) -> str:
        """The hash of what is published with that text, and where."""
        what: dict[str, Json] = {
            "text": text,
            "images": _told(self.pictures),
            "targets": [dict(each) for each in self.targets],
        }
        return hashlib.sha256(dumps(what)).hexdigest()


def add_run(tx: Tx, run: Run) -> bool:
    """Adds a run and tells of it; `False`, and nothing happens, where its origin has begun one already."""
    values = {
        "id": run.id,
        "project_id": run.scope.project_id,
        "pipeline_id": run.pipeline_id,
        "origin": run.origin,
        "pipeline": dumps(dict(run.pipeline)).decode(),
        "version_id": run.version_id,
        "status": run.status,
        "round": run.round,
        "images": "[]",
        "created_at": run.created_at,
        "updated_at": run.updated_at,
    }
    added = insert(outbound_run).values(**values).on_conflict_do_nothing().returning(outbound_run.c.id)
    if tx.execute(added).first() is None:
        return False
    tell_run(tx, run, run.status)
    return True


def tell_run(tx: Tx, run: Run, status: Status) -> None:
    """Tells those who have the project open that the run is another now."""
    tell(tx, run.scope, "run", {"runId": run.id, "pipelineId": run.pipeline_id, "status": status})


def find_run(tx: Tx, scope: ProjectScope, run_id: str) -> Run | None:
    """The run, if the project has it."""
    row = tx.execute(sa.select(outbound_run).where(*_one(scope, run_id))).one_or_none()
    return None if row is None else _read(row)


def get_run(tx: Tx, scope: ProjectScope, run_id: str) -> Run:
    """The run. Raises `NotFound`."""
    found = find_run(tx, scope, run_id)
    if found is None:
        raise NotFound("The project has no such run.")
    return found


def find_begun(tx: Tx, scope: ProjectScope, pipeline_id: str, origin: str) -> Run | None:
    """The run that something has begun."""
    own = (outbound_run.c.project_id == scope.project_id, outbound_run.c.pipeline_id == pipeline_id)
    row = tx.execute(sa.select(outbound_run).where(*own, outbound_run.c.origin == origin)).one_or_none()
    return None if row is None else _read(row)


def list_runs(tx: Tx, scope: ProjectScope, page: Page, *, status: str | None, pipeline_id: str | None) -> Sequence[Run]:
    """A page of the project's runs, most recent first, and one more where there are more."""
    asked = sa.select(outbound_run).where(outbound_run.c.project_id == scope.project_id)
    if status is not None:
        asked = asked.where(outbound_run.c.status == status)
    if pipeline_id is not None:
        asked = asked.where(outbound_run.c.pipeline_id == pipeline_id)
    if page.after is not None:
        place = sa.tuple_(outbound_run.c.created_at, outbound_run.c.id)
        asked = asked.where(place < sa.tuple_(sa.literal(page.after.at), sa.literal(page.after.id)))
    ordered = asked.order_by(outbound_run.c.created_at.desc(), outbound_run.c.id.desc())
    return [_read(row) for row in tx.execute(ordered.limit(page.limit + 1))]


def change_run(
    tx: Tx,
    run: Run,
    *,
    before: Collection[Status],
    now: int,
    pictures: Sequence[Picture] | None = None,
    **values: Any,
) -> bool:
    """Changes a run that is in one of these states still, and in the same round, and tells of it; `False`: not."""
    if pictures is not None:
        values["images"] = dumps(_told(pictures)).decode()
    if isinstance(approval := values.get("approval"), Approval):
        told: dict[str, Json] = {"via": approval.via, "by": approval.by, "at": approval.at, "sha256": approval.sha256}
        values["approval"] = dumps(told).decode()
    still = (outbound_run.c.status.in_(before), outbound_run.c.round == run.round)
    found = sa.update(outbound_run).where(*_one(run.scope, run.id), *still)
    if not tx.execute(found.values(updated_at=now, **values)).rowcount:
        return False
    tell_run(tx, run, values.get("status", run.status))
    return True


def is_set(tx: Tx, scope: ProjectScope, version_id: str) -> bool:
    """Whether the schedules are those of that version; they count as such from here on."""
    made = insert(outbound_schedule).values(project_id=scope.project_id, version_id=version_id)
    changed = made.on_conflict_do_update(
        index_elements=["project_id"],
        set_={"version_id": version_id},
        where=outbound_schedule.c.version_id != version_id,
    )
    return tx.execute(changed.returning(outbound_schedule.c.project_id)).first() is None


def _read(row: sa.Row[Any]) -> Run:
    approval: Any = None if row.approval is None else parse(row.approval.encode())
    return Run(
        id=row.id,
        scope=ProjectScope(row.project_id),
        pipeline_id=row.pipeline_id,
        origin=row.origin,
        pipeline=cast("dict[str, Json]", parse(row.pipeline.encode())),
        version_id=row.version_id,
        status=row.status,
        round=row.round,
        text=row.text,
        pictures=tuple(map(_picture, cast("list[Json]", parse(row.images.encode())))),
        note=row.note,
        problem=row.problem,
        approval=None if approval is None else Approval(**approval),
        publish_at=row.publish_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _told(pictures: Sequence[Picture]) -> list[Json]:
    """The pictures as they are stored and hashed: one of which nothing but its address is known is just that."""
    told: list[Json] = []
    for each in pictures:
        facts: dict[str, Json] = {
            name: value for name, value in asdict(each).items() if name != "url" and value not in (None, "")
        }
        told.append({"url": each.url, **facts} if facts else each.url)
    return told


def _picture(told: Json) -> Picture:
    return Picture(told) if isinstance(told, str) else Picture(**cast("dict[str, Any]", told))


def _one(scope: ProjectScope, run_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return outbound_run.c.project_id == scope.project_id, outbound_run.c.id == run_id
