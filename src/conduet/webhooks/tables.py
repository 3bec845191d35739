"""Rows of webhooks: where events go, and what became of each delivery."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

# The document's `webhooks` as they were saved last, so that an event is written in the transaction that it comes from.
webhook = sa.Table(
    "webhook",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("url", sa.String, nullable=False),
    # JSON: the types of events; none means all.
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    # Encrypted; nothing until one was asked for.
    sa.Column("secret", sa.LargeBinary),
)

_WAITS = sa.text("next_at is not null")

webhook_delivery = sa.Table(
    "webhook_delivery",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("webhook_id", sa.String, nullable=False),
    sa.Column("type", sa.String, nullable=False),
    # Whom the event is about, where it is about somebody.
    sa.Column("user_id", sa.String),
    # The JSON that is sent, byte by byte.
    sa.Column("body", sa.LargeBinary, nullable=False),
    # `waiting`, `delivered` or `failed`.
    sa.Column("status", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    # The status of the last answer, or why there was none.
    sa.Column("answered", sa.Integer),
    sa.Column("problem", sa.String),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("tried_at", sa.BigInteger),
    # When it is tried next, as long as it waits, and the process that tries it just now.
    sa.Column("next_at", sa.BigInteger),
    sa.Column("taken_by", sa.String),
    sa.Index("ix_webhook_delivery_made", "project_id", "webhook_id", "created_at", "id"),
    sa.Index("ix_webhook_delivery_user", "project_id", "user_id"),
    sa.Index("ix_webhook_delivery_created_at", "created_at"),
    sa.Index("ix_webhook_delivery_next", "next_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
)
