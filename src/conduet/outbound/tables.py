"""Rows of outbound: runs of pipelines, what goes to each target, and what schedules were read from."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

outbound_run = sa.Table(
    "outbound_run",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    project_column(),
    sa.Column("pipeline_id", sa.String, nullable=False),
    # What began it, once: `schedule:` and a time, or `key:` and a client's key; nothing for a call without one.
    sa.Column("origin", sa.String),
    # JSON: the pipeline as it was when the run began.
    sa.Column("pipeline", sa.Text, nullable=False),
    sa.Column("version_id", sa.String, nullable=False),
    # `generating`, `waiting`, `scheduled`, `publishing`, `published`, `failed`, `unknown` or `rejected`.
    sa.Column("status", sa.String, nullable=False),
    # How often it was written, counted from 1.
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("text", sa.Text),
    # JSON: the addresses of pictures; with what is known of them where it is anything.
    sa.Column("images", sa.Text, nullable=False),
    # What a person asked for, or why they rejected it.
    sa.Column("note", sa.Text),
    # Why it failed.
    sa.Column("problem", sa.Text),
    # JSON: what approved it and who, when, and the hash of what may be published; nothing before.
    sa.Column("approval", sa.Text),
    sa.Column("publish_at", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("project_id", "pipeline_id", "origin"),
    sa.Index("ix_outbound_run_made", "project_id", "created_at", "id"),
    sa.Index("ix_outbound_run_status", "project_id", "status", "created_at", "id"),
)

outbound_delivery = sa.Table(
    "outbound_delivery",
    metadata,
    project_column(),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("run_id", sa.String, sa.ForeignKey("outbound_run.id", ondelete="CASCADE"), nullable=False),
    # The target's place in its pipeline.
    sa.Column("number", sa.Integer, nullable=False),
    # What the target's rate is counted by.
    sa.Column("account", sa.String),
    # `pending`, `sending`, `accepted`, `failed` or `unknown`.
    sa.Column("status", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text),
    # The target's id of it, once it is accepted.
    sa.Column("vendor_id", sa.String),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("tried_at", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("run_id", "number"),
    sa.Index("ix_outbound_delivery_account", "project_id", "account", "tried_at"),
)

# The version whose schedules are set.
outbound_schedule = sa.Table(
    "outbound_schedule",
    metadata,
    project_column(primary_key=True),
    sa.Column("version_id", sa.String, nullable=False),
)

# Access tokens that are bought anew with refresh tokens, each of which can be used once.
outbound_token = sa.Table(
    "outbound_token",
    metadata,
    project_column(primary_key=True),
    # A hash of the refresh token that was set as a secret, and of whose it is.
    sa.Column("id", sa.String, primary_key=True),
    # Encrypted JSON: the pair that is good now; nothing before one was bought.
    sa.Column("pair", sa.LargeBinary),
    sa.Column("good_until", sa.BigInteger, nullable=False),
    # Until when one process alone may buy the next pair.
    sa.Column("lease_until", sa.BigInteger, nullable=False),
    # Why the vendor sells no more for it.
    sa.Column("problem", sa.Text),
)
