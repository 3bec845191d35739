"""What a tool type is: a frozen model whose fields are its configuration, and how one use of it runs."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from pydantic import JsonValue

from conduet.engine.facts import Facts
from conduet.engine.flaw import Flaw
from conduet.engine.outside import Code
from conduet.engine.shape import Shape
from conduet.engine.use import Asking, ToolFailure, ToolUse
from conduet.engine.values import Json

__all__ = ["Flaw", "Listed", "Offer", "Tool", "ToolFailure", "ToolUse"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the tools behind a tool: what is told of it (`parameters` is a JSON Schema), and what uses it alone."""

    name: str
    description: str
    parameters: Mapping[str, Json]
    tool: "Tool"


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool behind a tool as it is told of now.

    `pin` stands for what is told; `pinned` is the pin of what its owner took it for, where that was said. `used` tells
    whether the tool's configuration lets it be used at all.
    """

    name: str
    description: str
    parameters: Mapping[str, Json]
    pin: str
    pinned: str | None
    used: bool


class Tool(Shape):
    """A tool type; a subclass is one file in `tools/` with its `type`, its fields and its `run`.

    As with a step, every field has a default: what is unfinished is saved, and told as a problem.
    """

    type: ClassVar[str]
    display_name: ClassVar[str] = ""
    """What people call it, where that is not its `type` in plain words."""
    example: ClassVar[dict[str, JsonValue]] = {}
    reads_secrets: ClassVar[bool] = False
    """Whether its templates reach `secrets`."""
    mocked_as: ClassVar[Literal["result", "response"]] = "result"
    """What a test lays in its place: what comes of it, or the answer to each HTTP call that it makes."""

    lists: ClassVar[bool] = False
    """Whether there are several tools behind it, which a model is offered in its place."""

    def ready(self, facts: Facts) -> Self:
        """The tool as it is run, once it is known what the document declares and which connectors there are."""
        return self

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        """What is unfinished beyond empty needed fields, unknown names and templates that cannot be read."""
        yield from ()

    def scripts(self) -> Iterator[tuple[str, Code]]:
        """The code in it as it is run, each with the path of its field: read while the tool is drawn."""
        yield from ()

    @property
    def only_reads(self) -> bool:
        """Whether using it changes nothing anywhere, so that it may be used on a guess."""
        return False

    async def offers(self, use: Asking) -> Sequence[Offer]:
        """All that is behind it, what changed since it was pinned too; raises `ToolFailure` when it cannot be told."""
        return ()

    async def listing(self, use: ToolUse) -> Sequence[Listed]:
        """The tools behind it that may be used; raises `ToolFailure` when they cannot be told."""
        return ()

    @abstractmethod
    async def run(self, use: ToolUse) -> Json:
        """What comes of it; raises `ToolFailure` when nothing does."""
