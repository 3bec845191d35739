"""python -m benchmarks [--turns N] [CASE …]: measures the named cases, or all of them, and prints what came out."""

import argparse
import os
import subprocess
import sys

from benchmarks.cases import CASES, Size
from benchmarks.served import POSTGRES


def main(arguments: list[str]) -> int:
    """Measures one case after the other; `postgres` brings its own PostgreSQL when none is there."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the server against a bare floor, side by side.",
        epilog="; ".join(f"{name}: {case.__doc__}" for name, case in CASES.items()),
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)} (all when none is named)")
    parser.add_argument("--turns", type=int, default=Size().turns, help="turns a run (default %(default)s)")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.cases if name not in CASES]
    if unknown:
        parser.error(f"unknown case {', '.join(unknown)}; there are {', '.join(CASES)}")
    size = Size(options.turns, options.turns * 5)
    for name in options.cases or CASES:
        if name == "postgres" and POSTGRES not in os.environ:
            again = [sys.executable, "-m", "benchmarks", "--turns", str(options.turns), name]
            subprocess.run(["sh", "scripts/with-postgres.sh", *again], check=True)
        else:
            CASES[name](size)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
