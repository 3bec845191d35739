"""The harness as a project document configures it, at `behaviourConfig.agentHarness`."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, cast

from pydantic import BeforeValidator, Field, JsonValue, ValidationError
from pydantic_core import PydanticCustomError

from conduet.engine.facts import Facts
from conduet.engine.fields import Formula, Value
from conduet.engine.flaw import Flaw
from conduet.engine.inspect import Part, Scope, did_you_mean, reading_flaws, unknown_variable
from conduet.engine.mistakes import mistakes_of, refused, repeated
from conduet.engine.shape import Id, Many, Name, Shape
from conduet.engine.values import Json

PATH: Final = "behaviourConfig.agentHarness"
IMPLEMENTATION: Final = "default-v1"
RICH: Final = ("showButtons", "showCard", "showCarousel", "showBadge", "showImage")
"""The tools that show something beside text; each is off unless a project asks for it."""


def _listed(value: object) -> object:
    """One object is read as a list of it."""
    return [cast("object", value)] if isinstance(value, dict) else value


def _chosen(value: object) -> object:
    """A list of names is read as each of them set."""
    return {str(name): True for name in cast("list[Any]", value)} if isinstance(value, list) else value


def _labelled(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


def _flat(value: object) -> object:
    """What stands in `when` is read as if it stood beside it."""
    if not isinstance(value, dict) or "when" not in value:
        return cast("object", value)
    found = dict(cast("dict[str, Any]", value))
    when = found.pop("when")
    if not isinstance(when, dict):
        raise PydanticCustomError("when", "`when` should be an object with an `expression` or a `description`")
    return {**cast("dict[str, Any]", when), **found}


class PhaseExit(Shape):
    """When a phase is over, as an expression or in words, and which one follows."""

    expression: Formula | None = None
    description: str = ""
    to: str = ""


class QuickReply(Shape):
    """A button that a phase shows under each answer."""

    id: Name = ""
    label: Annotated[str, Field(min_length=1)]
    value: str | None = None


class PhaseShape(Shape):
    """A part of the conversation with instructions, tools and ways out of its own."""

    id: Id
    name: Name = ""
    instructions: str = ""
    model: str | Many[str] | None = None
    allowed_tool_ids: Many[str] | None = None
    buttons: Many[Annotated[QuickReply, BeforeValidator(_labelled)]] = ()
    snapshot_keys: Many[str] | None = None
    exit: Annotated[Many[Annotated[PhaseExit, BeforeValidator(_flat)]], BeforeValidator(_listed)] = ()


class HarnessShape(Shape):
    """How an agentic project converses."""

    implementation: str = IMPLEMENTATION
    allowed_tool_ids: Many[str] | None = None
    allowed_playbook_ids: Many[str] = ()
    max_handoffs: Annotated[int, Field(ge=0, le=20)] = 2
    max_rounds: Annotated[int, Field(ge=1, le=50)] = 8
    max_tool_calls: Annotated[int, Field(ge=1, le=100)] = 16
    snapshot_keys: Many[str] | None = None
    ui_builtins: Annotated[dict[str, bool], BeforeValidator(_chosen), Field(default_factory=dict)]
    phases: Annotated[Many[PhaseShape], BeforeValidator(_listed)] = ()


def read_harness(raw: Mapping[str, JsonValue]) -> HarnessShape:
    """The configuration with its shorter spellings read; raises `BadRequest` with each mistake of shape by its path."""
    try:
        shape = HarnessShape.model_validate(raw)
    except ValidationError as error:
        raise refused(mistakes_of(error, raw, PATH)) from None
    twice = [*repeated(shape.phases, "id", f"{PATH}.phases")]
    if twice:
        raise refused(twice)
    return shape


def harness_flaws(shape: HarnessShape, facts: Facts) -> Iterator[Flaw]:
    """What is unfinished or doubtful; the path of each is inside the harness."""
    if shape.implementation != IMPLEMENTATION:
        told = f"There is no harness {shape.implementation!r} here: {IMPLEMENTATION!r} runs in its place."
        yield Flaw("UNKNOWN_IMPLEMENTATION", told, "implementation", f"Choose {IMPLEMENTATION!r}.", "warning")
    for name in shape.ui_builtins:
        if name not in RICH:
            told = f"There is no {name!r}; there are {', '.join(RICH)}."
            yield Flaw("UNKNOWN_BUILTIN", told, f"uiBuiltins.{name}", "Remove it.", "warning")
    yield from _unknown(shape.allowed_tool_ids or (), facts.tools, "tool", "allowedToolIds")
    yield from _unknown(shape.allowed_playbook_ids, facts.playbooks, "playbook", "allowedPlaybookIds")
    yield from _unknown_variables(shape.snapshot_keys or (), facts, "snapshotKeys")
    ids = {phase.id for phase in shape.phases}
    for index, phase in enumerate(shape.phases):
        path = f"phases[{index}]"
        yield from told_flaws(phase.instructions, facts, f"{path}.instructions")
        yield from _unknown_variables(phase.snapshot_keys or (), facts, f"{path}.snapshotKeys")
        yield from _unknown(phase.allowed_tool_ids or (), facts.tools, "tool", f"{path}.allowedToolIds")
        for number, way_out in enumerate(phase.exit):
            yield from _exit_flaws(way_out, ids, facts, f"{path}.exit[{number}]")


def told_flaws(text: str, facts: Facts, path: str) -> Iterator[Flaw]:
    """What a text that a model is told names and nothing declares, and what in it cannot be read."""
    return reading_flaws([Part(path, Value(text), {})], facts, Scope())


def _exit_flaws(way_out: PhaseExit, ids: set[str], facts: Facts, path: str) -> Iterator[Flaw]:
    if way_out.to not in ids:
        yield Flaw("UNKNOWN_PHASE", f"There is no phase {way_out.to!r}.", f"{path}.to", "Choose one that exists.")
    if not way_out.expression and not way_out.description.strip():
        told = "The exit says neither by an expression nor in words when it is taken."
        yield Flaw("EMPTY_EXIT", told, path, "Write an `expression` or a `description`.")
    if way_out.expression and way_out.expression.problem is not None:
        yield Flaw("WRONG_EXPRESSION", f"It cannot be read: {way_out.expression.problem}.", f"{path}.expression")
    elif way_out.expression:
        yield from reading_flaws([Part(f"{path}.expression", way_out.expression, {})], facts, Scope())


def _unknown(ids: tuple[str, ...], known: Mapping[str, Any], noun: str, path: str) -> Iterator[Flaw]:
    for index, name in enumerate(ids):
        if name not in known:
            code, told = f"UNKNOWN_{noun.upper()}", f"There is no {noun} {name!r}."
            yield Flaw(code, told, f"{path}[{index}]", f"Remove it, or add the {noun}.")


def _unknown_variables(keys: tuple[str, ...], facts: Facts, path: str) -> Iterator[Flaw]:
    for index, key in enumerate(keys):
        if name := unknown_variable(key, facts):
            told = f"There is no variable {name!r}."
            yield Flaw("UNKNOWN_VARIABLE", told, f"{path}[{index}]", did_you_mean(name, facts))


def harness_json(shape: HarnessShape) -> Json:
    """The configuration in its long spelling."""
    return shape.model_dump(mode="json", by_alias=True, exclude_unset=True)
