"""python -m tests.crash --kills N: kills a server under load N times and counts what is lost or half-written."""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from benchmarks.served import POSTGRES, Place, postgres_url
from tests.crash.killing import Counts, kill_often


def main(arguments: list[str]) -> int:
    """Prints a line after each kill; the exit code is 1 when anything was lost, half-written or late."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.database == "postgres" and POSTGRES not in os.environ:
        command = ["sh", "scripts/with-postgres.sh", sys.executable, "-m", "tests.crash", *arguments]
        return subprocess.run(command, check=False).returncode
    counts = Counts()
    database = postgres_url() if options.database == "postgres" else nullcontext()
    with tempfile.TemporaryDirectory(prefix="conduet-crash-") as folder, database as url:
        for counts in kill_often(Place(Path(folder) / "data", url, options.workers), kills=options.kills):
            sys.stdout.write(f"{counts}\n")
            sys.stdout.flush()
    for mistake in counts.mistakes[:20]:
        sys.stdout.write(f"{mistake}\n")
    return 1 if counts.mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
