"""The database: one unit of work, a plain function of a transaction, on SQLite and on PostgreSQL."""

from conduet.kit.db.database import Database
from conduet.kit.db.opening import open_database
from conduet.kit.db.statement import Statement, Tx, metadata, project_column

__all__ = ["Database", "Statement", "Tx", "metadata", "open_database", "project_column"]
