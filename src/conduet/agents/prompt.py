"""What a model is told: instructions of the project's own, and everything else as data beside them."""

from collections.abc import Iterator, Mapping
from typing import Final

from conduet.agents.briefing import briefed
from conduet.agents.fence import RULE, fenced
from conduet.agents.knowledge import ONLY
from conduet.agents.phases import targets
from conduet.agents.snapshot import snapshot
from conduet.agents.stage import Stage
from conduet.engine.expression import ExpressionError
from conduet.engine.template import Slot, compile_template
from conduet.engine.values import Json, to_text
from conduet.llm.message import Message, ModelRequest, System, Text, ToolSpec, User

NESTED: Final = 3
"""How deep prompts may stand in prompts."""

VARIABLE: Final = "variable"
"""The source of what is filled into a text of the project."""

VALUE_CHARACTERS: Final = 2_000
STATE_CHARACTERS: Final = 16_000


def assembled(stage: Stage, tools: tuple[ToolSpec, ...], messages: list[Message]) -> ModelRequest:
    """The request of a round: instructions first, then the conversation, with the snapshot beside what was said."""
    agent, phase = stage.acting, stage.phase
    return ModelRequest(
        messages=(System(instructions(stage), again=True), *_with_data(messages, _data(stage))),
        tools=tools,
        temperature=agent.temperature,
        cache_key=f"{agent.name}/{phase.id}" if phase else agent.name,
        brief=briefed(stage),
    )


def instructions(stage: Stage) -> str:
    """The persona, what the agent and its phase are to do, and how data is to be taken."""
    return "\n\n".join(part for part in _instructions(stage) if part)


def _instructions(stage: Stage) -> Iterator[str]:
    agent, phase = stage.acting, stage.phase
    names: Mapping[str, Json] = stage.turn.names

    def filled(text: str) -> str:
        return told(text, names, agent.prompts, zone=stage.zone).strip()

    yield filled(agent.persona) or "You are a helpful assistant."
    yield filled(agent.instructions)
    if phase is not None:
        yield f"You are in the phase {phase.name or phase.id!r} of the conversation.\n{filled(phase.instructions)}"
        ways = targets(stage.phases, phase)
        if ways:
            lines = "\n".join(f"- {to}: {filled(when)}" for to, when in ways.items())
            yield f"Call advance_phase as soon as one of these is so:\n{lines}"
    if agent.exits:
        lines = "\n".join(f"- {each.id}: {filled(each.description)}" for each in agent.exits)
        yield f"Call take_exit as soon as one of these is so:\n{lines}"
    if agent.only_from_sources:
        yield ONLY
    yield f"Answer in the language `{stage.turn.system['language']}`."
    yield f"{RULE}\nThe state is what holds, also where something else was said before."


def told(text: str, names: Mapping[str, Json], prompts: Mapping[str, str], *, zone: str, depth: int = 0) -> str:
    """A text of the project filled in: `prompts` become part of it, the value of anything else stands in a fence."""
    shown: list[str] = []
    for part in compile_template(text).parts:
        if isinstance(part, str):
            shown.append(part)
        else:
            shown.append(_slot(part, names, prompts, zone=zone, depth=depth))
    return "".join(shown)


def _slot(slot: Slot, names: Mapping[str, Json], prompts: Mapping[str, str], *, zone: str, depth: int) -> str:
    paths = slot.expression.paths
    try:
        value = slot.expression.evaluate({**names, "prompts": dict[str, Json](prompts)}, zone=zone)
    except ExpressionError:
        return slot.typed
    if value is None:
        return ""
    if all(path == "prompts" or path.startswith(("prompts.", "prompts[")) for path in paths):
        text = to_text(value)
        return told(text, names, prompts, zone=zone, depth=depth + 1) if depth < NESTED else text
    return fenced(VARIABLE, value, most=VALUE_CHARACTERS)


def _data(stage: Stage) -> str:
    """What the agent knows, as data."""
    agent, phase, memory = stage.acting, stage.phase, stage.memory
    keys = phase.snapshot_keys if phase and phase.snapshot_keys is not None else agent.snapshot_keys
    state = snapshot(keys, stage.turn.names, stage.turn.facts, masks_personal=agent.masks_personal)
    found = [fenced("state", state, most=STATE_CHARACTERS)] if state else []
    if memory.summary:
        found.append(fenced("summary of what was said before", memory.summary))
    inputs = memory.visiting.inputs if memory.visiting else agent.inputs
    if inputs:
        found.append(fenced("inputs", dict(inputs)))
    if stage.passages:
        found.append(fenced("knowledge base", stage.passages))
    if memory.waiting:
        found.append(fenced("calls that wait for a yes", [call.args for call in memory.waiting]))
    return "\n".join(found)


def _with_data(messages: list[Message], data: str) -> Iterator[Message]:
    """The messages, with the data before what the user said last."""
    last = max((index for index, each in enumerate(messages) if isinstance(each, User)), default=-1)
    for index, message in enumerate(messages):
        if index == last and data and isinstance(message, User):
            yield User((Text(data), *message.parts))
        else:
            yield message
