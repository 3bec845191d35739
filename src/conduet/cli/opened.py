"""Settings and database for commands that open the data folder themselves, with or without a server beside them."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from conduet.cli.say import stop
from conduet.errors import ConduetError
from conduet.kit.db import Database, open_database
from conduet.settings import Settings

ADDRESS = "address"


def read_settings(flags: Mapping[str, Any]) -> Settings:
    """The environment's settings with the flags that were given laid over it; ends the command at a mistake."""
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        stop(f"CONDUET_{name.upper()} (--{name.replace('_', '-')}): {first['msg']}.")


@contextmanager
def opened(data: Path | None) -> Generator[tuple[Settings, Database]]:
    """The database of a folder that was served before; ends the command with a sentence when there is none."""
    from conduet.migrations import migrate

    settings = read_settings({"data": data})
    if settings.database_url is None and not (settings.data / "conduet.sqlite").exists():
        stop(f"there is nothing in {settings.data} yet: start `conduet serve` once, or name its folder with --data.")
    try:
        database = open_database(settings.database, run_dir=settings.run_dir)
        migrate(settings.database)
        try:
            yield settings, database
        finally:
            database.close_now()
    except (ConduetError, ValueError) as error:
        stop(str(error))


def remember_address(settings: Settings, address: str) -> None:
    """Notes where the folder is served, for commands that print an address."""
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    (settings.run_dir / ADDRESS).write_text(address, encoding="utf-8")


def served_address(settings: Settings) -> str:
    """Where browsers find it by the settings; else where the folder is served, or was last, or would be."""
    if settings.public_url:
        return settings.public_url.removesuffix("/")
    noted = settings.run_dir / ADDRESS
    return noted.read_text(encoding="utf-8") if noted.exists() else f"http://{settings.host}:{settings.port}"
