"""Code as it is configured in a step or a tool, and what is told of its run."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from conduet.engine.fields import control
from conduet.engine.outside import Broken, Code, Computed, Level
from conduet.engine.shape import Shape
from conduet.engine.trace import Debug, Trace
from conduet.engine.values import Json

_LEVELS: Final[Mapping[Level, Literal["info", "warning", "error"]]] = {"warn": "warning", "error": "error"}


class Script(Shape):
    """The fields that everything shares that runs code."""

    code: Annotated[
        str,
        Field(
            description="The body of an async function, in JavaScript.", json_schema_extra=control("code", needed=True)
        ),
    ] = ""


class TimedScript(Script):
    """The fields that a `code` step and a `function` tool share."""

    language: Annotated[
        Literal["javascript"], Field(description="The language.", json_schema_extra=control("select"))
    ] = "javascript"
    timeout_ms: Annotated[
        int,
        Field(ge=1, le=5_000, description="How long it may run, in milliseconds.", json_schema_extra=control("number")),
    ] = 1_000

    def given(self, **inputs: Json) -> Code:
        """The code with what it sees, by name."""
        return Code(self.code, inputs, self.timeout_ms / 1000)


def tell_console(computed: Computed, note: Callable[[Trace], None], where: str) -> None:
    """A remark for each line that the code wrote."""
    for line in computed.console:
        at = f"{where}, line {line.line}" if line.line else where
        note(Debug(_LEVELS.get(line.level, "info"), f"{at}: {line.text}"))


def why(failure: Broken) -> str:
    """What is told of code that has no result."""
    return f"Line {failure.line}: {failure.message}" if failure.line else failure.message
