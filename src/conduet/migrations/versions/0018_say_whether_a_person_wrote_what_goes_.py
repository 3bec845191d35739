"""Say whether a person wrote what goes out, and keep what channels tell too early."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("channel_delivery", sa.Column("by_person", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "channel_status",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("vendor_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_channel_status_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "deployment_id", "vendor_id", "state", name=op.f("pk_channel_status")),
    )
