"""A turn with a model beside the floor: whole, streamed, the first token, turns a second, a thousand at once."""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.models.servers import Sample, Side, both

RUNS: Final = 3
USERS: Final = 16
TURNS: Final = 1500
STREAMED_TURNS: Final = 1000
PACED_TURNS: Final = 320
LONE_TURNS: Final = 40
STREAMS: Final = 1000
PACE: Final = "paced-100-10"
LONG_PACE: Final = "paced-1000-400"
"""Of a thousand streams: a large model's first token after a second, then two and a half a second, for 16 s."""

RAMP_SECONDS: Final = 5.0
"""The thousand come within so many seconds."""

Pair = tuple[Sample, Sample]
"""A run of the floor and one of the server, one after the other."""


def turns() -> Iterator[str]:
    """Lines of figures: chat turns, streamed turns, and how late the first token is."""
    with _sides() as sides:
        for side in sides:
            side.sample("chat", turns=300, users=USERS)
        yield from _compared("chat turn", _pairs(sides, "chat", turns=TURNS))
        yield from _compared("streamed turn", _pairs(sides, "stream", turns=STREAMED_TURNS))
        paced = _pairs(sides, "stream", turns=PACED_TURNS, pace=PACE)
        yield from _compared("streamed turn, a token every 10 ms", paced)
        yield _first_token(f"at {USERS} users", paced)
        yield _first_token("alone", _pairs(sides, "stream", turns=LONE_TURNS, users=1, pace=PACE))


def rate() -> Iterator[str]:
    """Lines of figures: chat turns a second with one and with two worker processes."""
    for workers in (1, 2):
        with _sides(workers=workers) as (_, ours):
            ours.sample("chat", turns=300, users=2 * USERS)
            rates = [ours.sample("chat", turns=TURNS, users=2 * USERS).seen.rate for _ in range(RUNS)]
            runs = ", ".join(f"{each:.0f}" for each in rates)
            yield f"--workers {workers}: {median(rates):.0f} chat turns/s ({runs})"


def streams() -> Iterator[str]:
    """Lines of figures: a thousand streams at once."""
    with _sides() as sides:
        for ramp in (RAMP_SECONDS, 0.0):
            floor, ours = _pair(sides, "stream", turns=STREAMS, users=STREAMS, ramp=ramp, pace=LONG_PACE)
            how = f"{STREAMS} streams within {ramp:g} s" if ramp else f"{STREAMS} streams in one moment"
            for who, sample in (("floor", floor), ("conduet", ours)):
                seen = sample.seen
                yield (
                    f"{how}: {who}: {sample.in_flight} at the model at once, all whole, "
                    f"first token p50 {seen.first[0]:.0f} ms, p95 {seen.first[1]:.0f} ms, "
                    f"slowest {seen.slowest:.2f} × the fastest, {sample.cpu_ms:.1f} CPU-ms a stream"
                )
            yield f"{how}: first token p95 {ours.seen.first[1] / floor.seen.first[1]:.2f} × the floor's"


@contextmanager
def _sides(*, workers: int = 1) -> Generator[tuple[Side, Side]]:
    with tempfile.TemporaryDirectory(prefix="conduet-bench-") as name, both(Path(name), workers=workers) as sides:
        yield sides


def _pairs(
    sides: tuple[Side, Side], what: str, *, turns: int, users: int = USERS, pace: str | None = None
) -> list[Pair]:
    return [_pair(sides, what, turns=turns, users=users, pace=pace) for _ in range(RUNS)]


def _pair(
    sides: tuple[Side, Side], what: str, *, turns: int, users: int, ramp: float = 0, pace: str | None = None
) -> Pair:
    floor, ours = (side.sample(what, turns=turns, users=users, ramp=ramp, pace=pace) for side in sides)
    return floor, ours


def _compared(name: str, pairs: list[Pair]) -> Iterator[str]:
    for who, samples in (("floor", [floor for floor, _ in pairs]), ("conduet", [ours for _, ours in pairs])):
        sample = sorted(samples, key=lambda each: each.cpu_ms)[RUNS // 2]
        seen = sample.seen
        yield (
            f"{name}: {who}: {sample.cpu_ms:.3f} CPU-ms, {seen.rate:.0f} turns/s, "
            f"p50 {seen.ms[0]:.1f} ms, p95 {seen.ms[1]:.1f} ms"
        )
    ratios = [ours.cpu_ms / floor.cpu_ms for floor, ours in pairs]
    yield f"{name}: {median(ratios):.1f} × the floor ({', '.join(f'{ratio:.1f}' for ratio in ratios)})"


def _first_token(name: str, pairs: list[Pair]) -> str:
    """How long after the provider sent it, the middle of the runs."""
    floor, ours = (sorted(pair[which].seen.lag for pair in pairs)[RUNS // 2] for which in (0, 1))
    return (
        f"first token {name}: p50 {ours[0]:.1f} ms, p95 {ours[1]:.1f} ms after the provider's "
        f"(floor {floor[0]:.1f} and {floor[1]:.1f})"
    )
