"""Bodies of the inbox."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from conduet.analytics.schemas import TranscriptFile
from conduet.analytics.store import Message
from conduet.conversations.store.inbox import Count, Entry, Note, Queue
from conduet.conversations.store.saved import SavedReply
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire

MESSAGE_LETTERS = 8_000

Words = Annotated[str, Field(min_length=1, max_length=MESSAGE_LETTERS)]


class Attachment(Wire):
    """A picture, film, recording or file by its address; what it is follows from `mimeType`."""

    url: Annotated[str, Field(pattern="^https?://[^ ]+$", max_length=2_000)]
    mime_type: Annotated[str | None, Field(max_length=200)] = None
    name: Annotated[str | None, Field(max_length=200)] = None


class Reply(Wire):
    """What the user is told; words, files or both."""

    text: Annotated[str, Field(max_length=MESSAGE_LETTERS)] = ""
    attachments: list[Attachment] = Field(default_factory=list[Attachment], max_length=10)


class NewNote(Wire):
    """What the others are told, and the user never."""

    text: Words


class Assignment(Wire):
    """Who has the conversation from now on; null: whoever takes it."""

    member_id: str | None


class HandingBack(Wire):
    """What the agent reads when it has the conversation again."""

    note: Annotated[str | None, Field(max_length=2_000)] = None


class Snooze(Wire):
    """Until when the conversation is out of sight; it comes back before, if the user writes."""

    until: Annotated[str, Field(description="ISO 8601; at most a year ahead.", max_length=40)]


class NewSavedReply(Wire):
    """A reply to have ready."""

    name: Annotated[str, Field(min_length=1, max_length=100, description="What it is found by.")]
    text: Words


class SavedReplyChange(Wire):
    """What is left out stays."""

    name: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    text: Words | None = None


class InboxQueue(Wire):
    """How many conversations a queue has, and since when the user waits who has waited longest."""

    count: int
    waiting_since: str | None

    @classmethod
    def of(cls, count: Count) -> "InboxQueue":
        """As answers show it."""
        return cls(count=count.count, waiting_since=_time(count.waiting_since))


class InboxMember(Wire):
    """Somebody who works on the project."""

    id: str
    name: str


class InboxMessage(Wire):
    """What was said last: its beginning, and by whom."""

    role: Literal["user", "assistant", "person"]
    text: str


class InboxEntry(Wire):
    """A conversation that a person has, had, or is waited for in."""

    user_id: str
    status: Literal["waiting", "taken", "resolved", "returned"]
    target: Annotated[str, Field(description="Whom it was handed to.")]
    reason: str
    summary: str | None
    platform: str
    member: Annotated[InboxMember | None, Field(description="Who has it, or had it last.")]
    handed_at: str
    waiting_since: Annotated[str | None, Field(description="Since when the user waits for a person's words.")]
    snoozed_until: str | None
    last_message: InboxMessage | None
    updated_at: str

    @classmethod
    def of(cls, entry: Entry, names: Mapping[str, str]) -> "InboxEntry":
        """As answers show it; `names` are those of the account's members, by their ids."""
        status: Any = entry.status
        role: Any = entry.last_role
        has = entry.member_id is not None
        return cls(
            user_id=entry.user_id,
            status=status,
            target=entry.target,
            reason=entry.reason,
            summary=entry.summary,
            platform=entry.platform,
            member=InboxMember(id=entry.member_id or "", name=names.get(entry.member_id or "", "")) if has else None,
            handed_at=iso(from_milliseconds(entry.handed_at)),
            waiting_since=_time(entry.waiting_since),
            snoozed_until=_time(entry.snoozed_until or None),
            last_message=InboxMessage(role=role, text=entry.last_text or "") if role else None,
            updated_at=iso(from_milliseconds(entry.updated_at)),
        )


class Inbox(Wire):
    """A page of a queue, and what is in all of them."""

    queues: Annotated[dict[Queue, InboxQueue], Field(description="Of each queue; `mine` is the asker's.")]
    entries: list[InboxEntry]


class InboxNote(Wire):
    """What a member noted for the others."""

    id: str
    member: InboxMember
    text: str
    created_at: str

    @classmethod
    def of(cls, note: Note) -> "InboxNote":
        """As answers show it."""
        member = InboxMember(id=note.member_id, name=note.member_name)
        return cls(id=note.id, member=member, text=note.text, created_at=iso(from_milliseconds(note.created_at)))


class SaidMessage(Wire):
    """Something said in the conversation."""

    role: Literal["user", "assistant", "person"]
    content: str
    created_at: str

    @classmethod
    def of(cls, said: Message) -> "SaidMessage":
        """As answers show it."""
        role: Any = said.role
        return cls(role=role, content=said.content, created_at=iso(from_milliseconds(said.created_at)))


class InboxConversation(Wire):
    """A conversation with what was said last, what the user sent and what was noted, each oldest first."""

    entry: InboxEntry
    messages: list[SaidMessage]
    files: Annotated[list[TranscriptFile], Field(description="Told for 30 days, as long as uploaded files are kept.")]
    notes: list[InboxNote]


class Answered(Wire):
    """A reply as it was said, and the conversation after it."""

    entry: InboxEntry
    message: SaidMessage


class ShownSavedReply(Wire):
    """A reply that is ready."""

    id: str
    name: str
    text: str
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, saved: SavedReply) -> "ShownSavedReply":
        """As answers show it."""
        created, updated = iso(from_milliseconds(saved.created_at)), iso(from_milliseconds(saved.updated_at))
        return cls(id=saved.id, name=saved.name, text=saved.text, created_at=created, updated_at=updated)


def _time(at: int | None) -> str | None:
    return None if at is None else iso(from_milliseconds(at))
