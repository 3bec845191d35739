"""What can go wrong with an MCP server beyond what can with any outgoing call.

OutgoingError       (the tree of conduet.kit.http.errors)
├── ServerFailed    MCP_FAILED     the server answered with an error, or with what is no MCP
├── UnknownTool     UNKNOWN_TOOL   the server has no tool of that name
└── ToolChanged     TOOL_CHANGED   the tool says something else of itself than when its owner saw it
"""

from conduet.kit.http.errors import OutgoingError


class ServerFailed(OutgoingError):
    """The server answered with an error, or with what is no MCP."""

    code = "MCP_FAILED"


class UnknownTool(OutgoingError):
    """The server has no tool of that name."""

    code = "UNKNOWN_TOOL"


class ToolChanged(OutgoingError):
    """A tool says something else of itself than when its owner saw it."""

    code = "TOOL_CHANGED"

    def __init__(self, name: str, *, pin: str, told: str) -> None:
        self.pin = pin
        super().__init__(
            f"The tool {name!r} of the server has changed, and is not used before its owner has seen that. "
            f"It now says: {told!r}. To go on with it, set `pins.{name}` to {pin!r}."
        )
