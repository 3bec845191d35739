"""The tool calls of one answer: tools of the project run side by side, and what comes of each goes to the model."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from conduet.agents.approvals import ask
from conduet.agents.builtin import Builtin, Done, typed
from conduet.agents.fence import fenced
from conduet.agents.stage import Stage
from conduet.agents.toolset import Offer, Toolset
from conduet.agents.trace import ModelCall
from conduet.engine.calling import ToolCall as ToolUse
from conduet.engine.toolbox import ProjectTool
from conduet.engine.trace import ToolCall as ToolCallTrace
from conduet.engine.trace import Trace
from conduet.engine.turn import Turn
from conduet.engine.values import Json
from conduet.kit.json_schema import JsonSchema
from conduet.llm.message import BrokenArguments, ToolCall, ToolResult
from conduet.llm.tracing import tool_span

RESULT_CHARACTERS: Final = 16_000
"""How much of what a tool returns the model is shown, as JSON."""


@dataclass(slots=True)
class _Run:
    """A tool of the project that runs by itself, its traces waiting to be taken in turn."""

    use: ToolUse
    turn: Turn
    is_branch: bool
    traces: "asyncio.Queue[Trace | None]" = field(default_factory=asyncio.Queue["Trace | None"])
    task: "asyncio.Task[None]" = field(init=False)

    def __post_init__(self) -> None:
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            async for trace in self.use.traces():
                for note in self.turn.notes:
                    self.traces.put_nowait(note)
                self.turn.notes.clear()
                self.traces.put_nowait(trace)
        finally:
            self.traces.put_nowait(None)


@dataclass(frozen=True, slots=True)
class _Doing:
    """A builtin that is about to be used."""

    builtin: Builtin
    args: Mapping[str, Json]
    place: str


_Plan: TypeAlias = Done | _Doing | _Run


async def run_calls(
    stage: Stage, toolset: Toolset, calls: Sequence[ToolCall], *, is_approved: bool = False
) -> AsyncGenerator[Trace, None]:
    """Runs the calls and adds a result for each to the memory; their traces come in order, each call's together.

    `is_approved`: somebody has said yes to them.
    """
    place = f"{stage.key}/round{stage.asked}"
    uses = sum(_is_run(toolset.get(call.name), is_approved=is_approved) for call in calls)
    plans = [
        _planned(stage, toolset, call, f"{place}/call{number}", is_branch=uses > 1, is_approved=is_approved)
        for number, call in enumerate(calls, 1)
    ]
    tasks = [plan.task for plan in plans if isinstance(plan, _Run)]
    try:
        for call, plan in zip(calls, plans, strict=True):
            yield ModelCall(call.name, call.arguments)
            async with aclosing(_happening(stage, call, plan)) as traces:
                async for trace in traces:
                    yield trace
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _is_run(offer: Offer | None, *, is_approved: bool) -> bool:
    tool = offer.tool if offer else None
    return isinstance(tool, ProjectTool) and (is_approved or tool.approval == "none")


def _planned(
    stage: Stage, toolset: Toolset, call: ToolCall, place: str, *, is_branch: bool, is_approved: bool
) -> _Plan:
    """What is to be done for a call, or why it is not."""
    stage.calls += 1
    offer = toolset.get(call.name)
    if stage.calls > stage.agent.max_tool_calls:
        return Done("Not run: no more tools can be used in this turn.", is_error=True)
    if offer is None:
        return Done(f"There is no tool of that name here. There are: {', '.join(toolset)}.", is_error=True)
    try:
        args = call.parsed()
    except BrokenArguments as broken:
        return Done(str(broken), is_error=True)
    if _signature(call.name, args) in stage.failed:
        told = "Not run: this very call has failed already. Change it, take another way, or tell the user."
        return Done(told, is_error=True)
    if isinstance(offer.tool, Builtin):
        args = typed(args, offer.spec.parameters)
        mistake = JsonSchema(offer.spec.parameters).mistake(args)
        return (
            _Doing(offer.tool, args, place) if mistake is None else Done(f"Wrong arguments: {mistake}.", is_error=True)
        )
    if offer.tool.approval != "none" and not is_approved:
        return ask(stage, offer.tool, args, by=offer.tool.approval, place=f"{place}/approval")
    turn = stage.turn.branch(f"{place}/", steps=0) if is_branch else stage.turn
    return _Run(ToolUse(turn, offer.tool, args, key=place, call_id=call.id), turn, is_branch)


async def _happening(stage: Stage, call: ToolCall, plan: _Plan) -> AsyncGenerator[Trace, None]:
    """The traces of a call; its result is added to the memory."""
    if isinstance(plan, _Run):
        while (trace := await plan.traces.get()) is not None:
            yield trace
        done = await _ended(stage, plan)
    elif isinstance(plan, _Doing):
        began = stage.turn.context.now(f"{plan.place}/began")
        yield ToolCallTrace("start", call.name, call.id)
        done = await _done(stage, call, plan)
        for trace in done.traces:
            yield trace
        duration_ms = (stage.turn.context.now(f"{plan.place}/ended") - began).total_seconds() * 1000
        yield ToolCallTrace("end", call.name, call.id, ok=not done.is_error, duration_ms=duration_ms)
    else:
        done = plan
        for trace in done.traces:
            yield trace
    for note in stage.notes():
        yield note
    if done.is_error:
        stage.failed.add(_signature(call.name, call.shown()))
    content = done.said if done.data is None else f"{done.said}\n{fenced(call.name, done.data, most=RESULT_CHARACTERS)}"
    stage.memory.messages.append(ToolResult(call.id, call.name, content.strip(), is_error=done.is_error))


async def _done(stage: Stage, call: ToolCall, doing: _Doing) -> Done:
    """What came of a builtin."""
    with tool_span(call.name, call.id) as span:
        done = await doing.builtin.use(stage, doing.args, place=doing.place)
        if done.is_error:
            span.fail("BUILTIN_FAILED")
    return done


async def _ended(stage: Stage, run: _Run) -> Done:
    """What came of a tool, once it is done; what it has set is taken over."""
    await run.task
    if run.is_branch:
        stage.turn.merge([run.turn])
    failure = run.use.failure
    if failure is not None:
        return Done(f"The tool failed ({failure.code}).", failure.message, is_error=True)
    return Done("", {} if run.use.result is None else run.use.result)


def _signature(name: str, args: Mapping[str, Json]) -> str:
    return f"{name} {json.dumps(args, sort_keys=True)}"
