"""Put projects on channels: deployments, who writes there, and what comes and goes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "channel_contact",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("outside_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("numbered", sa.Text(), nullable=False),
        sa.Column("heard_to", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_channel_contact_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "deployment_id", "outside_id", name=op.f("pk_channel_contact")),
    )
    with op.batch_alter_table("channel_contact", schema=None) as batch_op:
        batch_op.create_index("ix_channel_contact_user", ["project_id", "user_id", "seen_at"], unique=False)

    op.create_table(
        "channel_delivery",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("outside_id", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("fleeting", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("vendor_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_channel_delivery_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_channel_delivery")),
    )
    with op.batch_alter_table("channel_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_channel_delivery_made", ["project_id", "deployment_id", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_channel_delivery_user", ["project_id", "user_id", "id"], unique=False)
        batch_op.create_index("ix_channel_delivery_vendor", ["project_id", "deployment_id", "vendor_id"], unique=False)

    op.create_table(
        "channel_message",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("outside_id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_channel_message_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "deployment_id", "id", name=op.f("pk_channel_message")),
    )
    with op.batch_alter_table("channel_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_channel_message_received", ["project_id", "deployment_id", "received_at"], unique=False
        )
        batch_op.create_index("ix_channel_message_user", ["project_id", "user_id"], unique=False)

    op.create_table(
        "deployment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("config", sa.Text(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_deployment_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deployment_project_id"), ["project_id"], unique=False)
