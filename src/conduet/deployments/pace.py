"""How fast messages go to vendors: not faster than each takes them, as far as this process sends."""

import asyncio
from collections import OrderedDict
from typing import Final

MOST_SECONDS: Final = 1.0
"""For longer nobody waits here, and keeps others from being sent: the message comes again later."""

MOST_KEPT: Final = 10_000


class Pace:
    """When the next message of a name may go."""

    def __init__(self) -> None:
        self._next: OrderedDict[str, float] = OrderedDict()

    def take(self, name: str, per_second: float | None) -> float:
        """Takes the next place; in how many seconds it is. Over a second it is not taken."""
        if per_second is None:
            return 0.0
        moment = asyncio.get_running_loop().time()
        begins = max(moment, self._next.get(name, 0.0))
        wait = begins - moment
        if wait <= MOST_SECONDS:
            self._next[name] = begins + 1 / per_second
            self._next.move_to_end(name)
            if len(self._next) > MOST_KEPT:
                self._next.popitem(last=False)
        return wait
