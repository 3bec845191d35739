"""Looking into the configuration of any step: its parts by path, what is empty, and the names it uses."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Final, Protocol, TypeAlias, cast

from pydantic import BaseModel, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import Written
from conduet.engine.fitting import LANGUAGE
from conduet.engine.flaw import Flaw, Severity
from conduet.engine.mistakes import below
from conduet.engine.values import parse_path

Hints: TypeAlias = Mapping[str, JsonValue]

SYSTEM: Final = frozenset(
    {"userId", "lastUserMessage", "lastAction", "platform", "versionId", "now", "turn", "language", "event"}
)
"""The names of the system variables, below `sys`."""

TOLD_MODELS: Final = frozenset({"instructions", "persona", "prompt", "system"})
"""The fields that are read by models, where `prompts` is reached."""


class Checked(Protocol):
    """A step or a tool."""

    def problems(self, facts: Facts) -> Iterator[Flaw]: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A field somewhere in a model, with the hints of its form."""

    path: str
    value: object
    hints: Hints


def models_in(model: BaseModel, path: str = "") -> Iterator[tuple[str, BaseModel]]:
    """A model and all models in it, each with its path."""
    yield path, model
    for part in _fields(model, path):
        value = part.value
        if isinstance(value, BaseModel):
            yield from models_in(value, part.path)
        elif isinstance(value, tuple):
            for index, item in enumerate(cast("tuple[object, ...]", value)):
                if isinstance(item, BaseModel):
                    yield from models_in(item, f"{part.path}[{index}]")


def parts_of(model: BaseModel) -> Iterator[Part]:
    """Every declared field of a model and of the models in it."""
    for path, inner in models_in(model):
        yield from _fields(inner, path)


def unknown_fields(model: BaseModel) -> Iterator[str]:
    """The paths of the fields that no model declares."""
    for path, inner in models_in(model):
        yield from (f"{path}.{name}" if path else name for name in inner.model_extra or ())


def flaws_of(made: Checked, parts: Iterable[Part], facts: Facts) -> Iterator[Flaw]:
    """Why a step or tool cannot run: empty needed fields, names that nothing declares, its own `problems`."""
    for part in parts:
        if part.hints.get("needed") and not part.value:
            yield Flaw("REQUIRED", "This field is empty.", part.path, "Fill it in.")
        elif part.value:
            yield from _unknown(part, facts)
    yield from made.problems(facts)


@dataclass(frozen=True, slots=True)
class Scope:
    """What templates reach beside variables and `sys`: `secrets`, and the `args` of these names (`None`: of any)."""

    secrets: bool = False
    args: frozenset[str] | None = frozenset()


def reading_flaws(parts: Iterable[Part], facts: Facts, scope: Scope) -> Iterator[Flaw]:
    """What templates and expressions get wrong: a step or tool runs all the same, and reads nothing there."""
    for part in parts:
        for where, written in _written(part.value, part.path):
            for problem in written.problems():
                severity: Severity = "error" if written.essential else "warning"
                yield Flaw("UNREADABLE", f"This cannot be read: {problem}.", where, "Correct it.", severity)
            for path in sorted({path for read in written.parts() for path in read.paths}):
                yield from _unknown_path(path, where, facts, scope)


def unknown_variable(path: str, facts: Facts) -> str | None:
    """The name at the head of a path that nothing declares, `None` when all is well."""
    steps = (path,) if path in facts.variables else parse_path(path)
    if steps is None:
        return path
    head, *inside = steps
    if head == "sys":
        return None if inside and inside[0] in SYSTEM else path
    return None if head in facts.variables else str(head)


def did_you_mean(name: str, facts: Facts) -> str:
    """What to do about an unknown variable."""
    close = get_close_matches(name, facts.variables, n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Declare the variable `{name}` in the project."


def _unknown(part: Part, facts: Facts) -> Iterator[Flaw]:
    control = part.hints.get("control")
    if control in _REFERENCES:
        noun, declared = _REFERENCES[control]
        for path, value in _each(part):
            if value not in declared(facts):
                told = f"There is no {noun} {value!r}."
                yield Flaw(f"UNKNOWN_{noun.upper()}", told, path, f"Choose a {noun} that exists.")
        return
    names: list[tuple[str, str | None]] = []
    if control == "variable" and part.hints.get("path"):
        names = [(part.path, unknown_variable(str(part.value), facts))]
    elif control == "variable":
        names = [(path, _unset(str(value), facts)) for path, value in _each(part)]
    elif control == "variables":
        names = [(below(part.path, name), _unset(name, facts)) for name in cast("dict[str, object]", part.value)]
    for path, name in names:
        if name is not None:
            yield Flaw("UNKNOWN_VARIABLE", f"There is no variable {name!r}.", path, did_you_mean(name, facts))


def _unknown_path(path: str, where: str, facts: Facts, scope: Scope) -> Iterator[Flaw]:
    name = unknown_variable(path, facts)
    if name is None:
        return
    inside = "".join(map(str, (parse_path(path) or ())[1:2]))
    if name == "secrets" and scope.secrets:
        if inside not in facts.secrets:
            told = f"The project has no secret {inside!r}."
            yield Flaw("UNKNOWN_SECRET", told, where, "Add it to the project's secrets.")
    elif name == "prompts" and where.rpartition(".")[2] in TOLD_MODELS:
        if inside not in facts.prompts:
            told = f"The project has no prompt {inside!r}."
            yield Flaw("UNKNOWN_PROMPT", told, where, "Add it to the project's `prompts`.")
    elif name == "args" and scope.args != frozenset():
        if scope.args is not None and inside not in scope.args:
            told = f"The tool has no parameter {inside!r}."
            yield Flaw("UNKNOWN_PARAMETER", told, where, "Add it to the tool's `parameters`.")
    elif name == "secrets":
        told = "Secrets are reached only in the configuration of `api`, `integration` and `mcp`."
        yield Flaw("SECRET_OUT_OF_PLACE", told, where, "Take it out.")
    else:
        yield Flaw("UNKNOWN_VARIABLE", f"There is no variable {name!r}.", where, did_you_mean(name, facts))


_REFERENCES: Final[Mapping[JsonValue, tuple[str, Callable[[Facts], Container[object]]]]] = {
    "workflow": ("workflow", lambda facts: facts.workflow_ids),
    "tool": ("tool", lambda facts: facts.tools),
    "tools": ("tool", lambda facts: facts.tools),
    "playbook": ("playbook", lambda facts: facts.playbooks),
    "playbooks": ("playbook", lambda facts: facts.playbooks),
}
"""What a field of these controls names: the noun for people, and where it is declared."""


def _each(part: Part) -> Iterator[tuple[str, object]]:
    """The value of a part, or each of its values, with its path."""
    value = part.value
    if isinstance(value, tuple):
        for index, item in enumerate(cast("tuple[object, ...]", value)):
            yield f"{part.path}[{index}]", item
    else:
        yield part.path, value


def _written(value: object, path: str) -> Iterator[tuple[str, Written[Any]]]:
    """The templates and expressions that a field holds, alone, in a list or by name, each with its path."""
    if isinstance(value, Written):
        yield path, cast("Written[Any]", value)
    elif isinstance(value, tuple):
        for index, item in enumerate(cast("tuple[object, ...]", value)):
            yield from _written(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            yield from _written(item, below(path, name))


def _unset(name: str, facts: Facts) -> str | None:
    """A name that no step can set."""
    return None if name in facts.variables or name == LANGUAGE else name


def _fields(model: BaseModel, path: str) -> Iterator[Part]:
    prefix = f"{path}." if path else ""
    for name, wire, hints in _declared(type(model)):
        yield Part(prefix + wire, getattr(model, name), hints)


@cache
def _declared(kind: type[BaseModel]) -> tuple[tuple[str, str, Hints], ...]:
    """Each field of a model: its name, its name on the wire, and its hints."""
    found = ((name, field.alias or name, field.json_schema_extra) for name, field in kind.model_fields.items())
    return tuple((name, wire, cast("Hints", extra) if isinstance(extra, dict) else {}) for name, wire, extra in found)
