"""All tables, of whichever domains there are."""

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
