"""Statements and the transaction that runs them, the same for both databases."""

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def project_column(*, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    """The tenant of a row: when the project goes, its rows go with it."""
    key = sa.ForeignKey("project.id", ondelete="CASCADE")
    return sa.Column("project_id", sa.String, key, primary_key=primary_key, index=index, nullable=False)


Row = Sequence[Any]


class Statement:
    """A Core statement of a hot path, compiled to SQL text once a dialect.

    Its values bypass Core's type processors: they are database-native (text, bytes, integers, `None`).
    """

    def __init__(self, core: ClauseElement) -> None:
        self._core = core
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def on(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """The SQL text and the constants that Core made into binds."""
        found = self._compiled.get(dialect.name)
        if found is None:
            compiled = self._core.compile(dialect=dialect)
            found = self._compiled[dialect.name] = (str(compiled), {**(compiled.params or {})})
        return found


class Tx(Protocol):
    """A transaction. What a unit of work does through it happens whole or not at all."""

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """Runs a hot statement and returns its rows as sequences in the order of its columns."""
        ...

    def change(self, statement: Statement, **values: Any) -> int:
        """Runs a hot statement that returns nothing and tells how many rows it touched."""
        ...

    def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        """Runs a plain Core statement; for everything that is not on the path of a turn."""
        ...

    def notify(self, topic: str) -> None:
        """Wakes whoever waits for `topic`, in this process and in others, once the transaction has committed."""
        ...

    def alone(self, what: str) -> None:
        """Waits for every other transaction that asked to be alone with `what`, on any machine, to end."""
        ...

    def alive(self, worker: str) -> bool:
        """Whether the process that calls itself `worker` still lives."""
        ...

    def holds(self, holder: str) -> bool:
        """Whether this very process is at what `holder` names.

        Such a lease does not lapse, however long the machine kept the process from renewing it: lapsing is for those
        whose process does not come back.
        """
        ...
