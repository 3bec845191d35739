"""The tools of a project, ready to be used: their configuration, and what they take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from conduet.engine.facts import Facts
from conduet.engine.flaw import Flaw
from conduet.engine.inspect import Part, flaws_of
from conduet.engine.shape import ToolShape
from conduet.engine.tool import Tool, ToolFailure
from conduet.engine.values import Json, Mismatch, VariableType, convert
from conduet.kit.json_schema import JsonSchema

_TYPES: Final[Mapping[str, VariableType]] = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}


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
    schema: JsonSchema = field(repr=False)
    of: str = ""
    """The id of the tool that it is behind, where it is."""

    def fit(self, args: Mapping[str, Json]) -> dict[str, Json]:
        """The arguments with the types that `parameters` give them; raises `ToolFailure` for those that do not fit.

        As for variables, text that spells a number becomes one; empty text for what is no text was left out.
        """
        fitted = dict(self._typed(args))
        mistake = self.schema.mistake(fitted)
        if mistake is not None:
            raise ToolFailure("WRONG_ARGUMENTS", f"The tool `{self.name}` cannot take this: {mistake}.")
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


def ready_tool(
    shape: ToolShape, tool: Tool, parts: Sequence[Part], *, schema: JsonSchema, path: str, facts: Facts
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
