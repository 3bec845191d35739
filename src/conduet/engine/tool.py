"""What a tool type is: a frozen model whose fields are its configuration, and how one use of it runs."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import JsonValue

from conduet.engine.facts import Facts
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Shape
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json

__all__ = ["Flaw", "Tool", "ToolFailure", "ToolUse"]


class Tool(Shape):
    """A tool type; a subclass is one file in `tools/` with its `type`, its fields and its `run`.

    As with a step, every field has a default: what is unfinished is saved, and told as a problem.
    """

    type: ClassVar[str]
    example: ClassVar[dict[str, JsonValue]] = {}
    reads_secrets: ClassVar[bool] = False
    """Whether its templates reach `secrets`."""
    mocked_as: ClassVar[Literal["result", "response"]] = "result"
    """What a test lays in its place: what comes of it, or the answer to each HTTP call that it makes."""

    def ready(self, facts: Facts) -> Self:
        """The tool as it is run, once it is known what the document declares and which connectors there are."""
        return self

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        """What is unfinished beyond empty needed fields, unknown names and templates that cannot be read."""
        yield from ()

    @property
    def only_reads(self) -> bool:
        """Whether using it changes nothing anywhere, so that it may be used on a guess."""
        return False

    @abstractmethod
    async def run(self, use: ToolUse) -> Json:
        """What comes of it; raises `ToolFailure` when nothing does."""
