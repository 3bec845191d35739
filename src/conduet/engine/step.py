"""What a step type is: a frozen model whose fields are its configuration, with its ports and how it runs."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, JsonValue

from conduet.engine.action import Answer
from conduet.engine.facts import Facts
from conduet.engine.fields import control
from conduet.engine.flaw import Flaw
from conduet.engine.outside import Code
from conduet.engine.shape import Shape
from conduet.engine.signal import Leave, Signal, Wait
from conduet.engine.trace import Trace
from conduet.engine.visit import Visit

Happenings: TypeAlias = AsyncGenerator[Trace | Signal, None]
"""What a step yields: traces, and at most one signal as the last thing."""

Connected: TypeAlias = Collection[str]
"""The ports of a step that connections leave from."""

Family: TypeAlias = Literal["talk", "listen", "logic", "ai", "data", "flow"]
"""The group of the palette that a step type belongs to."""


def dead_port(port: str, path: str = "") -> Flaw:
    """A port that is there to lead somewhere, and leads nowhere."""
    told = f"Nothing is connected to {port!r}: whoever takes it comes to the end of the workflow."
    return Flaw("DEAD_PORT", told, path, "Connect it, or remove it.", "warning")


class Step(Shape):
    """A step type; a subclass is one file in `steps/` with its `type`, its fields and its `run`.

    Every field has a default, because what is unfinished is saved: a wrong JSON type is refused on save, an empty field
    that is `needed` is told as a problem.
    """

    type: ClassVar[str]
    display_name: ClassVar[str] = ""
    """What people call it, where that is not its `type` in plain words."""
    family: ClassVar[Family]
    example: ClassVar[dict[str, JsonValue]] = {}
    fixed_ports: ClassVar[tuple[str, ...]] = ("next",)
    ports_from: ClassVar[tuple[str, ...]] = ()
    """The list fields each of whose items' `id` is a port, before the fixed ones; `cards.buttons` is one in another."""
    open_ports: ClassVar[bool] = False
    """Whether a connection may leave from a port of any name."""
    bodies: ClassVar[frozenset[str]] = frozenset()
    """The ports whose flow comes back to the step, a bounded number of times."""
    reads_secrets: ClassVar[bool] = False
    """Whether its templates reach `secrets`."""
    forks: ClassVar[bool] = False
    """Whether its branches run side by side, where nothing may wait for the user."""
    rewrites: ClassVar[bool] = False
    """Whether it changes what the assistant has said in the turn."""
    reads_knowledge: ClassVar[bool] = False
    """Whether it may search the knowledge base."""
    silent: ClassVar[Signal] = Leave()
    """What it means when the step ends without a signal."""

    def ports(self) -> tuple[str, ...]:
        """The ports that connections may leave from, in the order the canvas shows them."""
        return (*dict.fromkeys(port for _, port in self.branching()), *self.fixed_ports)

    def branching(self) -> Iterator[tuple[str, str]]:
        """The ports that items of the configuration make, each with the path of its item."""
        for source in self.ports_from:
            yield from _branching(self, source.split("."))

    def waits(self, exits: Connected, facts: Facts) -> bool:
        """Whether it waits for the user, when these ports are connected."""
        return False

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        """What is unfinished beyond empty needed fields, unknown names and templates that cannot be read."""
        yield from ()

    def scripts(self) -> Iterator[tuple[str, Code]]:
        """The code in it as it is run, each with the path of its field: read while the step is drawn."""
        yield from ()

    def loose(self, exits: Connected, facts: Facts) -> Iterator[Flaw]:
        """What is doubtful about where the step leads, when these ports are connected."""
        for path, port in self.branching():
            if port not in exits:
                yield dead_port(port, path)
        for port in sorted(self.bodies.difference(exits)):
            yield dead_port(port)

    @abstractmethod
    def run(self, visit: Visit) -> Happenings:
        """What happens when the flow reaches the step; an async generator."""

    async def resume(self, visit: Visit) -> Happenings:
        """What happens when the workflow it called, or the body it entered, is over."""
        yield Leave()


class WaitingStep(Step):
    """A step that can ask and wait for the user's answer: what ends without a signal leaves it waiting."""

    silent: ClassVar[Signal] = Wait()

    def waits(self, exits: Connected, facts: Facts) -> bool:
        return True

    def run(self, visit: Visit) -> Happenings:
        return self.ask(visit)

    @abstractmethod
    def ask(self, visit: Visit) -> Happenings:
        """The question; shown once more on `launch` and after a digression."""

    @abstractmethod
    def answer(self, visit: Visit, answer: Answer) -> Happenings:
        """What becomes of the user's action; `NoMatch` where it is no answer."""

    @abstractmethod
    def missed(self, visit: Visit) -> Happenings:
        """What happens when neither the step nor an intent took the action."""


def _branching(model: Shape, source: Sequence[str], path: str = "") -> Iterator[tuple[str, str]]:
    name, *inside = source
    for index, item in enumerate(getattr(model, name)):
        where = f"{path}{name}[{index}]"
        if inside:
            yield from _branching(item, inside, f"{where}.")
        else:
            yield where, item.id


Overlays: TypeAlias = Annotated[
    dict[str, dict[str, JsonValue]],
    Field(
        default_factory=dict,
        description="Fields that are different on one channel (`whatsapp`, `messenger`, …), by its name.",
        json_schema_extra=control("channels"),
    ),
]
"""The `channels` field of a step that may speak differently on a platform."""
