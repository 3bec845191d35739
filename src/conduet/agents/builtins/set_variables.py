"""Variables are set."""

from collections.abc import Mapping
from typing import ClassVar, Final

from conduet.agents.builtin import TYPES, Builtin, Done, parameters
from conduet.agents.stage import Stage
from conduet.engine.shape import Variable
from conduet.engine.trace import Trace
from conduet.engine.values import Json, VariableType
from conduet.llm.message import ToolSpec

_NAMES: Final[Mapping[VariableType, str]] = {kind: name for name, kind in TYPES.items()}


class SetVariables(Builtin):
    """Sets declared variables; offered where there are some."""

    name: ClassVar[str] = "set_variables"

    def spec(self, stage: Stage) -> ToolSpec | None:
        declared = stage.turn.facts.variables
        if not declared:
            return None
        told = "Keep what the user has told, as soon as it is known. Only what was said or what a tool has returned."
        properties: dict[str, Json] = {name: _property(variable) for name, variable in declared.items()}
        return ToolSpec(self.name, told, {**parameters(properties), "minProperties": 1})

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        problems = [problem for name, value in args.items() if (problem := stage.turn.assign(name, value))]
        traces: tuple[Trace, ...] = tuple(problems)
        if problems:
            return Done(" ".join(problem.message for problem in problems), is_error=True, traces=traces)
        return Done(f"Set: {', '.join(args)}.", traces=traces)


def _property(variable: Variable) -> Json:
    schema: dict[str, Json] = {"type": _NAMES[variable.type]}
    if variable.type == "list":
        schema["items"] = {}
    return schema | ({"description": variable.description} if variable.description else {})
