"""Making what is stored look older than it is."""

import sqlalchemy as sa

from conduet.kit.db import Database
from tests.conftest import Owned

HOUR_MS = 3_600_000


def age(database: Database, project: Owned, *, hours: int) -> None:
    """Makes the project's conversations and idempotency keys `hours` older."""
    values = {"ms": hours * HOUR_MS, "project": project.id}
    for table, column in (
        ("conversation", "last_turn_at"),
        ("conversation", "updated_at"),
        ("idempotency", "created_at"),
    ):
        statement = sa.text(f"update {table} set {column} = {column} - :ms where project_id = :project")
        database.write_now(lambda tx, statement=statement: tx.execute(statement, values) and None)
