"""Keep files that users send, and what readers think of messages."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "user_file",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_user_file_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_file")),
    )
    with op.batch_alter_table("user_file", schema=None) as batch_op:
        batch_op.create_index("ix_user_file_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_user_file_size", ["project_id", "size"], unique=False)
        batch_op.create_index("ix_user_file_user", ["project_id", "user_id", "created_at"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("rating", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("comment", sa.Text(), nullable=True))
        batch_op.create_index(
            "ix_message_rated",
            ["project_id", "rating", "transcript_id"],
            unique=False,
            sqlite_where=sa.text("rating is not null"),
            postgresql_where=sa.text("rating is not null"),
        )
