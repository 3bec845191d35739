"""All tables, of whichever domains there are, and making them where there are none."""

from importlib import import_module
from pathlib import Path

import sqlalchemy as sa

import conduet
from conduet.kit.db import metadata


def schema() -> sa.MetaData:
    """The metadata with the tables of every domain in it."""
    for folder in conduet.__path__:
        for module in sorted(Path(folder).glob("*/tables.py")):
            import_module(f"conduet.{module.parent.name}.tables")
    return metadata


def create(connection: sa.Connection, version: str) -> None:
    """Makes all tables in an empty database, and says that it is of `version`."""
    schema().create_all(connection, checkfirst=False)
    # As alembic makes it.
    versions = sa.Table(
        "alembic_version",
        sa.MetaData(),
        sa.Column("version_num", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
    )
    versions.create(connection)
    connection.execute(versions.insert().values(version_num=version))
