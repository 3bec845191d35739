"""Rows of deployments: who writes there, what came in, and what goes out."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

deployment = sa.Table(
    "deployment",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    project_column(index=True),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    # JSON: the configuration without its secrets.
    sa.Column("config", sa.Text, nullable=False),
    # Encrypted JSON: the secrets of the configuration, by their fields; nothing where there are none.
    sa.Column("secrets", sa.LargeBinary),
    sa.Column("enabled", sa.Boolean, nullable=False),
    # What turns run on: `production`, `development` or a version's id.
    sa.Column("version_id", sa.String, nullable=False),
    # What somebody has to mend, for people.
    sa.Column("problem", sa.String),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
)

# Whom the channel calls so: several names may be one person's.
channel_contact = sa.Table(
    "channel_contact",
    metadata,
    project_column(primary_key=True),
    sa.Column("deployment_id", sa.String, primary_key=True),
    sa.Column("outside_id", sa.String, primary_key=True),
    sa.Column("user_id", sa.String, nullable=False),
    # JSON: where answers go, where that is more than the person.
    sa.Column("address", sa.Text, nullable=False),
    # JSON: the buttons that were shown last as a numbered text, in their order.
    sa.Column("numbered", sa.Text, nullable=False),
    # The number of the last event beside the user's turns that was sent on.
    sa.Column("heard_to", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Index("ix_channel_contact_user", "project_id", "user_id", "seen_at"),
)

channel_message = sa.Table(
    "channel_message",
    metadata,
    project_column(primary_key=True),
    sa.Column("deployment_id", sa.String, primary_key=True),
    # The channel's id of it.
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user_id", sa.String, nullable=False),
    sa.Column("outside_id", sa.String, nullable=False),
    # JSON `{actions, to, variables}` until it is answered: what the person did, and what came with it.
    sa.Column("content", sa.LargeBinary),
    # Whether the content says already if the person is greeted first.
    sa.Column("planned", sa.Boolean, nullable=False),
    # `waiting`, `done` or `failed`, and why.
    sa.Column("status", sa.String, nullable=False),
    sa.Column("problem", sa.String),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Index("ix_channel_message_received", "project_id", "deployment_id", "received_at"),
    sa.Index("ix_channel_message_user", "project_id", "user_id"),
)

channel_delivery = sa.Table(
    "channel_delivery",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("deployment_id", sa.String, nullable=False),
    sa.Column("user_id", sa.String, nullable=False),
    sa.Column("outside_id", sa.String, nullable=False),
    # JSON, as that of the message it answers.
    sa.Column("address", sa.Text, nullable=False),
    # JSON: what the channel sends.
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("fleeting", sa.Boolean, nullable=False),
    # Whether one of the team says it, and not the agent.
    sa.Column("by_person", sa.Boolean, nullable=False, server_default=sa.false()),
    # `pending`, `sending`, `accepted`, `delivered`, `read`, `failed` or `unknown`.
    sa.Column("status", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    # Why the last try was none that counts.
    sa.Column("problem", sa.String),
    # The channel's id of it, once it is accepted.
    sa.Column("vendor_id", sa.String),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("tried_at", sa.BigInteger),
    sa.Index("ix_channel_delivery_made", "project_id", "deployment_id", "created_at", "id"),
    sa.Index("ix_channel_delivery_user", "project_id", "user_id", "id"),
    sa.Index("ix_channel_delivery_vendor", "project_id", "deployment_id", "vendor_id"),
)

# What the channel said of messages before it was known here that it had accepted them: kept for a moment.
channel_status = sa.Table(
    "channel_status",
    metadata,
    project_column(primary_key=True),
    sa.Column("deployment_id", sa.String, primary_key=True),
    sa.Column("vendor_id", sa.String, primary_key=True),
    sa.Column("state", sa.String, primary_key=True),
    sa.Column("problem", sa.String),
    sa.Column("told_at", sa.BigInteger, nullable=False),
)

# The chat page of a deployment, which is at `/chat/{slug}`: of all projects only one has the slug.
chat_page = sa.Table(
    "chat_page",
    metadata,
    sa.Column("slug", sa.String, primary_key=True),
    project_column(index=True),
    sa.Column("deployment_id", sa.String, nullable=False, unique=True),
    # The widget key that is printed in it; nothing once somebody has revoked that.
    sa.Column("key_id", sa.String, sa.ForeignKey("project_key.id", ondelete="SET NULL")),
    # Encrypted: the key itself.
    sa.Column("key", sa.LargeBinary, nullable=False),
)
