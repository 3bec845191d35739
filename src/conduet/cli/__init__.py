"""The command line: `conduet serve` and what goes with it."""

from conduet.cli.main import main

__all__ = ["main"]
