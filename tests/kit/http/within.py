"""Bounds of time and memory around a block."""

import asyncio
import threading
import time
import tracemalloc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

MB = 1024 * 1024


@asynccontextmanager
async def within(seconds: float, *, memory: int = 24 * MB) -> AsyncGenerator[None]:
    """Fails when the block takes longer or holds more bytes at once."""
    # What a server of an earlier test is still loading would be counted, too.
    for _ in range(100):
        if not any(thread.name.startswith("embedding") for thread in threading.enumerate()):
            break
        await asyncio.sleep(0.05)
    tracemalloc.start()
    started = time.monotonic()
    yield
    took, (_, peak) = time.monotonic() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < seconds
    assert peak < memory
