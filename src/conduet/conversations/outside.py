"""What a turn reaches outside: calls, code, mail and MCP servers, each answer kept in its journal without a secret."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from conduet.conversations.asking import took
from conduet.conversations.masking import Masks
from conduet.conversations.scope import ConversationScope
from conduet.conversations.world import World
from conduet.engine.fitting import storable
from conduet.engine.journal import write_answer, write_value
from conduet.engine.outside import Broken, Code, Computed, Mail, McpRequest, Request, Response, Unreachable
from conduet.engine.values import Json, Mismatch, json_bytes
from conduet.engine.variables import environment_of
from conduet.kit.clock import iso, milliseconds, now

TURN_BYTES: Final = 16 * 1024 * 1024
"""How much a turn may be answered in all: the journal keeps every answer whole."""

BODY_CHARACTERS: Final = 4096
"""How much of a request's body is kept in the journal; a replay does without."""

HEAD_CHARACTERS: Final = 64 * 1024
"""How long the address, the query and the headers of a request may be together; no server takes as much."""

SAID: Final = 500
"""How many characters are told of what another system says of its failure, and kept of a question."""

LONG: Final = 64 * 1024
"""A text of more characters is looked through off the event loop."""

T = TypeVar("T")


@dataclass(slots=True)
class _Allowance:
    """What a turn may still be answered, in bytes."""

    left: int = TURN_BYTES

    def take(self, size: int) -> None:
        """Raises `Unreachable` when that is more than is left."""
        if size > self.left:
            raise Unreachable("TOO_MUCH", f"What comes back in one turn is larger than {TURN_BYTES:,} bytes in all.")
        self.left -= size


class Outside:
    """The ways out of one turn, as `Context` has them; what comes back goes into `entries`.

    `trace_id` goes along with calls.
    """

    __slots__ = ("_allowance", "_masks", "_scope", "_secrets", "_trace_id", "_world", "entries", "version_id")

    def __init__(self, world: World, scope: ConversationScope, *, version_id: str, trace_id: str) -> None:
        self.version_id = version_id
        self.entries: dict[str, Json] = {}
        self._world = world
        self._scope = scope
        self._trace_id = trace_id
        self._secrets: Mapping[str, str] | None = None
        self._masks: Masks | None = None
        self._allowance = _Allowance()

    async def secrets(self) -> Mapping[str, str]:
        if self._secrets is None:
            environment = environment_of(self.version_id)
            self._secrets = await self._world.secrets(self._scope.project, environment)
        return self._secrets

    async def call(self, place: str, request: Request) -> Response:
        self._check_head(place, request.url, request.query, request.headers)
        masks = await self._known()
        told: dict[str, Json] = {
            "method": request.method,
            "url": masks.text(request.url),
            "headers": {**masks.texts(request.headers)},
            "query": {**masks.texts(request.query)},
            "body": masks.body((request.body or b"").decode(errors="replace"))[:BODY_CHARACTERS],
        }

        async def ask() -> Response:
            answer = await self._world.call(self._scope.project, request, trace_id=self._trace_id)
            self._allowance.take(len(answer.body))
            return Response(answer.status, masks.texts(answer.headers), await _masked(masks, answer.body))

        response = await self._kept(place, ask, masks, told)
        self._keep(place, write_answer(response), told)
        return response

    async def compute(self, place: str, code: Code) -> Computed:
        seed = random.getrandbits(32)  # the code's chance is no secret
        computed = await self._world.compute(self._scope.project, code, now_ms=milliseconds(now()), seed=seed)
        try:
            self._allowance.take(sum(len(line.text) for line in computed.console))
            self._taken(computed.value)
        except Unreachable as error:
            computed = Computed(failure=Broken("too-large", error.message))
        self.entries[place] = write_answer(computed)
        return computed

    async def mail(self, place: str, mail: Mail) -> None:
        masks = await self._known()
        told: dict[str, Json] = {
            "server": masks.text(f"{mail.host}:{mail.port}"),
            "sender": masks.text(mail.sender),
            "recipients": [masks.text(recipient) for recipient in mail.recipients],
        }
        await self._kept(place, lambda: self._world.send_mail(mail), masks, told)
        self._keep(place, write_answer(None), told)

    async def mcp(self, place: str, request: McpRequest) -> Json:
        self._check_head(place, request.url, request.headers)
        masks = await self._known()
        told: dict[str, Json] = {
            "url": masks.text(request.url),
            "tool": request.tool,
            "arguments": masks.json(dict(request.arguments)),
        }

        async def ask() -> Json:
            answer = masks.json(await self._world.ask_mcp(request))
            return self._taken(answer)

        answer = await self._kept(place, ask, masks, told)
        self._keep(place, write_value(answer), told)
        return answer

    def _check_head(self, place: str, url: str, *pairs: Mapping[str, str]) -> None:
        """Raises `Unreachable` for a request that is too long without its body."""
        if len(url) + sum(len(name) + len(value) for each in pairs for name, value in each.items()) > HEAD_CHARACTERS:
            error = Unreachable("INVALID_CALL", f"Query and headers are longer than {HEAD_CHARACTERS:,} characters.")
            self.entries[place] = write_answer(error)
            raise error

    async def _known(self) -> Masks:
        """What takes the project's secrets out of a text."""
        if self._masks is None:
            self._masks = Masks(await self.secrets())
        return self._masks

    def _taken(self, value: Json) -> Json:
        """An answer as the journal holds it. Raises `Unreachable` where it is too much, or cannot be held."""
        try:
            value = storable(value)
        except Mismatch as error:
            raise Unreachable("BAD_RESPONSE", f"The answer cannot be kept: {error}.") from None
        self._allowance.take(json_bytes(value))
        return value

    async def _kept(self, place: str, ask: Callable[[], Awaitable[T]], masks: Masks, told: Json) -> T:
        """What `ask` comes to; that there is no answer is kept at once."""
        clock = asyncio.get_running_loop().time
        began, at = clock(), iso(now())
        try:
            return await ask()
        except Unreachable as error:
            masked = shortened(error, masks)
            self._keep(place, write_answer(masked), told)
            raise masked from None
        finally:
            self._keep(place, {"took": took(at, clock() - began)})

    def _keep(self, place: str, entry: Mapping[str, Json], told: Json = None) -> None:
        """Puts more into an entry of the journal."""
        known = self.entries.get(place)
        request = {} if told is None else {"request": told}
        self.entries[place] = {**(known if isinstance(known, dict) else {}), **request, **entry}


def shortened(error: Unreachable, masks: Masks) -> Unreachable:
    """The failure as it is told."""
    # Cut only once it is masked: half a secret would not be found.
    said = masks.text(error.message)
    return Unreachable(error.code, said if len(said) <= SAID else f"{said[:SAID]}…")


async def _masked(masks: Masks, text: str) -> str:
    return masks.body(text) if len(text) < LONG else await asyncio.to_thread(masks.body, text)
