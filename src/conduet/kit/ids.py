"""Ids with a type prefix that sort by the time they were made."""

import os
import secrets
import time

AHEAD = 256
"""How many random parts are drawn at once: asking the system for each would cost more than all the rest of an id."""

_drawn: list[str] = []
# What a process has drawn is not for the one that it forks.
os.register_at_fork(after_in_child=_drawn.clear)


def new_id(prefix: str) -> str:
    """`prefix_` and 32 hex digits: 16 of nanoseconds since 1970, 16 random."""
    return f"{prefix}_{time.time_ns():016x}{_random()}"


def _random() -> str:
    while True:
        try:
            return _drawn.pop()
        except IndexError:
            text = secrets.token_hex(8 * AHEAD)
            _drawn.extend(text[start : start + 16] for start in range(0, len(text), 16))
