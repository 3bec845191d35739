"""Alembic, told where everything is."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def upgrade(connection: sa.Connection) -> None:
    """Runs every step that `connection`'s database has not seen; the caller begins and ends the transaction."""
    command.upgrade(_config(connection), "head")


def add_step(connection: sa.Connection, message: str, *, number: str) -> None:
    """Writes the step from what the database is to what the tables say, as a file to be read and corrected."""
    command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
