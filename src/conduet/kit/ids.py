"""Ids with a type prefix that sort by the time they were made."""

import secrets
import time


def new_id(prefix: str) -> str:
    """`prefix_` and 32 hex digits: 16 of nanoseconds since 1970, 16 random."""
    return f"{prefix}_{time.time_ns():016x}{secrets.token_hex(8)}"
