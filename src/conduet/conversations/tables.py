"""Rows of conversations: state, turns with their journals, who waits for whom, and what people do in them."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column


def _user(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column("user_id", sa.String, primary_key=primary_key, nullable=False)


conversation = sa.Table(
    "conversation",
    metadata,
    project_column(primary_key=True),
    _user(primary_key=True),
    # Counts changes of the state: the ETag.
    sa.Column("revision", sa.BigInteger, nullable=False),
    # What it runs on: `development`, a version's id, or nothing yet.
    sa.Column("version_id", sa.String),
    sa.Column("at_rest", sa.Boolean, nullable=False),
    # JSON of variables and the runtime's internal part.
    sa.Column("state", sa.LargeBinary, nullable=False),
    # The key that began it (a widget key sees no other's), the channel's name, or nothing.
    sa.Column("begun_by", sa.String),
    sa.Column("transcript_id", sa.String),
    # How many messages there were so far, and the number of the first that the history still holds.
    sa.Column("message_count", sa.BigInteger, nullable=False),
    sa.Column("history_from", sa.BigInteger, nullable=False),
    sa.Column("last_turn_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    # How many events there were so far: the number of the last.
    sa.Column("event_count", sa.BigInteger, nullable=False),
    # The turn that holds it (`worker:turn`) and until when; a holder whose process is dead holds nothing.
    sa.Column("lease_by", sa.String),
    sa.Column("lease_until", sa.BigInteger, nullable=False),
    # Whether there may be tickets in `waiting`. In this row, because who locks a row sees it as it is then, and other
    # tables as they were when they began to wait for the lock.
    sa.Column("has_waiting", sa.Boolean, nullable=False),
    sa.Column("rate_reset_at", sa.BigInteger, nullable=False),
    sa.Column("rate_count", sa.Integer, nullable=False),
)

_RUNNING = sa.text("status = 'running'")
_KEPT = sa.text("journal is not null")

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    project_column(),
    _user(),
    sa.Column("transcript_id", sa.String),
    # `running`, `done` or `interrupted`.
    sa.Column("status", sa.String, nullable=False),
    # The process that runs it.
    sa.Column("worker", sa.String, nullable=False),
    sa.Column("version_id", sa.String, nullable=False),
    # The revision of the document it ran on.
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("action", sa.LargeBinary, nullable=False),
    # The JSON array that `interact` answered.
    sa.Column("traces", sa.LargeBinary),
    # Those that are too long for it, whole, by their number; compressed.
    sa.Column("long_traces", sa.LargeBinary),
    # State before, and what the world answered; compressed.
    sa.Column("journal", sa.LargeBinary),
    # The steps that it came by: JSON, `[[workflow, step, port], …]`.
    sa.Column("visits", sa.LargeBinary),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Index("ix_turn_conversation", "project_id", "user_id", "started_at"),
    # Journals are forgotten before the turns are.
    sa.Index("ix_turn_journal", "project_id", "started_at", sqlite_where=_KEPT, postgresql_where=_KEPT),
    # What dead processes have left behind is found without looking at every turn there ever was.
    sa.Index("ix_turn_running", "worker", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
)

_WAITING = sa.text("status = 'waiting'")

approval = sa.Table(
    "approval",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    _user(),
    sa.Column("tool_name", sa.String, nullable=False),
    # JSON.
    sa.Column("arguments", sa.LargeBinary, nullable=False),
    # Where the user wrote from when it was asked for.
    sa.Column("platform", sa.String, nullable=False),
    # `waiting`, `approved`, `rejected`, `expired`, or `withdrawn`: what asked for it is gone.
    sa.Column("status", sa.String, nullable=False),
    sa.Column("asked_at", sa.BigInteger, nullable=False),
    sa.Column("answered_at", sa.BigInteger),
    # The member who said yes or no.
    sa.Column("answered_by", sa.String),
    sa.Column("note", sa.Text),
    sa.Index("ix_approval_asked", "project_id", "asked_at", "id"),
    sa.Index("ix_approval_over", "asked_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    sa.Index("ix_approval_open", "project_id", "user_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
)

user_event = sa.Table(
    "user_event",
    metadata,
    project_column(primary_key=True),
    _user(primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    # A trace as JSON.
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_user_event_created_at", "created_at"),
)

# What a person has, had, or shall have a look at: one a conversation, since it was first handed to a person.
inbox_entry = sa.Table(
    "inbox_entry",
    metadata,
    project_column(primary_key=True),
    _user(primary_key=True),
    # `waiting`, `taken`, `resolved` or `returned` to the agent.
    sa.Column("status", sa.String, nullable=False),
    sa.Column("target", sa.String, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("summary", sa.Text),
    sa.Column("platform", sa.String, nullable=False),
    # The member who has it, or had it last.
    sa.Column("member_id", sa.String),
    sa.Column("handed_at", sa.BigInteger, nullable=False),
    # Since when the user waits for a person's words; nothing while it is the user's turn.
    sa.Column("waiting_since", sa.BigInteger),
    sa.Column("snoozed_until", sa.BigInteger, nullable=False),
    # The beginning of what was said last, and by whom.
    sa.Column("last_role", sa.String),
    sa.Column("last_text", sa.Text),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.Index("ix_inbox_entry_updated", "project_id", "updated_at", "user_id"),
    sa.Index("ix_inbox_entry_status", "project_id", "status", "updated_at", "user_id"),
)

inbox_note = sa.Table(
    "inbox_note",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    _user(),
    sa.Column("member_id", sa.String, nullable=False),
    # As it was then: the note outlives its author's account.
    sa.Column("member_name", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_inbox_note_user", "project_id", "user_id", "id"),
)

# A file that a user sent. Its id is all that opens it.
user_file = sa.Table(
    "user_file",
    metadata,
    project_column(),
    sa.Column("id", sa.String, primary_key=True),
    _user(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("mime_type", sa.String, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    # Last, so that what is before it is read without it.
    sa.Column("content", sa.LargeBinary, nullable=False),
    # With the size, so that what a project keeps is added up from the index alone.
    sa.Index("ix_user_file_user", "project_id", "user_id", "created_at"),
    sa.Index("ix_user_file_size", "project_id", "size"),
    sa.Index("ix_user_file_created_at", "created_at"),
)

saved_reply = sa.Table(
    "saved_reply",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

preset = sa.Table(
    "preset",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("project_id", "kind", "name"),
)

waiting = sa.Table(
    "waiting",
    metadata,
    project_column(primary_key=True),
    _user(primary_key=True),
    # Sorts by the time it was drawn: first come, first served, over processes.
    sa.Column("ticket", sa.String, primary_key=True),
    sa.Column("worker", sa.String, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
)

turn_listener = sa.Table(
    "turn_listener",
    metadata,
    project_column(index=True),
    sa.Column("turn_id", sa.String, primary_key=True),
    sa.Column("until", sa.BigInteger, nullable=False),
)

turn_trace = sa.Table(
    "turn_trace",
    metadata,
    project_column(index=True),
    sa.Column("turn_id", sa.String, primary_key=True),
    sa.Column("first", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    project_column(primary_key=True),
    _user(primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    # SHA-256 of method, path and body.
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    # The turn whose traces are the answer, or a status and body of their own.
    sa.Column("turn_id", sa.String),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.LargeBinary),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_idempotency_created_at", "created_at"),
)

# Which parts of a day's budget were told to be used: one that a row tells of is not told again, but for another limit.
budget_notice = sa.Table(
    "budget_notice",
    metadata,
    project_column(primary_key=True),
    # Of the project's time zone.
    sa.Column("day", sa.String, primary_key=True),
    sa.Column("percent", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("limit_usd", sa.Float, nullable=False),
)
