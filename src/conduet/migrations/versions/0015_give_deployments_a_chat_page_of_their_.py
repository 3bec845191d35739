"""Give deployments a chat page of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "chat_page",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["project_key.id"], name=op.f("fk_chat_page_key_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_chat_page_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_chat_page")),
        sa.UniqueConstraint("deployment_id", name=op.f("uq_chat_page_deployment_id")),
    )
    with op.batch_alter_table("chat_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_page_project_id"), ["project_id"], unique=False)
