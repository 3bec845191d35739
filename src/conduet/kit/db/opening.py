"""Which database a URL means."""

from pathlib import Path

from sqlalchemy.exc import ArgumentError

from conduet.kit.db.database import Database


def open_database(url: str, *, run_dir: Path) -> Database:
    """The database at `url` (`sqlite:///…` or `postgresql://…`); `run_dir` holds lock files of processes.

    Raises `ValueError` for another scheme, and for what is no URL.
    """
    if url.startswith("sqlite:///"):
        from conduet.kit.db.sqlite import Sqlite

        return Sqlite(Path(url.removeprefix("sqlite:///")), run_dir=run_dir)
    if url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        from conduet.kit.db.postgres import Postgres

        try:
            return Postgres(url)
        except (ValueError, ArgumentError):
            # In words of ours: a library's may repeat the password.
            raise ValueError(
                "CONDUET_DATABASE_URL cannot be read: write postgresql://USER:PASSWORD@HOST:PORT/NAME"
            ) from None
    raise ValueError("CONDUET_DATABASE_URL has to begin with sqlite:/// or postgresql://")
