"""The world as a step sees it while the flow stands there."""

import hashlib
from collections import ChainMap
from collections.abc import Mapping
from typing import Protocol

from conduet.engine.calling import ToolCall, secret_names
from conduet.engine.facts import Facts
from conduet.engine.outside import Code, Computed, Request, Response
from conduet.engine.reading import Reading
from conduet.engine.reply import Reply
from conduet.engine.script import tell_console
from conduet.engine.toolbox import ProjectTool
from conduet.engine.trace import Trace
from conduet.engine.turn import Turn
from conduet.engine.values import MISSING, Json, Missing
from conduet.engine.webcall import mocked_response


def _unheard(_: Trace) -> None:
    """Remarks that were made already."""


class Position(Protocol):
    """Where the flow stands: a step in its graph."""

    @property
    def id(self) -> str: ...

    @property
    def place(self) -> str: ...

    @property
    def exits(self) -> Mapping[str, object]: ...


class Visit(Reading):
    """One visit of the flow to a step; `memory` is the step's own until the flow goes on.

    `took` and `gave` are what the step worked on and what came of it, for who looks on while building.
    """

    __slots__ = ("_asked", "_drawn", "_node", "gave", "key", "memory", "took")

    def __init__(self, turn: Turn, node: Position, memory: dict[str, Json]) -> None:
        number = turn.visits.get(node.place, 0) + 1
        turn.visits[node.place] = number
        super().__init__(turn, node.place, turn.names, turn.notes.append)
        self.key = f"{turn.prefix}{node.place}#{number}"
        self.memory = memory
        self.took: Json = None
        self.gave: Json = None
        self._node = node
        self._drawn = self._asked = 0

    @property
    def turn(self) -> Turn:
        """The turn, for what an agent does in it."""
        return self._turn

    def place(self) -> str:
        """Another place of the journal at each call."""
        return self._ask()

    @property
    def watched(self) -> bool:
        """Whether somebody looks on, to whom `took` and `gave` are told."""
        return self._turn.watched

    @property
    def facts(self) -> Facts:
        """What the document declares."""
        return self._turn.facts

    @property
    def variables(self) -> Mapping[str, Json]:
        """The conversation's variables as they are; set with `assign`."""
        return self._turn.variables

    @property
    def kept(self) -> dict[str, Json]:
        """What the step remembers for as long as the conversation does."""
        return self._turn.kept.setdefault(self._node.place, {})

    @property
    def reply(self) -> Reply:
        """What the assistant says in this turn and nobody has seen yet."""
        return self._turn.reply

    @property
    def language(self) -> str:
        """The conversation's language, a tag such as `de-AT`."""
        return str(self._turn.system["language"])

    @property
    def now(self) -> str:
        """The moment of the turn, in ISO 8601."""
        return str(self._turn.system["now"])

    def asked_for(self, args: Json) -> bool:
        """Whether the step waits for a yes to these arguments already."""
        return (self._node.place, args) in self._turn.asked

    @property
    def open_approvals(self) -> int:
        """How many tools of the conversation wait for a yes."""
        return len(self._turn.asked)

    def leads(self, port: str) -> bool:
        """Whether a connection leaves from the port."""
        return port in self._node.exits

    def assign(self, name: str, value: Json) -> bool:
        """Whether a variable takes the value; where it does not, an error is noted and the old value stays."""
        problem = self._turn.assign(name, value)
        if problem is not None:
            self.note(problem)
        return problem is None

    def random(self) -> float:
        """A number in [0, 1), another one at each call."""
        self._drawn += 1
        return self._turn.context.random(f"{self.key}/random{self._drawn}")

    def steady(self) -> float:
        """A number in [0, 1) that is always the same for this user at this step."""
        said = f"{self._turn.context.user_id}\0{self._node.place}"
        drawn = hashlib.blake2b(said.encode(), digest_size=7).digest()
        return (int.from_bytes(drawn, "big") >> 3) / 2**53

    def new_id(self, prefix: str) -> str:
        """An id that nobody guesses and no other turn has."""
        return f"{prefix}_{int(self.random() * 2**53):014x}"

    async def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        await self._turn.context.sleep(f"{self.key}/sleep", seconds=seconds)

    def mocked(self) -> Json | Missing:
        """What a test lays in place of what the step gets from outside."""
        return self._turn.context.mocked(f"{self.key}/mock", (self._node.place, self._node.id))

    async def with_secrets(self) -> Reading:
        """Reads templates that reach `secrets`; what they become is for the outside alone."""
        secrets = await self._turn.context.secrets()
        return Reading(self._turn, self._node.place, ChainMap(secret_names(secrets), self._turn.names), self.note)

    def with_masks(self) -> Reading:
        """Reads the same templates for who looks on: each secret is `[secret NAME]`."""
        masks = {name: f"[secret {name}]" for name in self.facts.secrets}
        return Reading(self._turn, self._node.place, ChainMap(secret_names(masks), self._turn.names), _unheard)

    async def call(self, request: Request) -> Response:
        """The answer to an HTTP request, whatever its status; raises `Unreachable` when there is none."""
        mock = self.mocked()
        return mocked_response(mock) if mock is not MISSING else await self._turn.context.call(self._ask(), request)

    async def compute(self, code: Code) -> Computed:
        """What code comes to; what it writes on its console is noted."""
        mock = self.mocked()
        if mock is not MISSING:
            return Computed(mock)
        computed = await self._turn.context.compute(self._ask(), code)
        tell_console(computed, self.note, f"Step `{self._node.place}`")
        return computed

    @property
    def tools(self) -> Mapping[str, ProjectTool]:
        """The tools of the project, by their ids."""
        return self._turn.tools

    def use(self, tool: ProjectTool, args: Mapping[str, Json], *, call_id: str) -> ToolCall:
        """A use of a tool, to be run."""
        return ToolCall(self._turn, tool, args, key=self.key, call_id=call_id)

    def _ask(self) -> str:
        self._asked += 1
        return f"{self.key}/call{self._asked}"
