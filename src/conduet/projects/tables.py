"""Rows of projects: the draft, every revision that stays, and what those who work on it tell each other."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

project = sa.Table(
    "project",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("account_id", sa.String, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    # These are copies out of the document, for lists and look-ups.
    sa.Column("name", sa.String, nullable=False),
    sa.Column("description", sa.String, nullable=False),
    sa.Column("framework", sa.String, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("slug", sa.String, nullable=False),
    # The number of the newest revision, which is the draft: the ETag.
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("account_id", "slug"),
)

revision = sa.Table(
    "revision",
    metadata,
    project_column(primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    # JSON as it came, key order kept, without what the rows tell (id, times, revision).
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    # Whether a version or a turn stands on it; the draft's former revisions that nothing stands on are removed.
    sa.Column("kept", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

version = sa.Table(
    "version",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    project_column(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    # Else a draft that was kept because another document took its place.
    sa.Column("is_published", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("note", sa.Text),
    # The member who made it; nothing for those of before it was kept.
    sa.Column("member_id", sa.String),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_version_newest", "project_id", "created_at", "id"),
)

secret = sa.Table(
    "secret",
    metadata,
    project_column(primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    # Empty: for every environment that has no value of its own.
    sa.Column("environment", sa.String, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
)

# How many events there were in a project so far. In a row of its own, so that a save holds up no conversation.
project_stream = sa.Table(
    "project_stream",
    metadata,
    project_column(primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

project_event = sa.Table(
    "project_event",
    metadata,
    project_column(primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    # Whom of the project's users it tells of: it is forgotten with them.
    sa.Column("user_id", sa.String),
    # JSON: `{type, payload, time}`.
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_project_event_user", "project_id", "user_id"),
)

presence = sa.Table(
    "presence",
    metadata,
    project_column(primary_key=True),
    sa.Column("member_id", sa.String, primary_key=True),
    # Which of the member's pages.
    sa.Column("client_id", sa.String, primary_key=True),
    # JSON: where they are.
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
)

comment_thread = sa.Table(
    "comment_thread",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("workflow_id", sa.String, nullable=False),
    # Either a step, or a point of the canvas.
    sa.Column("step_id", sa.String),
    sa.Column("x", sa.Float),
    sa.Column("y", sa.Float),
    sa.Column("resolved_at", sa.BigInteger),
    sa.Column("resolved_by", sa.String),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_comment_thread_newest", "project_id", "created_at", "id"),
)

comment = sa.Table(
    "comment",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("thread_id", sa.String, nullable=False),
    sa.Column("member_id", sa.String, nullable=False),
    # As it was then: a comment outlives its author's account.
    sa.Column("member_name", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    # JSON: the ids of the members who are mentioned.
    sa.Column("mentions", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("edited_at", sa.BigInteger),
    sa.Index("ix_comment_thread", "project_id", "thread_id", "id"),
)
