"""Where requests are counted: in this process, or in Redis for all processes and machines together."""

import time
from typing import Protocol

import structlog

log = structlog.get_logger()

# Names that one process remembers of one window; an attacker's many addresses push out the oldest.
NAMES = 65_536
REDIS_SECONDS = 0.25
RETRY_SECONDS = 5.0


class Counter(Protocol):
    """Counts names in fixed windows that begin at multiples of their length since 1970."""

    async def count(self, name: str, seconds: int, *, now_ms: int) -> int:
        """Counts `name` once in the present window of `seconds`; how often it was counted in it, this time too."""
        ...

    async def close(self) -> None:
        """Lets go of what it holds."""
        ...


class LocalCounter:
    """Counts in memory; forgets a window when the next one of its length begins."""

    def __init__(self, *, names: int = NAMES) -> None:
        self._names = names
        self._windows: dict[int, tuple[int, dict[str, int]]] = {}

    @property
    def remembered(self) -> int:
        """How many names it holds."""
        return sum(len(counts) for _, counts in self._windows.values())

    async def count(self, name: str, seconds: int, *, now_ms: int) -> int:
        number = now_ms // (seconds * 1000)
        began, counts = self._windows.get(seconds, (number, None))
        if counts is None or began != number:
            counts = {}
            self._windows[seconds] = (number, counts)
        counted = counts[name] = counts.get(name, 0) + 1
        if len(counts) > self._names:
            del counts[next(iter(counts))]
        return counted

    async def close(self) -> None:
        """Holds nothing."""


class SharedCounter:
    """Counts in Redis; while Redis is away, in this process, and says so in the log once.

    The library is imported here, so that a process without a Redis does without it. Raises `ValueError` for what is no
    URL of a Redis.
    """

    def __init__(self, url: str) -> None:
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
        from redis.exceptions import ConnectionError as ConnectionLostError
        from redis.exceptions import RedisError

        self._away: tuple[type[Exception], ...] = (RedisError, OSError)
        self._away_until = 0.0
        self._local = LocalCounter()
        try:
            self._redis = Redis.from_url(  # pyright: ignore[reportUnknownMemberType]  # its keyword arguments are untyped
                url,
                socket_timeout=REDIS_SECONDS,
                socket_connect_timeout=REDIS_SECONDS,
                # A connection that has gone stale is made anew; what timed out may have been counted.
                retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionLostError,)),
            )
        except ValueError as error:
            raise ValueError(f"CONDUET_REDIS_URL: {error}") from None

    async def count(self, name: str, seconds: int, *, now_ms: int) -> int:
        if time.monotonic() < self._away_until:
            return await self._local.count(name, seconds, now_ms=now_ms)
        try:
            counted = await self._count(f"conduet:rate:{name}:{seconds}:{now_ms // (seconds * 1000)}", seconds)
        except self._away as error:
            if not self._away_until:
                log.warning("redis_away", error=str(error), counting="in each process")
            self._away_until = time.monotonic() + RETRY_SECONDS
            return await self._local.count(name, seconds, now_ms=now_ms)
        if self._away_until:
            log.info("redis_back", counting="in all processes together")
            self._away_until = 0.0
        return counted

    async def close(self) -> None:
        await self._redis.aclose()

    async def _count(self, key: str, seconds: int) -> int:
        async with self._redis.pipeline() as pipeline:
            # The library's types take a queued command for its result.
            await pipeline.incr(key)
            await pipeline.expire(key, seconds + 1)
            counted: int = (await pipeline.execute())[0]  # pyright: ignore[reportUnknownMemberType]  # redis types what it answers as unknown
            return counted
