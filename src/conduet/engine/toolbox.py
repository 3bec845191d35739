"""The tools of a project, ready to be used: their configuration, and what they take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NoReturn, Protocol, cast

import jsonschema_rs

from conduet.engine.facts import Facts
from conduet.engine.flaw import Flaw
from conduet.engine.inspect import Part, flaws_of
from conduet.engine.shape import ToolShape
from conduet.engine.tool import Tool, ToolFailure
from conduet.engine.values import Json, Mismatch, VariableType, convert

_TOLD: Final = 200
"""How much is told of what is wrong with an argument, in characters."""

_TYPES: Final[Mapping[str, VariableType]] = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}


class Schema(Protocol):
    """A compiled JSON Schema."""

    def iter_errors(self, instance: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class ProjectTool:
    """A tool of a project; one that is `unfinished` cannot be used."""

    id: str
    name: str
    description: str
    parameters: Mapping[str, Any]
    enabled: bool
    approval: Literal["none", "user", "person"]
    path: str
    tool: Tool
    parts: Sequence[Part]
    flaws: Sequence[Flaw]
    unfinished: Flaw | None
    schema: Schema = field(repr=False)

    def fit(self, args: Mapping[str, Json]) -> dict[str, Json]:
        """The arguments with the types that `parameters` give them; raises `ToolFailure` for those that do not fit.

        As for variables, text that spells a number becomes one; empty text for what is no text was left out.
        """
        fitted = dict(self._typed(args))
        for error in self.schema.iter_errors(fitted):
            where = "".join(f".{part}" for part in error.instance_path).removeprefix(".")
            told = f"{where}: {error.message}" if where else error.message
            raise ToolFailure("WRONG_ARGUMENTS", f"The tool `{self.name}` cannot take this: {told[:_TOLD]}.")
        return fitted

    @property
    def takes(self) -> frozenset[str] | None:
        """The names of its parameters; `None` when it takes any."""
        properties = self.parameters.get("properties")
        return frozenset(cast("dict[str, Any]", properties)) if isinstance(properties, dict) else None

    def _typed(self, args: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
        for name, value in args.items():
            kind = self._type_of(name)
            if kind not in (None, "text") and value == "":
                continue
            try:
                yield name, convert(value, kind) if kind else value
            except Mismatch:
                yield name, value

    def _type_of(self, name: str) -> VariableType | None:
        properties: Any = self.parameters.get("properties", {})
        declared = cast("dict[str, Any]", properties).get(name) if isinstance(properties, dict) else None
        return _TYPES.get(str(cast("dict[str, Any]", declared).get("type"))) if isinstance(declared, dict) else None


class WrongSchema(ValueError):
    """`parameters` that are no JSON Schema of an object; `path` is inside them, the text says why, for people."""

    def __init__(self, message: str, path: Sequence[int | str] = ()) -> None:
        super().__init__(message)
        self.path = path


def ready_tool(
    shape: ToolShape, tool: Tool, parts: Sequence[Part], *, schema: Schema, path: str, facts: Facts
) -> ProjectTool:
    """A tool of a right shape, with what is unfinished about it."""
    flaws = [*flaws_of(tool, parts, facts)]
    return ProjectTool(
        id=shape.id,
        name=shape.name,
        description=shape.description,
        parameters=shape.parameters,
        enabled=shape.enabled,
        approval=shape.approval,
        path=path,
        tool=tool.ready(facts),
        parts=parts,
        flaws=flaws,
        unfinished=next((flaw for flaw in flaws if flaw.severity == "error"), None),
        schema=schema,
    )


def compile_schema(source: Mapping[str, Any]) -> Schema:
    """A JSON Schema of an object, ready to check with; it fetches nothing, its patterns take linear time.

    Raises `WrongSchema`.
    """
    if source.get("type", "object") != "object":
        raise WrongSchema("The parameters of a tool are an object: `type` has to be `object`.", ("type",))
    try:
        return jsonschema_rs.validator_for(
            dict(source), retriever=_refuse, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError as error:
        told = error.message.partition(" and retrieving it failed")[0][:_TOLD].rstrip(".")
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Referencing):
            raise WrongSchema(f"A schema stands by itself, and nothing is fetched for it: {told}.") from None
        raise WrongSchema(f"This is no JSON Schema: {told}.", error.instance_path) from None
    except ValueError as error:
        raise WrongSchema(f"This is no JSON Schema: {str(error)[:_TOLD]}.") from None


def _refuse(_uri: str) -> NoReturn:
    raise ValueError("other documents are not fetched")
