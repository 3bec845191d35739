"""How runs look on the wire."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from conduet.engine.channel.target import Picture
from conduet.errors import BadRequest
from conduet.kit.clock import from_milliseconds, in_utc, iso
from conduet.kit.schema import Wire
from conduet.outbound.run_store import Status
from conduet.outbound.service import TEXT, Seen

Text = Annotated[str, Field(min_length=1, max_length=TEXT, description="The text as it is published.")]
Note = Annotated[str, Field(min_length=1, max_length=2_000)]
PublishAt = Annotated[
    str | None, Field(description="When it goes out, in ISO 8601 with a time zone; left out: at once.")
]
Decision: TypeAlias = Literal["approve", "reject", "retry"]

RUN: Final[dict[str, Any]] = {
    "id": "run_18eb6d95dcb1bb2217e2f180dd50d320",
    "pipelineId": "p_news",
    "pipelineName": "Weekly news",
    "status": "waiting",
    "trigger": "schedule",
    "round": 1,
    "versionId": "ver_18eb6d95dcb1bb2217e2f180dd50d320",
    "text": "Our shop opens on Saturdays from now on.",
    "images": [],
    "pictures": [],
    "note": None,
    "problem": None,
    "problems": [],
    "approval": None,
    "publishAt": None,
    "targets": [
        {
            "connector": "slack",
            "status": None,
            "attempts": 0,
            "problem": None,
            "vendorId": None,
            "triedAt": None,
        }
    ],
    "createdAt": "2026-11-25T08:00:00.000Z",
    "updatedAt": "2026-11-25T08:00:04.120Z",
}
BEGUN: Final[dict[str, Any]] = {**RUN, "status": "generating", "trigger": "call", "text": None}
REJECTED: Final[dict[str, Any]] = {**RUN, "status": "rejected", "note": "Say from when."}
AGAIN: Final[dict[str, Any]] = {**RUN, "status": "generating", "round": 2, "note": "Say from when."}
APPROVED: Final[dict[str, Any]] = {
    **RUN,
    "status": "scheduled",
    "approval": {
        "via": "session",
        "by": "mem_18eb6d95dcb1bb2217e2f180dd50d320",
        "at": "2026-11-25T09:12:00.000Z",
        "sha256": "6b8a2a7a0a4f1c0a3f1c5e1d9f2a7b3c4d5e6f708192a3b4c5d6e7f8091a2b3c",
    },
    "publishAt": "2026-11-26T08:00:00.000Z",
    "targets": [{**RUN["targets"][0], "status": "pending"}],
}


class NewRun(Wire):
    """A run to begin."""

    pipeline_id: Annotated[str, Field(min_length=1, max_length=200)]
    version_id: Annotated[
        str | None,
        Field(description="`production`, `development` or a version's id; left out: what is published, or the draft."),
    ] = None


class Approving(Wire):
    """A yes: to the text as it is, or to another."""

    text: Text | None = None
    publish_at: PublishAt = None


class Rejecting(Wire):
    """A no."""

    note: Annotated[Note, Field(description="Why; it is what the workflow is told when it is to write again.")]


class Retrying(Wire):
    """Once more."""

    note: Annotated[Note | None, Field(description="What to write differently.")] = None


class NewLink(Wire):
    """A link to be made."""

    approver: Annotated[
        str, Field(min_length=1, max_length=200, description="Who it is for; it is kept as who said yes.")
    ]
    hours: Annotated[int, Field(ge=1, le=24 * 30, description="How long it is good for.")] = 72


class ShownLink(Wire):
    """A link; whoever has it can decide about this text of this run, and about nothing else."""

    token: str
    path: Annotated[str, Field(description="Where to read it and to decide, below this server's address.")]
    approver: str
    expires_at: str


class Deciding(Wire):
    """A decision by link."""

    decision: Decision
    text: Text | None = None
    publish_at: PublishAt = None
    note: Note | None = None


class ShownProblem(Wire):
    """Why a target would not take it."""

    path: str
    message: str


class ShownApproval(Wire):
    """What let a run go out."""

    via: Literal["session", "token", "link", "pipeline"]
    by: Annotated[str | None, Field(description="The member's id, or who the link was made for.")]
    at: str
    sha256: Annotated[str, Field(description="Of the text, the pictures and the targets: nothing else is sent.")]


class ShownTarget(Wire):
    """A target, and what became of the post there."""

    connector: str
    status: Annotated[
        Literal["pending", "sending", "accepted", "failed", "unknown"] | None,
        Field(description="null before an approval; `unknown`: it may be public, so it is not sent again by itself."),
    ]
    attempts: int
    problem: str | None
    vendor_id: Annotated[str | None, Field(description="The target's id of the post.")]
    tried_at: str | None


class ShownPicture(Wire):
    """A picture of a post."""

    url: str
    alt: Annotated[str, Field(description="What tells it to those who do not see it.")]
    mime_type: Annotated[
        str | None, Field(description="What it was when the post was written, where a target takes it as a file.")
    ]
    size: Annotated[int | None, Field(description="In bytes.")]
    problem: Annotated[str | None, Field(description="Why it could not be had.")]

    @classmethod
    def of(cls, picture: Picture) -> "ShownPicture":
        """As answers show it."""
        return cls(
            url=picture.url,
            alt=picture.alt,
            mime_type=picture.mime_type,
            size=picture.size,
            problem=picture.problem,
        )


class ShownRun(Wire):
    """A run of a pipeline."""

    id: str
    pipeline_id: str
    pipeline_name: str
    status: Status
    trigger: Literal["schedule", "call"]
    round: Annotated[int, Field(description="How often it was written.")]
    version_id: str
    text: str | None
    images: Annotated[list[str], Field(description="The addresses of its pictures.")]
    pictures: Annotated[list[ShownPicture], Field(description="The same, with what is known of each.")]
    note: str | None
    problem: Annotated[str | None, Field(description="Why it failed, or what is not known.")]
    problems: Annotated[list[ShownProblem], Field(description="Why it cannot be approved as it is, while it waits.")]
    approval: ShownApproval | None
    publish_at: str | None
    targets: list[ShownTarget]
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, seen: Seen) -> "ShownRun":
        """As answers show it."""
        run, approval = seen.run, seen.run.approval
        return cls(
            id=run.id,
            pipeline_id=run.pipeline_id,
            pipeline_name=str(run.pipeline.get("name") or ""),
            status=run.status,
            trigger="schedule" if (run.origin or "").startswith("schedule:") else "call",
            round=run.round,
            version_id=run.version_id,
            text=run.text,
            images=[each.url for each in run.pictures],
            pictures=[ShownPicture.of(each) for each in run.pictures],
            note=run.note,
            problem=run.problem,
            problems=[ShownProblem(path=each.path, message=each.message) for each in seen.problems],
            approval=approval
            and ShownApproval(
                via=approval.via, by=approval.by, at=iso(from_milliseconds(approval.at)), sha256=approval.sha256
            ),
            publish_at=_time(run.publish_at),
            targets=_targets(seen),
            created_at=iso(from_milliseconds(run.created_at)),
            updated_at=iso(from_milliseconds(run.updated_at)),
        )


def read_time(text: str | None, path: str) -> datetime | None:
    """A moment with its time zone. Raises `BadRequest`."""
    if text is None:
        return None
    try:
        return in_utc(_MOMENT.validate_python(text))
    except (ValidationError, ValueError):
        raise BadRequest.at(path, "A time in ISO 8601 with a time zone, like `2026-11-26T09:00:00+01:00`.") from None


_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(AwareDatetime)


def _targets(seen: Seen) -> list[ShownTarget]:
    by_number = {each.number: each for each in seen.deliveries}
    shown: list[ShownTarget] = []
    for number, target in enumerate(seen.run.targets):
        found = by_number.get(number)
        shown.append(
            ShownTarget(
                connector=str(target.get("connector")),
                status=found and found.status,
                attempts=found.attempts if found else 0,
                problem=found and found.problem,
                vendor_id=found and found.vendor_id,
                tried_at=_time(found and found.tried_at),
            )
        )
    return shown


def _time(at: int | None) -> str | None:
    return None if at is None else iso(from_milliseconds(at))
