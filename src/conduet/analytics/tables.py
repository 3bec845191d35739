"""Rows of what was said: messages, and the transcripts that they belong to."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

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
    sa.Column("role", sa.String, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

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
)
