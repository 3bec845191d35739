"""A conversation's memory between two turns."""

from dataclasses import dataclass, field

from conduet.engine.values import Json


@dataclass(slots=True)
class State:
    """What a turn begins with and leaves behind.

    `variables` is the contract's map, undeclared names included. `internal` is the runtime's own part (where a flow
    stands, what a step remembers), plain JSON that only `engine` reads and writes; empty means at rest.
    """

    variables: dict[str, Json] = field(default_factory=dict[str, Json])
    internal: dict[str, Json] = field(default_factory=dict[str, Json])
