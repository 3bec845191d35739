"""A process that takes a job and never ends it: `python -m tests.jobs.hanging URL RUN_DIR`."""

import asyncio
import sys
from pathlib import Path

from conduet.jobs.store import Running
from conduet.jobs.worker import Jobs, Kind
from conduet.kit.db import open_database

HELD = "held"


async def hang(_: Running) -> None:
    """Says that it has begun, and goes on for good."""
    sys.stdout.write(f"{HELD}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def main() -> None:
    """Runs jobs until it is killed."""
    database = open_database(sys.argv[1], run_dir=Path(sys.argv[2]))
    await database.start()
    await Jobs(database, {"test": Kind(hang)}).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
