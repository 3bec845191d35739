"""What the turns of all projects share of the world outside, in the words of the engine."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast

from conduet.accounts.principal import ProjectScope
from conduet.analytics.usage_store import spent_since
from conduet.conversations.code import run_code
from conduet.conversations.minds import NO_MINDS, Minds
from conduet.engine.facts import Environment
from conduet.engine.outside import Code, Computed, Mail, McpRequest, Request, Response, Unreachable
from conduet.engine.values import Json
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database
from conduet.kit.http import Outgoing, OutgoingError, Place
from conduet.kit.http.errors import Refused
from conduet.kit.http.response import Response as Answer
from conduet.kit.http.smtp import MailServer, send_mail
from conduet.kit.mcp import McpServer, McpServers
from conduet.kit.sandbox.pool import Sandbox
from conduet.projects.secrets import read_secrets

ANSWER_BYTES: Final = 1024 * 1024
"""The largest answer to a call of a flow: all of it is kept in the turn's journal."""


@dataclass(slots=True)
class OwnService:
    """A service of the server's own that one project alone may call, by the name of a `host` that leads nowhere else.

    `place` is where it listens, once it does.
    """

    host: str
    project_id: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class World:
    """The ways out of a turn; every method raises `Unreachable` for what cannot be reached.

    Nothing of what comes back is masked or kept: that is for who asks.
    """

    outgoing: Outgoing
    sandbox: Sandbox
    mcp: McpServers
    database: Database
    ring: KeyRing
    own: OwnService
    minds: Minds = NO_MINDS

    async def secrets(self, project: ProjectScope, environment: Environment) -> Mapping[str, str]:
        """The project's secrets by name."""
        return await self.database.glance(lambda tx: read_secrets(tx, project, ring=self.ring, environment=environment))

    async def call(self, project: ProjectScope, request: Request, *, trace_id: str) -> Response:
        """The answer to an HTTP request, whatever its status; of NUL characters, which no database takes, `�` is left.

        `trace_id` (32 hex digits) goes along as `traceparent`.
        """
        with in_our_words():
            answer = await self.outgoing.request(
                request.method,
                self._address(project, request.url),
                headers=request.headers,
                query=request.query,
                body=request.body,
                timeout_seconds=request.timeout_seconds,
                max_bytes=ANSWER_BYTES,
                retries=request.retries,
                admit=self._admitted(project),
                trace_id=trace_id,
            )
        return Response(answer.status, joined_headers(answer), answer.text().replace("\0", "\ufffd"))

    async def spent(self, project: ProjectScope, *, since: int) -> float:
        """What the project's models have cost since then (milliseconds since 1970), in US dollars."""
        return await self.database.read(lambda tx: spent_since(tx, project, since=since))

    async def compute(self, project: ProjectScope, code: Code, *, now_ms: int, seed: int) -> Computed:
        """What code comes to in the sandbox."""
        return await run_code(self.sandbox, code, owner=project.project_id, now_ms=now_ms, seed=seed)

    async def send_mail(self, mail: Mail) -> None:
        """Hands a message to an SMTP server."""
        server = MailServer(mail.host, mail.port, mail.security, mail.user, mail.password)
        with in_our_words():
            await send_mail(
                self.outgoing.guard,
                server,
                mail.content,
                sender=mail.sender,
                recipients=mail.recipients,
                timeout_seconds=mail.timeout_seconds,
            )

    async def ask_mcp(self, request: McpRequest, *, fresh: bool = False) -> Json:
        """The tools of an MCP server, as they were told within a minute unless `fresh`, or what one of them answers."""
        server = McpServer(request.url, request.headers, request.timeout_seconds)
        guard = self.outgoing.guard
        with in_our_words():
            if request.tool is None:
                return cast("Json", await self.mcp.list_tools(guard, server, fresh=fresh))
            return await self.mcp.use_tool(guard, server, request.tool, arguments=request.arguments, pin=request.pin)

    async def close(self) -> None:
        """Ends all connections and processes."""
        await self.outgoing.close()
        await self.sandbox.close()

    def _admitted(self, project: ProjectScope) -> tuple[Place, ...]:
        own = self.own
        return (own.place,) if own.place and own.project_id == project.project_id else ()

    def _address(self, project: ProjectScope, url: str) -> str:
        """`url` as it is called. Raises `Refused` for the name of our own service in a project that it is not for."""
        name = f"http://{self.own.host}"
        rest = url.removeprefix(name)
        if rest == url or rest[:1] not in ("", "/", "?"):
            return url
        admitted = self._admitted(project)
        if not admitted:
            raise Refused.host(self.own.host)
        return f"http://{admitted[0].host}:{admitted[0].port}{rest}"


@contextmanager
def in_our_words() -> Generator[None]:
    """Raises `Unreachable` for whatever a call of the client raises."""
    try:
        yield
    except OutgoingError as error:
        raise Unreachable(error.code, error.message) from None


def joined_headers(answer: Answer) -> Mapping[str, str]:
    """By lower-case name; those that came several times are joined, as RFC 9110 (section 5.3) has it."""
    headers: dict[str, str] = {}
    for name, value in answer.headers:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers
