"""Bodies of comments."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field, model_validator

from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire
from conduet.projects.comment_store import Comment, Thread

Words = Annotated[str, Field(min_length=1, max_length=8_000)]
MemberIds = Annotated[list[str], Field(max_length=50, description="The ids of the members who are mentioned.")]
PlaceId = Annotated[str, Field(min_length=1, max_length=200)]


class Point(Wire):
    """A point of the canvas."""

    x: Annotated[float, Field(allow_inf_nan=False)]
    y: Annotated[float, Field(allow_inf_nan=False)]


class NewComment(Wire):
    """What is said."""

    text: Words
    mentions: MemberIds = Field(default_factory=list[str])


class NewThread(NewComment):
    """What is said first, and where: on a step, or at a point of a workflow."""

    workflow_id: PlaceId
    step_id: PlaceId | None = None
    position: Point | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "NewThread":
        if (self.step_id is None) == (self.position is None):
            raise ValueError("Either `stepId` or `position` tells where it is.")
        return self


class ThreadChange(Wire):
    """Whether it is settled."""

    resolved: bool


class CommentAuthor(Wire):
    """Who said it; the name is the one of then."""

    id: str
    name: str


class ShownComment(Wire):
    """What a member said."""

    id: str
    member: CommentAuthor
    text: str
    mentions: list[str]
    created_at: str
    edited_at: str | None

    @classmethod
    def of(cls, said: Comment) -> "ShownComment":
        """As answers show it."""
        return cls(
            id=said.id,
            member=CommentAuthor(id=said.member_id, name=said.member_name),
            text=said.text,
            mentions=[*said.mentions],
            created_at=iso(from_milliseconds(said.created_at)),
            edited_at=None if said.edited_at is None else iso(from_milliseconds(said.edited_at)),
        )


class ShownThread(Wire):
    """A thread with its comments, oldest first."""

    id: str
    workflow_id: str
    step_id: str | None
    position: Point | None
    resolved_at: str | None
    resolved_by: CommentAuthor | None
    created_at: str
    comments: list[ShownComment]

    @classmethod
    def of(cls, thread: Thread, comments: Sequence[Comment], names: Mapping[str, str]) -> "ShownThread":
        """As answers show it; `names` are those of the account's members."""
        by = thread.resolved_by
        has_point = thread.x is not None and thread.y is not None
        return cls(
            id=thread.id,
            workflow_id=thread.workflow_id,
            step_id=thread.step_id,
            position=Point(x=thread.x or 0.0, y=thread.y or 0.0) if has_point else None,
            resolved_at=None if thread.resolved_at is None else iso(from_milliseconds(thread.resolved_at)),
            resolved_by=None if by is None else CommentAuthor(id=by, name=names.get(by, "")),
            created_at=iso(from_milliseconds(thread.created_at)),
            comments=[ShownComment.of(each) for each in comments],
        )


COMMENT: Final[dict[str, Any]] = {
    "id": "com_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "member": {"id": "mem_18bd2f7a9c3e41d0a1b2c3d4e5f60718", "name": "Ana"},
    "text": "@Ben, is this still so?",
    "mentions": ["mem_18bd2f7a9c3e41d0a1b2c3d4e5f60719"],
    "createdAt": "2026-11-26T12:00:00.000Z",
    "editedAt": None,
}
THREAD: Final[dict[str, Any]] = {
    "id": "thr_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "workflowId": "main",
    "stepId": "hello",
    "position": None,
    "resolvedAt": None,
    "resolvedBy": None,
    "createdAt": "2026-11-26T12:00:00.000Z",
    "comments": [COMMENT],
}
