"""How transcripts look on the wire."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from conduet.analytics.store import StoredMessage, Transcript
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire


class ListedTranscript(Wire):
    """A conversation from its first turn to its end, without what was said."""

    id: str
    user_id: str
    platform: Annotated[str, Field(description="`api`, `web`, `dashboard`, `mcp`, or a channel's name.")]
    resolved: bool
    escalated: bool
    message_count: Annotated[int, Field(description="What the user wrote or pressed, and the texts that answered.")]
    started_at: str
    ended_at: Annotated[str, Field(description="Of the last turn so far, or of the end.")]

    @classmethod
    def of(cls, transcript: Transcript) -> "ListedTranscript":
        """As lists show it."""
        return cls(**_listed(transcript))


class TranscriptMessage(Wire):
    """Something said."""

    id: str
    role: Literal["user", "assistant", "person"]
    content: str
    created_at: str
    name: Annotated[
        str | None, Field(description="Of the person who said it, for 30 days or until the conversation is reset.")
    ] = None
    rating: Annotated[Literal["up", "down"] | None, Field(description="What its reader thinks of it.")] = None
    comment: Annotated[str | None, Field(description="Why they think so.")] = None

    @classmethod
    def of(cls, said: StoredMessage, name: str | None = None) -> "TranscriptMessage":
        """As answers show it; `name` is the person's who said it."""
        role: Any = said.role
        rating: Any = said.rating
        return cls(
            id=said.id,
            role=role,
            content=said.content,
            created_at=iso(from_milliseconds(said.created_at)),
            name=name,
            rating=rating,
            comment=said.comment,
        )


class TranscriptTrace(Wire):
    """A trace of one of its turns."""

    turn_id: Annotated[str, Field(description="The turn, to replay it by.")]
    type: str
    payload: dict[str, Any]
    time: str


class TranscriptEvent(Wire):
    """A trace of what people did beside its turns."""

    type: str
    payload: dict[str, Any]
    time: str


class TranscriptFile(Wire):
    """A file that the user sent."""

    turn_id: Annotated[str, Field(description="The turn that it was.")]
    url: str
    mime_type: Annotated[str | None, Field(description="What the user said that it is.")]
    name: Annotated[str | None, Field(description="Of a file that was uploaded; null: it is kept elsewhere.")]
    sent_at: str


class WholeTranscript(ListedTranscript):
    """A conversation with what was said in it."""

    messages: list[TranscriptMessage]
    files: Annotated[
        list[TranscriptFile] | None,
        Field(description="Only with `?include=files`: what the user sent, for as long as uploaded files are kept."),
    ] = None
    traces: Annotated[list[TranscriptTrace] | None, Field(description="Only with `?include=traces`.")] = None
    events: Annotated[
        list[TranscriptEvent] | None,
        Field(
            description="Only with `?include=traces`: each `handoff` to a person who joined, and back to the agent, "
            "for as long as names are told."
        ),
    ] = None

    @classmethod
    def shown(
        cls, transcript: Transcript, messages: Sequence[StoredMessage], names: Mapping[int, str] | None = None
    ) -> "WholeTranscript":
        """With what was said; `names` are those of people, by when they said something."""
        told = [
            TranscriptMessage.of(said, (names or {}).get(said.created_at) if said.role == "person" else None)
            for said in messages
        ]
        return cls(**_listed(transcript), messages=told)


def _listed(transcript: Transcript) -> dict[str, Any]:
    return {
        "id": transcript.id,
        "user_id": transcript.user_id,
        "platform": transcript.platform,
        "resolved": transcript.resolved,
        "escalated": transcript.escalated,
        "message_count": transcript.message_count,
        "started_at": iso(from_milliseconds(transcript.started_at)),
        "ended_at": iso(from_milliseconds(transcript.ended_at)),
    }
