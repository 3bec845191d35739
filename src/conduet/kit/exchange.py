"""One request and its answer, as the outermost wrapper and the routes see it together."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, cast

Scope = MutableMapping[str, Any]
KEY = "conduet.exchange"
# Where the lifespan keeps it.
STOPPING = "conduet.stopping"


@dataclass(frozen=True, slots=True)
class Window:
    """What the rate-limit headers say: requests a window, how many are left, when it begins anew (ms since 1970)."""

    limit: int
    remaining: int
    reset_at: int


@dataclass(slots=True)
class Exchange:
    """What is known of a request so far.

    `window` is what the response's rate-limit headers tell; whoever counted last sets it. `headers` go out with the
    response, an error's too. `facts` stand in the log line: the project, the key's id, the turn.
    """

    request_id: str
    address: str
    window: Window | None = None
    route: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, str] = field(default_factory=dict[str, str])


def stopping(scope: Scope) -> asyncio.Event | None:
    """What is set once the server is told to stop, for answers that have no end; none where no server runs."""
    return scope.get("state", {}).get(STOPPING)


def exchange(scope: Scope) -> Exchange:
    """The exchange of an ASGI scope that came through the outermost wrapper."""
    return cast(Exchange, scope[KEY])
