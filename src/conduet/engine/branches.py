"""Branches of a flow run side by side; what comes of them is told in their order, whichever ends first."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from conduet.engine.flow import Move
from conduet.engine.trace import Error, Trace
from conduet.engine.turn import Turn


class Walking(Protocol):
    """A flow on its way; once its traces are exhausted, `stopped` says why it did not come to its end."""

    turn: Turn
    stopped: Error | None
    is_over: bool

    def traces(self, move: Move, /) -> AsyncGenerator[Trace, None]: ...


@dataclass(slots=True)
class Branch:
    """A branch and where it begins; `failure` is why it did not come to its end, `is_late` that it took too long."""

    port: str
    walk: Walking
    first: Move
    failure: Error | None = None
    is_late: bool = False


async def side_by_side(branches: Sequence[Branch], turn: Turn, *, seconds: float | None) -> AsyncGenerator[Trace, None]:
    """Runs branches at once, each on its own copy of the turn, and takes over what they have set.

    Their traces come in their order, each branch's kept together. A branch that takes longer than `seconds` is stopped,
    and nothing is kept of it.
    """
    tasks = [asyncio.create_task(_finished(branch, seconds)) for branch in branches]
    try:
        for branch, task in zip(branches, tasks, strict=True):
            for trace in await task:
                yield trace
            if branch.failure is not None:
                yield branch.failure
    finally:
        await _stop(tasks)
    turn.merge([branch.walk.turn for branch in branches if not branch.is_late])


async def _finished(branch: Branch, seconds: float | None) -> Sequence[Trace]:
    """The traces of a branch once it has come to an end, one way or another."""
    if seconds is None:
        return await _walked(branch)
    turn = branch.walk.turn
    # The limit is begun first: where a replay knows that it was met, it is met before the branch can be done.
    limit = asyncio.create_task(turn.context.elapse(f"{turn.prefix}timeout", seconds=seconds))
    work = asyncio.create_task(_walked(branch))
    try:
        await asyncio.wait((limit, work), return_when=asyncio.FIRST_COMPLETED)
        if not limit.done():
            return work.result()
        limit.result()
    finally:
        await _stop((limit, work))
    branch.is_late = True
    branch.failure = Error("BRANCH_TIMED_OUT", f"The branch `{branch.port}` took longer than {seconds:g} s.")
    return ()


async def _walked(branch: Branch) -> Sequence[Trace]:
    traces = [trace async for trace in branch.walk.traces(branch.first)]
    branch.failure = branch.walk.stopped
    return traces


async def _stop(tasks: "Sequence[asyncio.Task[Any]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
