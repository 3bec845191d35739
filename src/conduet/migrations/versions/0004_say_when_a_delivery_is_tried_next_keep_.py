"""Say when a delivery is tried next; keep no transcript beside use."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("model_use", schema=None) as batch_op:
        batch_op.drop_column("transcript_id")

    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("taken_by", sa.String(), nullable=True))
        batch_op.create_index(
            "ix_webhook_delivery_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at is not null"),
            postgresql_where=sa.text("next_at is not null"),
        )
