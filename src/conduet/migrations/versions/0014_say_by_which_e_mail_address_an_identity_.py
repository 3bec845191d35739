"""Say by which e-mail address an identity provider knows a member, or somebody who is invited."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for table in ("member", "invitation"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("email", sa.String(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_email"), ["email"], unique=False)
