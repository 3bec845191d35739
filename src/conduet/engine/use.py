"""One use of a tool, as the tool sees it: what it was given, and all of the world that it may reach."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from conduet.engine.fields import Value
from conduet.engine.outside import Code, Mail, McpRequest, Request, Response
from conduet.engine.trace import Trace
from conduet.engine.values import Json


class ToolFailure(Exception):
    """A tool that cannot do its work: a step leaves by `error`, a model is told; `message` holds no secret."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Asking(Protocol):
    """What the tools behind a tool are listed with: by a turn, or by somebody who draws it."""

    def text(self, value: Value) -> str:
        """A value with its templates filled in, as text."""
        ...

    async def mcp(self, request: McpRequest) -> Json:
        """What an MCP server answers; raises `ToolFailure` when it does not."""
        ...


class ToolUse(Asking, Protocol):
    """One use of a tool; what it reaches outside goes into the journal of the turn, call by call.

    Templates read the variables, `sys`, `args`, and `secrets` where the type of the tool may read them.
    """

    @property
    def args(self) -> Mapping[str, Json]:
        """What the tool was given; it fits the tool's `parameters`."""
        ...

    @property
    def variables(self) -> Mapping[str, Json]:
        """The conversation's variables as they are; set with `assign`."""
        ...

    def value(self, value: Value) -> Json:
        """A value with its templates filled in."""
        ...

    def assign(self, name: str, value: Json) -> bool:
        """Whether a variable takes the value; where it does not, an `error` trace says why and the old value stays."""
        ...

    def note(self, trace: Trace) -> None:
        """A trace beside the work, such as a `debug`; never with a secret in it."""
        ...

    async def call(self, request: Request) -> Response:
        """The answer to an HTTP request, whatever its status; raises `ToolFailure` when there is none."""
        ...

    async def compute(self, code: Code) -> Json:
        """What code comes to, its console told in `debug` traces; raises `ToolFailure` when it fails."""
        ...

    async def mail(self, mail: Mail) -> None:
        """Hands a message to an SMTP server; raises `ToolFailure` when it is not taken."""
        ...

    async def once(self, work: Callable[["ToolUse"], Awaitable[Json]]) -> Json:
        """What `work` comes to, kept in the journal as one answer: what it does with the use it is given is not.

        A replay does not run it. Raises the `ToolFailure` that `work` raises.
        """
        ...
