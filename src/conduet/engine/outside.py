"""What a turn asks of the world outside and what comes back: HTTP requests, code for the sandbox, mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from pydantic import JsonValue

from conduet.engine.values import Json, read_json

CALL_SECONDS: Final = 10.0
"""How long an outgoing call may take when nothing is said."""

MOST_CALL_SECONDS: Final = 60.0

CODE_SECONDS: Final = 1.0
"""How long code may run when nothing is said."""

MOST_CODE_SECONDS: Final = 5.0

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
"""No headers, no query."""

Level: TypeAlias = Literal["debug", "log", "info", "warn", "error"]
"""The method of `console` that wrote a line."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; `timeout_seconds` is the deadline of everything together, retries and redirects included."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    timeout_seconds: float = CALL_SECONDS
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, whatever its status; the names of `headers` are in lower case, `body` is decoded."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Json:
        """The body as JSON; raises `Unreachable` when it is none."""
        try:
            return read_json(self.body)
        except ValueError:
            raise Unreachable("BAD_RESPONSE", "The answer is not valid JSON.") from None

    def value(self) -> Json:
        """The body as JSON where it is JSON, else as text."""
        try:
            return read_json(self.body)
        except ValueError:
            return self.body


class Unreachable(Exception):
    """There is no answer: why, in a `message` for people that tells neither a secret nor what lives there."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Code:
    """JavaScript to be run in the sandbox: the body of an async function whose parameters are the names of `inputs`."""

    source: str
    inputs: Mapping[str, Json]
    timeout_seconds: float = CODE_SECONDS


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """What one call of `console.log` or its kin wrote, and the line of the code that did, from 1."""

    level: Level
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """Why code has no result; `line` is the code's own, from 1, where it is known."""

    kind: Literal["timeout", "memory", "error", "too-large", "unavailable"]
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """What code came to: a value, `None` for nothing, or why there is none; and what it wrote on its console."""

    value: JsonValue = None
    failure: Broken | None = None
    console: tuple[ConsoleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class McpRequest:
    """A request to an MCP server over streamable HTTP.

    Without a `tool` it asks for the tools there are: `[{name, description, inputSchema, pin}]`. With one it uses that
    one, as long as its description and schema are what the `pin` stands for, and is answered as MCP's `tools/call` is:
    `{content, structuredContent?, isError}`.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    tool: str | None = None
    pin: str | None = None
    arguments: Mapping[str, Json] = field(default_factory=dict[str, Json])
    timeout_seconds: float = CALL_SECONDS


@dataclass(frozen=True, slots=True)
class Mail:
    """A message for an SMTP server; `content` is the whole message with its headers (RFC 5322).

    Without `recipients` nothing is handed over: the account only signs in.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str | None
    password: str | None = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    timeout_seconds: float = CALL_SECONDS


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A folder of an account at an IMAP server."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str
    password: str = field(repr=False)
    folder: str
