"""Tell of a budget once a day, and count calls of models that failed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "budget_notice",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("limit_usd", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_budget_notice_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "day", "percent", name=op.f("pk_budget_notice")),
    )
    with op.batch_alter_table("model_use", schema=None) as batch_op:
        batch_op.add_column(sa.Column("error", sa.String(), nullable=True))
