"""Writes the next migration from what the tables say now: `python -m conduet.migrations "Keep the widget's colour."`"""

import sys
import tempfile

import sqlalchemy as sa

from conduet.migrations import VERSIONS, known, migrate
from conduet.migrations.steps import add_step


def main() -> None:
    """Compares a database of the newest version with the tables."""
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as file:
        url = f"sqlite:///{file.name}"
        if known():
            migrate(url, step_by_step=True)
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            add_step(connection, sys.argv[1], number=f"{len(known()) + 1:04}")
        engine.dispose()
    written = max(VERSIONS.glob("[0-9]*.py"))
    # Alembic's own remarks.
    lines = [line for line in written.read_text("utf-8").splitlines() if "# ###" not in line]
    written.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
