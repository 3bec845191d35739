"""What converses in a project that is not led by a flow; it is made with the document, by a plugin of the engine."""

from collections.abc import AsyncGenerator, Iterator
from typing import TYPE_CHECKING, Protocol

from conduet.engine.action import Action
from conduet.engine.flaw import Flaw
from conduet.engine.trace import Trace
from conduet.engine.values import Json

if TYPE_CHECKING:
    from conduet.engine.turn import Turn


class Taking(Protocol):
    """One turn of it: run `traces` to its end, then `remembered` is what the next turn begins with."""

    def traces(self, action: Action) -> AsyncGenerator[Trace, None]:
        """What happens in answer to an action."""
        ...

    def remembered(self) -> Json:
        """As it is kept in the state."""
        ...


class Converser(Protocol):
    """Read-only, shared by all turns that run on the document."""

    def has_begun(self, memory: Json) -> bool:
        """Whether something was said already; a client may have written what is remembered."""
        ...

    def take(self, turn: "Turn", memory: Json) -> Taking:
        """A turn, with what is remembered of those before."""
        ...

    def problems(self) -> Iterator[Flaw]:
        """What is unfinished or doubtful in how it is configured; the path of each is from the document."""
        ...
