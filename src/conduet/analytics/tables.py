"""Rows of what was said: messages, and the transcripts that they belong to."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

_RATED = sa.text("rating is not null")

message = sa.Table(
    "message",
    metadata,
    project_column(primary_key=True),
    sa.Column("user_id", sa.String, primary_key=True, nullable=False),
    # Counts up in its conversation: the order, whatever the clocks of machines say.
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String, nullable=False),
    # Nothing: the message came with a state that was put.
    sa.Column("transcript_id", sa.String),
    # The turn that it was said in, where it was said in one.
    sa.Column("turn_id", sa.String),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    # What its reader thinks of it: `up`, `down` or nothing, and why.
    sa.Column("rating", sa.String),
    sa.Column("comment", sa.Text),
    sa.Index(
        "ix_message_rated",
        "project_id",
        "rating",
        "transcript_id",
        sqlite_where=_RATED,
        postgresql_where=_RATED,
    ),
)

_ESCALATED = sa.text("escalated")

transcript = sa.Table(
    "transcript",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    project_column(),
    sa.Column("user_id", sa.String, nullable=False),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("resolved", sa.Boolean, nullable=False),
    sa.Column("escalated", sa.Boolean, nullable=False),
    # Where its messages begin in the conversation's, and how many they are.
    sa.Column("message_from", sa.BigInteger, nullable=False),
    sa.Column("message_count", sa.Integer, nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    # Of the last turn so far, or of the end.
    sa.Column("ended_at", sa.BigInteger, nullable=False),
    sa.Index("ix_transcript_started", "project_id", "started_at", "id"),
    sa.Index("ix_transcript_user", "project_id", "user_id", "started_at", "id"),
    sa.Index(
        "ix_transcript_escalated",
        "project_id",
        "started_at",
        "id",
        sqlite_where=_ESCALATED,
        postgresql_where=_ESCALATED,
    ),
)

# Transcripts that were forgotten: what the figures count of them, and nothing that leads to a user.
past_transcript = sa.Table(
    "past_transcript",
    metadata,
    project_column(primary_key=True),
    sa.Column("started_at", sa.BigInteger, primary_key=True, autoincrement=False),
    # New: it is not the id that the transcript had.
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("resolved", sa.Boolean, nullable=False),
    sa.Column("escalated", sa.Boolean, nullable=False),
    sa.Column("message_count", sa.Integer, nullable=False),
)

# What turns took that called a model or a tool, or searched; written once, never changed, and without a user.
turn_use = sa.Table(
    "turn_use",
    metadata,
    project_column(primary_key=True),
    # First in the key: figures read a span of time.
    sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("turn_id", sa.String, primary_key=True),
    sa.Column("platform", sa.String, nullable=False),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    sa.Column("tool_calls", sa.Integer, nullable=False),
    sa.Column("searches", sa.Integer, nullable=False),
)

model_use = sa.Table(
    "model_use",
    metadata,
    project_column(primary_key=True),
    sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
    # The turn's, or of whatever else asked the model.
    sa.Column("turn_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("platform", sa.String, nullable=False),
    # The full name of the one that answered, or was asked last.
    sa.Column("model", sa.String, nullable=False),
    sa.Column("input_tokens", sa.Integer, nullable=False),
    sa.Column("output_tokens", sa.Integer, nullable=False),
    sa.Column("cached_tokens", sa.Integer, nullable=False),
    # Nothing: the price is not known.
    sa.Column("cost_usd", sa.Float),
    sa.Column("first_token_ms", sa.Integer),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    sa.Column("retries", sa.Integer, nullable=False),
    # Whether another than the first choice answered.
    sa.Column("fallback", sa.Boolean, nullable=False),
    # The code of its failure; nothing: it has answered.
    sa.Column("error", sa.String),
)

# The use of a whole day, added up from the rows of `turn_use` and `model_use`; it can be made again at any time.
usage_day = sa.Table(
    "usage_day",
    metadata,
    project_column(primary_key=True),
    sa.Column("time_zone", sa.String, primary_key=True),
    sa.Column("day", sa.String, primary_key=True),
    # JSON.
    sa.Column("body", sa.LargeBinary, nullable=False),
)
