"""Find transcripts by user, those that were escalated, and old journals."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("transcript", schema=None) as batch_op:
        batch_op.create_index(
            "ix_transcript_escalated",
            ["project_id", "started_at", "id"],
            unique=False,
            sqlite_where=sa.text("escalated"),
            postgresql_where=sa.text("escalated"),
        )
        batch_op.create_index("ix_transcript_user", ["project_id", "user_id", "started_at", "id"], unique=False)

    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index(
            "ix_turn_journal",
            ["project_id", "started_at"],
            unique=False,
            sqlite_where=sa.text("journal is not null"),
            postgresql_where=sa.text("journal is not null"),
        )
