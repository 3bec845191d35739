"""A snippet that a model, or a step, runs by name."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import JsonValue

from conduet.engine.outside import Code
from conduet.engine.script import TimedScript
from conduet.engine.tool import Tool, ToolUse
from conduet.engine.values import Json


class FunctionTool(TimedScript, Tool):
    """Run code in a box: it sees `args` and `variables`, copies both, and what it returns is the result."""

    type: ClassVar[str] = "function"
    example: ClassVar[dict[str, JsonValue]] = {
        "code": "const perDay = variables.member ? 12 : 15;\nreturn { euros: perDay * args.days };"
    }

    def scripts(self) -> Iterator[tuple[str, Code]]:
        yield "code", self.given(args={}, variables={})

    async def run(self, use: ToolUse) -> Json:
        return await use.compute(self.given(args=dict(use.args), variables=dict(use.variables)))
